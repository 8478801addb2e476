from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="NW-19",
    title="A network firewall is protected, spans zones, writes logs and inspects the traffic it forwards",
    requirement="vpc.network_firewall",
    types=("AWS::NetworkFirewall::Firewall", "AWS::NetworkFirewall::FirewallPolicy"),
    needs="assembly",
    severity=Severity.LOW,
    why=(
        "A firewall gives little protection if it can be deleted by hand, is in one zone, keeps no log or passes "
        "packets by default."
    ),
    fix=(
        "Set DeleteProtection, map two subnets and add an AWS::NetworkFirewall::LoggingConfiguration. Let the policy "
        "drop packets or forward them to stateful rule groups."
    ),
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/networkfirewall-controls.html",
    blind=(
        "Whether traffic is routed through the firewall. A firewall is optional: an assembly without one is not "
        "examined."
    ),
    detective="A firewall belongs to the network of the organization; an isolated VPC has no traffic for it.",
)
def network_firewall(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == "AWS::NetworkFirewall::FirewallPolicy":
        yield from _policy(resource)
        return
    if resource.flag("DeleteProtection", default=False) is not True:
        yield Problem("it can be deleted by hand", "DeleteProtection")
    if len(resource.items("SubnetMappings")) < 2 and not resource.items("AvailabilityZoneMappings"):
        yield Problem("it is in fewer than two Availability Zones", "SubnetMappings")
    if not list(assembly.referring(resource, "AWS::NetworkFirewall::LoggingConfiguration")):
        yield Problem("it has no logging configuration")


def _policy(policy: Resource) -> Iterator[Problem]:
    for name, what in (("StatelessDefaultActions", "packets"), ("StatelessFragmentDefaultActions", "fragments")):
        path = f"FirewallPolicy.{name}"
        actions = policy.items(path)
        if not any(action in ("aws:drop", "aws:forward_to_sfe") for action in actions):
            yield Problem(f"{what} that match no rule are passed ({', '.join(map(str, actions)) or 'not set'})", path)
    groups = [
        group
        for name in ("StatefulRuleGroupReferences", "StatelessRuleGroupReferences")
        for group in policy.items(f"FirewallPolicy.{name}")
    ]
    if not groups:
        yield Problem("the policy has no rule group", "FirewallPolicy")
