"""Delivery of the baseline by a stack: in phases, and in pieces within the limits of CloudFormation and Lambda.

The principal of the delivery is only in the group `DELIVERY_GROUP`. `bootstrap` returns the permissions of the group,
which an administrator applies once: only the EKS access policy of a cluster administrator would cover them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._records import dataclass
from hardened_eks.baseline.groups import DELIVERY_GROUP
from hardened_eks.baseline.objects import thing
from hardened_eks.baseline.rendering import PHASES, manifests
from hardened_eks.baseline.roles import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hardened_eks.baseline.settings import Settings

NAME: Final = "hardened-eks-delivery"
"""Name of the ClusterRole of the group, and of its binding."""
PIECE_BYTES: Final = 100_000
"""Most that one custom resource takes: an update carries the old and the new objects, as JSON in JSON, and Lambda takes
262,144 bytes (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html)."""
TOTAL_BYTES: Final = 850_000
"""Maximum bytes of one stack: its template may have 1,000,000 bytes
(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html)."""
BY_ADMINISTRATORS: Final = ("ClusterRole", "ClusterRoleBinding", "ConfigMap")
"""Kinds that `bootstrap` prints: permissions, to which write access is as good as cluster administration, and the
ConfigMaps that AWS reads by name."""
_RBAC: Final = "rbac.authorization.k8s.io"
_VERBS: Final = ("create", "get", "patch")
_PLURALS: Final = {
    "ApplicationNetworkPolicy": "applicationnetworkpolicies",
    "ClusterNetworkPolicy": "clusternetworkpolicies",
    "EC2NodeClass": "ec2nodeclasses",
    "IngressClass": "ingressclasses",
    "IngressClassParams": "ingressclassparams",
    "NetworkPolicy": "networkpolicies",
    "NodeClass": "nodeclasses",
    "StorageClass": "storageclasses",
    "SecurityGroupPolicy": "securitygrouppolicies",
    "ValidatingAdmissionPolicy": "validatingadmissionpolicies",
}
_NAMED: Final = ("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding")
"""Kinds of which the group may change only the objects of the baseline."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Objects that one custom resource applies."""

    name: str
    """Name of the phase, with a number if the phase has several pieces: ``Policies``, ``Policies2``."""
    objects: tuple[dict[str, Any], ...]


def pieces(settings: Settings) -> list[Piece]:
    """Return the pieces that the delivery applies, in order."""
    objects = [item for item in manifests(settings) if item["kind"] not in BY_ADMINISTRATORS]
    found: list[Piece] = []
    for phase, kinds in PHASES.items():
        of_phase = [item for item in objects if item["kind"] in kinds]
        found += [
            Piece(phase if number == 1 else f"{phase}{number}", tuple(some))
            for number, some in enumerate(_split(of_phase), start=1)
        ]
    return found


def problems(settings: Settings) -> Iterator[str]:
    """Yield why a stack cannot apply the baseline."""
    total = 0
    for item in manifests(settings):
        bytes_ = size(item)
        total += bytes_
        if bytes_ > PIECE_BYTES:
            name = "/".join(filter(None, (item["metadata"].get("namespace"), item["metadata"]["name"])))
            yield (
                f"baseline renders {item['kind']} {name} with {bytes_} bytes, a custom resource takes {PIECE_BYTES}: "
                "split the namespace, or apply `hardened-eks manifests` with GitOps"
            )
    if total > TOTAL_BYTES:
        yield (
            f"baseline renders {total} bytes for {len(settings.all_namespaces)} namespaces, a stack takes "
            f"{TOTAL_BYTES}: apply `hardened-eks manifests` with GitOps"
        )


def size(item: dict[str, Any]) -> int:
    """Return the size of an object in the event of a custom resource, as a string, in bytes."""
    return len(json.dumps(json.dumps(item, separators=(",", ":")))) - 1  # with the comma before the next


def _split(objects: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    piece: list[dict[str, Any]] = []
    room = PIECE_BYTES
    for item in objects:
        needed = size(item)
        if piece and needed > room:
            yield piece
            piece, room = [], PIECE_BYTES
        piece.append(item)
        room -= needed
    if piece:
        yield piece


def _once(settings: Settings) -> list[dict[str, Any]]:
    """Return the objects of `BY_ADMINISTRATORS`, after the namespaces that they need."""
    objects = manifests(settings)
    found = [item for item in objects if item["kind"] in BY_ADMINISTRATORS]
    homes = {item["metadata"].get("namespace") for item in found}
    return [item for item in objects if item["kind"] == "Namespace" and item["metadata"]["name"] in homes] + found


def bootstrap(settings: Settings) -> list[dict[str, Any]]:
    """Return the objects that an administrator applies once: the delivery's permissions, and others it cannot write."""
    subject = [{"apiGroup": _RBAC, "kind": "Group", "name": DELIVERY_GROUP}]
    role = {"apiGroup": _RBAC, "kind": "ClusterRole", "name": NAME}
    return [
        thing(f"{_RBAC}/v1", "ClusterRole", NAME, rules=_rules(settings)),
        thing(f"{_RBAC}/v1", "ClusterRoleBinding", NAME, roleRef=role, subjects=subject),
        *_once(settings),
    ]


def _rules(settings: Settings) -> list[dict[str, Any]]:
    objects = manifests(settings)
    kinds = {(item["apiVersion"].rpartition("/")[0], item["kind"]) for item in objects}
    # The first namespace may come later, so its kinds are always included.
    kinds |= {
        ("", "LimitRange"), ("", "Namespace"), ("networking.k8s.io", "NetworkPolicy"), ("", "ResourceQuota"),
        (_RBAC, "Role"), (_RBAC, "RoleBinding"), ("", "ServiceAccount"),
    }  # fmt: skip
    rules = [
        rule
        for group, kind in sorted(kinds)
        if kind not in BY_ADMINISTRATORS
        for rule in _of_kind(kind, group, [item for item in objects if item["kind"] == kind])
    ]
    # RBAC requires these verbs to write a role with more permissions than its writer has: the delivery itself reads no
    # Secret and runs no pod. A request to create has no name, so escalate cannot be limited to names.
    return [*rules, _rule(_RBAC, ("roles",), ("escalate",)), _rule(_RBAC, ("roles",), ("bind",), tuple(sorted(ROLES)))]


def _of_kind(kind: str, group: str, objects: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    resource = _PLURALS.get(kind, f"{kind.lower()}s")
    if kind not in _NAMED:
        yield _rule(group, (resource,), _VERBS)
        return
    names = sorted(item["metadata"]["name"] for item in objects)
    yield _rule(group, (resource,), ("create",))
    yield _rule(group, (resource,), ("get", "patch"), tuple(names))


def _rule(
    group: str, resources: tuple[str, ...], verbs: tuple[str, ...], names: tuple[str, ...] = ()
) -> dict[str, Any]:
    rule: dict[str, Any] = {"apiGroups": [group], "resources": list(resources), "verbs": list(verbs)}
    return {**rule, "resourceNames": list(names)} if names else rule
