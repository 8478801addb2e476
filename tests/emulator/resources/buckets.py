"""S3: lock, access logging, encryption, lifecycle and tags of a bucket, which ministack's CloudFormation drops and its S3 knows."""

from __future__ import annotations

from typing import Any


def handlers(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    theirs = dict(table["AWS::S3::Bucket"])

    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        _refuse(props)
        result = theirs["create"](logical_id, props, stack_name)
        _lock(result[0], props)
        _log(result[0], props)
        _keep(result[0], props)
        return result

    def update(physical_id: str, old: dict[str, Any], new: dict[str, Any], *rest: Any, **more: Any) -> Any:
        _refuse(new)
        if _on(old) and not _on(new):
            raise ValueError("Object Lock cannot be disabled on a bucket once it is enabled (Service: S3, 409)")
        result = theirs["update"](physical_id, old, new, *rest, **more)
        _lock(result[0], new)
        _log(result[0], new)
        _keep(result[0], new)
        return result

    return {"AWS::S3::Bucket": {**theirs, "create": create, "update": update}}


def _on(props: dict[str, Any]) -> bool:
    return str(props.get("ObjectLockEnabled")).lower() == "true"


def _refuse(props: dict[str, Any]) -> None:
    if not _on(props) and "ObjectLockConfiguration" in props:
        raise ValueError("Object Lock configuration cannot be enabled on existing buckets (Service: S3, 409)")
    target = (props.get("LoggingConfiguration") or {}).get("DestinationBucketName")
    if target is None:
        return
    from ministack.services import s3

    if target not in s3._buckets:
        raise ValueError(f"The target bucket for logging does not exist: {target} (Service: S3, InvalidTargetBucket)")
    if (s3._bucket_object_lock.get(target) or {}).get("default_retention"):
        raise ValueError(f"A default retention is set on the target bucket {target} (Service: S3, InvalidTargetBucket)")


def _lock(name: str, props: dict[str, Any]) -> None:
    from ministack.services import s3

    if not _on(props):
        return
    s3._bucket_versioning[name] = "Enabled"
    given = ((props.get("ObjectLockConfiguration") or {}).get("Rule") or {}).get("DefaultRetention")
    retention = None
    if given:
        retention = {"Mode": given["Mode"], **{k: int(given[k]) for k in ("Days", "Years") if k in given}}
    s3._bucket_object_lock[name] = {"enabled": True, "default_retention": retention}


def _log(name: str, props: dict[str, Any]) -> None:
    from ministack.services import s3

    given = props.get("LoggingConfiguration")
    if not given:
        s3._bucket_logging_config.pop(name, None)
        return
    target, prefix = given["DestinationBucketName"], given.get("LogFilePrefix", "")
    s3._bucket_logging_config[name] = (
        '<BucketLoggingStatus xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LoggingEnabled>'
        f"<TargetBucket>{target}</TargetBucket><TargetPrefix>{prefix}</TargetPrefix>"
        "</LoggingEnabled></BucketLoggingStatus>"
    )


_KEY_OF_AWS = "alias/aws/s3"
"""What S3 takes where no key is named; ministack has none, and refuses what the CDK CLI then writes."""


def _keep(name: str, props: dict[str, Any]) -> None:
    """Put encryption, lifecycle and tags into the bucket by S3's own calls."""
    from ministack.services import s3

    rules = (props.get("BucketEncryption") or {}).get("ServerSideEncryptionConfiguration")
    if rules:
        inner = "".join(
            f"<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>{default['SSEAlgorithm']}</SSEAlgorithm>"
            + f"<KMSMasterKeyID>{default.get('KMSMasterKeyID', _KEY_OF_AWS)}</KMSMasterKeyID>"
            * (default["SSEAlgorithm"] != "AES256")
            + "</ApplyServerSideEncryptionByDefault>"
            f"<BucketKeyEnabled>{str(rule.get('BucketKeyEnabled', False)).lower()}</BucketKeyEnabled></Rule>"
            for rule in rules
            for default in [rule["ServerSideEncryptionByDefault"]]
        )
        s3._put_bucket_encryption(name, _xml("ServerSideEncryptionConfiguration", inner))
    lifecycle = (props.get("LifecycleConfiguration") or {}).get("Rules")
    if lifecycle:
        status, _, body = s3._put_bucket_lifecycle(name, _xml("LifecycleConfiguration", "".join(map(_rule, lifecycle))))
        if status >= 300:
            raise ValueError(f"{body!r} (Service: S3, {status})")
    s3._bucket_tags[name] = {tag["Key"]: tag["Value"] for tag in props.get("Tags", ())}


def _rule(rule: dict[str, Any]) -> str:
    parts = [
        f"<ID>{rule['Id']}</ID><Filter><Prefix>{rule.get('Prefix', '')}</Prefix></Filter><Status>{rule['Status']}</Status>"
    ]
    if "ExpirationInDays" in rule:
        parts.append(f"<Expiration><Days>{rule['ExpirationInDays']}</Days></Expiration>")
    for name, key in (
        ("NoncurrentVersionExpiration", "NoncurrentDays"),
        ("AbortIncompleteMultipartUpload", "DaysAfterInitiation"),
    ):
        if name in rule:
            parts.append(f"<{name}><{key}>{rule[name][key]}</{key}></{name}>")
    return f"<Rule>{''.join(parts)}</Rule>"


def _xml(root: str, inner: str) -> bytes:
    return f'<{root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{inner}</{root}>'.encode()
