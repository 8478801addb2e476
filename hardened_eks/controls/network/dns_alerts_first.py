from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.dns_firewall import ASSOCIATION, GROUP, blocks_everything
from hardened_eks.evidence.views.vpc import VPC


@control(
    id="NW-28",
    title="A VPC that is in use gets a DNS firewall that alerts before one that blocks",
    types=(ASSOCIATION,),
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "Names that nobody listed, such as a private hosted zone or a database's alias, stop to resolve in the moment "
        "of the deployment, for every workload of the VPC."
    ),
    fix=(
        'Deploy without "hardened-eks:dns-firewall" in the context of cdk.json first, or with '
        "Network(dns=Dns(mode=DnsMode.ALERT)), add the names that the query log reports to Dns(allowed=...), and block "
        "then."
    ),
    source="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-rule-actions.html",
    blind="Nothing is judged without the earlier template (`--against`), nor a VPC known by its id only.",
    detective="Network blocks where the app says that it is new: only the earlier template shows whether its VPC is.",
)
def dns_alerts_first(association: Resource, assembly: Assembly) -> Iterator[Problem]:
    group = assembly.target(association.get("FirewallRuleGroupId"), GROUP, near=association)
    vpc = assembly.target(association.get("VpcId"), VPC, near=association)
    earlier = assembly.previous
    if earlier is None or group is None or vpc is None:
        return
    if not any(isinstance(r, dict) and blocks_everything(r, group, assembly) for r in group.items("FirewallRules")):
        return
    deployed = _same(vpc, earlier)
    if deployed is not None and not list(earlier.referring(deployed, ASSOCIATION)):
        yield Problem(f"{vpc.logical_id} is deployed without a DNS firewall, and this one blocks at once", "VpcId")


def _same(vpc: Resource, earlier: Assembly) -> Resource | None:
    for other in earlier.of(VPC):
        one_stack = other.template.name == vpc.template.name or len(earlier.templates) == 1
        if other.logical_id == vpc.logical_id and one_stack:
            return other
    return None
