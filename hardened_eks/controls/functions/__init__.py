"""Functions: Lambda and Step Functions."""

from typing import TYPE_CHECKING

from hardened_eks.controls._areas import controls_of

if TYPE_CHECKING:
    from hardened_eks.controls.functions.function_failures_kept import function_failures_kept
    from hardened_eks.controls.functions.function_in_vpc import function_in_vpc
    from hardened_eks.controls.functions.function_not_public import function_not_public
    from hardened_eks.controls.functions.function_role import function_role
    from hardened_eks.controls.functions.function_traced import function_traced
    from hardened_eks.controls.functions.function_without_secrets import function_without_secrets
    from hardened_eks.controls.functions.runtime_supported import runtime_supported
    from hardened_eks.controls.functions.state_machine_logged import state_machine_logged

FUNCTIONS = controls_of(
    __name__,
    "function_not_public",
    "runtime_supported",
    "function_in_vpc",
    "function_failures_kept",
    "function_without_secrets",
    "function_traced",
    "function_role",
    "state_machine_logged",
)

__all__ = [
    "FUNCTIONS",
    "function_failures_kept",
    "function_in_vpc",
    "function_not_public",
    "function_role",
    "function_traced",
    "function_without_secrets",
    "runtime_supported",
    "state_machine_logged",
]
