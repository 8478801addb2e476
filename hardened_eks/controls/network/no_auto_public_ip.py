from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.vpc import PUBLIC_SUBNETS


@control(
    id="NW-03",
    title="Subnets do not assign public addresses at launch",
    requirement="vpc.subnets.no_auto_public_ip",
    types=("AWS::EC2::Subnet",),
    needs="resource",
    severity=Severity.MEDIUM,
    why=(
        "An instance that somebody launches there in a hurry is reachable from the internet before anybody has "
        "checked it."
    ),
    fix="Set MapPublicIpOnLaunch to false (map_public_ip_on_launch=False in the CDK's SubnetConfiguration).",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/subnet-public-ip.html",
    blind="Public addresses that a launch template or a network interface requests itself.",
    enforced_by="Network",
)
def no_auto_public_ip(subnet: Resource, assembly: Assembly) -> Iterator[Problem]:
    assigned = subnet.flag("MapPublicIpOnLaunch", default=False)  # absent means no, except in a default subnet
    if assigned is not False:
        message = f"instances get a public address (MapPublicIpOnLaunch is {assigned})"
        yield Problem(message, "MapPublicIpOnLaunch", cause=PUBLIC_SUBNETS)
