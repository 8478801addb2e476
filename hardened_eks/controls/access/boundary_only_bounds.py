from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.boundaries import MANAGED, is_boundary
from hardened_eks.evidence.views.iam import all_statements, managed_policies


@control(
    id="IA-20",
    title="No policy that serves as a permissions boundary is also attached as a permissions policy",
    requirement="iam.policy.no_admin",
    types=("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"),
    needs="assembly",
    severity=Severity.HIGH,
    why=(
        "A boundary allows everything that it does not deny. A principal with the boundary attached as a policy "
        "becomes an administrator."
    ),
    fix="Set the policy as PermissionsBoundary only, and attach policies that name the permissions that are needed.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
    blind="Boundaries and attachments that are created outside the assembly.",
    enforced_by="PermissionsBoundary",
)
def boundary_only_bounds(identity: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path, arn in managed_policies(identity):
        written = str(arn).startswith("arn:")  # an ARN also contains the path, which `target` ignores
        policy = _named(str(arn), assembly) if written else assembly.target(arn, MANAGED, near=identity)
        if policy is not None and is_boundary(policy, [statement for _, statement in all_statements(policy)]):
            yield Problem(f"{policy.logical_id} is a permissions boundary", path)


def _named(arn: str, assembly: Assembly) -> Resource | None:
    """Return the policy of the assembly with a fixed name that an ARN names."""
    if ":aws:policy/" in arn:
        return None
    for policy in assembly.of(MANAGED):
        name = policy.get("ManagedPolicyName")
        if isinstance(name, str) and arn.endswith(f":policy{policy.get('Path', '/')}{name}"):
            return policy
    return None
