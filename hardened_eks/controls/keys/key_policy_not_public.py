from collections.abc import Iterator
from itertools import starmap

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, policies
from hardened_eks.evidence.views.resource_policies import foreign_accounts, openings


@control(
    id="KY-02",
    title="Key policies name who may use the key: not everybody, no other account",
    requirement="kms.policy.no_public",
    types=("AWS::KMS::Key", "AWS::KMS::ReplicaKey"),
    needs="resource",
    severity=Severity.CRITICAL,
    why="Whoever may use the key may read what it protects, whatever the data's own policy says.",
    fix=(
        "Name accounts or roles as the principal, or add a condition such as kms:CallerAccount or aws:PrincipalOrgID "
        "to a wildcard."
    ),
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html#kms-5",
    blind=(
        "Another account is recognised only where the stack's own account is known. A condition with fixed callers "
        "(kms:CallerAccount, aws:SourceAccount, aws:PrincipalOrgID ...) makes a wildcard acceptable even when another "
        "condition beside it has a pattern; Security Hub KMS.5 refuses that."
    ),
    enforced_by="Keys",
)
def key_policy_not_public(key: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from starmap(Problem, openings(key, "KeyPolicy"))
    for statement in policies.statements(key.get("KeyPolicy")):
        for principal in foreign_accounts(statement, key.template.account):
            yield Problem(f"{principal} of another account may use the key", statement.at("KeyPolicy"))
