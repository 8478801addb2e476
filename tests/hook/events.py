"""Events of CloudFormation hooks, of all four targets, in the shapes of the Hooks User Guide.

https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/lambda-hooks-create-lambda-function.html
"""

from __future__ import annotations

from typing import Any

ACCOUNT, REGION = "123456789012", "eu-west-1"
TOKEN = "5f2b8b1a-0b0e-4a52-9a55-5d4c1a6f1c11"
URL = "https://cfn-hooks.s3.eu-west-1.amazonaws.com/payload?X-Amz-Signature=secret"


def stack_id(name: str = "Payments") -> str:
    return f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{name}/0a1b2c3d-0000-1111-2222-333344445555"


def _event(data: dict[str, Any], action: str, **more: Any) -> dict[str, Any]:
    return {
        "clientRequestToken": TOKEN,
        "awsAccountId": ACCOUNT,
        "stackId": stack_id(),
        "changeSetId": None,
        "hookTypeName": "HardenedEks::Stacks::Hook",
        "hookTypeVersion": "00000001",
        "hookModel": {"LambdaFunction": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:hook"},
        "actionInvocationPoint": f"{action}_PRE_PROVISION",
        "requestData": data,
        "requestContext": {"invocation": 1, "callbackContext": None},
        **more,
    }


def stack(action: str = "CREATE", *, name: str = "Payments", url: str = URL, **more: Any) -> dict[str, Any]:
    """A whole stack; the payload behind the URL has ``template`` and, of an update, ``previousTemplate``."""
    data = {"targetName": "STACK", "targetType": "STACK", "targetLogicalId": stack_id(name), "payload": url}
    return _event(data, action, stackId=stack_id(name), **more)


def change_set(*, url: str = URL, **more: Any) -> dict[str, Any]:
    """A change set; the payload behind the URL has ``template`` and ``changedResources``."""
    id_ = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:changeSet/release-7/9f8e7d6c-0000-1111-2222-333344445555"
    data = {"targetName": "CHANGE_SET", "targetType": "CHANGE_SET", "targetLogicalId": id_, "payload": url}
    return _event(data, "CREATE", changeSetId=id_, **more)


def resource(
    type_: str,
    properties: dict[str, Any] | None,
    *,
    previous: dict[str, Any] | None = None,
    action: str = "CREATE",
    logical_id: str = "Cluster",
    **more: Any,
) -> dict[str, Any]:
    """One resource of a stack, with its values."""
    model: dict[str, Any] = {"resourceProperties": properties}
    if previous is not None:
        model["previousResourceProperties"] = previous
    data = {"targetName": type_, "targetType": type_, "targetLogicalId": logical_id, "targetModel": model}
    return _event(data, action, **more)


def cloud_control(type_: str, properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    """One resource that Cloud Control creates: there is no stack."""
    found = resource(type_, properties, logical_id="", **more)
    return {key: value for key, value in found.items() if key not in {"stackId", "changeSetId"}}
