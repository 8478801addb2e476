"""Images and their registries."""

from typing import TYPE_CHECKING

from hardened_eks.controls._areas import controls_of

if TYPE_CHECKING:
    from hardened_eks.controls.images.ecr_endpoint_policy import ecr_endpoint_policy
    from hardened_eks.controls.images.enhanced_scanning import enhanced_scanning
    from hardened_eks.controls.images.image_lifecycle import image_lifecycle
    from hardened_eks.controls.images.images_customer_key import images_customer_key
    from hardened_eks.controls.images.images_kms import images_kms
    from hardened_eks.controls.images.images_not_public import images_not_public
    from hardened_eks.controls.images.immutable_tags import immutable_tags
    from hardened_eks.controls.images.push_rights import push_rights
    from hardened_eks.controls.images.scan_on_push import scan_on_push

IMAGES = controls_of(
    __name__,
    "immutable_tags",
    "images_kms",
    "images_customer_key",
    "scan_on_push",
    "enhanced_scanning",
    "images_not_public",
    "push_rights",
    "image_lifecycle",
    "ecr_endpoint_policy",
)

__all__ = [
    "IMAGES",
    "ecr_endpoint_policy",
    "enhanced_scanning",
    "image_lifecycle",
    "images_customer_key",
    "images_kms",
    "images_not_public",
    "immutable_tags",
    "push_rights",
    "scan_on_push",
]
