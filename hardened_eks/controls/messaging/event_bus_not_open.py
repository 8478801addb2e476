from collections.abc import Iterator
from itertools import starmap

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.resource_policies import may_be_anybody, openings, openings_of, strangers, strangers_of


@control(
    id="MQ-08",
    title="Event buses have their own policy, which does not admit everybody",
    requirement="events.bus_access",
    types=("AWS::Events::EventBus", "AWS::Events::EventBusPolicy"),
    needs="assembly",
    severity=Severity.HIGH,
    why=(
        "Anyone who can put events on the bus can trigger everything that its rules start, such as false alerts or an "
        "unwanted remediation."
    ),
    fix="Add an EventBusPolicy that names accounts, or that admits everybody with a condition on aws:PrincipalOrgID.",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/eventbridge-controls.html#eventbridge-3",
    blind="The default event bus, which admits only its own account unless it has a policy. Schema registries.",
    detective="No construct creates event buses: rules use the default event bus.",
)
def event_bus_not_open(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == "AWS::Events::EventBus":
        if resource.get("Policy") is None and not list(assembly.referring(resource, "AWS::Events::EventBusPolicy")):
            yield Problem("no policy states who may use it", "Policy")
        yield from starmap(Problem, openings(resource, "Policy"))
        yield from starmap(Problem, strangers(resource, "Policy", assembly))
        return
    statement = resource.get("Statement")
    document = {"Statement": [statement]} if statement is not None else None
    for message, _ in (*openings_of(document, ""), *strangers_of(document, "", resource, assembly)):
        yield Problem(message, "Statement")
    principal = resource.get("Principal")
    if principal is not None and may_be_anybody(str(principal)) and resource.get("Condition.Value") in (None, "", "*"):
        yield Problem(f"{principal} may put events on it", "Principal")
