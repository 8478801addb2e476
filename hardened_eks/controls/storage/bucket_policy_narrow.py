from collections.abc import Iterator
from itertools import starmap
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, policies
from hardened_eks.evidence.views.buckets import BUCKET_POLICY
from hardened_eks.evidence.views.owners import owners
from hardened_eks.evidence.views.resource_policies import openings, strange_callers, strangers

_OURS_ALONE: Final = (
    "s3:DeleteBucketPolicy",
    "s3:PutBucketAcl",
    "s3:PutBucketPolicy",
    "s3:PutEncryptionConfiguration",
    "s3:PutObjectAcl",
)


@control(
    id="ST-02",
    title="Bucket policies name principals and actions, and let only the bucket's own account change its settings",
    requirement="s3.policy.no_wildcards",
    types=(BUCKET_POLICY,),
    needs="resource",
    severity=Severity.HIGH,
    why=(
        "A wildcard principal admits everybody, a wildcard action includes changing the policy, and another account "
        "that can change the policy controls the bucket."
    ),
    fix=(
        "Name roles or services and the actions they need, and add aws:PrincipalOrgID, aws:SourceAccount or "
        "aws:SourceArn to a wildcard principal."
    ),
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-6",
    blind=(
        "Another account is recognized only if the environment or AWS::AccountId in the policy shows which account is "
        "the own one. The accounts that deliver load balancer logs count as own. A bucket without a policy is not "
        "examined."
    ),
    enforced_by="TrailBucket",
)
def bucket_policy_narrow(policy: Resource, assembly: Assembly) -> Iterator[Problem]:
    document = policy.get("PolicyDocument")
    yield from starmap(Problem, openings(policy, "PolicyDocument"))
    yield from starmap(Problem, strangers(policy, "PolicyDocument", assembly))
    own = owners(policy, document, assembly)
    for statement in policies.statements(document):
        path = statement.at("PolicyDocument")
        if statement.allows and {"*", "s3:*"} & {action.lower() for action in statement.actions}:
            yield Problem("every action is allowed", path)
        if statement.allows and any(statement.does(action) for action in _OURS_ALONE):
            for principal in strange_callers(statement, own):
                yield Problem(f"{principal} of another account may change the bucket's settings", path)
