"""Fargate profiles of EKS, which ministack does not know."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

from tests.emulator.resources.eks import RefusedError

_PATH = re.compile(r"/clusters/([A-Za-z0-9_-]+)/fargate-profiles(?:/([A-Za-z0-9_-]+))?")


def _profiles(cluster: str) -> dict[str, dict[str, Any]]:
    """Return the profiles of a cluster by name; they are part of its record, and go when the account is reset."""
    from ministack.services import eks

    found: dict[str, dict[str, Any]] = eks._clusters.get(cluster, {}).setdefault("_fargate", {})
    return found


def handlers(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    _answer()
    return {"AWS::EKS::FargateProfile": {"create": _create, "update": _update, "delete": _delete}}


def _create(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    from ministack.services import eks

    cluster = props["ClusterName"]
    if cluster not in eks._clusters:
        raise RefusedError(f"No cluster found for name: {cluster}. (Service: Eks, Status Code: 404)")
    if not 1 <= len(props["Selectors"]) <= 5:
        raise RefusedError("Fargate profile has too many or no selectors (Service: Eks, Status Code: 400)")
    name = props.get("FargateProfileName") or f"{logical_id}-{uuid.uuid4().hex[:12]}"
    if name.startswith("eks-"):
        raise RefusedError("fargateProfileName must not start with eks- (Service: Eks, Status Code: 400)")
    region, account = "us-east-1", "123456789012"
    _profiles(cluster)[name] = {
        "fargateProfileName": name,
        "fargateProfileArn": f"arn:aws:eks:{region}:{account}:fargateprofile/{cluster}/{name}/{uuid.uuid4()}",
        "clusterName": cluster,
        "podExecutionRoleArn": props["PodExecutionRoleArn"],
        "subnets": props.get("Subnets", []),
        "selectors": [
            {
                "namespace": one["Namespace"],
                "labels": {label["Key"]: label["Value"] for label in one.get("Labels", ())},
            }
            for one in props["Selectors"]
        ],
        "status": "ACTIVE",
        "tags": {tag["Key"]: tag["Value"] for tag in props.get("Tags", ())},
    }
    return f"{cluster}|{name}", {"Arn": _profiles(cluster)[name]["fargateProfileArn"]}


def _update(
    physical_id: str, old: dict[str, Any], new: dict[str, Any], stack_name: str, logical_id: str | None = None
) -> tuple[str, dict[str, Any]]:
    kept = ("ClusterName", "FargateProfileName", "PodExecutionRoleArn", "Subnets", "Selectors")
    cluster, name = physical_id.split("|", 1)
    if any(old.get(key) != new.get(key) for key in kept):
        return _create(logical_id or name.rsplit("-", 1)[0], new, stack_name)
    profile = _profiles(cluster)[name]
    profile["tags"] = {tag["Key"]: tag["Value"] for tag in new.get("Tags", ())}
    return physical_id, {"Arn": profile["fargateProfileArn"]}


def _delete(physical_id: str, props: dict[str, Any]) -> None:
    cluster, name = physical_id.split("|", 1)
    _profiles(cluster).pop(name, None)


def _answer() -> None:
    """Answer list and describe calls, which ministack has no route for."""
    from ministack.services import eks

    theirs = eks._handle_request_sync

    def answer(method: str, path: str, headers: Any, body: Any, query: Any) -> Any:
        found = _PATH.fullmatch(path)
        if method != "GET" or found is None:
            return theirs(method, path, headers, body, query)
        cluster, name = found.groups()
        if name is None:
            return _json(200, {"fargateProfileNames": list(_profiles(cluster))})
        profile = _profiles(cluster).get(name)
        if profile is None:
            return _json(404, {"__type": "ResourceNotFoundException", "message": f"No Fargate Profile found: {name}"})
        return _json(200, {"fargateProfile": profile})

    eks._handle_request_sync = answer


def _json(status: int, answer: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    return status, {"Content-Type": "application/json"}, json.dumps(answer).encode()
