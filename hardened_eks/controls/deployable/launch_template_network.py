from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.unknown import is_set


@control(
    id="DP-33",
    title="A launch template sets security groups either on the instance or on its network interface, not on both",
    types=("AWS::EC2::LaunchTemplate",),
    needs="resource",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        'EC2 returns "Network interfaces and an instance-level security groups may not be specified on the same '
        'request".'
    ),
    fix="Keep Groups in NetworkInterfaces and remove SecurityGroupIds, or the other way around.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RequestLaunchTemplateData.html",
    enforced_by="NodeGroup",
)
def launch_template_network(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    interfaces = resource.items("LaunchTemplateData.NetworkInterfaces")
    for name in ("SecurityGroupIds", "SecurityGroups"):
        if interfaces and is_set(interfaces[0]) and is_set(resource.get(f"LaunchTemplateData.{name}")):
            yield Problem(f"{name} and NetworkInterfaces are both set", f"LaunchTemplateData.{name}")
