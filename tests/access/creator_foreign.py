"""What must stay out of reach: each call of the stacks, made on what is not theirs."""

from collections.abc import Iterator
from dataclasses import replace

from tests.access.creator_calls import GIVEN, OWNED, Call
from tests.access.creator_stacks import ACCOUNT, REGION
from tests.access.creator_types import TAGS
from tests.iam import Request

OTHERS_ACCOUNT, OTHERS_REGION = "111122223333", "sa-east-1"
NAMES = ("HardenedEks", "hardenedeks", "hardened")
PREFIXES = {"HardenedEks": "Payments", "hardenedeks": "payments", "hardened": "payments"}


def foreign(call: Call) -> Iterator[Call]:
    """Yield the same call on the resource of another account, region, name or owner."""
    request = call.request
    for what, other in _changed(request):
        if other != request:
            yield Call(other, f"{call.source}, of another {what}")


def _changed(request: Request) -> Iterator[tuple[str, Request]]:
    resource = request.resource
    if f":{ACCOUNT}:" in resource:
        context = {**request.context, "aws:ResourceAccount": OTHERS_ACCOUNT}
        # Subnets and VPCs of others are shared with the account, or cannot be used at all.
        if not any(f":{kind}/" in resource for kind in ("subnet", "vpc")):
            elsewhere = resource.replace(f":{ACCOUNT}:", f":{OTHERS_ACCOUNT}:")
            yield "account", replace(request, resource=elsewhere, context=context)
    if f":{REGION}:" in resource:
        yield "region", replace(request, resource=resource.replace(f":{REGION}:", f":{OTHERS_REGION}:"))
    if "aws:RequestedRegion" in request.context and resource == "*":
        yield "region", replace(request, context={**request.context, "aws:RequestedRegion": OTHERS_REGION})
    yield from _renamed(request)
    yield from _retagged(request)


def _renamed(request: Request) -> Iterator[tuple[str, Request]]:
    if request.resource.count(":") < 5:
        return
    *head, name = request.resource.split(":", 5)
    for prefix in NAMES:
        if prefix in name:
            yield "name", replace(request, resource=":".join([*head, name.replace(prefix, PREFIXES[prefix])]))
            return


def _retagged(request: Request) -> Iterator[tuple[str, Request]]:
    context = dict(request.context)
    for key in (OWNED, GIVEN):
        if key in context:
            # A tag beside one that decides, in a call that may pass without it.
            if key == GIVEN and (OWNED in context or "ec2:CreateAction" in context):
                if request.action in ("ec2:CreateTags", "kms:TagResource", "route53resolver:TagResource"):
                    yield "owner to come", replace(request, context={**context, GIVEN: "Payments-Cluster"})
                continue
            if key == GIVEN and request.action.startswith("ec2:") and not _is_new(request):
                continue
            yield "owner", replace(request, context={**context, key: "Payments-Cluster"})
            yield "untagged", replace(request, context={k: v for k, v in context.items() if k != key})


def _is_new(request: Request) -> bool:
    return request.resource.endswith("/new") and request.action.removeprefix("ec2:") in TAGS - {"RunInstances"}
