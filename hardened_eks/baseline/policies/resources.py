from __future__ import annotations

from hardened_eks.baseline.policies._pods import BASE, CHANGES, PODS
from hardened_eks.baseline.policies.model import Policy, Validation


def _bound(name: str, *lists: str) -> str:
    """Return a CEL expression: the container or its pod states a positive quantity of `name` in one of `lists`."""
    stated = " || ".join(
        f"has(r.{entry}) && r.{entry} != null && has(r.{entry}.{name})"
        f" && r.{entry}.{name} != null && string(r.{entry}.{name}).matches('^[+]?[0-9.]*[1-9]')"
        for entry in lists
    )
    return (
        "variables.longRunning.all(c, ((has(c.resources) && c.resources != null ? [c.resources] : [])"
        f" + variables.podResources).exists(r, {stated}))"
    )


POLICY = Policy(
    id="resources",
    title="Containers state what CPU and memory they need, and limit memory",
    why="One container without a memory limit takes the node, and its neighbors with it. A LimitRange cannot help"
    " templates: its defaults come after they were judged.",
    matches=PODS,
    conditions=(CHANGES,),
    variables=(
        *BASE,
        (
            "podResources",
            "has(variables.pod.resources) && variables.pod.resources != null ? [variables.pod.resources] : []",
        ),
    ),
    validations=(
        Validation(
            _bound("cpu", "requests", "limits"),
            "a container requests no CPU: set resources.requests.cpu",
        ),
        Validation(
            _bound("memory", "requests", "limits"),
            "a container requests no memory: set resources.requests.memory",
        ),
        Validation(
            _bound("memory", "limits"),
            "a container has no memory limit: set resources.limits.memory",
        ),
    ),
)
