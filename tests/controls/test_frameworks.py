from collections import Counter

from hardened_eks.controls.frameworks import frameworks, requirements


def test_all_337_requirements_are_accounted_for() -> None:
    assert Counter(r.tier for r in requirements().values()) == {
        "core": 121,
        "cluster": 87,
        "account": 52,
        "module": 38,
        "aws": 27,
        "process": 12,
    }


def test_a_requirement_is_for_templates_or_says_whose_it_is_and_why_not() -> None:
    for requirement in requirements().values():
        template = requirement.tier in {"core", "module"}
        assert bool(requirement.reason) != template, requirement.key
        assert (requirement.party in {"AWS", "account", "in-cluster", "process"}) != template, requirement.key


def test_every_reference_names_a_known_framework() -> None:
    assert {f for r in requirements().values() for f in r.references} <= set(frameworks())


def test_standards_named_by_the_sources_become_references() -> None:
    references = requirements()["eks.endpoint.private_only"].references
    assert references["cis-eks"] == ("5.4.2",)
    assert "AC-4" in references["nist-800-53-r5"]
    assert "1.4.4" in references["pci-dss-4.0.1"]
    assert "1.2.8" in references["pci-dss-4.0"]
