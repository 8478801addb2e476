"""The order of decisions, by the cases of IAM's documentation."""

from typing import Any

import pytest

from tests.iam import Policies, Request, evaluate

ROLE = "arn:aws:iam::123456789012:role/app"
BUCKET = "arn:aws:s3:::amzn-s3-demo-bucket/x"


def document(effect: str = "Allow", action: Any = "*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": effect, "Action": action, "Resource": resource, **more}]}


def asked(action: str = "s3:GetObject", resource: str = BUCKET, **more: Any) -> Request:
    return Request(action=action, resource=resource, **{"principal": ROLE, **more})


def trust(principal: Any, action: str = "*", **more: Any) -> dict[str, Any]:
    return {"Statement": {"Effect": "Allow", "Principal": principal, "Action": action, **more}}


READS, ALL = document(action="s3:Get*"), document()


@pytest.mark.parametrize(("policies", "expected"), [
    (Policies(), False),
    (Policies(identity=[READS]), True),
    (Policies(identity=[document(action="s3:PutObject")]), False),
    (Policies(identity=[ALL, document("Deny", "S3:GETOBJECT")]), False),
    (Policies(identity=[document(resource="arn:aws:s3:::amzn-s3-demo-bucket")]), False),
    (Policies(identity=[document(resource=["arn:aws:s3:::other/*", "arn:aws:s3:::amzn*"])]), True),
    (Policies(identity=[document(resource="arn:aws:s3:::AMZN*")]), False),
    # A boundary and every level of service control policies must allow it, and give nothing by themselves.
    (Policies(identity=[ALL], boundary=READS), True),
    (Policies(identity=[ALL], boundary=document(action="ec2:*")), False),
    (Policies(boundary=ALL), False),
    (Policies(identity=[ALL], limits=[[ALL], [READS]]), True),
    (Policies(identity=[ALL], limits=[[ALL], [document(action="ec2:*")]]), False),
    (Policies(identity=[ALL], limits=[[ALL, document("Deny", "s3:*")], [ALL]]), False),
    (Policies(limits=[[ALL]]), False),
    # In one account a resource policy may give it alone, unless it only lets the account decide.
    (Policies(resource=trust({"AWS": ROLE})), True),
    (Policies(resource=trust("*")), True),
    (Policies(resource=trust({"AWS": "arn:aws:iam::123456789012:root"})), False),
    (Policies(identity=[READS], resource=trust({"AWS": "123456789012"})), True),
    (Policies(resource=trust({"AWS": ROLE}), boundary=document(action="ec2:*")), False),
    (Policies(identity=[ALL], resource={"Statement": [{"Effect": "Deny", "NotPrincipal": {"AWS": ROLE}, "Action": "*"}]}), True),
    (Policies(identity=[ALL], resource={"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*"}]}), False),
    # Across accounts both must.
    (Policies(identity=[READS], resource_account="111122223333"), False),
    (Policies(resource=trust({"AWS": ROLE}), resource_account="111122223333"), False),
    (Policies(identity=[READS], resource=trust({"AWS": "123456789012"}), resource_account="111122223333"), True),
    # A key's policy must say so in its own account, too.
    (Policies(identity=[ALL], resource=trust({"AWS": "111122223333"}), resource_decides=True), False),
    (Policies(identity=[ALL], resource=trust({"AWS": "123456789012"}), resource_decides=True), True),
    (Policies(resource=trust({"AWS": "123456789012"}), resource_decides=True), False),
    (Policies(resource=trust({"AWS": ROLE}), resource_decides=True), True),
])  # fmt: skip
def test_decision(policies: Policies, expected: bool) -> None:
    assert bool(evaluate(asked(), policies)) is expected


def test_the_statement_that_decides_is_told() -> None:
    allowed = evaluate(asked(), Policies(identity=[READS]))
    assert (allowed.statement, allowed.reason) == (READS["Statement"][0], "identity policy")
    deny = document("Deny", "s3:*")
    denied = evaluate(asked(), Policies(identity=[ALL], limits=[[ALL, deny]]))
    assert (denied.statement, denied.reason) == (deny["Statement"][0], "denied by the limit")
    bound = evaluate(asked(), Policies(identity=[ALL], boundary=document(action="ec2:*")))
    assert (bound.statement, bound.reason) == (None, "not allowed by the permissions boundary")


@pytest.mark.parametrize(("statement", "action", "expected"), [
    ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, "s3:GetObject", True),
    ({"Effect": "Allow", "NotAction": ["iam:*", "S3:*"], "Resource": "*"}, "s3:GetObject", False),
    ({"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::HRBucket/*"}, "s3:GetObject", True),
    ({"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::amzn*"}, "s3:GetObject", False),
])  # fmt: skip
def test_all_but(statement: dict[str, Any], action: str, expected: bool) -> None:
    assert bool(evaluate(asked(action), Policies(identity=[{"Statement": statement}]))) is expected


def test_variables_in_resources() -> None:
    home = Policies(identity=[document(resource="arn:aws:s3:::b/home/${aws:username}/*")])
    assert evaluate(asked(resource="arn:aws:s3:::b/home/ana/x", context={"aws:username": "ana"}), home)
    assert not evaluate(asked(resource="arn:aws:s3:::b/home/ana/x", context={"aws:username": "bob"}), home)
    assert not evaluate(asked(resource="arn:aws:s3:::b/home/${aws:username}/x"), home)
    star = Policies(identity=[document(resource="arn:aws:s3:::b/${*}")])
    assert not evaluate(asked(resource="arn:aws:s3:::b/x"), star)


def test_a_service_is_let_in_by_the_resource_alone() -> None:
    queue = trust(
        {"Service": "events.amazonaws.com"}, Condition={"StringEquals": {"aws:SourceAccount": "123456789012"}}
    )
    sends = Request(
        action="sqs:SendMessage",
        resource="arn:aws:sqs:eu-west-1:123456789012:q",
        principal="events.amazonaws.com",
        context={"aws:SourceAccount": "123456789012"},
    )
    assert evaluate(sends, Policies(resource=queue))
    assert not evaluate(sends, Policies(resource=trust({"Service": "sns.amazonaws.com"})))


def test_a_document_may_be_text() -> None:
    assert evaluate(
        asked(), Policies(identity=['{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}'])
    )  # type: ignore[list-item]
