from __future__ import annotations

from hardened_eks.baseline.policies._pods import BASE, CHANGES, CONTEXTS, PODS, WINDOWS
from hardened_eks.baseline.policies.model import Policy, Validation

POLICY = Policy(
    id="capabilities",
    title="Containers drop all Linux capabilities and add at most NET_BIND_SERVICE",
    why="Capabilities such as SYS_ADMIN or NET_RAW are parts of root: a way out of the container, or to its neighbors.",
    matches=PODS,
    conditions=(CHANGES,),
    variables=(
        *BASE,
        WINDOWS,
        CONTEXTS,
        (
            "capabilities",
            "variables.contexts.map(s, has(s.capabilities) && s.capabilities != null ? s.capabilities : {})",
        ),
    ),
    validations=(
        Validation(
            'variables.windows || variables.capabilities.all(c, has(c.drop) && c.drop != null && "ALL" in c.drop)',
            'a container keeps capabilities: set securityContext.capabilities.drop to ["ALL"]',
        ),
        Validation(
            "variables.capabilities.all(c, !has(c.add) || c.add == null"
            ' || c.add.all(name, name == "NET_BIND_SERVICE"))',
            "a container adds a capability: only NET_BIND_SERVICE may be added",
        ),
    ),
)
