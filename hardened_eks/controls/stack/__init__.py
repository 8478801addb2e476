"""The stack itself: secrets, names, tags."""

from typing import TYPE_CHECKING

from hardened_eks.controls._areas import controls_of

if TYPE_CHECKING:
    from hardened_eks.controls.stack.addon_tags import addon_tags
    from hardened_eks.controls.stack.cluster_tags import cluster_tags
    from hardened_eks.controls.stack.identity_provider_tags import identity_provider_tags
    from hardened_eks.controls.stack.no_explicit_names import no_explicit_names
    from hardened_eks.controls.stack.no_secrets import no_secrets
    from hardened_eks.controls.stack.repository_tags import repository_tags
    from hardened_eks.controls.stack.required_tags import required_tags

STACK = controls_of(
    __name__,
    "no_secrets",
    "no_explicit_names",
    "cluster_tags",
    "identity_provider_tags",
    "addon_tags",
    "repository_tags",
    "required_tags",
)

__all__ = [
    "STACK",
    "addon_tags",
    "cluster_tags",
    "identity_provider_tags",
    "no_explicit_names",
    "no_secrets",
    "repository_tags",
    "required_tags",
]
