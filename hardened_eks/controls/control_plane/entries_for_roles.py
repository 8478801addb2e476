from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.eks_roles import given_roles, kind_of


@control(
    id="CP-16",
    title="Access entries are for IAM roles, not for IAM users",
    requirement="eks.auth.access_entries",
    types=("AWS::EKS::AccessEntry",),
    severity=Severity.HIGH,
    why="The access keys of a user never expire: one leaked file gives access to the cluster until somebody notices.",
    fix=(
        "Create the entry for a role that people assume, for example the role of a permission set of IAM Identity "
        "Center."
    ),
    source="https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html",
    blind="A principal whose kind is not known before deployment: see CP-21.",
    needs="assembly",
    enforced_by="AccessEntry",
)
def entries_for_roles(entry: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path, value in given_roles(entry):
        found = assembly.target(value, near=entry)
        kind = kind_of(str(value))
        if (found is not None and found.type == "AWS::IAM::User") or kind == "user":
            yield Problem(f"{value} is an IAM user", path)
        elif found is None and kind not in {"", "role"}:
            yield Problem(f"{value} is not a role", path)
        elif "*" in str(value):
            yield Problem(f"{value} does not name a single role", path)
