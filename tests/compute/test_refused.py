"""What the kinds of compute refuse, each with the way out, and all mistakes of one call at once."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hardened_eks as hardened
from hardened_eks import _clock
from hardened_eks.data import instances
from hardened_eks.errors import ConfigurationError

Clusters = dict[str, hardened.Cluster]


@pytest.fixture(scope="module")
def clusters() -> Clusters:
    stack = cdk.Stack(cdk.App(), "Nodes")
    return {
        "plain": hardened.Cluster(stack, "Plain", version="1.36"),
        "auto": hardened.Cluster(stack, "Auto", version="1.36", auto_mode=hardened.AutoMode()),
        "without agent": hardened.Cluster(
            stack, "Without", version="1.36", addons=hardened.AddonOptions(exclude=["eks-pod-identity-agent"])
        ),
    }


def scope(clusters: Clusters) -> cdk.Stack:
    return cdk.Stack.of(clusters["plain"])


def auto_mode_beside(clusters: Clusters) -> Any:
    addons = hardened.AddonOptions(
        versions={"coredns": "v1.12.4-eksbuild.1", "aws-ebs-csi-driver": "v1.50.0-eksbuild.1"},
        configurations={"vpc-cni": {"env": {}}},
    )
    return hardened.Cluster(scope(clusters), "Both", version="1.36", auto_mode=hardened.AutoMode(), addons=addons)


def an_image(kubernetes: str) -> hardened.NodeImage:
    return hardened.NodeImage(id="ami-0123456789abcdef0", kubernetes=kubernetes, built=_clock.today(), evidence="b")


KARPENTER = {"bottlerocket_version": "1.66.0"}
REFUSED: dict[str, tuple[Callable[[Clusters], Any], tuple[str, ...]]] = {
    "Xen, unknown and mixed": (
        lambda c: c["plain"].add_node_group("a", instance_types=["m4.large", "m7g.large", "m7i.large", "m7g.lagre"]),
        ("m4.large runs on Xen, only Nitro types are allowed: use m", "did you mean m7g.", "make one group for each"),
    ),
    "the same of self-managed nodes": (
        lambda c: c["plain"].add_self_managed_nodes("b", instance_types=["m4.large", "m7g.large", "m7i.large", "x.y"]),
        ("m4.large runs on Xen", "'x.y' is not known", "mixes architectures"),
    ),
    "the same of Karpenter": (
        lambda c: hardened.KarpenterPool(families=["m4", "m7gg"]),
        ("the family m4 runs on Xen, only Nitro is allowed: use m7g", "did you mean m7g"),
    ),
    "an image far behind": (
        lambda c: c["plain"].add_node_group("c", instance_types=["m7g.large"], image=an_image("1.32")),
        ("image: version needs the cluster's version 1.36 or up to 3 before it",),
    ),
    "an image that is newer": (
        lambda c: c["plain"].add_node_group("d", instance_types=["m7g.large"], image=an_image("1.37")),
        ("image: version needs the cluster's version 1.36 or up to 3 before it",),
    ),
    "a version far behind": (
        lambda c: c["plain"].add_self_managed_nodes("e", instance_types=["m7g.large"], version="1.32"),
        ("version needs the cluster's version 1.36 or up to 3 before it",),
    ),
    "six selectors": (
        lambda c: c["plain"].add_fargate_profile(
            "f", selectors=[hardened.FargateSelector(namespace=f"n{i}") for i in range(6)]
        ),
        ("selectors needs 1 to 5, got 6: create two profiles, or select payments-*",),
    ),
    "every namespace": (
        lambda c: hardened.FargateSelector(namespace="*"),
        ("matches every namespace: name yours, such as 'payments-*'",),
    ),
    "Auto Mode beside add-ons that it replaces": (
        auto_mode_beside,
        tuple(
            f"addons names {name}: Auto Mode provides it on its own nodes: leave it out, or pass AutoMode(other_nodes=True)"
            for name in ("aws-ebs-csi-driver", "coredns", "vpc-cni")
        ),
    ),
    "other nodes beside Auto Mode": (
        lambda c: c["auto"].add_node_group("g", instance_types=["m7g.large"]),
        ("AutoMode(other_nodes=True)",),
    ),
    "Karpenter without the agent": (
        lambda c: c["without agent"].add_karpenter(**KARPENTER),  # type: ignore[typeddict-item]
        ("no add-on eks-pod-identity-agent, which provides the role to Karpenter: remove it from AddonOptions.exclude",),
    ),
    "min above max": (
        lambda c: hardened.Scaling(min=7, max=6),
        ("scaling needs 0 <= min <= desired <= max and max >= 1, got min=7, desired=7, max=6",),
    ),
    "everything of one call": (
        lambda c: c["plain"].add_node_group(
            "h", instance_types=["m4.large", "m7i.large", "m7g.lagre"], image=an_image("1.30"), efa_cards=2, spot=True,
            schedules=["evening"], disk_gib=1, version="1.36",  # type: ignore[list-item]
        ),
        (
            "m4.large runs on Xen", "'m7g.lagre' is not known", "image: version", "m7i.large has no Elastic Fabric Adapter",
            "spot=True interrupts the jobs that EFA connects", "schedules needs a list of ScheduledScaling", "disk_gib needs 20 to 65536",
            "version is only for AWS images", "EFA traffic cannot leave its subnet",
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_the_way_out(clusters: Clusters, name: str) -> None:
    call, words = REFUSED[name]
    with pytest.raises(ConfigurationError) as caught:
        call(clusters)
    for word in words:
        assert word in str(caught.value)


def anything(zone: list[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Any choice of a managed group."""
    names = st.one_of(st.sampled_from(LIKELY), st.sampled_from(instances.names()))
    blocks = [hardened.CapacityReservation(id="cr-0123456789abcdef0", block=block) for block in (True, False)]
    return st.fixed_dictionaries(
        {"instance_types": st.lists(names, min_size=1, max_size=2)},
        optional={
            "operating_system": st.sampled_from(list(hardened.OperatingSystem)),
            "nvidia": st.booleans(),
            "spot": st.booleans(),
            "subnets": st.just(zone),
            "image": st.sampled_from([None, an_image("1.36"), an_image("1.30")]),
            "reservation": st.sampled_from([None, *blocks]),
            "volumes": st.sampled_from([(), [hardened.NodeVolume(device="/dev/xvdc", size_gib=9)]]),
            "warm_pool": st.sampled_from([None, hardened.WarmPool()]),
        },
    )


