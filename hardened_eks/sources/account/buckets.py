"""S3: the buckets that receive logs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.evidence.resource import NOT_SEEN
from hardened_eks.sources.account.asking import Refusal, mark
from hardened_eks.sources.account.found import Found
from hardened_eks.sources.account.shape import document, pick, plain, tag_map, with_tags, without

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.sources.account.asking import Asker


_MOVES: Final = {"Days": "TransitionInDays", "NoncurrentDays": "TransitionInDays", "Date": "TransitionDate"}
"""Key of a transition in a response -> in a template."""


def bucket(asker: Asker, name: str) -> Iterator[Found]:
    """Yield a bucket of this account and its policy; buckets of other accounts are not seen."""
    owner = {"Bucket": name, "ExpectedBucketOwner": asker.account}
    told = asker.ask("s3:GetBucketVersioning", **owner)
    if not told:
        return
    properties: dict[str, Any] = {"BucketName": name, "Arn": f"arn:{asker.partition}:s3:::{name}"}
    if told.get("Status"):
        properties["VersioningConfiguration"] = {"Status": told["Status"]}
    rules = asker.value("s3:GetBucketEncryption", "ServerSideEncryptionConfiguration.Rules", (), **owner)
    if isinstance(rules, dict):
        properties["BucketEncryption"] = rules
    elif rules:
        properties["BucketEncryption"] = {"ServerSideEncryptionConfiguration": [
            {"ServerSideEncryptionByDefault": {
                "SSEAlgorithm": one["ApplyServerSideEncryptionByDefault"].get("SSEAlgorithm"),
                **({"KMSMasterKeyID": key} if (key := one["ApplyServerSideEncryptionByDefault"].get("KMSMasterKeyID"))
                   else {})},
             "BucketKeyEnabled": bool(one.get("BucketKeyEnabled"))}
            for one in rules if one.get("ApplyServerSideEncryptionByDefault")]}  # fmt: skip
    for call, key, property_ in (
        ("s3:GetPublicAccessBlock", "PublicAccessBlockConfiguration", "PublicAccessBlockConfiguration"),
        ("s3:GetObjectLockConfiguration", "ObjectLockConfiguration", "ObjectLockConfiguration"),
        ("s3:GetBucketOwnershipControls", "OwnershipControls", "OwnershipControls"),
    ):
        value = asker.value(call, key, **owner)
        properties |= {property_: plain(value)} if value else {}
    # A bucket from before April 2023 has none, and has ACLs; a template without it creates a bucket without ACLs.
    properties.setdefault("OwnershipControls", {"Rules": [{"ObjectOwnership": "ObjectWriter"}]})
    if (
        isinstance(properties.get("ObjectLockConfiguration"), dict)
        and "ObjectLockEnabled" in properties["ObjectLockConfiguration"]
    ):
        properties["ObjectLockEnabled"] = True
    _more(asker, owner, properties)
    tags = asker.value("s3:GetBucketTagging", "TagSet", (), **owner)
    yield Found("AWS::S3::Bucket", name, with_tags(properties, tags), properties["Arn"], tag_map(tags))
    policy = asker.value("s3:GetBucketPolicy", "Policy", **owner)
    if policy:
        yield Found("AWS::S3::BucketPolicy", f"{name}/policy", {"Bucket": name, "PolicyDocument": document(policy)})


def _more(asker: Asker, owner: dict[str, str], properties: dict[str, Any]) -> None:
    """Add the access logging, lifecycle and replication of a bucket."""
    target = asker.value("s3:GetBucketLogging", "LoggingEnabled", **owner)
    if target:
        properties["LoggingConfiguration"] = target if NOT_SEEN in target else {
            "DestinationBucketName": target["TargetBucket"], "LogFilePrefix": target.get("TargetPrefix", "")
        }  # fmt: skip
    rules = asker.value("s3:GetBucketLifecycleConfiguration", "Rules", (), **owner)
    if isinstance(rules, dict):
        properties["LifecycleConfiguration"] = rules
    elif rules:
        properties["LifecycleConfiguration"] = {"Rules": [_rule(plain(one)) for one in rules]}
    told = asker.ask("s3:GetBucketReplication", **owner)
    if isinstance(told, Refusal):
        properties["ReplicationConfiguration"] = mark(told)
    elif told:
        properties["ReplicationConfiguration"] = plain(told["ReplicationConfiguration"])


def _rule(rule: dict[str, Any]) -> dict[str, Any]:
    """Return a lifecycle rule in CloudFormation format, without the nesting of its filter and expiration."""
    found = without(rule, ("ID", "Filter", "Expiration", "NoncurrentVersionExpiration"))
    found |= {"Id": rule["ID"]} if rule.get("ID") else {}
    found |= pick(rule.get("Filter", {}), "Prefix")
    expiry = rule.get("Expiration", {})
    found |= {"ExpirationInDays": expiry["Days"]} if "Days" in expiry else {}
    found |= {"ExpiredObjectDeleteMarker": True} if expiry.get("ExpiredObjectDeleteMarker") else {}
    found |= {"ExpirationDate": expiry["Date"]} if "Date" in expiry else {}
    for name in ("Transitions", "NoncurrentVersionTransitions"):
        moves = [{_MOVES.get(key, key): value for key, value in one.items()} for one in rule.get(name, ())]
        found |= {name: moves} if moves else {}
    older = rule.get("NoncurrentVersionExpiration")
    found |= {"NoncurrentVersionExpiration": older} if older else {}
    return found
