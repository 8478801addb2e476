from collections.abc import Iterator
from itertools import starmap

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.resource_policies import openings, strangers


@control(
    id="KY-02",
    title="Key policies name the principals that can use the key, and admit neither everybody nor other accounts",
    requirement="kms.policy.no_public",
    types=("AWS::KMS::Key", "AWS::KMS::ReplicaKey"),
    needs="resource",
    severity=Severity.CRITICAL,
    why="Anyone who can use the key can read the data it protects, regardless of the policy on the data.",
    fix=(
        "Set accounts or roles as the principal, or add a condition such as kms:CallerAccount or aws:PrincipalOrgID "
        "to a wildcard."
    ),
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html#kms-5",
    blind=(
        "Another account is recognized only if the environment or AWS::AccountId in the policy shows which account is "
        "the own one. Another organization is recognized only next to one that occurs more often. A condition with "
        "fixed callers (such as kms:CallerAccount, aws:SourceAccount or aws:PrincipalOrgID) makes a wildcard "
        "acceptable even if another condition in the same statement has a pattern; Security Hub KMS.5 rejects that."
    ),
    enforced_by="Keys",
)
def key_policy_not_public(key: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from starmap(Problem, openings(key, "KeyPolicy"))
    yield from starmap(Problem, strangers(key, "KeyPolicy", assembly, unsourced=False))
