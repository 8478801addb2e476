from collections.abc import Iterator
from itertools import starmap

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.resource_policies import openings, strangers


@control(
    id="MQ-04",
    title="Topic policies let nobody in by default, and no stranger",
    requirement="sns.no_public",
    types=("AWS::SNS::TopicPolicy", "AWS::SNS::TopicInlinePolicy"),
    needs="resource",
    severity=Severity.CRITICAL,
    why="Anybody can then read the alerts, or send false ones until nobody reacts to them.",
    fix=(
        "Name services or accounts as the principal, or add aws:SourceAccount, aws:SourceArn or aws:PrincipalOrgID "
        "with fixed values."
    ),
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/sns-controls.html#sns-4",
    blind=(
        "A topic without a policy admits its own account only and is not examined. Patterns inside a source ARN are "
        "accepted; Security Hub SNS.4 refuses them. Another account is recognized only where the "
        "environment or AWS::AccountId in the policy tells the own one, another organization beside one that is "
        "written more often."
    ),
    enforced_by="BreakGlassRole",
)
def topic_policy_not_public(policy: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from starmap(Problem, openings(policy, "PolicyDocument"))
    yield from starmap(Problem, strangers(policy, "PolicyDocument", assembly))
