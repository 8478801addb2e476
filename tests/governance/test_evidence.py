"""A bucket for evidence: who adds, who reads, who changes nothing, and every mistake of a call."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

import hardened_eks as hardened
from app import packs
from hardened_eks.errors import ConfigurationError
from tests.governance.built import ACCOUNT, AUDITOR, CREATOR, CUSTODY, REGION, of, rendered, stack
from tests.iam import Policies, Request, evaluate

PIPELINE = f"arn:aws:iam::{ACCOUNT}:role/pipeline"
ADMIN = f"arn:aws:iam::{ACCOUNT}:role/admin"
EVERYTHING = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
KMS, KEY_ID = "s3:x-amz-server-side-encryption", "s3:x-amz-server-side-encryption-aws-kms-key-id"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Judged by our checks, by every pack and by cfn-lint, which find nothing."""
    directory = tmp_path_factory.mktemp("evidence")
    app = cdk.App(outdir=str(directory))
    cdk.Tags.of(app).add("application", "evidence")
    made = cdk.Stack(app, "Evidence", env=cdk.Environment(account=ACCOUNT, region=REGION))
    hardened.EvidenceBucket(made, "Evidence", custody=hardened.LogCustody(**CUSTODY), writers=[PIPELINE])
    cdk.Validations.of(app).add_plugins(hardened.Checks(), *packs())
    app.synth()  # or it raises with what they found
    file = directory / "Evidence.template.json"
    linted = subprocess.run([Path(sys.executable).with_name("cfn-lint"), file], capture_output=True, text=True)
    assert (linted.returncode, linted.stdout) == (0, "")
    template: dict[str, Any] = json.loads(file.read_text())
    return template


def bucket_says(
    found: dict[str, Any], action: str, principal: str, *, identity: Any = None, of_account: str = "", **context: str
) -> bool:
    policy = rendered(_policy(found))
    resource = f"arn:aws:s3:::{policy['Bucket']}" + ("" if action in {"s3:ListBucket"} else "/2026-11-29/report.json")
    keys = {"aws:PrincipalArn": principal, "aws:SecureTransport": "true"}
    request = Request(action=action, resource=resource, principal=principal, context={**keys, **context})
    policies = Policies(
        identity=(identity,) if identity else (),
        resource=policy["PolicyDocument"],
        resource_account=ACCOUNT,
        resource_decides=identity is None,
    )
    return bool(evaluate(request, policies))


def _policy(found: dict[str, Any]) -> dict[str, Any]:
    (one,) = [
        r["Properties"]
        for i, r in found["Resources"].items()
        if r["Type"] == "AWS::S3::BucketPolicy" and "AccessLogs" not in i
    ]
    return dict(one)


@pytest.mark.parametrize(("who", "action", "allowed"), [
    (PIPELINE, "s3:PutObject", True),
    (PIPELINE, "s3:ListBucket", True),
    (PIPELINE, "s3:GetObject", False),
    (PIPELINE, "s3:DeleteObjectVersion", False),
    (AUDITOR, "s3:GetObject", True),
    (AUDITOR, "s3:GetObjectVersion", True),
    (AUDITOR, "s3:PutObject", False),
    (ADMIN, "s3:GetObject", False),
])  # fmt: skip
def test_who_does_what(found: dict[str, Any], who: str, action: str, allowed: bool) -> None:
    assert bucket_says(found, action, who) is allowed


@pytest.mark.parametrize(("who", "action", "allowed"), [
    (ADMIN, "s3:PutObject", True),
    (ADMIN, "s3:GetObject", False),
    (ADMIN, "s3:BypassGovernanceRetention", False),
    (ADMIN, "s3:PutObjectRetention", False),
    (AUDITOR, "s3:BypassGovernanceRetention", False),
    (CREATOR, "s3:PutObject", False),
    (CREATOR, "s3:GetObject", False),
])  # fmt: skip
def test_an_administrator_reads_and_unlocks_nothing(
    found: dict[str, Any], who: str, action: str, allowed: bool
) -> None:
    """Whatever their own policies allow."""
    assert bucket_says(found, action, who, identity=EVERYTHING) is allowed


