from __future__ import annotations

from hardened_eks.baseline.policies._pods import BASE, CHANGES, PODS
from hardened_eks.baseline.policies.model import Policy, Validation


def _bound(name: str, side: str) -> str:
    """Return a CEL expression: each container, or its pod, states a positive quantity of `name`."""
    return (
        "variables.longRunning.all(c, ((has(c.resources) && c.resources != null ? [c.resources] : [])"
        f" + variables.podResources).exists(r, has(r.{side}) && r.{side} != null && has(r.{side}.{name})"
        f" && r.{side}.{name} != null && string(r.{side}.{name}).matches('^[+]?[0-9.]*[1-9]')))"
    )


POLICY = Policy(
    id="resources",
    title="Containers state what CPU and memory they need, and limit memory",
    why="One container without a memory limit can take down the node and its other pods. A LimitRange does not help"
    " templates: its defaults are set after their admission.",
    matches=PODS,
    conditions=(CHANGES,),
    variables=(
        *BASE[:4],
        (
            "podResources",
            "has(variables.pod.resources) && variables.pod.resources != null ? [variables.pod.resources] : []",
        ),
    ),
    validations=(
        Validation(
            _bound("cpu", "requests"),
            "a container requests no CPU: set resources.requests.cpu",
        ),
        Validation(
            _bound("memory", "requests"),
            "a container requests no memory: set resources.requests.memory",
        ),
        Validation(
            _bound("memory", "limits"),
            "a container has no memory limit: set resources.limits.memory",
        ),
    ),
)
