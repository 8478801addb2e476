"""A stand-in for changes of an EKS cluster by its API: UpdateClusterConfig, DescribeUpdate and ListUpdates.

ministack has none of the three. An update takes `SECONDS`; the cluster is UPDATING meanwhile and takes no other update.
Refused as by EKS: no such cluster, nothing to change, two kinds of change in one call, endpoints both closed.

Known kinds: endpoints and public CIDRs, logging, deletion protection, authentication mode, support policy, zonal shift.
Any other parameter is refused with a sentence that names it. No call here makes a CloudTrail event: a test puts it with
`observing.observe`.
"""

from __future__ import annotations

import json
import re
import time
import uuid
from typing import Any

from tests.emulator.standins.timing import Later

SECONDS = 0.3
_ROUTES = re.compile(r"/clusters/([A-Za-z0-9_-]+)/(update-config|updates)(?:/([\w-]+))?")
_PLAIN = {
    "accessConfig": "AccessConfigUpdate",
    "deletionProtection": "DeletionProtectionUpdate",
    "upgradePolicy": "UpgradePolicyUpdate",
    "zonalShiftConfig": "ZonalShiftConfigUpdate",
}
_ENDPOINTS = {
    "endpointPublicAccess": "EndpointPublicAccess",
    "endpointPrivateAccess": "EndpointPrivateAccess",
    "publicAccessCidrs": "PublicAccessCidrs",
}
Answer = tuple[int, Any, Any]


class RefusedError(ValueError):
    """EKS refuses a request."""

    def __init__(self, status: int, code: str, message: str) -> None:
        """Keep what the error answer needs."""
        super().__init__(message)
        self.status, self.code = status, code


def install() -> None:
    """Put the stand-in into ministack's EKS. An update is kept with its cluster, so a reset removes it."""
    from ministack.services import ec2, eks

    theirs = eks._handle_request_sync

    def _deleted(name: str, answer: Answer) -> Answer:
        """Delete the security group that EKS made for the cluster, as EKS does; else its network stays for good."""
        if answer[0] == 200:
            for group in [one for one in ec2._security_groups.values() if one["GroupName"] == f"eks-cluster-sg-{name}"]:
                del ec2._security_groups[group["GroupId"]]
        return answer

    def handle(method: str, path: str, headers: Any, body: Any, query: Any) -> Answer:
        if method == "DELETE" and path.count("/") == 2:
            return _deleted(path.rpartition("/")[2], theirs(method, path, headers, body, query))
        found = _ROUTES.fullmatch(path)
        if found is None or (found[2], method) not in {("update-config", "POST"), ("updates", "GET")}:
            return theirs(method, path, headers, body, query)  # type: ignore[no-any-return]
        try:
            return eks._json_resp(200, _answer(found, json.loads(body or b"{}")))  # type: ignore[no-any-return]
        except RefusedError as error:
            return eks._error(error.status, error.code, str(error))  # type: ignore[no-any-return]

    eks._handle_request_sync = handle


def _answer(found: re.Match[str], body: dict[str, Any]) -> dict[str, Any]:
    from ministack.services import eks

    cluster = eks._clusters.get(found[1])
    if cluster is None:
        raise RefusedError(404, "ResourceNotFoundException", f"No cluster found for name: {found[1]}.")
    updates: dict[str, Any] = cluster.setdefault("_updates", {})
    if found[2] == "update-config":
        return {"update": _public(_update(cluster, updates, body))}
    if not found[3]:
        return {"updateIds": list(updates)}
    if found[3] not in updates:
        raise RefusedError(404, "ResourceNotFoundException", f"No update found for ID: {found[3]}")
    return {"update": _public(updates[found[3]])}


def _public(update: dict[str, Any]) -> dict[str, Any]:
    return {**update, "status": update["status"]}


def _update(cluster: dict[str, Any], updates: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    if cluster["status"] != "ACTIVE":
        words = f"Cluster {cluster['name']} is in {cluster['status']} state: it has another update"
        raise RefusedError(409, "ResourceInUseException", words)
    wanted = {name: value for name, value in body.items() if name not in {"name", "clientRequestToken"}}
    if len(wanted) != 1:
        raise RefusedError(
            400, "InvalidParameterException", f"Only one type of update is allowed, got {sorted(wanted)}"
        )
    ((name, value),) = wanted.items()
    kind, changed, params = _change(cluster, name, value)
    if changed == {key: cluster.get(key) for key in changed}:
        words = f"Cluster is already at the desired configuration: {json.dumps(value)}"
        raise RefusedError(400, "InvalidParameterException", words)
    update = {
        "id": str(uuid.uuid4()),
        "status": "InProgress",
        "type": kind,
        "params": [{"type": type_, "value": text} for type_, text in params],
        "createdAt": time.time(),
        "errors": [],
    }
    updates[update["id"]] = update
    cluster["status"] = "UPDATING"
    Later(SECONDS, _finish, cluster, update, changed)
    return update


def _finish(cluster: dict[str, Any], update: dict[str, Any], changed: dict[str, Any]) -> None:
    cluster.update(changed)
    update["status"], cluster["status"] = "Successful", "ACTIVE"


def _change(cluster: dict[str, Any], name: str, value: Any) -> tuple[str, dict[str, Any], list[tuple[str, str]]]:
    """Return the type of an update, what it changes in the cluster, and its parameters."""
    if name == "resourcesVpcConfig":
        return _endpoints(cluster, value)
    if name == "logging":
        return "LoggingUpdate", {"logging": _logging(cluster, value)}, [("ClusterLogging", json.dumps(value))]
    if name in _PLAIN:
        old = cluster.get(name)
        new = {**(old or {}), **value} if isinstance(value, dict) else value
        return _PLAIN[name], {name: new}, [(name[0].upper() + name[1:], json.dumps(value))]
    raise RefusedError(400, "InvalidParameterException", f"this stand-in knows no update of {name}")


def _endpoints(cluster: dict[str, Any], value: dict[str, Any]) -> tuple[str, dict[str, Any], list[tuple[str, str]]]:
    if unknown := set(value) - set(_ENDPOINTS):
        raise RefusedError(400, "InvalidParameterException", f"this stand-in knows no update of {sorted(unknown)}")
    new = {**cluster["resourcesVpcConfig"], **value}
    if not new["endpointPublicAccess"] and not new["endpointPrivateAccess"]:
        words = "Private and public endpoint access cannot be disabled at the same time"
        raise RefusedError(400, "InvalidParameterException", words)
    if value.get("endpointPublicAccess") and not new.get("publicAccessCidrs"):
        new["publicAccessCidrs"] = ["0.0.0.0/0"]
    params = [(_ENDPOINTS[key], json.dumps(found)) for key, found in value.items()]
    return "EndpointAccessUpdate", {"resourcesVpcConfig": new}, params


def _logging(cluster: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    """Return the logging of a cluster in the shape of DescribeCluster: one entry switched on, one off."""
    on = {type_ for entry in cluster["logging"]["clusterLogging"] if entry["enabled"] for type_ in entry["types"]}
    for entry in value.get("clusterLogging") or []:
        types = set(entry.get("types") or [])
        on = on | types if entry.get("enabled") else on - types
    every = ("api", "audit", "authenticator", "controllerManager", "scheduler")
    entries = [
        {"types": [type_ for type_ in every if (type_ in on) is enabled], "enabled": enabled}
        for enabled in (True, False)
    ]
    return {"clusterLogging": [entry for entry in entries if entry["types"]]}
