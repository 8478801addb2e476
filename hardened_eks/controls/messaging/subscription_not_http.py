from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="MQ-05",
    title="Subscriptions do not use plain HTTP",
    requirement="sns.no_http_subscription",
    types=("AWS::SNS::Subscription", "AWS::SNS::Topic"),
    needs="resource",
    severity=Severity.HIGH,
    why="The messages of the topic leave AWS in plain text, and anybody on the network path can read them.",
    fix="Use an https endpoint.",
    source="https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",
    blind="Subscriptions created outside the templates.",
    enforced_by="alerts",
)
def subscription_not_http(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    prefixes = (
        [""]
        if resource.type == "AWS::SNS::Subscription"
        else [f"Subscription.{index}." for index in range(len(resource.items("Subscription")))]
    )
    for prefix in prefixes:
        protocol, endpoint = resource.get(f"{prefix}Protocol", ""), str(resource.get(f"{prefix}Endpoint", ""))
        if not isinstance(protocol, str):
            yield Problem(f"the protocol is known only at deployment ({protocol})", f"{prefix}Protocol")
        elif protocol == "http" or endpoint.startswith("http://"):
            key = "Protocol" if protocol == "http" else "Endpoint"
            yield Problem(f"messages are sent in plain text ({protocol} {endpoint})", f"{prefix}{key}")
