"""What Cloud Control serves, on a double of it that is made from the provider schemas.

It is circular: the double keeps to the schema that the collector believes in, so it proves how answers are read, and
nothing about AWS. Parity with templates (tests/emulator/test_audit.py) counts what calls of the services show, alone.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from hardened_eks.controls import CATALOGUE
from hardened_eks.evidence import Assembly, Template
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.sources.account.rare import HANDLERS
from hardened_eks.sources.account.reading import Seen, read
from hardened_eks.sources.account.saving import environment
from tests.emulator.resources.schemas import schema
from tests.sources.account.double import ACCOUNT, DoubleOfAws, failure

ROLE = f"arn:aws:iam::{ACCOUNT}:role/chat"
MADE: dict[str, dict[str, Any]] = {
    "AWS::Chatbot::SlackChannelConfiguration": {
        "ConfigurationName": "ops", "IamRoleArn": ROLE, "SlackChannelId": "C1", "SlackWorkspaceId": "T1",
        "GuardrailPolicies": ["arn:aws:iam::aws:policy/AdministratorAccess"]},
    "AWS::Chatbot::MicrosoftTeamsChannelConfiguration": {
        "ConfigurationName": "ops", "IamRoleArn": ROLE, "TeamId": "1", "TeamsChannelId": "2", "TeamsTenantId": "3"},
    "AWS::AuditManager::Assessment": {
        "Name": "cis", "Status": "INACTIVE", "FrameworkId": "1", "Roles": [{"RoleArn": ROLE, "RoleType": "PROCESS_OWNER"}]},
}  # fmt: skip
"""Type -> properties of a template that fails its control."""


class DoubleOfCloudControl:
    """Stands for Cloud Control: ids alone in lists, and of a resource what its schema lets read."""

    def __init__(self, double: DoubleOfAws) -> None:
        self.made: dict[tuple[str, str], dict[str, Any]] = {(type_, "1"): dict(props) for type_, props in MADE.items()}
        self.listed = list(self.made)
        double.answers |= {
            "cloudcontrol:ListResources": self.list, "cloudcontrol:GetResource": self.get,
            "auditmanager:GetAccountStatus": {"status": "ACTIVE"},
        }  # fmt: skip

    def list(self, arguments: dict[str, Any]) -> dict[str, Any]:
        ids = [id for type_, id in self.listed if type_ == arguments["TypeName"]]
        return {
            "TypeName": arguments["TypeName"],
            "ResourceDescriptions": [{"Identifier": id, "Properties": "{}"} for id in ids],
        }

    def get(self, arguments: dict[str, Any]) -> dict[str, Any]:
        type_, id = arguments["TypeName"], arguments["Identifier"]
        if (type_, id) not in self.made:
            raise failure("ResourceNotFoundException", "GetResource")
        hidden = {path.split("/")[2] for path in schema(type_).get("writeOnlyProperties", ()) if path.count("/") == 2}
        shown = {key: value for key, value in self.made[type_, id].items() if key not in hidden}
        arn = {"Arn": f"arn:aws:x:eu-west-1:{ACCOUNT}:{id}"} if "Arn" in schema(type_)["properties"] else {}
        return {"TypeName": type_, "ResourceDescription": {"Identifier": id, "Properties": json.dumps(shown | arn)}}


@pytest.fixture
def double() -> DoubleOfAws:
    return DoubleOfAws()


@pytest.fixture
def control(double: DoubleOfAws) -> DoubleOfCloudControl:
    return DoubleOfCloudControl(double)


def seen(double: DoubleOfAws) -> Seen:
    return read(double.clients(), double.account, double.region)


def problems(assembly: Assembly) -> set[tuple[str, str, str]]:
    controls = [one for one in CATALOGUE if one.id in {"MQ-13", "DT-13"}]
    return {
        (one.control.id, one.resource.type, one.problem.message)
        for one in evaluate(assembly, controls).findings
        if one.resource
    }


def test_the_verdict_is_that_of_the_template(double: DoubleOfAws, control: DoubleOfCloudControl) -> None:
    resources = {type_.rpartition("::")[2]: {"Type": type_, "Properties": props} for type_, props in MADE.items()}
    live = environment(seen(double)).load().assembly
    assert problems(live) == problems(Assembly([Template("T", {"Resources": resources})]))
    assert {type_ for _, type_, _ in problems(live)} == set(HANDLERS) == set(MADE)


def test_what_is_deleted_in_between_is_not_there(double: DoubleOfAws, control: DoubleOfCloudControl) -> None:
    control.listed.append(("AWS::Chatbot::SlackChannelConfiguration", "gone"))
    found = seen(double)
    assert found.refusals == []
    assert [one.id for one in found.found if one.type.startswith("AWS::Chatbot")] == ["1", "1"]


def test_a_type_that_the_region_does_not_have_is_not_there(double: DoubleOfAws, control: DoubleOfCloudControl) -> None:
    double.refuse("cloudcontrol:ListResources", "TypeNotFoundException")
    assert seen(double).refusals == []


@pytest.mark.parametrize("call", ["cloudcontrol:ListResources", "cloudcontrol:GetResource"])
def test_what_is_refused_is_hidden(double: DoubleOfAws, control: DoubleOfCloudControl, call: str) -> None:
    double.refuse(call, "AccessDeniedException")
    found = environment(seen(double))
    assert set(HANDLERS) <= set(found.hidden)
    assert any("AWS::Chatbot::SlackChannelConfiguration" in one for one in found.not_seen)


def test_an_account_without_audit_manager_is_not_asked_for_assessments(
    double: DoubleOfAws, control: DoubleOfCloudControl
) -> None:
    double.answers["auditmanager:GetAccountStatus"] = {"status": "INACTIVE"}
    found = seen(double)
    assert found.refusals == []
    assert not [one for one in found.found if one.type.startswith("AWS::AuditManager")]


@pytest.mark.parametrize("type_", sorted(HANDLERS))
def test_the_permissions_are_those_of_the_handlers(type_: str) -> None:
    handlers = schema(type_)["handlers"]
    needed = {one for name in ("read", "list") for one in handlers[name]["permissions"]}
    assert set(HANDLERS[type_].split()) == needed
    assert all(one.split(":")[1].startswith(("Describe", "Get", "List")) for one in needed)
    assert "handlerSchema" not in handlers["list"]  # it would need more than the name of the type
