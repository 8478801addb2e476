from __future__ import annotations

from hardened_eks.baseline.policies._pods import BASE, CHANGES, IMAGES, PODS, VOLUMES
from hardened_eks.baseline.policies.model import Policy, Validation

POLICY = Policy(
    id="trusted-registry",
    title="Images come from a trusted registry",
    why="An image from anywhere is code from anybody: a tenant, or malware that a pipeline pulled in.",
    matches=PODS,
    conditions=(CHANGES,),
    variables=(
        *BASE,
        VOLUMES,
        IMAGES,
    ),
    validations=(
        Validation(
            "variables.images.all(image, @registries@.exists(prefix, image.startsWith(prefix)))",
            "an image, or an image volume, is not from a trusted registry: push it to a registry that the platform team"
            " lists",
        ),
    ),
)
