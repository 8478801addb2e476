"""What policies over pods share: every workload kind, every list of containers, nulls and absent fields."""

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

TEMPLATE: Final = (
    "template",
    (
        "has(object.template) && object.template != null ? object.template"
        " : !has(object.spec) || object.spec == null ? {}"
        " : has(object.spec.template) && object.spec.template != null ? object.spec.template"
        " : has(object.spec.jobTemplate) && object.spec.jobTemplate != null"
        " && has(object.spec.jobTemplate.spec) && object.spec.jobTemplate.spec != null"
        " && has(object.spec.jobTemplate.spec.template) && object.spec.jobTemplate.spec.template != null"
        " ? object.spec.jobTemplate.spec.template"
        " : object"
    ),
)
"""The pod, or the pod template of a workload."""

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
"""Every container, the ephemeral ones too."""

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
"""Windows pods cannot set the fields of Linux; the kubelet of a Linux node refuses them."""

BASE: Final = (TEMPLATE, POD, LONG_RUNNING, CONTAINERS)

CHANGES: Final = (
    "changes-a-specification",
    (
        "!(oldObject != null"
        " && has(object.spec) && has(oldObject.spec) && object.spec == oldObject.spec"
        " && (has(oldObject.metadata) && oldObject.metadata != null && has(oldObject.metadata.deletionTimestamp)"
        " || has(request.userInfo) && has(request.userInfo.username)"
        ' && (request.userInfo.username == "system:kube-controller-manager"'
        ' || request.userInfo.username.startsWith("system:serviceaccount:kube-system:"))))'
    ),
)
"""Lets finalizers be removed: by controllers of Kubernetes, and of what is being deleted, if nothing else changes."""

NOT_LEAVING: Final = (
    "is-not-being-deleted",
    (
        "!(oldObject != null && has(oldObject.metadata) && oldObject.metadata != null"
        " && has(oldObject.metadata.deletionTimestamp))"
    ),
)
"""Lets what is being deleted lose its finalizers; there is an old object on UPDATE alone."""
