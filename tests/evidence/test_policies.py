"""Statements of policies: whom their conditions let in."""

import pytest

from hardened_eks.evidence import Assembly, Template
from hardened_eks.evidence.policies import matches, of, statements


def tied(operator: str, key: str, *values: str) -> bool:
    entry = {"Effect": "Allow", "Principal": "*", "Action": "x:y", "Condition": {operator: {key: list(values)}}}
    return next(iter(statements({"Statement": [entry]}))).tied_to_callers


@pytest.mark.parametrize(
    ("operator", "key", "value"),
    [
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::123456789012:role/*"),
        ("ArnLike", "aws:PrincipalArn", "arn:*:iam::123456789012:role/deploy"),
        ("StringLike", "aws:PrincipalArn", "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*"),
        ("ArnEquals", "aws:PrincipalArn", "${Role.Arn}"),
        ("ArnLike", "aws:SourceArn", "arn:aws:cloudtrail:*:123456789012:trail/*"),
        ("ArnLike", "aws:SourceArn", "arn:aws:s3:::payments-logs"),
        ("ArnLike", "aws:SourceArn", "arn:aws:s3:*:*:payments-logs"),
        ("StringEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5"),
        ("StringLike", "aws:userid", "AROAEXAMPLE:*"),
    ],
)
def test_a_condition_names_the_callers(operator: str, key: str, value: str) -> None:
    assert tied(operator, key, value)


@pytest.mark.parametrize(
    ("operator", "key", "value"),
    [
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/deploy"),
        ("ArnLike", "aws:PrincipalArn", "arn:${AWS::Partition}:iam::*:role/deploy"),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::12345678901?:role/deploy"),
        ("StringLike", "aws:PrincipalArn", "arn:aws:iam::*"),
        ("StringLike", "aws:PrincipalArn", "*:role/deploy"),
        ("StringLike", "aws:PrincipalArn", "arn:aws:iam::*role/deploy"),
        ("ArnLike", "aws:SourceArn", "arn:aws:sns:eu-west-1:*:alerts"),
        ("ArnLike", "aws:SourceArn", "arn:aws:s3:::*"),
        ("StringLike", "aws:PrincipalAccount", "????????????"),
        ("StringLike", "aws:userid", "*:deploy"),
        ("StringLike", "aws:PrincipalOrgID", "o-*"),
    ],
)
def test_a_condition_that_any_account_meets_names_nobody(operator: str, key: str, value: str) -> None:
    assert not tied(operator, key, value)
    assert not tied(operator, key, "arn:aws:iam::123456789012:role/deploy", value), "one of the values is enough"


@pytest.mark.parametrize(
    ("action", "pattern", "expected"),
    [
        ("kms:Decrypt", "kms:decrypt", True),
        ("kms:Decrypt", "KMS:*", True),
        ("kms:Decrypt", "*", True),
        ("kms:Decrypt", "kms:De*", True),
        ("kms:Decrypt", "kms:*crypt", True),
        ("kms:Decrypt", "k?s:D*t", True),
        ("kms:Decrypt", "kms:Decrypt?", False),
        ("kms:Decrypt", "kms:Encrypt", False),
        ("kms:Decrypt", "kms:Decryp", False),
        ("kms:Decrypt", "k[m]s:*rypt", False),  # brackets mean nothing to IAM
        ("kms:Decrypt", "", False),
    ],
)
def test_actions_match_as_iam_matches_them(action: str, pattern: str, expected: bool) -> None:
    assert matches(action, pattern) is expected


@pytest.mark.parametrize(
    ("document", "paths"),
    [
        ({"Statement": [{"Effect": "Deny"}, {"Effect": "Allow"}]}, ["Policy.Statement.0", "Policy.Statement.1"]),
        ({"Statement": {"Effect": "Allow"}}, ["Policy.Statement"]),
        ({"Statement": [{"Effect": "Deny"}, {"Ref": "One"}]}, ["Policy.Statement.0", "Policy.Statement.1"]),
        ({"Statement": {"Ref": "All"}}, ["Policy.Statement"]),
        ({"Ref": "Document"}, ["Policy"]),
        ({}, []),
    ],
)
def test_a_statement_knows_where_it_stands(document: object, paths: list[str]) -> None:
    body = {"Resources": {"Topic": {"Type": "AWS::SNS::TopicPolicy", "Properties": {"Policy": document}}}}
    topic = Template("T", {**body, "Parameters": {"One": {}, "All": {}, "Document": {}}}).resources["Topic"]
    assert [statement.at("Policy") for statement in statements(topic.get("Policy"))] == paths


def test_a_policy_of_a_resource_is_parsed_once() -> None:
    document = {"Statement": [{"Effect": "Allow", "Action": "x:y"}]}
    body = {"Resources": {"R": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}}}}
    resource = Template("T", body).resources["R"]
    [found] = of(resource, "PolicyDocument")
    assert (found.actions, found.place) == (("x:y",), "Statement.0")
    assert of(resource, "PolicyDocument")[0] is found
    assert of(resource, "Nothing") == ()


def test_each_reader_of_an_open_policy_is_noted() -> None:
    document = {"Statement": [{"Effect": "Allow", "Action": {"Ref": "P"}}]}
    resources = {"R": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}}}
    template = Template("T", {"Parameters": {"P": {"Type": "String"}}, "Resources": resources})
    assembly = Assembly([template])
    for _ in range(2):
        assembly.opened = []
        [statement] = of(template.resources["R"], "PolicyDocument")
        assert statement.does("x:y") is False
        assert assembly.opened, "the action is given at deployment"
