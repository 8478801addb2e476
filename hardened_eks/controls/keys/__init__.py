"""KMS keys: rotation, key policies and decryption permissions."""

from typing import TYPE_CHECKING

from hardened_eks.controls._areas import controls_of

if TYPE_CHECKING:
    from hardened_eks.controls.keys.grants_for_aws_services import grants_for_aws_services
    from hardened_eks.controls.keys.iam_no_decrypt_all import iam_no_decrypt_all
    from hardened_eks.controls.keys.key_policy_not_public import key_policy_not_public
    from hardened_eks.controls.keys.key_rotation import key_rotation
    from hardened_eks.controls.keys.rsa_key_size import rsa_key_size
    from hardened_eks.controls.keys.single_region import single_region

KEYS = controls_of(
    __name__,
    "key_rotation",
    "key_policy_not_public",
    "grants_for_aws_services",
    "rsa_key_size",
    "single_region",
    "iam_no_decrypt_all",
)

__all__ = [
    "KEYS",
    "grants_for_aws_services",
    "iam_no_decrypt_all",
    "key_policy_not_public",
    "key_rotation",
    "rsa_key_size",
    "single_region",
]
