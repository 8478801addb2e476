"""The guardrails' decisions: a table of who asks for what, in both directions, and no statement without a row."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from hardened_eks.guardrails import Guardrail, Kind, Settings, boundary, guardrails
from tests.iam import Policies, Request, Verdict, evaluate
from tests.iam.guardrail_rows import (
    ACCESS,
    ACCOUNT,
    CREATOR,
    DEV,
    EVIDENCE,
    FOREIGN,
    GLASS,
    KEY,
    OTHER,
    OWNED,
    PARTNER,
    SETTINGS,
    SHAPE,
    TOWER,
    Row,
    asks,
    role,
)

ALL: Mapping[str, Any] = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*"}}
ROWS = [*SHAPE, *ACCESS, *EVIDENCE]
POLICIES = guardrails(SETTINGS)
SCPS = [policy for policy in POLICIES if policy.kind is Kind.SCP]
(RCP,) = (policy for policy in POLICIES if policy.kind is Kind.RCP)
OURS = {"aws:PrincipalOrgID": SETTINGS.organization_id, "aws:PrincipalAccount": ACCOUNT, "aws:SecureTransport": "true"}
SERVICE = {"aws:PrincipalIsAWSService": "true", "aws:SecureTransport": "true"}
PEOPLE = {"aws:PrincipalIsAWSService": "false", "aws:SecureTransport": "true"}


def named(row: Row) -> str:
    return f"{row.who.rpartition('/')[2]} {row.action} {row.refused_by or 'allowed'} {sorted(row.context.items())}"[
        :150
    ]


def decided(row: Row, statements: Sequence[Mapping[str, Any]]) -> Verdict:
    """Decide with everything allowed but what the statements refuse, which service-linked roles never meet."""
    context = {"aws:PrincipalArn": row.who, "aws:PrincipalAccount": row.who.split(":")[4], **row.context}
    request = Request(action=row.action, resource=row.resource, context=context, principal=row.who)
    limit = [ALL] if "aws-service-role/" in row.who else [ALL, {"Statement": list(statements)}]
    return evaluate(request, Policies(identity=[ALL], limits=[limit]))


def of(policies: Sequence[Guardrail]) -> list[Mapping[str, Any]]:
    return [statement for policy in policies for statement in policy.statements]


@cache
def refusals() -> list[list[bool]]:
    """Return, for each statement, which rows it refuses alone."""
    return [[not decided(row, [statement]) for row in ROWS] for statement in of(SCPS)]


def idle(index: int, changed: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether no verdict of the table changes when the statement is changed, or left out."""
    for at, row in enumerate(ROWS):
        others = any(refused[at] for number, refused in enumerate(refusals()) if number != index)
        if not others and refusals()[index][at] == bool(decided(row, changed)):
            return False
    return True


def test_the_table_is_large_and_has_both_directions() -> None:
    assert len(ROWS) >= 60
    assert min(sum(bool(row.refused_by) for row in ROWS), sum(not row.refused_by for row in ROWS)) >= 40


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_row(row: Row) -> None:
    verdict = decided(row, of(SCPS))
    assert (verdict.statement["Sid"] if not verdict and verdict.statement else "") == row.refused_by


def test_no_statement_without_a_row() -> None:
    assert [statement["Sid"] for index, statement in enumerate(of(SCPS)) if idle(index, [])] == []


def test_no_condition_without_a_row() -> None:
    found = []
    for index, statement in enumerate(of(SCPS)):
        for operator, keys in statement.get("Condition", {}).items():
            for key in keys:
                rest = {k: v for k, v in keys.items() if k != key}
                if idle(index, [conditioned(statement, operator, rest)]):
                    found.append((statement["Sid"], operator, key))
    assert found == []


def test_no_exempted_or_protected_role_without_a_row() -> None:
    found = []
    for index, statement in enumerate(of(SCPS)):
        passes = statement.get("Condition", {}).get("ArnNotLike", {})
        for arn in passes.get("aws:PrincipalArn", []):
            less = {**passes, "aws:PrincipalArn": [one for one in passes["aws:PrincipalArn"] if one != arn]}
            if idle(index, [conditioned(statement, "ArnNotLike", less)]):
                found.append((statement["Sid"], "passes", arn))
        for element in ("Resource", "NotResource"):
            for arn in statement[element] if isinstance(statement.get(element), list) else []:
                if idle(index, [{**statement, element: [one for one in statement[element] if one != arn]}]):
                    found.append((statement["Sid"], element, arn))
    assert found == []


