from collections.abc import Iterator

from hardened_eks.controls.messaging._policies import TOPIC, policies_of
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.resource_policies import denies_without_tls
from hardened_eks.evidence.worst import as_far_as_known


@control(
    id="MQ-03",
    title="Topics reject messages that are sent without TLS",
    requirement="sns.tls_only",
    types=(TOPIC,),
    needs="assembly",
    severity=Severity.MEDIUM,
    why=(
        "A message that is sent in plain text can be read and changed on the network path, so an alert may arrive "
        "with different content."
    ),
    fix="Deny sns:Publish with aws:SecureTransport false in the topic's policy (enforce_ssl=True).",
    source="https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",
    blind="Topic policies outside the assembly.",
    enforced_by="BreakGlassRole",
)
def topic_tls_only(topic: Resource, assembly: Assembly) -> Iterator[Problem]:
    attached = [policy.get("PolicyDocument") for policy in policies_of(topic, assembly)]
    if not any(denies_without_tls(document, actions=("sns:Publish",)) for document in attached):
        yield Problem(as_far_as_known("no policy denies messages without TLS", *attached))
