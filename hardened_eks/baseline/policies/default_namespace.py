from __future__ import annotations

from hardened_eks.baseline.policies._pods import CHANGES, PODS
from hardened_eks.baseline.policies.model import Policy, Validation

POLICY = Policy(
    id="default-namespace",
    title="No workload runs in the namespace default",
    why="The namespace default belongs to no team: no quota, network policy or owner applies to what lands there.",
    matches=PODS,
    conditions=(CHANGES,),
    every_namespace=True,
    validations=(
        Validation(
            '!has(request.namespace) || request.namespace != "default"',
            "nothing may run in the namespace default: name the namespace of your team",
        ),
    ),
)
