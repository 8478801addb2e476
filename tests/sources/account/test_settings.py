"""Settings of the account: set, not set, denied, and asked once where an account has one for all Regions."""

from __future__ import annotations

from typing import Any

import pytest

from hardened_eks.controls.account import ACCOUNT as CONTROLS
from hardened_eks.data.account_settings import ACCOUNT_WIDE, BY_TYPE, SETTINGS, AccountSetting
from hardened_eks.judging.evaluation import Outcome, evaluate
from hardened_eks.sources.account.calls import action
from hardened_eks.sources.account.reading import read
from hardened_eks.sources.account.saving import environment
from hardened_eks.sources.account.session import Identity
from hardened_eks.sources.account.targets import Target, read_all
from hardened_eks.sources.saved import Environment
from tests.sources.account.double import ACCOUNT, REGION, DoubleOfAws, failure

SHARING = "/ssm/documents/console/public-sharing-permission"
SET: dict[str, Any] = {
    "ec2:GetEbsEncryptionByDefault": {"EbsEncryptionByDefault": True},
    "ec2:GetEbsDefaultKmsKeyId": {"KmsKeyId": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"},
    "ec2:GetInstanceMetadataDefaults": {"AccountLevel": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1}},
    "ec2:GetImageBlockPublicAccessState": {"ImageBlockPublicAccessState": "block-new-sharing"},
    "ec2:GetSerialConsoleAccessStatus": {"SerialConsoleAccessEnabled": False},
    "ec2:GetSnapshotBlockPublicAccessState": {"State": "block-all-sharing"},
    "ssm:GetServiceSetting": lambda a: {"ServiceSetting": {"SettingId": a["SettingId"], "SettingValue": "Disable"}},
    "s3control:GetPublicAccessBlock": lambda a: {"PublicAccessBlockConfiguration": dict.fromkeys(
        ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), a["AccountId"] == ACCOUNT)},
    "inspector2:BatchGetAccountStatus": {"accounts": [{"state": {"status": "ENABLED"}, "resourceState": {
        name: {"status": "ENABLED"} for name in ("ec2", "ecr", "lambda")}}]},
    "backup:DescribeRegionSettings":
        {"ResourceTypeOptInPreference": dict.fromkeys(("EKS", "EBS", "EFS", "S3"), True)},
    "iam:GetAccountPasswordPolicy": {"PasswordPolicy": {
        "MinimumPasswordLength": 16, "RequireSymbols": True, "RequireNumbers": True, "RequireUppercaseCharacters": True,
        "RequireLowercaseCharacters": True, "MaxPasswordAge": 90, "PasswordReusePrevention": 24}},
    "account:GetAlternateContact": lambda a: {"AlternateContact": {
        "AlternateContactType": a["AlternateContactType"], "EmailAddress": "security@example.com",
        "PhoneNumber": "+491511234567"}},
}  # fmt: skip
"""Call -> what AWS answers where the commands of the how-to were run."""
UNSET: dict[str, Any] = {
    "ec2:GetEbsEncryptionByDefault": {"EbsEncryptionByDefault": False},
    "ec2:GetEbsDefaultKmsKeyId": {"KmsKeyId": "alias/aws/ebs"},
    "ec2:GetInstanceMetadataDefaults": {"AccountLevel": {"ManagedBy": "account"}},
    "ec2:GetImageBlockPublicAccessState": {"ImageBlockPublicAccessState": "unblocked"},
    "ec2:GetSerialConsoleAccessStatus": {"SerialConsoleAccessEnabled": True},
    "ec2:GetSnapshotBlockPublicAccessState": {"State": "unblocked"},
    "ssm:GetServiceSetting": {"ServiceSetting": {"SettingId": SHARING, "SettingValue": "Enable"}},
    "s3control:GetPublicAccessBlock": failure("NoSuchPublicAccessBlockConfiguration", "GetPublicAccessBlock"),
    "inspector2:BatchGetAccountStatus": {"accounts": [{"state": {"status": "DISABLED"}, "resourceState": {
        name: {"status": "DISABLED"} for name in ("ec2", "ecr", "lambda")}}]},
    "backup:DescribeRegionSettings": {"ResourceTypeOptInPreference": {"EKS": False, "EBS": True}},
    "iam:GetAccountPasswordPolicy": failure("NoSuchEntity", "GetAccountPasswordPolicy"),
    "account:GetAlternateContact": failure("ResourceNotFoundException", "GetAlternateContact"),
}  # fmt: skip
"""Call -> what AWS answers where nobody did."""
each = pytest.mark.parametrize("setting", SETTINGS, ids=[one.type for one in SETTINGS])


def call(setting: AccountSetting) -> str:
    return f"{setting.service}:{setting.operation}"


