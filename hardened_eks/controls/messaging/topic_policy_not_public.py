from collections.abc import Iterator
from itertools import starmap

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.resource_policies import openings, strangers


@control(
    id="MQ-04",
    title="Topic policies admit neither everybody nor unknown accounts",
    requirement="sns.no_public",
    types=("AWS::SNS::TopicPolicy", "AWS::SNS::TopicInlinePolicy"),
    needs="resource",
    severity=Severity.CRITICAL,
    why="Otherwise anybody can read the alerts, or send false alerts until nobody reacts to them.",
    fix=(
        "Set services or accounts as the principal, or add aws:SourceAccount, aws:SourceArn or aws:PrincipalOrgID "
        "with fixed values."
    ),
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/sns-controls.html#sns-4",
    blind=(
        "A topic without a policy admits only its own account and is not examined. Patterns inside a source ARN are "
        "accepted; Security Hub SNS.4 rejects them. Another account is recognized only if the environment or "
        "AWS::AccountId in the policy shows which account is the own one. Another organization is recognized only "
        "next to one that occurs more often."
    ),
    enforced_by="BreakGlassRole",
)
def topic_policy_not_public(policy: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from starmap(Problem, openings(policy, "PolicyDocument"))
    yield from starmap(Problem, strangers(policy, "PolicyDocument", assembly))
