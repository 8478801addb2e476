from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Template
from hardened_eks.evidence.environment import differ
from hardened_eks.evidence.views.eks_roles import GIVEN, account_of, given_roles


@control(
    id="CP-15",
    title="A cluster uses only roles of its own account",
    requirement="eks.auth.access_entries",
    types=tuple(GIVEN),
    severity=Severity.HIGH,
    why=(
        "If the role belongs to another account, that account decides who can assume it and which rights it has. "
        "Those people are not responsible for this cluster, and its CloudTrail does not record what they change."
    ),
    fix="Use a role of the cluster's own account, and let other principals assume that role.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html",
    blind="Stacks whose account is not known, unless one stack uses roles of two accounts: see CP-21.",
    needs="stack",
    enforced_by="Cluster",
)
def roles_of_own_account(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    own = resource.template.account
    for path, value in given_roles(resource):
        account = account_of(str(value))
        if differ(account, own):
            yield Problem(f"{value} belongs to an account other than {own}", path)
        elif account and not own:
            others = sorted(_written(resource.template, assembly) - {account})
            if others:
                yield Problem(f"{value} belongs to another account than a role of {others[0]} in the same stack", path)


def _written(template: Template, assembly: Assembly) -> frozenset[str]:
    """Return the accounts of the roles that the EKS resources of a template use; only one can be the own one."""
    named = (value for one in template.resources.values() if one.type in GIVEN for _, value in given_roles(one))
    return assembly.once(("accounts", template), lambda: frozenset(account_of(str(value)) for value in named) - {""})
