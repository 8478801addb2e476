from collections.abc import Iterator

from hardened_eks._patterns import regex
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.left_open import listed, openings_of
from hardened_eks.evidence.views.eks_roles import ENTRY, GIVEN, account_of, given_roles, plain, seen

_OWN = regex(r"arn:[^:]+:iam::self:role/.+")


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
        "Whether a role of the account is the right one. A role that another stack exports or that a custom resource "
        "creates is not seen: the verdict is then incomplete, not a finding."
    ),
    needs="assembly",
    enforced_by="Cluster",
)
def roles_seen(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path, value in given_roles(resource):
        found = assembly.target(value, near=resource)
        if seen(resource, value, assembly) is not None or (found is not None and found.type == "AWS::IAM::User"):
            continue
        text, own = str(value), resource.template.account
        openings = openings_of(value, resource.template) if isinstance(value, Unknown) else ()
        if any(one.kind != "parameter" for one in openings) or (
            found is not None and found.type.startswith("Custom::")
        ):
            depends = listed(openings) or f"{found}, a custom resource"
            yield Problem(f"the role depends on {depends}", path, unseen=True, openings=openings)
        elif resource.type != ENTRY:
            yield Problem(f"nothing is known about {text}: no template of the assembly creates it", path)
        elif not account_of(text) and not _OWN.fullmatch(plain(text)):
            yield Problem(f"the role {text} is not known before deployment", path)
        elif account_of(text) and not own:
            yield Problem(f"whether {text} belongs to the account of this stack is not known", path)
