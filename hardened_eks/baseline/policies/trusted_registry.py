from __future__ import annotations

from hardened_eks.baseline.policies._pods import BASE, CHANGES, PODS, VOLUMES
from hardened_eks.baseline.policies.model import Policy, Validation

POLICY = Policy(
    id="trusted-registry",
    title="Images come from a trusted registry",
    why="An image from anywhere is code from anybody: a tenant, or malware that a pipeline pulled in.",
    matches=PODS,
    conditions=(CHANGES,),
    reads=("registries",),
    variables=(
        *BASE,
        VOLUMES,
        (
            "prefixes",
            "(has(params.data) && params.data != null && has(params.data.registries) ? params.data.registries : '')"
            '.split("\\n").filter(r, r != "").map(r, r + "/")',
        ),
    ),
    validations=(
        Validation(
            "variables.containers.all(c, has(c.image)"
            " && variables.prefixes.exists(prefix, c.image.startsWith(prefix)))",
            "an image is not from a trusted registry: push it to one of the registries that the platform team lists",
        ),
        Validation(
            'variables.volumes.all(v, !has(v.image) || v.image == null || !has(v.image.reference)'
            ' || v.image.reference == ""'
            " || variables.prefixes.exists(prefix, v.image.reference.startsWith(prefix)))",
            "an image volume is not from a trusted registry: push it to one of the registries that the platform team"
            " lists",
        ),
    ),
)
