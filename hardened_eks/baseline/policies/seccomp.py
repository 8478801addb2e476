from __future__ import annotations

from hardened_eks.baseline.policies._pods import BASE, CHANGES, CONTEXTS, POD_CONTEXT, PODS, WINDOWS
from hardened_eks.baseline.policies.model import Policy, Validation

POLICY = Policy(
    id="seccomp",
    title="Containers run under a seccomp profile",
    why="Without a profile a container can make every system call, the ones that kernel exploits need too.",
    matches=PODS,
    conditions=(CHANGES,),
    variables=(
        *BASE,
        POD_CONTEXT,
        CONTEXTS,
        WINDOWS,
        (
            "profiles",
            (
                "([variables.podContext] + variables.contexts).map(s,"
                " has(s.seccompProfile) && s.seccompProfile != null && has(s.seccompProfile.type)"
                ' ? s.seccompProfile.type : "")'
            ),
        ),
    ),
    validations=(
        Validation(
            "variables.windows"
            ' || variables.profiles.all(type, type in ["", "RuntimeDefault", "Localhost"])'
            ' && (variables.profiles[0] != "" || variables.profiles.filter(type, type == "").size() == 1)',
            "a container runs without a seccomp profile: set securityContext.seccompProfile.type to RuntimeDefault",
        ),
    ),
)
