from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.break_glass import admin_roles, cause
from hardened_eks.evidence.views.people import mfa_faults, unseen_mfa


@control(
    id="IA-16",
    title="Anyone who assumes a cluster administrator role has just authenticated with MFA",
    requirement="eks.auth.dedicated_creator_role",
    types=("AWS::IAM::Role",),
    severity=Severity.HIGH,
    why="Without MFA, a stolen access key is enough to take over the cluster.",
    fix=(
        "Add Bool aws:MultiFactorAuthPresent true and NumericLessThan aws:MultiFactorAuthAge 900 to each statement of "
        "the trust policy. Do not use BoolIfExists, which admits sessions without MFA. AWS cannot see the MFA of IAM "
        "Identity Center users: waive the finding and state how the identity provider enforces MFA (mfa_reason= of "
        "hardened_eks.IdentityCenterTrust)."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html",
    blind=(
        "What the identity provider of IAM Identity Center requires, and whether a user's MFA device is a hardware key."
    ),
    needs="assembly",
    enforced_by="BreakGlassRole",
)
def break_glass_mfa(role: Resource, assembly: Assembly) -> Iterator[Problem]:
    if role not in admin_roles(assembly):
        return
    for message, path in mfa_faults(role):
        yield Problem(message, path, cause=cause(role))
    for path in unseen_mfa(role):
        yield Problem(
            "only the identity provider can require MFA, and AWS does not see whether it does", path, cause=cause(role)
        )
