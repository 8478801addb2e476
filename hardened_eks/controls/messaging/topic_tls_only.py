from collections.abc import Iterator

from hardened_eks.controls.messaging._policies import TOPIC, policies_of
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.resource_policies import denies_without_tls


@control(
    id="MQ-03",
    title="Topics refuse messages that come without TLS",
    requirement="sns.tls_only",
    types=(TOPIC,),
    needs="assembly",
    severity=Severity.MEDIUM,
    why="A message sent in the clear can be read and changed on the way: an alert that says something else.",
    fix="Deny sns:Publish with aws:SecureTransport false in the topic's policy (enforce_ssl=True).",
    source="https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",
    blind="Topic policies outside the assembly.",
    enforced_by="BreakGlassRole",
)
def topic_tls_only(topic: Resource, assembly: Assembly) -> Iterator[Problem]:
    attached = list(policies_of(topic, assembly))
    if not any(denies_without_tls(policy.get("PolicyDocument"), actions=("sns:Publish",)) for policy in attached):
        yield Problem("no policy refuses messages without TLS")
