from collections.abc import Iterator
from itertools import starmap

from hardened_eks.controls.messaging._policies import POLICIES, QUEUE, policies_of
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, policies
from hardened_eks.evidence.views.owners import owners
from hardened_eks.evidence.views.resource_policies import (
    denies_without_tls,
    every_action_of,
    open_to_anybody,
    openings,
    strangers,
)
from hardened_eks.evidence.worst import as_far_as_known


@control(
    id="MQ-11",
    title="Queues require TLS and admit neither everybody nor other accounts",
    requirement="sqs.policy",
    types=(QUEUE, *POLICIES[QUEUE]),
    needs="assembly",
    severity=Severity.HIGH,
    why=(
        "Anybody can read, fill and empty an open queue. Without TLS, anybody on the network path can do so too. "
        "Karpenter drains nodes when its queue receives messages."
    ),
    fix=(
        "Deny sqs:* with aws:SecureTransport false (enforce_ssl=True), and allow only services or accounts, with "
        "aws:SourceArn."
    ),
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html",
    blind=(
        "Queue policies outside the assembly. The account's own root principal may have sqs:*, as in the default "
        "policy of SQS. Another account is recognized only if the environment or AWS::AccountId in the policy shows "
        "which account is the own one."
    ),
    enforced_by="BreakGlassRole",
)
def queue_policy_safe(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type != QUEUE:
        yield from starmap(Problem, openings(resource, "PolicyDocument"))
        yield from starmap(Problem, strangers(resource, "PolicyDocument", assembly))
        yield from _every_action(resource, assembly)
        return
    attached = [policy.get("PolicyDocument") for policy in policies_of(resource, assembly)]
    needed = ("sqs:SendMessage", "sqs:ReceiveMessage")
    if not any(denies_without_tls(document, actions=needed) for document in attached):
        yield Problem(as_far_as_known("no policy denies requests without TLS", *attached))


def _every_action(policy: Resource, assembly: Assembly) -> Iterator[Problem]:
    document = policy.get("PolicyDocument")
    own = owners(policy, document, assembly)
    for statement in policies.statements(document):
        if every_action_of(statement, "sqs", own) and not open_to_anybody(statement):
            yield Problem("every action of the queue is allowed", statement.at("PolicyDocument"))