def fast_networks(zone: list[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Elastic Fabric Adapters on some number of network cards."""
    return st.fixed_dictionaries(
        {
            "instance_types": st.sampled_from(LIKELY).map(lambda name: [name]),
            "subnets": st.just(zone),
            "nvidia": st.booleans(),
            "efa_cards": st.integers(0, 33),
        }
    )


COUNTER = iter(range(10_000))
LIKELY = ["m7g.large", "p5.48xlarge", "p6-b300.48xlarge", "hpc7a.96xlarge", "m7g.16xlarge", "m4.large", "t3.large"]


@pytest.fixture(scope="module")
def accepted() -> list[hardened.NodeGroup]:
    """Whatever of the choices of managed groups is accepted, in one stack."""
    stack = cdk.Stack(cdk.App(), "Accepted")
    cdk.Tags.of(stack).add("application", "payments")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36", service_cidr="172.20.0.0/16")
    zone = cluster.network.node_subnets[:1]
    made: list[hardened.NodeGroup] = []

    @settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(st.one_of(anything(zone), fast_networks(zone)))
    def try_it(arguments: dict[str, Any]) -> None:
        try:
            made.append(cluster.add_node_group(f"g{next(COUNTER)}", **arguments))
        except ConfigurationError:
            return

    try_it()
    return made


def test_whatever_is_accepted_is_nitro_encrypted_private_and_speaks_imdsv2(accepted: list[hardened.NodeGroup]) -> None:
    assert len(accepted) >= 5
    template = Template.from_stack(cdk.Stack.of(accepted[0])).to_json()
    with_efa = 0
    for group in accepted:
        data = _properties(template, group.launch_template)["LaunchTemplateData"]
        properties = _properties(template, group.resource)
        types = properties.get("InstanceTypes") or [data["InstanceType"]]
        kinds = [instances.known(name) for name in types]
        assert all(kind is not None and kind.nitro and kind.encryption_in_transit for kind in kinds), types
        assert (data["MetadataOptions"]["HttpTokens"], data["MetadataOptions"]["HttpPutResponseHopLimit"]) == (
            "required",
            1,
        )
        assert all(one["Ebs"]["Encrypted"] is True and one["Ebs"]["KmsKeyId"] for one in data["BlockDeviceMappings"])
        interfaces = data["NetworkInterfaces"]
        several = len(interfaces) > 1
        assert all(
            one.get("AssociatePublicIpAddress", None if several else True) in (False, None) for one in interfaces
        )
        assert "KeyName" not in data
        efa = [one.get("NetworkCardIndex", 0) for one in interfaces if one.get("InterfaceType", "").startswith("efa")]
        for kind in kinds if efa else ():
            assert kind is not None and (kind.efa_cards is None or len(efa) <= kind.efa_cards)
            assert kind.efa is None or min(efa) >= kind.efa[0]
        with_efa += bool(efa)
    assert with_efa


def _properties(template: dict[str, Any], resource: Any) -> dict[str, Any]:
    found: dict[str, Any] = template["Resources"][cdk.Stack.of(resource).get_logical_id(resource)]["Properties"]
    return found
