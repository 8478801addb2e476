from __future__ import annotations

from hardened_eks.baseline.policies._pods import BASE, CHANGES, CONTEXTS, PODS, WINDOWS
from hardened_eks.baseline.policies.model import Policy, Validation

POLICY = Policy(
    id="read-only-rootfs",
    title="Containers have a read-only root file system",
    why="An attacker who can write the root file system leaves tools and backdoors in the running container.",
    matches=PODS,
    conditions=(CHANGES,),
    variables=(*BASE, CONTEXTS, WINDOWS),
    validations=(
        Validation(
            "variables.windows || variables.contexts.all(s,"
            " has(s.readOnlyRootFilesystem) && s.readOnlyRootFilesystem == true)",
            "a container can write its root file system: set securityContext.readOnlyRootFilesystem to true and mount"
            " an emptyDir where it writes",
        ),
    ),
)
