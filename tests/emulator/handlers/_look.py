"""What handlers ask of other services' state, refusing as the asking service would."""

from __future__ import annotations

import json
from typing import Any

from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services import ec2, iam, kms

from tests.emulator.handlers.model import Properties, Refused


def arn(service: str, resource: str, *, region: str | None = None) -> str:
    where = get_region() if region is None else region
    return f"arn:aws:{service}:{where}:{get_account_id()}:{resource}"


def hex_id(prefix: str, length: int = 17) -> str:
    return f"{prefix}{new_uuid().replace('-', '')[:length]}"


def tags_as_map(tags: Any) -> dict[str, str]:
    if isinstance(tags, dict):
        return {str(key): str(value) for key, value in tags.items()}
    return {str(tag["Key"]): str(tag.get("Value", "")) for tag in tags or []}


def role(role_arn: str, service: str, trusted: str | None = None) -> Properties:
    """The role of an ARN.

    Raises:
        Refused: when this account has no such role, or the role does not trust `trusted`.
    """
    if f"::{get_account_id()}:" not in role_arn:
        return {}
    found = next((item for item in iam._roles.values() if item["Arn"] == role_arn), None)
    if found is None:
        raise Refused(service, f"Role with arn: {role_arn}, could not be assumed because it does not exist")
    if trusted and trusted not in json.dumps(trust_of(found)):
        raise Refused(service, f"Role with arn: {role_arn}, could not be assumed because the trusted entity is not "
                               f"correct: {trusted} is not trusted")
    return found


def trust_of(record: Properties) -> Any:
    document = record["AssumeRolePolicyDocument"]
    return json.loads(document) if isinstance(document, str) else document


def key(key_id: str, service: str) -> Properties:
    """The usable KMS key of an id, ARN or alias.

    Raises:
        Refused: when it does not exist here or is not enabled.
    """
    if ":" in key_id and f":{get_account_id()}:" not in key_id:
        return {}
    if key_id.startswith("alias/aws/"):
        return {}
    found = kms._resolve_key(key_id)
    if not found:
        raise Refused(service, f"The KMS key {key_id} does not exist or is not accessible", "NotFound")
    if found.get("KeyState", "Enabled") != "Enabled":
        raise Refused(service, f"The KMS key {key_id} is {found['KeyState']}")
    return found


def subnets(ids: list[str], service: str, zones: int = 1) -> list[Properties]:
    """The subnets of `ids`, in one VPC and at least `zones` zones."""
    missing = [id for id in ids if id not in ec2._subnets]
    if missing:
        raise Refused(service, f"The subnet ID '{missing[0]}' does not exist", "NotFound")
    found = [ec2._subnets[id] for id in ids]
    if len({subnet["VpcId"] for subnet in found}) > 1:
        raise Refused(service, "Subnets specified must all be in the same VPC")
    if len({subnet["AvailabilityZone"] for subnet in found}) < zones:
        raise Refused(service, "Subnets specified must be in at least two different AZs")
    return found


def security_groups(ids: list[str], vpc: str, service: str) -> None:
    for id in ids:
        group = ec2._security_groups.get(id)
        if group is None:
            raise Refused(service, f"The security group '{id}' does not exist", "NotFound")
        if group["VpcId"] != vpc:
            raise Refused(service, f"Security group {id} is not in the VPC {vpc}")
