"""Constructs of governance and what they synthesize."""

from typing import Any

import aws_cdk as cdk
from aws_cdk.assertions import Template

import hardened_eks as hardened

ACCOUNT, REGION = "123456789012", "eu-west-1"
AUDITOR = f"arn:aws:iam::{ACCOUNT}:role/auditor"
CREATOR = f"arn:aws:iam::{ACCOUNT}:role/hardened-eks-creator"
CUSTODY = {"readers": [AUDITOR], "denied": [CREATOR, f"arn:aws:iam::{ACCOUNT}:role/*-break-glass*"]}


def stack(name: str = "Governance", account: str = ACCOUNT) -> cdk.Stack:
    return cdk.Stack(cdk.App(), name, env=cdk.Environment(account=account, region=REGION))


def template(scope: cdk.Stack) -> dict[str, Any]:
    found: dict[str, Any] = Template.from_stack(scope).to_json()
    return found


def trail(**arguments: Any) -> dict[str, Any]:
    scope = stack()
    hardened.Trail(scope, "Trail", **arguments)
    return template(scope)


def of(found: dict[str, Any], type_: str, part: str = "") -> dict[str, Any]:
    one: dict[str, Any] = next(r for i, r in found["Resources"].items() if r["Type"] == type_ and part in i)
    return one


def kinds(found: dict[str, Any]) -> set[str]:
    return {r["Type"] for r in found["Resources"].values()}


def rendered(value: Any) -> Any:
    """Render joins and pseudo parameters; a reference to another resource becomes its logical ID."""
    pseudo = {
        "AWS::Partition": "aws",
        "AWS::Region": REGION,
        "AWS::AccountId": ACCOUNT,
        "AWS::URLSuffix": "amazonaws.com",
    }
    if isinstance(value, list):
        return [rendered(one) for one in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Ref"}:
        return pseudo.get(value["Ref"], value["Ref"])
    if set(value) == {"Fn::GetAtt"}:
        return "arn:aws:s3:::" + value["Fn::GetAtt"][0] if value["Fn::GetAtt"][1] == "Arn" else value["Fn::GetAtt"][0]
    if set(value) == {"Fn::Join"}:
        return "".join(str(rendered(one)) for one in value["Fn::Join"][1])
    return {key: rendered(one) for key, one in value.items()}
