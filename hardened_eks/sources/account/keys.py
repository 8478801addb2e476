"""KMS: keys that encrypt the data of a cluster. AWS managed keys are not evaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardened_eks.sources.account.asking import Refusal, mark
from hardened_eks.sources.account.found import Found
from hardened_eks.sources.account.shape import document, pick, tag_map, with_tags

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.sources.account.asking import Asker


def key(asker: Asker, id: str) -> Iterator[Found]:
    """Yield a customer managed key with its policy, its rotation and its aliases."""
    told = asker.ask("kms:DescribeKey", KeyId=id)
    if not told or told["KeyMetadata"].get("KeyManager") == "AWS":
        return
    entry = told["KeyMetadata"]
    name = entry["KeyId"]
    if asker.clients.once(("key", asker.region, name), lambda: id) != id:
        return  # it may be requested by its ID, its ARN and its aliases, but is read only once
    policy = asker.value("kms:GetKeyPolicy", "Policy", KeyId=name, PolicyName="default")
    tags = asker.whole("kms:ListResourceTags", "Tags", KeyId=name)
    properties: dict[str, Any] = {
        "KeyId": name,
        "Arn": entry["Arn"],
        "KeyPolicy": document(policy),
        "MultiRegion": bool(entry.get("MultiRegion")),
        **pick(entry, "Description", "KeySpec", "KeyUsage", "Origin"),
        "Enabled": bool(entry.get("Enabled", True)),
    }
    if entry.get("KeySpec", "SYMMETRIC_DEFAULT") == "SYMMETRIC_DEFAULT" and entry.get("Origin", "AWS_KMS") == "AWS_KMS":
        rotation = asker.ask("kms:GetKeyRotationStatus", KeyId=name)
        properties["EnableKeyRotation"] = (
            mark(rotation) if isinstance(rotation, Refusal) else bool(rotation and rotation.get("KeyRotationEnabled"))
        )
        if rotation and rotation.get("RotationPeriodInDays"):
            properties["RotationPeriodInDays"] = rotation["RotationPeriodInDays"]
    type_ = "AWS::KMS::Key"
    if entry.get("MultiRegionConfiguration", {}).get("MultiRegionKeyType") == "REPLICA":
        type_ = "AWS::KMS::ReplicaKey"  # only the primary key has a rotation setting
        properties["PrimaryKeyArn"] = entry["MultiRegionConfiguration"].get("PrimaryKey", {}).get("Arn", "")
        for own in ("EnableKeyRotation", "RotationPeriodInDays", "MultiRegion", "KeySpec", "KeyUsage", "Origin"):
            properties.pop(own, None)
    yield Found(type_, name, with_tags(properties, tags), entry["Arn"], tag_map(tags))
    for alias in asker.shared("kms:ListAliases", "Aliases"):
        if alias.get("TargetKeyId") != name:
            continue
        yield Found("AWS::KMS::Alias", alias["AliasName"], {"AliasName": alias["AliasName"], "TargetKeyId": name},
                    alias.get("AliasArn", ""))  # fmt: skip
