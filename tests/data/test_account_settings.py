"""Settings of an account as resources: the calls and their answers are AWS's, the types CloudFormation's where it has them."""

import botocore.session
import pytest
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER, ResourceNotFoundError

from hardened_eks.controls.account import ACCOUNT as CONTROLS
from hardened_eks.data.account_settings import (
    ACCOUNT,
    ACCOUNT_WIDE,
    BY_TYPE,
    ONLY_IN_ACCOUNTS,
    SETTINGS,
    AccountSetting,
    properties_of,
)
from hardened_eks.governance._commands import COMMANDS
from botocore import xform_name

each = pytest.mark.parametrize("setting", SETTINGS, ids=[one.type for one in SETTINGS])


@each
def test_the_call_and_its_answer_exist(setting: AccountSetting) -> None:
    service = botocore.session.get_session().get_service_model(setting.service)
    operation = service.operation_model(setting.operation)
    members = operation.input_shape.members if operation.input_shape else {}
    assert set(setting.parameters) <= set(members)
    assert set(operation.input_shape.required_members if operation.input_shape else ()) <= set(setting.parameters)
    for name, value in setting.parameters.items():
        enum = getattr(members[name], "enum", ())
        assert value == ACCOUNT or not enum or value in enum
    for path in setting.properties.values():
        shape = operation.output_shape
        for step in path.split("."):
            assert shape.type_name != "list" or step.isdigit()
            shape = shape.member if shape.type_name == "list" else shape.members[step]


@each
def test_the_type_is_cloudformations_where_it_has_one(setting: AccountSetting) -> None:
    try:
        schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", setting.type).schema
    except ResourceNotFoundError:
        schema = None
    assert (schema is not None) is setting.in_templates
    if schema is not None:
        assert set(setting.properties) <= set(schema["properties"])


def test_each_has_a_control_that_reads_it_and_each_control_such_a_setting() -> None:
    assert {control.types[0] for control in CONTROLS} == set(BY_TYPE)
    assert len(BY_TYPE) == len(SETTINGS)
    assert ONLY_IN_ACCOUNTS == {t for t, one in BY_TYPE.items() if not one.in_templates}
    assert ACCOUNT_WIDE <= ONLY_IN_ACCOUNTS


def test_each_documented_command_has_a_control_that_says_whether_it_was_run() -> None:
    shown = {(one.service, xform_name(one.operation, "-")) for one in SETTINGS}
    unseen = [one.what for one in COMMANDS if one.where != "management" and (one.service, one.seen_by) not in shown]
    assert unseen == []


def test_an_answer_becomes_properties() -> None:
    answer = {"accounts": [{"state": {"status": "ENABLED"}, "resourceState": {"ec2": {"status": "ENABLED"}}}]}
    assert properties_of(BY_TYPE["AWS::InspectorV2::AccountStatus"], answer) == {"State": "ENABLED", "Ec2": "ENABLED"}
    assert properties_of(BY_TYPE["AWS::InspectorV2::AccountStatus"], {"accounts": []}) == {}
    off = properties_of(BY_TYPE["AWS::EC2::EbsEncryptionByDefault"], {"EbsEncryptionByDefault": False})
    assert off == {"EbsEncryptionByDefault": False}


def test_a_fresh_account_fails_and_one_where_the_commands_were_run_passes() -> None:
    """What AWS answers before and after, as far as the documentation says it."""
    from hardened_eks.evidence import Assembly, Template
    from hardened_eks.judging.evaluation import evaluate

    after = {
        "AWS::EC2::EbsEncryptionByDefault": {"EbsEncryptionByDefault": True, "SseType": "sse-kms"},
        "AWS::EC2::EbsDefaultKmsKey": {"KmsKeyId": "arn:aws:kms:eu-west-1:111122223333:key/1"},
        "AWS::EC2::InstanceMetadataDefaults": {"AccountLevel": {
            "HttpTokens": "required", "HttpPutResponseHopLimit": 1, "ManagedBy": "account"}},
        "AWS::EC2::ImageBlockPublicAccess": {"ImageBlockPublicAccessState": "block-new-sharing"},
        "AWS::EC2::SerialConsoleAccess": {"SerialConsoleAccessEnabled": False},
        "AWS::EC2::SnapshotBlockPublicAccess": {"State": "block-all-sharing"},
        "AWS::SSM::ServiceSetting": {"ServiceSetting": {
            "SettingId": "/ssm/documents/console/public-sharing-permission", "SettingValue": "Disable"}},
        "AWS::S3::AccountPublicAccessBlock": {"PublicAccessBlockConfiguration": dict.fromkeys(
            ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)},
        "AWS::InspectorV2::AccountStatus": {"accounts": [{"state": {"status": "ENABLED"}, "resourceState": {
            name: {"status": "ENABLED"} for name in ("ec2", "ecr", "lambda")}}]},
        "AWS::Backup::RegionSettings": {"ResourceTypeOptInPreference": dict.fromkeys(("EKS", "EBS", "EFS", "S3"), True)},
        "AWS::IAM::AccountPasswordPolicy": {"PasswordPolicy": {
            "MinimumPasswordLength": 16, "RequireSymbols": True, "RequireNumbers": True, "RequireUppercaseCharacters": True,
            "RequireLowercaseCharacters": True, "MaxPasswordAge": 90, "PasswordReusePrevention": 24}},
        "AWS::Account::AlternateContact": {"AlternateContact": {
            "AlternateContactType": "SECURITY", "EmailAddress": "security@example.com", "PhoneNumber": "+491511234567"}},
    }  # fmt: skip
    before = {
        "AWS::EC2::EbsEncryptionByDefault": {"EbsEncryptionByDefault": False, "SseType": "none"},
        "AWS::EC2::EbsDefaultKmsKey": {"KmsKeyId": "alias/aws/ebs"},
        "AWS::EC2::InstanceMetadataDefaults": {"AccountLevel": {"ManagedBy": "account"}},
        "AWS::EC2::ImageBlockPublicAccess": {"ImageBlockPublicAccessState": "unblocked"},
        "AWS::EC2::SerialConsoleAccess": {"SerialConsoleAccessEnabled": True},
        "AWS::EC2::SnapshotBlockPublicAccess": {"State": "unblocked"},
        "AWS::SSM::ServiceSetting": {"ServiceSetting": {
            "SettingId": "/ssm/documents/console/public-sharing-permission", "SettingValue": "Enable"}},
        "AWS::InspectorV2::AccountStatus": {"accounts": [{"state": {"status": "DISABLED"}, "resourceState": {}}]},
        "AWS::Backup::RegionSettings": {"ResourceTypeOptInPreference": {"EKS": False, "EBS": True}},
    }  # fmt: skip

    def failing(answers: dict[str, dict[str, object]]) -> set[str]:
        resources = {
            f"R{n}": {"Type": type_, "Properties": properties_of(BY_TYPE[type_], answer)}
            for n, (type_, answer) in enumerate(answers.items())
        }
        template = Template("account", {"Resources": resources}, region="eu-west-1")
        account = Assembly([template], complete=list(BY_TYPE), regions=["eu-west-1"])
        return {finding.control.id for finding in evaluate(account, CONTROLS).findings}

    assert set(after) == set(BY_TYPE)
    assert failing(after) == set()
    assert failing(before) == {control.id for control in CONTROLS}