def conditioned(statement: Mapping[str, Any], operator: str, keys: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**statement, "Condition": {**statement["Condition"], operator: keys}}


def data(who: str, action: str, refused_by: str = "", **context: Any) -> tuple[str, str, Mapping[str, Any], str]:
    return who, action, context.get("context", {}), refused_by


DATA = [
    data(DEV, "s3:GetObject", context=OURS),
    data(DEV, "kms:Decrypt", context={**OURS, **PEOPLE}),
    data(FOREIGN, "s3:GetObject", "OrganizationOnly", context={**PEOPLE, "aws:PrincipalOrgID": "o-elsewhere01"}),
    data(FOREIGN, "kms:Decrypt", "OrganizationOnly", context=PEOPLE),
    data(FOREIGN, "ecr:BatchGetImage", "OrganizationOnly", context=PEOPLE),
    data(FOREIGN, "s3:GetObject", context={**PEOPLE, "aws:ResourceTag/hardened-eks:shared": "true"}),
    data(role("reader", PARTNER), "s3:GetObject", context={**PEOPLE, "aws:PrincipalOrgID": "o-elsewhere01"}),
    data(FOREIGN, "sts:AssumeRole", context=PEOPLE),
    data("logs.amazonaws.com", "kms:Encrypt", context=SERVICE),
    data("ec2.amazonaws.com", "kms:Decrypt", context=SERVICE),
    data("cloudtrail.amazonaws.com", "s3:PutObject",
         context={**SERVICE, "aws:SourceAccount": ACCOUNT, "aws:SourceOrgID": SETTINGS.organization_id}),
    data("cloudtrail.amazonaws.com", "s3:PutObject", "ConfusedDeputy",
         context={**SERVICE, "aws:SourceAccount": OTHER, "aws:SourceOrgID": "o-elsewhere01"}),
    data("cloudtrail.amazonaws.com", "s3:PutObject", "ConfusedDeputy", context={**SERVICE, "aws:SourceAccount": OTHER}),
    data("config.amazonaws.com", "s3:PutObject", context=SERVICE),
    data(DEV, "s3:GetObject", "Tls", context={**OURS, "aws:SecureTransport": "false"}),
    data(DEV, "sqs:SendMessage", "Tls", context={**OURS, "aws:SecureTransport": "false"}),
    data(DEV, "kms:ScheduleKeyDeletion", "KeysStay", context={**OURS, **OWNED}),
    data(f"arn:aws:iam::{ACCOUNT}:root", "kms:PutKeyPolicy", "KeysStay", context={**OURS, **OWNED}),
    data(DEV, "kms:ScheduleKeyDeletion", context=OURS),
    data(CREATOR, "kms:PutKeyPolicy", context={**OURS, **OWNED}),
    data(GLASS, "kms:DisableKey", context={**OURS, **OWNED}),
    data(TOWER, "kms:PutKeyPolicy", context={**OURS, **OWNED}),
]  # fmt: skip


def protected(who: str, action: str, context: Mapping[str, Any], statements: Sequence[Mapping[str, Any]]) -> Verdict:
    arn = {"aws:PrincipalArn": who, "aws:PrincipalAccount": who.split(":")[4]} if who.startswith("arn:") else {}
    request = Request(action=action, resource=KEY, context={**arn, **context}, principal=who)
    policies = Policies(
        identity=[ALL], resource=ALL, resource_account=ACCOUNT, limits=[[ALL, {"Statement": list(statements)}]]
    )
    return evaluate(request, policies)


@pytest.mark.parametrize(("who", "action", "context", "refused_by"), DATA)
def test_data(who: str, action: str, context: Mapping[str, Any], refused_by: str) -> None:
    verdict = protected(who, action, context, RCP.statements)
    assert (verdict.statement["Sid"] if not verdict and verdict.statement else "") == refused_by


def test_no_data_statement_without_a_row() -> None:
    for left_out in RCP.statements:
        rest = [s for s in RCP.statements if s is not left_out]
        assert any(bool(protected(*row[:3], rest)) == bool(row[3]) for row in DATA), left_out["Sid"]


