from __future__ import annotations

from hardened_eks.baseline.policies._pods import BASE, CHANGES, CONTEXTS, POD_CONTEXT, PODS
from hardened_eks.baseline.policies.model import Policy, Validation

POLICY = Policy(
    id="non-root",
    title="Containers do not run as root",
    why="Root in a container is a kernel bug away from root on the node; Pod Security since 1.35 admits it with"
    " hostUsers: false.",
    matches=PODS,
    conditions=(CHANGES,),
    variables=(
        *BASE,
        POD_CONTEXT,
        CONTEXTS,
        ("podIsNonRoot", "has(variables.podContext.runAsNonRoot) && variables.podContext.runAsNonRoot == true"),
    ),
    validations=(
        Validation(
            "variables.contexts.all(s, has(s.runAsNonRoot) && s.runAsNonRoot != null"
            " ? s.runAsNonRoot == true : variables.podIsNonRoot)",
            "a container may run as root: set securityContext.runAsNonRoot to true",
        ),
        Validation(
            "(variables.contexts + [variables.podContext]).all(s, !has(s.runAsUser) || s.runAsUser != 0)",
            "a container runs as user 0: set securityContext.runAsUser to another user",
        ),
    ),
)
