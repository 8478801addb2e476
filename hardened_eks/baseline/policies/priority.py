from __future__ import annotations

from hardened_eks.baseline.policies._pods import BASE, CHANGES, PODS
from hardened_eks.baseline.policies.model import Policy, Validation

POLICY = Policy(
    id="priority",
    title="Workloads do not take the priority of the system",
    why="A pod with a system priority evicts others, DNS and security agents too, when a node is full.",
    matches=PODS,
    conditions=(CHANGES,),
    variables=BASE[:3],
    validations=(
        Validation(
            "!has(variables.pod.priorityClassName) || variables.pod.priorityClassName == null"
            " || !variables.pod.priorityClassName.startsWith('system-')"
            " || has(request.namespace) && request.namespace in @critical_namespaces@",
            "the pod has a priority class of the system: use one of your own",
        ),
    ),
)
