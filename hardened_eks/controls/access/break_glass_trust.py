from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.break_glass import admin_roles, cause
from hardened_eks.evidence.views.people import trust_faults


@control(
    id="IA-15",
    title="Only named people can assume a cluster administrator role, each under their own name",
    requirement=("iam.role.trust_restricted", "eks.auth.dedicated_creator_role"),
    types=("AWS::IAM::Role",),
    severity=Severity.HIGH,
    why=(
        "Anyone who assumes the role controls the cluster. If the session does not carry the person's name, or starts "
        "in a Region that no alert covers, the person who used it cannot be identified."
    ),
    fix=(
        "Name IAM users, with StringEquals sts:SourceIdentity ${aws:username}, or IAM Identity Center users, by "
        "identitystore:UserId and the role of their permission set. In both cases add StringEquals "
        "aws:RequestedRegion with the Region of the stack, in the statement for sts:AssumeRole and in the one for "
        "sts:SetSourceIdentity (hardened_eks.BreakGlassRole does this)."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html",
    blind=(
        "Roles that are not cluster administrators by an access entry of the assembly. Who the people behind the "
        "names and IDs are. Policies that let somebody change the trust policy (see IA-04)."
    ),
    needs="assembly",
    enforced_by="BreakGlassRole",
)
def break_glass_trust(role: Resource, assembly: Assembly) -> Iterator[Problem]:
    if role in admin_roles(assembly):
        for message, path in trust_faults(role):
            yield Problem(message, path, cause=cause(role))
