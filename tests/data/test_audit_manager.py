"""Controls of Audit Manager, against AWS's own model and the rules and events that exist."""

import re

import botocore.session
import pytest
from botocore.validate import ParamValidator

from hardened_eks.controls.frameworks import requirements
from hardened_eks.data import config_rules
from hardened_eks.data.audit_manager import CONTROLS, SET
from hardened_eks.data.cluster_rules import RULES

MODEL = botocore.session.get_session().get_service_model("auditmanager").operation_model("CreateControl").input_shape
KEYWORD = MODEL.members["controlMappingSources"].member.members["sourceKeyword"].members["keywordValue"].metadata
SOURCES = [source for control in CONTROLS for source in control["controlMappingSources"]]


def keywords(kind: str) -> list[str]:
    return [one["sourceKeyword"]["keywordValue"] for one in SOURCES if one["sourceType"] == kind]


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control["name"])
def test_the_model_takes_it(control: dict) -> None:
    assert not ParamValidator().validate(control, MODEL).has_errors()
    assert set(control) <= set(MODEL.members)
    for key, text in control.items():
        if isinstance(text, str):
            limits = MODEL.members[key].metadata
            assert len(text) <= limits["max"] and re.fullmatch(limits["pattern"], text)
    source = MODEL.members["controlMappingSources"].member
    for one in control["controlMappingSources"]:
        assert set(one) <= set(source.members)
        for key in ("sourceSetUpOption", "sourceType"):
            assert one[key] in source.members[key].enum
        assert "sourceFrequency" not in one  # of API calls alone
        word = one["sourceKeyword"]
        assert word["keywordInputType"] in source.members["sourceKeyword"].members["keywordInputType"].enum
        assert re.fullmatch(KEYWORD["pattern"].replace("\\\\", "\\"), word["keywordValue"])
        assert len(word["keywordValue"]) <= KEYWORD["max"]


def test_a_model_that_changes_is_noticed() -> None:
    broken = {**CONTROLS[0], "controlMappingSources": [{"sourceType": 5}]}
    assert ParamValidator().validate(broken, MODEL).has_errors()


def test_events_are_write_calls_of_eks() -> None:
    assert keywords("AWS_Cloudtrail") == ["eks_CreateCluster", "eks_UpdateClusterConfig"]
    operations = botocore.session.get_session().get_service_model("eks").operation_names
    for word in keywords("AWS_Cloudtrail"):
        assert word.removeprefix("eks_") in operations
        assert not word.removeprefix("eks_").startswith(("Describe", "Get", "List"))


def test_rules_exist() -> None:
    own = {rule.name for rule in RULES}
    for word in keywords("AWS_Config"):
        custom = word.startswith("Custom_")
        assert word.removeprefix("Custom_") in own if custom else word in config_rules.identifiers()


def test_the_rules_are_evidence_for_the_requirement() -> None:
    """The endpoint, which the managed rule of the second control asks for, is what PCI DSS 1.3 is about."""
    assert SET == "PCI DSS 1.3"
    private = requirements()["eks.endpoint.private_only"].references
    assert "EKS_ENDPOINT_NO_PUBLIC_ACCESS" in private["config"]
    assert any(one.startswith("1.3") for one in private["pci-dss-4.0"])
    assert all(control["name"].startswith(f"{SET}: ") for control in CONTROLS)
