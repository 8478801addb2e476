import re

from hypothesis import given
from hypothesis import strategies as st

from hardened_eks.data import instances
from hardened_eks.cli.data.instance_types import _efa, compact, render


def test_every_type_of_ec2_is_there_with_its_source() -> None:
    assert len(instances.names()) > 1300
    assert "DescribeInstanceTypes" in instances.source()


def test_facts() -> None:
    graviton, xen, metal = (instances.lookup(n) for n in ("m7g.large", "m4.large", "m7g.metal"))
    assert graviton and xen and metal
    assert (graviton.nitro, graviton.architectures, graviton.encryption_in_transit, graviton.vcpus) == (
        True,
        ("arm64",),
        True,
        2,
    )
    assert not xen.nitro
    assert metal.nitro and metal.bare_metal


def test_a_new_size_is_told_by_its_family() -> None:
    assert instances.lookup("m7g.128xlarge") is None
    found = instances.known("m7g.128xlarge")
    assert found and found.architectures == ("arm64",) and found.nitro
    assert instances.known("m7g.mega") is None, "no size is called so"
    assert instances.known("m99g.large") is None, "no family is"


def test_what_is_on_record_is_known_from_the_record() -> None:
    assert all(instances.known(name) == instances.lookup(name) for name in instances.names())
    assert all(instances.by_family(name) for name in instances.names()), "every size on record is named by the rule"


def test_the_naming_rule_agrees_with_every_type_on_record() -> None:
    for name in (n for n in instances.names() if not n.startswith("mac")):
        known, guessed = instances.lookup(name), instances.by_name(name)
        assert known and guessed
        assert known.architectures[0].startswith("arm64") == guessed.architectures[0].startswith("arm64"), name


def test_what_is_assumed_of_new_families_holds_for_those_on_record() -> None:
    for name in (n for n in instances.names() if not n.startswith("mac")):
        known, generation = instances.lookup(name), re.search(r"\d+", name)
        assert known and generation
        assert known.nitro or int(generation[0]) < 5, name
        assert known.encryption_in_transit or int(generation[0]) < 7, name


def test_elastic_fabric_adapters_are_told_by_size() -> None:
    large, largest, newer, second = map(
        instances.known, ("m7g.large", "m7g.16xlarge", "m7g.128xlarge", "p6-b300.48xlarge")
    )
    assert large and largest and newer and second
    assert (large.efa_cards, largest.efa_cards, newer.efa_cards) == (0, 1, None)
    assert second.efa == (1, 16), "its first network card takes none"
    many = instances.with_efa(32)
    assert {"p5.48xlarge", "p5e.48xlarge"} <= set(many)
    assert all((kind := instances.lookup(name)) and kind.efa_cards and kind.efa_cards >= 32 for name in many)
    assert instances.lookup(instances.with_efa()[0]).efa_cards == 1, "those with the fewest first"  # type: ignore[union-attr]


@given(st.text())
def test_any_text_is_answered(text: str) -> None:
    assert instances.lookup(text) is None or text in instances.names()
    instances.by_family(text)
    instances.by_name(text)


def test_refreshed_data_reads_back(tmp_path: object) -> None:
    import json

    entry = {
        "InstanceType": "m7g.large",
        "Hypervisor": "nitro",
        "BareMetal": False,
        "ProcessorInfo": {"SupportedArchitectures": ["arm64"]},
        "NetworkInfo": {"EncryptionInTransitSupported": True},
        "VCpuInfo": {"DefaultVCpus": 2},
        "MemoryInfo": {"SizeInMiB": 8192},
    }
    metal = {**entry, "InstanceType": "m7g.metal", "BareMetal": True, "VCpuInfo": {"DefaultVCpus": 64}}
    del metal["Hypervisor"]
    document = json.loads(render(compact([metal, entry], source="test", read="2026-11-21")))
    family = document["families"]["m7g"]
    assert family["efa"] == []
    assert family["sizes"]["large"] == [2, 8192]
    assert family["sizes"]["metal"][2] == {"hypervisor": "none", "metal": True}


def test_adapters_are_read_from_ec2s_answer() -> None:
    network = {
        "EfaSupported": True,
        "EfaInfo": {"MaximumEfaInterfaces": 16},
        "NetworkCards": [{"InterfaceTypes": ["interface"]}, {"InterfaceTypes": ["interface", "efa", "efa-only"]}],
    }
    assert _efa(network) == [1, 16]
    assert _efa({"EfaSupported": True}) == [0, 1]
    assert _efa({"EfaSupported": False, **{k: v for k, v in network.items() if k != "EfaSupported"}}) == []


def test_types_known_by_name_only() -> None:
    assert all(map(instances.named, ("g4ad.xlarge", "dl1.24xlarge", "u-24tb1.metal", "p2.xlarge")))
    assert not any(map(instances.named, ("m7g.large", "p3.2xlarge", "g4ad", "g4ad.mega", "m99.large")))
    assert all(instances.lookup(name) is None for group in ("offered", "retired") for name in instances._named()[group])


def test_retired_types() -> None:
    assert str(instances.retired("f1.2xlarge")) == "2025-12-20"
    assert instances.retired("p3.8xlarge")
    assert instances.retired("p3dn.24xlarge") is None and instances.lookup("p3dn.24xlarge")
    assert instances.retired("g4ad.xlarge") is None


def test_new_families() -> None:
    assert instances.new_family("m99g.large") and instances.new_family("z8id-flex.metal-24xl")
    assert not any(
        map(instances.new_family, ("m7g.large", "m7g.mega", "g4ad.8xlarge", "p3.2xlarge", "m7g-large", "x.large", ""))
    )
