"""A parameter whose default changes: what is deployed with the old one and then with the new one."""

from typing import Any

import pytest

from hardened_eks.controls.deployable import (
    authentication_mode_forward,
    cluster_stays,
    version_one_step,
)
from hardened_eks.controls.model import Control
from hardened_eks.evidence import Assembly, Template
from hardened_eks.judging.evaluation import evaluate

BY_PARAMETER = {"Ref": "Value"}


def template(default: str | None, properties: dict[str, Any], **more: Any) -> Template:
    value = {"Type": "String"} if default is None else {"Type": "String", "Default": default}
    resources = {
        "Topic": {"Type": "AWS::SNS::Topic", "Properties": {}},
        "Cluster": {"Type": "AWS::EKS::Cluster", "Properties": {"Name": "prod", **properties}, **more},
    }
    conditions = {"Wanted": {"Fn::Equals": [BY_PARAMETER, "yes"]}}
    return Template("S", {"Resources": resources, "Parameters": {"Value": value}, "Conditions": conditions})


def told(control: Control, then: Template, now: Template) -> list[str]:
    return [one.problem.message for one in evaluate(Assembly([now], previous=Assembly([then])), [control]).findings]


@pytest.mark.parametrize(("control", "properties", "was", "now"), [
    (version_one_step, {"Version": BY_PARAMETER}, "1.34", "1.36"),
    (authentication_mode_forward, {"AccessConfig": {"AuthenticationMode": BY_PARAMETER}}, "API", "CONFIG_MAP"),
])  # fmt: skip
def test_a_changed_default_is_a_change(control: Control, properties: dict[str, Any], was: str, now: str) -> None:
    (message,) = told(control, template(was, properties), template(now, properties))
    assert message.endswith("(with the parameters' defaults)")
    assert told(control, template(was, properties), template(was, properties)) == []
    assert told(control, template(None, properties), template(None, properties)) == []


def test_a_default_becomes_a_literal_or_a_literal_a_default() -> None:
    literal, parameter = {"Version": "1.36"}, {"Version": BY_PARAMETER}
    assert len(told(version_one_step, template("1.34", parameter), template(None, literal))) == 1
    assert len(told(version_one_step, template(None, {"Version": "1.34"}), template("1.36", parameter))) == 1
    assert told(version_one_step, template("1.35", parameter), template(None, literal)) == []


def test_a_change_is_told_once() -> None:
    (message,) = told(version_one_step, template("x", {"Version": "1.34"}), template("y", {"Version": "1.36"}))
    assert "defaults" not in message


def test_a_cluster_that_a_default_switches_off() -> None:
    then, now = (template(default, {}, Condition="Wanted") for default in ("yes", "no"))
    assert len(told(cluster_stays, then, now)) == 1
    assert told(cluster_stays, now, then) == []
    assert told(cluster_stays, now, now) == []
