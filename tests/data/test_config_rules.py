"""Managed rules of AWS Config: what the requirements name exists, and where it exists is known."""

import pytest

from hardened_eks.controls.frameworks import requirements
from hardened_eks.data import config_rules, regions

NAMED = {id_: one.key for one in requirements().values() for id_ in one.references.get("config", ())}


def test_every_rule_that_a_requirement_names_exists() -> None:
    assert {id_: key for id_, key in NAMED.items() if id_ not in config_rules.identifiers()} == {}
    assert len(NAMED) > 180


def test_of_every_named_rule_the_rest_is_known() -> None:
    assert [id_ for id_ in NAMED if config_rules.rule(id_) is None] == []


@pytest.mark.parametrize("identifier", ["EC2_LAUNCH_TEMPLATE_TOKEN_HOP_LIMIT", "VPC_SG_RESTRICTED_COMMON_PORTS"])
def test_what_is_no_managed_rule(identifier: str) -> None:
    assert identifier not in config_rules.identifiers()
    assert config_rules.rule(identifier) is None


@pytest.mark.parametrize(("identifier", "region", "expected"), [
    ("EKS_ENDPOINT_NO_PUBLIC_ACCESS", "eu-central-1", True),
    ("EKS_ENDPOINT_NO_PUBLIC_ACCESS", "cn-north-1", True),
    ("EKS_CLUSTER_LOG_ENABLED", "ca-west-1", False),
    ("EKS_CLUSTER_LOG_ENABLED", "eu-west-1", True),
    ("INSPECTOR_LAMBDA_CODE_SCAN_ENABLED", "us-east-1", True),
    ("INSPECTOR_LAMBDA_CODE_SCAN_ENABLED", "eu-south-2", False),
    ("EKS_ENDPOINT_NO_PUBLIC_ACCESS", "us-iso-east-1", None),
    ("EKS_ENDPOINT_NO_PUBLIC_ACCESS", "eu-west-9", None),
])  # fmt: skip
def test_where_a_rule_is(identifier: str, region: str, expected: bool | None) -> None:
    rule = config_rules.rule(identifier)
    assert rule is not None
    assert rule.available(region) is expected


def test_only_known_regions_are_named() -> None:
    named = {one for id_ in NAMED if (rule := config_rules.rule(id_)) for one in rule.without | rule.only}
    assert named <= set(regions.PARTITIONS)
    assert all(map(config_rules.listed, named))


def test_parameters() -> None:
    rule = config_rules.rule("EKS_CLUSTER_SUPPORTED_VERSION")
    assert rule is not None
    assert (rule.required, rule.defaults, rule.trigger) == (("oldestVersionSupported",), {}, "change")
    age = config_rules.rule("ACCESS_KEYS_ROTATED")
    assert age is not None
    assert age.defaults == {"maxAccessKeyAge": "90"}


def test_the_source_is_told() -> None:
    assert config_rules.source().startswith("https://docs.aws.amazon.com/config/")
    assert config_rules.source().endswith("read 2026-10-27")
