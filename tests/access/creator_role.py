"""The creator role's statements, and what they allow."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk.assertions import Template

import hardened_eks as hardened
from tests.access.creator_calls import Call
from tests.access.creator_stacks import resolve
from tests.iam import Policies, Request, evaluate

POLICY = "AWS::IAM::ManagedPolicy"
BEFORE = json.loads(Path(__file__).with_name("creator_before.json").read_text())
"""The statements of the role before there was an owner tag."""


def statements_of(**arguments: Any) -> list[dict[str, Any]]:
    stack = cdk.Stack(cdk.App(), "Bootstrap")
    hardened.CreatorRole(stack, "Creator", **{"stack_prefix": "HardenedEks", **arguments})
    policies = Template.from_stack(stack).find_resources(POLICY).values()
    return [s for p in policies for s in resolve(p["Properties"]["PolicyDocument"])["Statement"]]


def allows(statements: list[dict[str, Any]], request: Request) -> bool:
    return bool(evaluate(request, Policies(identity=[{"Statement": statements}])))


def refused(statements: list[dict[str, Any]], calls: list[Call]) -> list[str]:
    return [told(call) for call in calls if not allows(statements, call.request)]


def told(call: Call) -> str:
    request = call.request
    return f"{request.action} on {request.resource} with {dict(request.context)}: {call.source}"


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def asked(action: str, resource: str, context: Mapping[str, Any]) -> Request:
    arn = "arn:aws:" + resource.replace(":R:", ":eu-central-1:123456789012:").replace("iam::", "iam::123456789012:")
    names = {"OWNED": "aws:ResourceTag/hardened-eks:owner", "GIVEN": "aws:RequestTag/hardened-eks:owner"}
    return Request(
        action=action,
        resource="*" if resource == "*" else arn,
        context={
            "aws:RequestedRegion": "eu-central-1", "aws:ResourceAccount": "123456789012",
            **{names.get(key, key): value for key, value in context.items()},
        },
    )  # fmt: skip
