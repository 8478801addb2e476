"""Send the cases of the policy tests to the API server's code, and report different decisions."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from tests.baseline.admission import Cluster
from tests.baseline.test_mutants import recorded
from tools import policy_engine

if TYPE_CHECKING:
    from pathlib import Path

    from hardened_eks.baseline.admission import Request

TYPED = {"", "apps", "batch", "networking.k8s.io", "rbac.authorization.k8s.io", "discovery.k8s.io"}
"""API groups whose objects a server reads into Go types. Custom resources, in other groups, stay as they are."""


def differences(home: Path = policy_engine.HOME) -> tuple[list[str], int, int]:
    """Return the different decisions, the number of answered questions, and the number of questions not asked.

    Each question is asked twice: with the objects as written, where a null stays a null, and with the objects read into
    the Kubernetes types, as a server does. Objects that do not fit the types (a number for a string) are not asked.
    """
    groups, expected = _groups()
    different, asked, unread = [], 0, 0
    for group, wanted, answers in zip(groups, expected, policy_engine.ask(groups, home), strict=True):
        for request, (policy, denied, messages), answer in zip(group["requests"], wanted, answers, strict=True):
            if answer["unread"]:
                unread += 1
                continue
            asked += 1
            said = answer["message"]
            if answer["denied"] != denied or "resulted in error" in said or not _says(said, messages):
                different.append(f"{policy}: {json.dumps(request)}: expected {denied} {messages}, got {said!r}")
    return different, asked, unread


def _says(said: str, messages: tuple[str, ...]) -> bool:
    return not messages or any(message in said for message in messages)


def _groups() -> tuple[list[dict[str, Any]], list[list[tuple[str, bool, tuple[str, ...]]]]]:
    clusters: dict[int, Cluster] = {}
    found: dict[tuple[Any, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for policy, questions in recorded().items():
        for settings, request, denied in questions:
            if id(settings) not in clusters:
                clusters[id(settings)] = Cluster(settings)
            cluster = clusters[id(settings)]
            found[policy, id(settings), json.dumps(_labels(request))].append((cluster, request, denied))
    groups, expected = [], []
    for (policy, *_), asked in found.items():
        cluster = asked[0][0]
        requests, wanted = [], []
        for _, request, denied in asked:
            answer = (policy, denied, cluster.say(policy, request) if denied else ())
            for typed in (False, True) if _storable(request) else (False,):
                requests.append({**_request(request), "typed": typed})
                wanted.append(answer)
        groups.append(_group(cluster, f"hardened-eks-{policy}", asked) | {"requests": requests})
        expected.append(wanted)
    return groups, expected


def _storable(request: Request) -> bool:
    """Return whether a server could read the objects into its types. False for objects that a test leaves incomplete.

    No field of a type is absent, so an object without a specification equals one with an empty specification.
    """
    if request.group not in TYPED or (request.operation == "CREATE" and request.old is not None):
        return False
    if request.group in {"rbac.authorization.k8s.io", "discovery.k8s.io"}:
        return True
    items = [item for item in (request.object, request.old) if item is not None]
    kinds = {tuple(key for key in ("spec", "template", "type") if item.get(key)) for item in items}
    return len(kinds) == 1 and () not in kinds


def _group(cluster: Cluster, name: str, asked: list[Any]) -> dict[str, Any]:
    binding = json.loads(json.dumps(cluster.bindings[name]))
    binding["spec"]["validationActions"] = ["Deny"]  # policies that warn are tested for whether they would deny
    spaces = {r.namespace: r for _, r, _ in asked if r.namespace is not None}
    return {
        "policy": cluster.policies[name],
        "binding": binding,
        "namespaces": [{"metadata": {"name": n, "labels": _labels(r)}} for n, r in spaces.items()],
    }


def _labels(request: Request) -> dict[str, str]:
    """Return the labels of the request's namespace. A namespace that is the object itself only has its name here."""
    if request.kind == "Namespace":
        return {"kubernetes.io/metadata.name": request.namespace or ""}
    return request.labels()


def _request(request: Request) -> dict[str, Any]:
    data = request.data()["request"]
    user = data.get("userInfo", {})
    return {
        "group": request.group, "version": request.version, "kind": request.kind,
        "resource": data["resource"]["resource"], "subresource": data.get("subResource", ""),
        "namespace": request.namespace or "", "name": data.get("name", ""), "operation": request.operation,
        "user": user.get("username", ""), "groups": user.get("groups", []),
        "object": request.object, "oldObject": request.old,
    }  # fmt: skip
