"""Common parts of policies on pods: every workload kind, every list of containers, nulls and absent fields."""

from __future__ import annotations

from typing import Final

from hardened_eks.baseline.policies.model import Match

PODS: Final = (
    Match("", ("pods", "replicationcontrollers", "podtemplates")),
    Match("", ("pods/ephemeralcontainers", "pods/resize"), ("UPDATE",)),
    Match("apps", ("deployments", "statefulsets", "daemonsets", "replicasets")),
    Match("batch", ("jobs", "cronjobs")),
)
"""Pods and every built-in object with a pod template."""

KIND: Final = ("kind", "has(object.kind) ? object.kind : request.kind.kind")
"""The kind of the object, which determines where its pod is."""

TEMPLATE: Final = (
    "template",
    (
        "variables.kind == 'Pod' ? object"
        " : variables.kind == 'PodTemplate' ? (has(object.template) && object.template != null ? object.template : {})"
        " : !has(object.spec) || object.spec == null ? {}"
        " : variables.kind != 'CronJob'"
        " ? (has(object.spec.template) && object.spec.template != null ? object.spec.template : {})"
        " : has(object.spec.jobTemplate) && object.spec.jobTemplate != null"
        " && has(object.spec.jobTemplate.spec) && object.spec.jobTemplate.spec != null"
        " && has(object.spec.jobTemplate.spec.template) && object.spec.jobTemplate.spec.template != null"
        " ? object.spec.jobTemplate.spec.template"
        " : {}"
    ),
)
"""The pod, or the pod template of a workload. Only the kind determines it: a manifest that no API server has read yet
can contain the ``template`` of another kind as well, which the API server drops."""

POD: Final = (
    "pod",
    "has(variables.template.spec) && variables.template.spec != null ? variables.template.spec : {}",
)
"""The pod's specification."""

LONG_RUNNING: Final = (
    "longRunning",
    (
        "(has(variables.pod.containers) && variables.pod.containers != null ? variables.pod.containers : [])"
        " + (has(variables.pod.initContainers) && variables.pod.initContainers != null"
        " ? variables.pod.initContainers : [])"
    ),
)
"""Containers, init containers and sidecars."""

CONTAINERS: Final = (
    "containers",
    (
        "variables.longRunning"
        " + (has(variables.pod.ephemeralContainers) && variables.pod.ephemeralContainers != null"
        " ? variables.pod.ephemeralContainers : [])"
    ),
)
"""Every container, including ephemeral containers."""

VOLUMES: Final = (
    "volumes",
    "has(variables.pod.volumes) && variables.pod.volumes != null ? variables.pod.volumes : []",
)

IMAGES: Final = (
    "images",
    (
        'variables.containers.map(c, has(c.image) && c.image != null ? c.image : "")'
        " + variables.volumes.filter(v, has(v.image) && v.image != null && has(v.image.reference)"
        ' && v.image.reference != null && v.image.reference != "").map(v, v.image.reference)'
    ),
)
"""The image of each container, and of each image volume; an empty string for a container without one."""

POD_CONTEXT: Final = (
    "podContext",
    "has(variables.pod.securityContext) && variables.pod.securityContext != null ? variables.pod.securityContext : {}",
)
"""The security context of the pod."""

CONTEXTS: Final = (
    "contexts",
    "variables.containers.map(c, has(c.securityContext) && c.securityContext != null ? c.securityContext : {})",
)
"""The security context of each container."""

WINDOWS: Final = (
    "windows",
    (
        "has(variables.pod.os) && variables.pod.os != null && has(variables.pod.os.name)"
        ' && variables.pod.os.name == "windows"'
    ),
)
"""Whether it is a Windows pod, which cannot set Linux fields; the kubelet of a Linux node refuses such pods."""

BASE: Final = (KIND, TEMPLATE, POD, LONG_RUNNING, CONTAINERS)


def _changes(same: str) -> tuple[str, str]:
    """Return a condition that is false if `same` (CEL) holds and a controller asks, or the object is being deleted."""
    return (
        "changes-a-specification",
        (
            f"!(oldObject != null && has(object.spec) && has(oldObject.spec) && ({same})"
            " && (has(oldObject.metadata) && oldObject.metadata != null && has(oldObject.metadata.deletionTimestamp)"
            " || has(request.userInfo) && has(request.userInfo.username)"
            ' && (request.userInfo.username == "system:kube-controller-manager"'
            ' || request.userInfo.username.startsWith("system:serviceaccount:kube-system:"))))'
        ),
    )


CHANGES: Final = _changes(
    "object.spec == oldObject.spec"
    " || object.spec != null && oldObject.spec != null && has(object.spec.template) && has(oldObject.spec.template)"
    " && object.spec.template == oldObject.spec.template"
)
"""Lets the controllers of Kubernetes maintain pods and workloads that are older than the policy, and lets finalizers of
deleted objects be removed, if no template changes: a job must end, and an old replica set must scale down."""

SPEC: Final = ("spec", "has(object.spec) && object.spec != null ? object.spec : {}")
"""The specification of an object, empty if it has none."""

OBJECT_CHANGES: Final = _changes("object.spec == oldObject.spec")
"""The same for objects without a pod template."""

NOT_LEAVING: Final = (
    "is-not-being-deleted",
    (
        "!(oldObject != null && has(oldObject.metadata) && oldObject.metadata != null"
        " && has(oldObject.metadata.deletionTimestamp))"
    ),
)
"""Lets an object that is being deleted lose its finalizers. Only an UPDATE has an old object."""
