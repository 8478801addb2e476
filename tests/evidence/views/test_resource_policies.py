"""Whom a policy lets in, where the stack's own account is known."""

import pytest

from hardened_eks.controls import keys, storage
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.evidence import Assembly, Template

OURS, THEIRS = "111122223333", "444455556666"


def found(control, type_, properties, account):
    body = {"Resources": {"It": {"Type": type_, "Properties": properties}}}
    assembly = Assembly([Template("T", body, account=account)])
    return [finding.problem.message for finding in evaluate(assembly, [control]).findings]


def allow(principal, action, **more):
    return {
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": principal}, "Action": action, "Resource": "*", **more}]
    }


@pytest.mark.parametrize("principal", [THEIRS, f"arn:aws:iam::{THEIRS}:root", f"arn:aws:iam::{THEIRS}:role/x"])
def test_another_account_is_found_where_ours_is_known(principal: str) -> None:
    policy = {"KeyPolicy": allow(principal, "kms:Decrypt")}
    assert found(keys.key_policy_not_public, "AWS::KMS::Key", policy, OURS) == [
        f"{principal} of another account or organization is allowed"
    ]
    assert found(keys.key_policy_not_public, "AWS::KMS::Key", policy, "") == []


@pytest.mark.parametrize(
    "principal", [OURS, f"arn:aws:iam::{OURS}:root", {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}]
)
def test_our_own_account_is_no_finding(principal: object) -> None:
    assert (
        found(keys.key_policy_not_public, "AWS::KMS::Key", {"KeyPolicy": allow(principal, "kms:Decrypt")}, OURS) == []
    )


def test_another_account_of_the_organization_is_no_finding() -> None:
    policy = allow(THEIRS, "kms:Decrypt", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}})
    assert found(keys.key_policy_not_public, "AWS::KMS::Key", {"KeyPolicy": policy}, OURS) == []


def test_another_account_may_neither_read_a_bucket_nor_change_it() -> None:
    def messages(action: str) -> list[str]:
        policy = {"PolicyDocument": allow(f"arn:aws:iam::{THEIRS}:root", action)}
        return found(storage.bucket_policy_narrow, "AWS::S3::BucketPolicy", policy, OURS)

    assert messages("s3:GetObject") != []
    assert messages("s3:PutBucketPolicy") != []
