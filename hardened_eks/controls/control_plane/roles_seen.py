import re
from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.views.eks_roles import ENTRY, GIVEN, account_of, given_roles, plain, seen

_OWN = re.compile(r"arn:[^:]+:iam::self:role/.+")


@control(
    id="CP-21",
    title="The roles that a cluster uses are in the templates, or at least known to be in its account",
    requirement="eks.auth.access_entries",
    types=tuple(GIVEN),
    severity=Severity.LOW,
    why=(
        "No control can evaluate a role that is known only by its ARN. Who can assume it and what it can do remain "
        "unknown, even if the rest of the report is clean."
    ),
    fix=(
        "Evaluate the stack that creates the role together with this one. For access entries, the account is enough: "
        "set env= on the stack, use ${AWS::AccountId} in the ARN, or waive the finding and explain why the role is "
        "correct."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html",
    blind=(
        "Whether a role of the account is the right one. A role that another stack exports passes: it is in the same "
        "account and Region, and is evaluated with that stack. A role that a custom resource creates passes as well."
    ),
    needs="assembly",
    enforced_by="Cluster",
)
def roles_seen(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path, value in given_roles(resource):
        found = assembly.target(value, near=resource)
        if seen(resource, value, assembly) is not None or (found is not None and found.type == "AWS::IAM::User"):
            continue
        if (found is not None and found.type.startswith("Custom::")) or _exported(value):
            continue
        text, own = str(value), resource.template.account
        if resource.type != ENTRY:
            yield Problem(f"nothing is known about {text}: no template of the assembly creates it", path)
        elif not account_of(text) and not _OWN.fullmatch(plain(text)):
            yield Problem(f"the role {text} is not known before deployment", path)
        elif account_of(text) and not own:
            yield Problem(f"whether {text} belongs to the account of this stack is not known", path)


def _exported(value: object) -> bool:
    """Return whether a value is an export of a stack outside the assembly."""
    return isinstance(value, Unknown) and isinstance(value.expression, dict) and "Fn::ImportValue" in value.expression
