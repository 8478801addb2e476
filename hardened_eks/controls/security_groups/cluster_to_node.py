from collections.abc import Iterator

from hardened_eks.controls._unseen import launch_not_seen, not_seen
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.views.launch_source import launch_template
from hardened_eks.evidence.views.security_groups import GROUP, WIDE, rules_of


@control(
    id="SG-08",
    title="Control plane and nodes use their own security groups, which open only the ports they need",
    requirement="sg.cluster_to_node",
    types=("AWS::EKS::Cluster", "AWS::EKS::Nodegroup"),
    needs="assembly",
    severity=Severity.MEDIUM,
    why=(
        "The cluster security group that EKS creates allows all traffic between its members: a pod on any node can "
        "reach every port of every other node and of the control plane's interfaces."
    ),
    fix=(
        "Set ResourcesVpcConfig.SecurityGroupIds of the cluster, and give the node group a launch template with "
        "security groups. Between them, allow only 443, 10250 and the webhook ports in use."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html",
    blind=(
        "The cluster security group stays on the control plane's interfaces; nodes are outside it only if their "
        "launch template sets security groups."
    ),
    enforced_by="Cluster",
)
def cluster_to_node(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == "AWS::EKS::Nodegroup":
        yield from _nodes(resource, assembly)
        return
    path = "ResourcesVpcConfig.SecurityGroupIds"
    groups = resource.items(path)
    if not groups:
        yield Problem("no security group is set, so only the one that EKS creates applies", path)
    yield from not_seen(resource, assembly, path, GROUP)
    for index, group in enumerate(assembly.target(value, GROUP, near=resource) for value in groups):
        for direction in ("Ingress", "Egress") if group is not None else ():
            assert group is not None
            for rule in rules_of(group, direction, assembly):
                if not rule.within(assembly) and (rule.all_protocols or len(rule.ports) >= WIDE):
                    yield Problem(f"{direction.lower()} of its group: {rule.described_ports}", f"{path}.{index}")


def _nodes(nodegroup: Resource, assembly: Assembly) -> Iterator[Problem]:
    written = nodegroup.get("LaunchTemplate")
    template = launch_template(nodegroup, assembly)
    if written is None:
        yield Problem(
            "no launch template, so nodes join the cluster security group", "LaunchTemplate", cause="no launch template"
        )
    else:
        yield from launch_not_seen(nodegroup, assembly, "SecurityGroupIds")
    if template is None:
        return
    data = template.get("LaunchTemplateData")
    if isinstance(data, Unknown):
        return
    interfaces = template.items("LaunchTemplateData.NetworkInterfaces")
    groups = template.items("LaunchTemplateData.SecurityGroupIds") + [
        group
        for index in range(len(interfaces))
        for group in template.items(f"LaunchTemplateData.NetworkInterfaces.{index}.Groups")
    ]
    if not groups:
        yield Problem(
            "its launch template sets no security group, so nodes join the cluster security group", "LaunchTemplate"
        )
