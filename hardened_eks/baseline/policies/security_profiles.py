from __future__ import annotations

from hardened_eks.baseline.policies._pods import BASE, CHANGES, CONTEXTS, POD_CONTEXT, PODS
from hardened_eks.baseline.policies.model import Policy, Validation

_SELINUX = (
    "has(s.seLinuxOptions) && s.seLinuxOptions != null && (has(s.seLinuxOptions.user) && s.seLinuxOptions.user != ''"
    " || has(s.seLinuxOptions.role) && s.seLinuxOptions.role != '' || has(s.seLinuxOptions.type)"
    " && !(s.seLinuxOptions.type in ['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t']))"
)

POLICY = Policy(
    id="security-profiles",
    title="Containers keep the AppArmor and SELinux confinement of the node",
    why="Bottlerocket confines containers by SELinux; a type of its own choice takes a container out of it.",
    matches=PODS,
    conditions=(CHANGES,),
    variables=(
        *BASE,
        POD_CONTEXT,
        CONTEXTS,
        ("everyContext", "variables.contexts + [variables.podContext]"),
        (
            "annotations",
            (
                "has(variables.template.metadata) && variables.template.metadata != null"
                " && has(variables.template.metadata.annotations) && variables.template.metadata.annotations != null"
                " ? variables.template.metadata.annotations : {}"
            ),
        ),
    ),
    validations=(
        Validation(
            "variables.everyContext.all(s, !has(s.appArmorProfile) || s.appArmorProfile == null"
            " || has(s.appArmorProfile.type) && s.appArmorProfile.type in ['RuntimeDefault', 'Localhost'])",
            "a container runs without its AppArmor profile: remove securityContext.appArmorProfile",
        ),
        Validation(
            "variables.annotations.all(key, !key.startsWith('container.apparmor.security.beta.kubernetes.io/')"
            " || variables.annotations[key] in ['', 'runtime/default']"
            " || variables.annotations[key].startsWith('localhost/'))",
            "a container runs without its AppArmor profile: remove the annotation",
        ),
        Validation(
            f"variables.everyContext.all(s, !({_SELINUX}))",
            "a container chooses its own SELinux user, role or type: remove securityContext.seLinuxOptions",
        ),
    ),
)