def answer(double: DoubleOfAws, one: str, told: Any) -> None:
    if isinstance(told, Exception):
        double.refused[one] = told
    else:
        double.answers[one] = told


@pytest.fixture
def double() -> DoubleOfAws:
    double = DoubleOfAws()
    for one, told in SET.items():
        answer(double, one, told)
    return double


def seen(double: DoubleOfAws) -> Environment:
    return environment(read(double.clients(), ACCOUNT, REGION))


def judged(one: Environment) -> Outcome:
    return evaluate(one.load().assembly, CONTROLS)


def control(setting: AccountSetting) -> str:
    return next(one.id for one in CONTROLS if one.types[0] == setting.type)


def test_every_setting_is_here() -> None:
    assert {call(one) for one in SETTINGS} == set(SET) == set(UNSET)


def test_an_account_where_all_is_set_passes(double: DoubleOfAws) -> None:
    found = seen(double)
    outcome = judged(found)
    assert (found.not_seen, outcome.findings, outcome.unseen) == ((), (), ())
    assert set(outcome.examined.values()) == {1}
    assert set(BY_TYPE) <= set(found.complete)


@each
def test_one_that_is_not_set_is_found(double: DoubleOfAws, setting: AccountSetting) -> None:
    answer(double, call(setting), UNSET[call(setting)])
    found = seen(double)
    outcome = judged(found)
    assert {one.control.id for one in outcome.findings} == {control(setting)}
    assert (found.not_seen, outcome.unseen) == ((), ())


@each
@pytest.mark.parametrize("code", ["AccessDeniedException", "UnauthorizedOperation", "ThrottlingException", "network"])
def test_one_that_is_denied_is_not_seen(double: DoubleOfAws, setting: AccountSetting, code: str) -> None:
    double.refuse(call(setting), code)
    found = seen(double)
    outcome = judged(found)
    assert [one.partition(" ")[0] for one in found.not_seen] == [action(call(setting))]
    assert setting.type not in found.complete
    assert setting.type in found.hidden
    assert outcome.findings == ()
    assert [one.control.id for one in outcome.unseen] == [control(setting)]
    assert [one.id for one in CONTROLS if not outcome.examined[one]] == [control(setting)]


def test_the_ids_are_those_of_the_account(double: DoubleOfAws) -> None:
    """By them a setting is known as one of a stack."""
    found = read(double.clients(), ACCOUNT, REGION).found
    ids = {one.type: one.id for one in found if one.type in BY_TYPE}
    assert ids["AWS::EC2::SnapshotBlockPublicAccess"] == ACCOUNT
    assert ids["AWS::SSM::ServiceSetting"] == SHARING


def regions(double: DoubleOfAws, *names: str) -> list[Environment]:
    identity = Identity(ACCOUNT, "aws", f"arn:aws:iam::{ACCOUNT}:user/me", double.clients())
    return list(read_all([Target(identity, name) for name in names]))


def test_what_an_account_has_once_is_asked_and_told_once(double: DoubleOfAws) -> None:
    answer(double, "iam:GetAccountPasswordPolicy", UNSET["iam:GetAccountPasswordPolicy"])
    found = regions(double, REGION, "eu-central-1")
    for setting in SETTINGS:
        assert double.calls[call(setting)] == (1 if setting.account_wide else 2), setting.type
    told = [[finding.control.id for finding in judged(one).findings] for one in found]
    assert told == [["AC-11"], []]
    assert not ACCOUNT_WIDE & set(found[1].complete)
    assert [one.region for one in found] == [REGION, "eu-central-1"]


def test_what_an_account_has_once_and_does_not_tell_is_not_seen_once(double: DoubleOfAws) -> None:
    double.refuse("account:GetAlternateContact")
    first, second = regions(double, REGION, "eu-central-1")
    assert double.calls["account:GetAlternateContact"] == 1
    assert first.not_seen == (f"account:GetAlternateContact of the account in {REGION} failed (AccessDeniedException)",)
    assert second.not_seen == ()
    assert [[finding.control.id for finding in judged(one).unseen] for one in (first, second)] == [["AC-12"], []]


def test_the_first_region_with_a_cluster_tells_it(double: DoubleOfAws) -> None:
    empty, clients = DoubleOfAws(region="eu-north-1", clusters=()), double.clients()
    arn = f"arn:aws:iam::{ACCOUNT}:user/me"
    nobody, somebody = (Identity(ACCOUNT, "aws", arn, one) for one in (empty.clients(), clients))
    first, second, third = read_all(
        [Target(nobody, "eu-north-1"), Target(somebody, REGION), Target(somebody, "eu-central-1")]
    )
    assert (first.clusters, first.templates) == ((), {})
    assert ACCOUNT_WIDE <= set(second.complete)
    assert not ACCOUNT_WIDE & set(third.complete)
