"""Secrets Manager: rotation, keys and policies."""

from typing import TYPE_CHECKING

from hardened_eks.controls._areas import controls_of

if TYPE_CHECKING:
    from hardened_eks.controls.secrets.secret_customer_key import secret_customer_key
    from hardened_eks.controls.secrets.secret_policy_restrictive import secret_policy_restrictive
    from hardened_eks.controls.secrets.secret_rotated import secret_rotated

SECRETS = controls_of(
    __name__,
    "secret_rotated",
    "secret_customer_key",
    "secret_policy_restrictive",
)

__all__ = [
    "SECRETS",
    "secret_customer_key",
    "secret_policy_restrictive",
    "secret_rotated",
]
