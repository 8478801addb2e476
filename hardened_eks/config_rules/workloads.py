"""Verdicts on workloads from their pods, in memory that grows with the workloads and not with the pods."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.baseline.settings import Settings
from hardened_eks.config_rules.evaluations import Compliance, Evaluation, object_id
from hardened_eks.evidence import Assembly, Template
from hardened_eks.evidence.objects import type_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hardened_eks.baseline.policies.model import Policy
    from hardened_eks.controls.model import Control

    Problems = tuple[str, ...]
    Judge = Callable[[str], Problems]

_ENDED: Final = frozenset({"Failed", "Succeeded"})
_CONTAINERS: Final = ("containers", "initContainers", "ephemeralContainers")
_OF_CONTAINERS: Final = ("image", "securityContext")
_OF_PODS: Final = ("os", "securityContext")
_HASH: Final = "pod-template-hash"
_DISTINCT: Final = 4096
"""Maximum number of different pods in memory. Most pods of a workload are equal."""


def judge_of(control: Control, policy: Policy, *, registries: Sequence[str], exempt: Sequence[str]) -> Judge:
    """Return the function that evaluates pods with a control and its policy, rendered with these parameters."""
    settings = Settings(registries=tuple(registries), system_namespaces=tuple(exempt))
    rendered = policy.render(settings)
    beside = {"Policy": {"Type": type_of(rendered), "Properties": rendered}}

    @lru_cache(maxsize=_DISTINCT)
    def problems(text: str) -> Problems:
        pod = json.loads(text)
        template = Template("live", {"Resources": {**beside, "Pod": {"Type": type_of(pod), "Properties": pod}}})
        assembly = Assembly([template])
        found = control(template.resources["Pod"], assembly)
        return tuple(f"{one.path}: {one.message}" if one.path else one.message for one in found)

    return problems


class Workloads:
    """The state of one cluster's workloads while the pages of its pods are read."""

    def __init__(self, cluster: str, judge: Judge, *, exempt: Sequence[str], control: Control) -> None:
        """Create an empty state.

        Args:
            cluster: name of the cluster.
            judge: function that returns the problems of a pod, which it gets as JSON.
            exempt: namespaces that are not evaluated.
            control: control whose ID and severity the verdicts contain.
        """
        self._cluster, self._judge, self._exempt = cluster, judge, frozenset(exempt)
        self._said = f"{control.id} [{control.severity}]"
        self._windows_exempt = control.id == "KB-03"
        self._found: dict[str, tuple[Compliance, str]] = {}

    def take(self, pods: list[dict[str, Any]]) -> None:
        """Evaluate the pods of a page, except terminated pods."""
        for pod in pods:
            metadata = pod.get("metadata") or {}
            namespace = metadata.get("namespace", "default")
            if namespace in self._exempt or (pod.get("status") or {}).get("phase") in _ENDED:
                continue
            id_ = object_id(self._cluster, namespace, *_owner(metadata))
            if self._found.get(id_, (None,))[0] is not Compliance.BAD:
                self._found[id_] = self._verdict(pod, namespace, self._found.get(id_))

    def evaluations(self) -> Iterator[Evaluation]:
        """Yield the verdict on each workload."""
        for id_, (compliance, text) in self._found.items():
            yield Evaluation(id_, compliance, text)

    def _verdict(
        self, pod: dict[str, Any], namespace: str, before: tuple[Compliance, str] | None
    ) -> tuple[Compliance, str]:
        reduced = essence(pod, namespace)
        problems = self._judge(json.dumps(reduced, sort_keys=True))
        if problems:
            more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
            name = (pod.get("metadata") or {}).get("name", "")
            return Compliance.BAD, f"{self._said} pod {name}: {problems[0]}{more}"
        if before is not None:
            return before
        if self._windows_exempt and (reduced["spec"].get("os") or {}).get("name") == "windows":
            return Compliance.NOT_JUDGED, "Windows has no allowPrivilegeEscalation"
        return Compliance.GOOD, self._said


def essence(pod: dict[str, Any], namespace: str) -> dict[str, Any]:
    """Return only the parts of a pod that the policies read, so that pods of a workload are equal."""
    spec = pod.get("spec") or {}
    kept: dict[str, Any] = {key: spec[key] for key in _OF_PODS if key in spec}
    for key in _CONTAINERS:
        containers = spec.get(key) or []
        if containers:
            kept[key] = [{k: one[k] for k in _OF_CONTAINERS if k in one} for one in containers]
    images = [{"name": one.get("name"), "image": one["image"]} for one in spec.get("volumes") or [] if one.get("image")]
    if images:
        kept["volumes"] = images
    metadata = {"name": "pod", "namespace": namespace}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": kept}


def _owner(metadata: dict[str, Any]) -> tuple[str, str]:
    """Return kind and name of a pod's workload, as far as the pod contains them.

    The pods of a Deployment belong to a ReplicaSet, whose name ends with a hash that is a label of the pod. Each
    rollout creates another ReplicaSet for the same Deployment.
    """
    controllers = [one for one in metadata.get("ownerReferences") or [] if one.get("controller")]
    if not controllers:
        return "Pod", str(metadata.get("name", ""))
    kind, name = str(controllers[0].get("kind", "")), str(controllers[0].get("name", ""))
    end = f"-{(metadata.get('labels') or {}).get(_HASH, '')}"
    if kind == "ReplicaSet" and end != "-" and name.endswith(end):
        return "Deployment", name.removesuffix(end)
    return kind, name
