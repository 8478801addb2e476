from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.break_glass import admin_roles, cause
from hardened_eks.evidence.views.people import trust_faults


@control(
    id="IA-15",
    title="Only named people take a cluster administrator's role, each under their own name",
    requirement=("iam.role.trust_restricted", "eks.auth.dedicated_creator_role"),
    types=("AWS::IAM::Role",),
    severity=Severity.HIGH,
    why=(
        "Anyone who assumes the role owns the cluster. If the session lacks the person's name, or starts in a "
        "Region that no alert covers, nobody can be asked about it."
    ),
    fix=(
        "Name IAM users, with StringEquals sts:SourceIdentity ${aws:username}; or people of IAM Identity Center, by "
        "identitystore:UserId and the role of their permission set. Both with StringEquals aws:RequestedRegion of the "
        "stack, in the statement for sts:AssumeRole and in that for sts:SetSourceIdentity "
        "(hardened_eks.BreakGlassRole does it)."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html",
    blind=(
        "Roles that are not cluster administrators by an access entry of the assembly. Who the people behind the "
        "names and IDs are. Policies that let somebody change the trust (IA-04)."
    ),
    needs="assembly",
    enforced_by="BreakGlassRole",
)
def break_glass_trust(role: Resource, assembly: Assembly) -> Iterator[Problem]:
    if role in admin_roles(assembly):
        for message, path in trust_faults(role):
            yield Problem(message, path, cause=cause(role))