def test_uploads_come_by_tls_and_with_the_bucket_s_key(found: dict[str, Any]) -> None:
    key = rendered(of(found, "AWS::S3::Bucket", "Files")["Properties"])["BucketEncryption"][
        "ServerSideEncryptionConfiguration"
    ][0]["ServerSideEncryptionByDefault"]["KMSMasterKeyID"]
    assert bucket_says(found, "s3:PutObject", PIPELINE, **{KMS: "aws:kms", KEY_ID: key})
    assert not bucket_says(found, "s3:PutObject", PIPELINE, **{KMS: "AES256"})
    assert not bucket_says(found, "s3:PutObject", PIPELINE, **{KMS: "aws:kms", KEY_ID: "arn:aws:kms:::key/other"})
    assert not bucket_says(found, "s3:PutObject", PIPELINE, **{"aws:SecureTransport": "false"})


@pytest.mark.parametrize(("who", "action", "allowed"), [
    (PIPELINE, "kms:GenerateDataKey", True), (PIPELINE, "kms:DescribeKey", False),
    (AUDITOR, "kms:Decrypt", True), (AUDITOR, "kms:GenerateDataKey", False), (CREATOR, "kms:Decrypt", False),
])  # fmt: skip
def test_who_uses_the_key(found: dict[str, Any], who: str, action: str, allowed: bool) -> None:
    """Without a policy of their own; the key's first statement leaves the rest to such policies."""
    policy = rendered(of(found, "AWS::KMS::Key")["Properties"]["KeyPolicy"])
    assert policy["Statement"].pop(0)["Sid"] == "Manage"
    request = Request(action=action, resource="*", principal=who, context={"aws:PrincipalArn": who})
    policies = Policies(resource=policy, resource_account=ACCOUNT, resource_decides=True)
    assert bool(evaluate(request, policies)) is allowed


def test_files_are_locked_kept_and_outlive_the_stack(found: dict[str, Any]) -> None:
    made = of(found, "AWS::S3::Bucket", "Files")
    assert made["Properties"]["ObjectLockConfiguration"]["Rule"]["DefaultRetention"] == {
        "Mode": "GOVERNANCE",
        "Days": 365,
    }
    rules = made["Properties"]["LifecycleConfiguration"]["Rules"]
    assert rules[0]["ExpirationInDays"] == 2557
    for id_, resource in found["Resources"].items():
        if resource["Type"] in {"AWS::S3::Bucket", "AWS::KMS::Key"} or id_.startswith("EvidencePolicy"):
            assert resource["DeletionPolicy"] == "Retain", id_


def test_compliance_is_a_choice() -> None:
    scope = stack()
    custody = hardened.LogCustody(readers=[AUDITOR], lock="compliance", lock_days=2557)
    made = hardened.EvidenceBucket(scope, "Evidence", custody=custody)
    lock = scope.resolve(made.resource.object_lock_configuration)["rule"]["defaultRetention"]
    assert lock == {"mode": "COMPLIANCE", "days": 2557}
    assert (scope.resolve(made.bucket_name), scope.resolve(made.key_arn)) == (
        {"Ref": scope.get_logical_id(made.resource)}, scope.resolve(made.key.key_arn)
    )  # fmt: skip


class TestFails:
    def problems(self, **arguments: Any) -> list[str]:
        scope = stack()
        with pytest.raises(ConfigurationError) as caught:
            hardened.EvidenceBucket(scope, "Evidence", **arguments)
        assert scope.node.children == []
        return list(caught.value.problems)

    def test_with_every_mistake_at_once(self) -> None:
        found = self.problems(
            custody=hardened.LogCustody(denied=[CREATOR]), writers=[CREATOR, "me", PIPELINE, PIPELINE]
        )
        assert [problem.split(":")[0] for problem in found] == [
            "custody has no readers, and nobody else could read a file",
            "'arn",
            "writers needs the ARN of a role, arn",
            "writers names 'arn",
        ]

    @pytest.mark.parametrize(("arguments", "words"), [
        ({"custody": "auditor"}, "custody needs a LogCustody, got 'auditor'"),
        ({"writers": PIPELINE}, "writers needs a list of roles or their ARNs"),
        ({"writers": [AUDITOR]}, "so that nobody reviews their own"),
        ({"writers": ["arn:aws:iam::111122223333:root"]}, "names the whole account"),
        ({"writers": ["arn:aws:iam::111122223333:role/*"]}, "a wildcard admits everybody"),
    ])  # fmt: skip
    def test_with_what_cannot_be(self, arguments: dict[str, Any], words: str) -> None:
        (found,) = self.problems(**{"custody": hardened.LogCustody(readers=[AUDITOR]), **arguments})
        assert words in found
