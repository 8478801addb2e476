from __future__ import annotations

from hardened_eks.baseline.policies._pods import BASE, CHANGES, CONTEXTS, POD_CONTEXT, PODS, WINDOWS
from hardened_eks.baseline.policies.model import Policy, Validation

POLICY = Policy(
    id="privilege-escalation",
    title="Containers are not privileged and cannot gain privileges",
    why="A privileged container is root on the node; a setuid binary turns any user of a container into its root.",
    matches=PODS,
    conditions=(CHANGES,),
    variables=(*BASE, POD_CONTEXT, CONTEXTS, WINDOWS),
    validations=(
        Validation(
            "variables.contexts.all(s, !has(s.privileged) || s.privileged != true)",
            "a container is privileged: remove securityContext.privileged",
        ),
        Validation(
            "variables.windows || variables.contexts.all(s,"
            " has(s.allowPrivilegeEscalation) && s.allowPrivilegeEscalation == false)",
            "a container may gain privileges: set securityContext.allowPrivilegeEscalation to false",
        ),
        # The kubelet does not set no_new_privs for a container with SYS_ADMIN, whatever allowPrivilegeEscalation says:
        # https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
        Validation(
            "variables.contexts.all(s, !has(s.capabilities) || s.capabilities == null || !has(s.capabilities.add)"
            " || s.capabilities.add == null"
            ' || !s.capabilities.add.exists(name, name == "SYS_ADMIN" || name == "CAP_SYS_ADMIN" || name == "ALL"))',
            "a container may gain privileges by SYS_ADMIN: remove it from securityContext.capabilities.add",
        ),
        Validation(
            "(variables.contexts + [variables.podContext]).all(s, !has(s.windowsOptions) || s.windowsOptions == null"
            " || !has(s.windowsOptions.hostProcess) || s.windowsOptions.hostProcess != true)",
            "a container is a Windows host process: remove securityContext.windowsOptions.hostProcess",
        ),
    ),
)
