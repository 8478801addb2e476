"""S3: lock and access logging of a bucket, which ministack's CloudFormation drops and its S3 knows."""

from __future__ import annotations

from typing import Any


def handlers(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    theirs = dict(table["AWS::S3::Bucket"])

    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        _refuse(props)
        result = theirs["create"](logical_id, props, stack_name)
        _lock(result[0], props)
        _log(result[0], props)
        return result

    def update(physical_id: str, old: dict[str, Any], new: dict[str, Any], *rest: Any, **more: Any) -> Any:
        _refuse(new)
        if _on(old) and not _on(new):
            raise ValueError("Object Lock cannot be disabled on a bucket once it is enabled (Service: S3, 409)")
        result = theirs["update"](physical_id, old, new, *rest, **more)
        _lock(result[0], new)
        _log(result[0], new)
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
