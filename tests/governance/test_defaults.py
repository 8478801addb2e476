"""Defaults of an account: what CloudFormation sets, and commands for what it has no type for."""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
import botocore.session
import pytest
from botocore import xform_name

import hardened_eks as hardened
from hardened_eks.controls.account import password_policy
from hardened_eks.governance._commands import COMMANDS, Command
from tests.governance.built import ACCOUNT, kinds, of, stack, template

PAGE = Path(__file__).parents[2] / "docs/how-to/account-defaults.md"


def test_snapshots_are_never_public_and_the_rest_is_a_choice() -> None:
    scope = stack()
    hardened.AccountDefaults(scope, "Defaults")
    found = template(scope)
    assert kinds(found) == {"AWS::EC2::SnapshotBlockPublicAccess", "AWS::SSM::ServiceSetting"}
    setting = of(found, "AWS::SSM::ServiceSetting")
    assert setting["Properties"]["SettingValue"] == "Disable"
    assert setting["DeletionPolicy"] == "Retain"
    made = of(found, "AWS::EC2::SnapshotBlockPublicAccess")
    assert made["Properties"] == {"State": "block-all-sharing"}
    assert made["DeletionPolicy"] == "Retain"


def test_an_organization_declares_its_defaults() -> None:
    scope = cdk.Stack(cdk.App(), "Management", env=cdk.Environment(account=ACCOUNT, region="us-east-1"))
    hardened.OrganizationDefaults(scope, "Defaults", target_ids=["r-ab12", ACCOUNT], message="ask platform@example.com")
    properties = of(template(scope), "AWS::Organizations::Policy")["Properties"]
    assert properties["Type"] == "DECLARATIVE_POLICY_EC2"
    assert properties["TargetIds"] == ["r-ab12", ACCOUNT]
    attributes = properties["Content"]["ec2_attributes"]
    assert attributes["instance_metadata_defaults"]["http_tokens"] == {"@@assign": "required"}
    assert attributes["snapshot_block_public_access"] == {"state": {"@@assign": "block_all_sharing"}}
    assert attributes["serial_console_access"] == {"status": {"@@assign": "disabled"}}
    assert attributes["exception_message"] == {"@@assign": "ask platform@example.com"}


def test_exclusions_come_before_the_block() -> None:
    scope = stack()
    hardened.AccountDefaults(
        scope,
        "Defaults",
        vpc="block-bidirectional",
        vpc_exclusions={"vpc-0123abcd": "allow-egress"},
        unused_access_days=90,
    )
    found = template(scope)
    options = of(found, "AWS::EC2::VPCBlockPublicAccessOptions")
    assert options["Properties"] == {"InternetGatewayBlockMode": "block-bidirectional"}
    assert options["DeletionPolicy"] == "Retain"
    (first,) = options["DependsOn"]
    excluded = found["Resources"][first]["Properties"]
    assert (excluded["VpcId"], excluded["InternetGatewayExclusionMode"]) == ("vpc-0123abcd", "allow-egress")
    unused = of(found, "AWS::AccessAnalyzer::Analyzer")["Properties"]
    assert unused["AnalyzerConfiguration"] == {"UnusedAccessConfiguration": {"UnusedAccessAge": 90}}


def _operation(command: Command, name: str) -> botocore.model.OperationModel:
    service = botocore.session.get_session().get_service_model(command.service)
    found = {xform_name(operation, "-"): operation for operation in service.operation_names}
    assert name in found, f"{command.service} has no {name}"
    return service.operation_model(found[name])


@pytest.mark.parametrize("command", COMMANDS, ids=[one.operation for one in COMMANDS])
def test_each_command_exists(command: Command) -> None:
    """The CLI names operations and parameters as botocore does, with hyphens; a flag is a boolean."""
    shape = _operation(command, command.operation).input_shape
    members = {xform_name(name, "-"): member for name, member in shape.members.items()} if shape else {}
    required = {xform_name(name, "-") for name in shape.required_members} if shape else set()
    assert required <= set(command.parameters), "a required parameter is missing"
    for name, value in command.parameters.items():
        assert name in members, f"{command.operation} has no --{name}"
        assert (members[name].type_name == "boolean") == (value == "")
        allowed = getattr(members[name], "enum", [])
        assert not allowed or value in allowed
    _operation(command, command.seen_by)


def test_each_command_is_on_the_page() -> None:
    text = PAGE.read_text()
    for command in COMMANDS:
        assert command.line in text
        assert command.what in text
    assert hardened.AccountDefaults.commands is COMMANDS


def test_the_password_command_takes_no_permission_from_users() -> None:
    """The call resets each setting that it does not name, and users may not change their password by default."""
    (command,) = [one for one in COMMANDS if one.operation == "update-account-password-policy"]
    assert "--allow-users-to-change-password" in command.line.split()
    assert f"`{command.line}`" in password_policy.fix
