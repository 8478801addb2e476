import re
from collections import Counter

import pytest

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


def test_the_rest_of_a_requirement_is_said_in_sentences() -> None:
    rests = [one.rest for one in requirements().values() if one.rest]
    assert rests
    assert [rest for rest in rests if not re.fullmatch(r"[A-Z`].*[.]", rest) or "\n" in rest] == []


def test_every_reference_names_a_known_framework() -> None:
    assert {f for r in requirements().values() for f in r.references} <= set(frameworks())


def test_standards_named_by_the_sources_become_references() -> None:
    references = requirements()["eks.endpoint.private_only"].references
    assert references["cis-eks"] == ("5.4.2",)
    assert "AC-4" in references["nist-800-53-r5"]
    assert "1.4.4" in references["pci-dss-4.0.1"]
    assert "1.2.8" in references["pci-dss-4.0"]


def _keys(framework: str, id_: str) -> set[str]:
    return {key for key, one in requirements().items() if id_ in one.references.get(framework, ())}


def test_cis_eks_2_has_every_recommendation_under_its_new_number() -> None:
    # https://github.com/aquasecurity/kube-bench/tree/main/cfg/eks-2.0.0
    sections = {
        "2.1": 1,
        "3.1": 4,
        "3.2": 8,
        "4.1": 12,
        "4.2": 5,
        "4.3": 2,
        "4.4": 2,
        "4.5": 2,
        "5.1": 4,
        "5.2": 1,
        "5.3": 1,
    }
    sections |= {"5.4": 4, "5.5": 1}
    expected = {f"{section}.{number}" for section, most in sections.items() for number in range(1, most + 1)}
    assert {id_ for one in requirements().values() for id_ in one.references.get("cis-eks-2.0.0", ())} == expected


@pytest.mark.parametrize(
    ("id_", "keys"),
    [
        ("3.2.5", {"kubelet.iptables_chains"}),  # 3.2.6 of 1.8.0; the streaming timeout is gone
        ("3.2.8", {"kubelet.rotate_server_certificate"}),
        ("4.3.1", {"eks.network.vpc_cni_policy"}),
        ("5.4.4", {"elb.tls", "k8s.ingress.tls"}),  # 5.4.5 of 1.8.0; 5.4.4 was the network policy
        ("5.5.1", {"eks.auth.access_entries"}),  # was the IAM authenticator
    ],
)
def test_cis_eks_2_moved(id_: str, keys: set[str]) -> None:
    assert _keys("cis-eks-2.0.0", id_) == keys


@pytest.mark.parametrize(
    ("id_", "key"),
    [
        ("1.3", "k8s.pod.host_ipc"),
        ("1.4", "k8s.pod.host_pid"),  # Share host process namespaces
        ("1.5", "k8s.pod.host_network"),  # Use the host network
        ("1.8", "k8s.pod.selinux"),
        ("1.9", "k8s.pod.apparmor"),
        ("1.10", "k8s.pod.seccomp"),
    ],
)
def test_numbers_of_the_hardening_guidance_follow_its_words(id_: str, key: str) -> None:
    """The guidance has no numbers; these are Trivy's, whose own checks of some of them evaluate something else."""
    # https://github.com/aquasecurity/trivy-checks/blob/main/pkg/specs/compliance/k8s-nsa-1.0.yaml
    assert _keys("nsa", id_) == {key}
    assert "Trivy" in frameworks()["nsa"].title


_WRITTEN = {
    "hipaa": r"164\.3\d\d(\([a-z]\)(\(\d\)(\([ivx]+\)(\([A-Z]\))?)?)?)",
    "iso-27001-2022": r"A\.[5-8]\.\d{1,2}",
    "nist-800-171-r2": r"3\.\d{1,2}\.\d{1,2}",
    "nist-800-53-r4": r"[A-Z]{2}-\d+([a-z](\.\d(\([a-z]\))?)?|\(\d+\)(\([a-z]\)(\(\d\))?)?)?",
    "nist-800-53-r5": r"[A-Z]{2}-\d+([a-z](\.\d(\([a-z]\))?)?|\(\d+\)(\([a-z]\)(\(\d\))?)?)?",
    "pci-dss-3.2.1": r"\d{1,2}(\.\d{1,2})+",
    "pci-dss-4.0": r"(A\d|\d{1,2})(\.\d{1,2})+",
    "pci-dss-4.0.1": r"(A\d|\d{1,2})(\.\d{1,2})+",
    "soc2": r"(CC|A|C|PI|P)\d\.\d",
}
"""How the publisher of each standard writes the number of a requirement, so that an auditor finds it there."""


@pytest.mark.parametrize(("standard", "written"), _WRITTEN.items())
def test_references_are_written_as_the_standard_numbers_its_requirements(standard: str, written: str) -> None:
    ids = {id_ for one in requirements().values() for id_ in one.references.get(standard, ())}
    assert ids
    assert sorted(id_ for id_ in ids if not re.fullmatch(written, id_)) == []


def test_every_standard_has_a_form() -> None:
    tools = {"bpg", "cdk-nag", "checkov", "config", "controltower", "guard", "hardeneks", "kics", "kubescape", "nsa"}
    tools |= {"prowler", "prowler-k8s", "pss", "sechub", "seed", "stig", "trivy", "cis-eks", "cis-eks-2.0.0"}
    assert set(frameworks()) - tools == set(_WRITTEN)


# Withdrawn enhancements and enhancements that never existed: the first control of each family has none.
_ABSENT = {
    "nist-800-53-r5": r"[A-Z]{2}-1\(.*|SC-7\([126]\)|AC-3\([16]\)|SI-2\(1\)|AC-2\(10\)|IA-2\([3479]\)",
    "nist-800-53-r4": r"[A-Z]{2}-1\(.*|SC-7\(([126]|2[4-9])\).*|AC-17\(10\)|SA-9\([6-8]\)|SC-12\(6\)",
}


@pytest.mark.parametrize(("standard", "absent"), _ABSENT.items())
def test_no_reference_names_an_enhancement_that_the_revision_does_not_have(standard: str, absent: str) -> None:
    ids = {id_ for one in requirements().values() for id_ in one.references.get(standard, ())}
    assert sorted(id_ for id_ in ids if re.fullmatch(absent, id_)) == []


def test_no_reference_names_a_control_that_security_hub_retired() -> None:
    # https://docs.aws.amazon.com/securityhub/latest/userguide/controls-change-log.html
    retired = {"AutoScaling.4", "CloudFormation.1", "EC2.29", "IAM.20", "S3.4", "SNS.2"}
    assert retired.isdisjoint(id_ for one in requirements().values() for id_ in one.references.get("sechub", ()))
