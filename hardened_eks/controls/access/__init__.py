"""IAM: permissions, and who can assume which role."""

from typing import TYPE_CHECKING

from hardened_eks.controls._areas import controls_of

if TYPE_CHECKING:
    from hardened_eks.controls.access.access_entry_makers import access_entry_makers
    from hardened_eks.controls.access.aws_managed_policies import aws_managed_policies
    from hardened_eks.controls.access.boundary_only_bounds import boundary_only_bounds
    from hardened_eks.controls.access.break_glass_alarm import break_glass_alarm
    from hardened_eks.controls.access.break_glass_alarm_seen import break_glass_alarm_seen
    from hardened_eks.controls.access.break_glass_mfa import break_glass_mfa
    from hardened_eks.controls.access.break_glass_session import break_glass_session
    from hardened_eks.controls.access.break_glass_trust import break_glass_trust
    from hardened_eks.controls.access.confused_deputy import confused_deputy
    from hardened_eks.controls.access.creator_role import creator_role
    from hardened_eks.controls.access.no_account_wide_changes import no_account_wide_changes
    from hardened_eks.controls.access.no_admin import no_admin
    from hardened_eks.controls.access.no_inline import no_inline
    from hardened_eks.controls.access.no_risky_actions import no_risky_actions
    from hardened_eks.controls.access.no_service_wildcard import no_service_wildcard
    from hardened_eks.controls.access.no_users import no_users
    from hardened_eks.controls.access.no_wildcards import no_wildcards
    from hardened_eks.controls.access.passrole_restricted import passrole_restricted
    from hardened_eks.controls.access.trust_restricted import trust_restricted
    from hardened_eks.controls.access.workload_trust import workload_trust

ACCESS = controls_of(
    __name__,
    "no_admin",
    "no_service_wildcard",
    "no_wildcards",
    "no_risky_actions",
    "aws_managed_policies",
    "no_inline",
    "trust_restricted",
    "confused_deputy",
    "passrole_restricted",
    "workload_trust",
    "no_users",
    "creator_role",
    "break_glass_alarm",
    "no_account_wide_changes",
    "break_glass_trust",
    "break_glass_mfa",
    "break_glass_session",
    "access_entry_makers",
    "break_glass_alarm_seen",
    "boundary_only_bounds",
)

__all__ = [
    "ACCESS",
    "access_entry_makers",
    "aws_managed_policies",
    "boundary_only_bounds",
    "break_glass_alarm",
    "break_glass_alarm_seen",
    "break_glass_mfa",
    "break_glass_session",
    "break_glass_trust",
    "confused_deputy",
    "creator_role",
    "no_account_wide_changes",
    "no_admin",
    "no_inline",
    "no_risky_actions",
    "no_service_wildcard",
    "no_users",
    "no_wildcards",
    "passrole_restricted",
    "trust_restricted",
    "workload_trust",
]