_POLICY = f"arn:aws:iam::{ACCOUNT}:policy/hardened-eks-boundary"
_CARRIES = {"iam:PermissionsBoundary": _POLICY}
_OTHER = {"iam:PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/other"}
BOUND = [
    asks(DEV, "ec2:RunInstances"),
    asks(DEV, "s3:GetObject"),
    asks(DEV, "eks:DescribeCluster"),
    asks(DEV, "eks:CreateCluster", "NoCluster"),
    asks(DEV, "eks:MutateViaKubernetesApi", "NoCluster"),
    asks(DEV, "cloudtrail:DeleteTrail", "NoEvidence"),
    asks(DEV, "kms:ScheduleKeyDeletion", "NoEvidence"),
    asks(DEV, "kms:Decrypt"),
    asks(DEV, "iam:DeleteRolePermissionsBoundary", "BoundaryStays", resource=DEV),
    asks(DEV, "iam:CreatePolicyVersion", "BoundaryIsFixed", resource=_POLICY),
    asks(DEV, "iam:CreatePolicyVersion", resource=f"arn:aws:iam::{ACCOUNT}:policy/theirs"),
    asks(DEV, "iam:CreateRole", "NewRolesCarryIt", resource=role("app")),
    asks(
        DEV,
        "iam:CreateRole",
        "NewRolesCarryIt",
        resource=role("app"),
        context={"iam:PermissionsBoundary": f"{_POLICY}-2"},
    ),
    asks(DEV, "iam:CreateRole", resource=role("app"), context=_CARRIES),
    asks(DEV, "iam:PutRolePermissionsBoundary", resource=role("app"), context=_CARRIES),
    *(
        asks(DEV, f"iam:{action}", "OthersStay", resource=role("cdk-hnb659fds-cfn-exec-role"))
        for action in ("AttachRolePolicy", "PutRolePolicy", "UpdateAssumeRolePolicy")
    ),
    asks(DEV, "iam:UpdateAssumeRolePolicy", "OthersStay", resource=CREATOR, context=_OTHER),
    asks(DEV, "iam:AttachUserPolicy", "OthersStay", resource=f"arn:aws:iam::{ACCOUNT}:user/ops"),
    asks(DEV, "iam:PutRolePolicy", resource=role("app"), context=_CARRIES),
    asks(DEV, "iam:UpdateAssumeRolePolicy", resource=role("app"), context=_CARRIES),
    asks(DEV, "logs:AssociateKmsKey", "NoEvidence"),
    asks(DEV, "backup:PutBackupVaultAccessPolicy", "NoEvidence"),
]


def bound(row: Row, statements: Sequence[Mapping[str, Any]]) -> Verdict:
    request = Request(action=row.action, resource=row.resource, context=row.context, principal=row.who)
    return evaluate(request, Policies(identity=[ALL], boundary={"Statement": list(statements)}))


@pytest.mark.parametrize("row", BOUND, ids=named)
def test_boundary(row: Row) -> None:
    verdict = bound(row, boundary(SETTINGS).statements)
    assert (verdict.statement["Sid"] if not verdict and verdict.statement else "") == row.refused_by


def test_no_boundary_statement_without_a_row() -> None:
    found = boundary(SETTINGS).statements
    for left_out in found:
        rest = [s for s in found if s is not left_out]
        assert any(bool(bound(row, rest)) == bool(row.refused_by) for row in BOUND), left_out["Sid"]


def test_the_same_in_every_partition() -> None:
    texts = [policy.text for policy in POLICIES if policy.kind is not Kind.BOUNDARY]
    assert not [text for text in texts if re.search(r"arn:aws[:-]", text)]
    china = Settings(partition="aws-cn")
    assert "arn:aws-cn:iam::*:policy/hardened-eks-boundary" in boundary(china).text


@pytest.mark.parametrize(("who", "issuer", "sid"), [
    (CREATOR, "https://login.bank.example", ""),
    (CREATOR, "https://evil.example", "IdentityProvider"),
    (DEV, "https://login.bank.example", "ChangeNothing"),
    (GLASS, "https://evil.example", ""),
])  # fmt: skip
def test_a_named_issuer_may_be_attached(who: str, issuer: str, sid: str) -> None:
    policies = guardrails(replace(SETTINGS, issuers=("https://login.bank.example",)))
    statements = of([policy for policy in policies if policy.kind is Kind.SCP])
    row = Row(who, "eks:AssociateIdentityProviderConfig", "*", {"eks:issuerUrl": issuer}, sid)
    verdict = decided(row, statements)
    assert (verdict.statement["Sid"] if not verdict and verdict.statement else "") == sid
