from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.alarm_path import alarm_of
from hardened_eks.evidence.views.break_glass import ADMIN, cause, policies, principals
from hardened_eks.evidence.views.people import mfa_faults, trust_faults


@control(
    id="CP-14",
    title="Only break-glass roles are cluster administrators",
    requirement=("eks.auth.access_entries", "eks.auth.dedicated_creator_role"),
    types=("AWS::EKS::AccessEntry",),
    severity=Severity.HIGH,
    why=(
        "A cluster administrator can read every secret and run as root on every node. Nothing in the cluster can "
        "stop them."
    ),
    fix=(
        "Grant AmazonEKSClusterAdminPolicy only to a break-glass role (hardened_eks.BreakGlassRole), and give other "
        "principals an access policy for their namespaces."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html",
    blind=(
        "Access entries created outside the assembly. Whether an alert on the break-glass role arrives if its topic "
        "is outside the assembly (see IA-13), and MFA that the identity provider requires (see IA-16)."
    ),
    needs="assembly",
    enforced_by="BreakGlassRole",
)
def cluster_admin_break_glass(entry: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path, name in policies(entry):
        if "${" in name:
            yield Problem(f"the access policy is not known before deployment: {name}", f"{path}.PolicyArn")
        elif name == ADMIN:
            roles = principals(entry, assembly)
            if not roles:
                yield Problem(f"{entry.get('PrincipalArn')} is not a role of the assembly", "PrincipalArn")
            for role in roles:
                fault = _fault(role, assembly)
                if fault:
                    message = f"{role.logical_id} is not a break-glass role: {fault}"
                    yield Problem(message, "PrincipalArn", cause=cause(role))


def _fault(role: Resource, assembly: Assembly) -> str:
    """Return the first reason why a role is not a break-glass role; empty if it is one."""
    for message, _ in (*trust_faults(role), *mfa_faults(role)):
        return message
    return "nobody is alerted when it is assumed" if alarm_of(role, assembly).broken else ""
