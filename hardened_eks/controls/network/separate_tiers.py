from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.vpc import PUBLIC_SUBNETS, SUBNET, internet_subnet

_WORKLOADS: Final = (
    "AWS::EKS::Cluster",
    "AWS::EKS::Nodegroup",
    "AWS::EKS::FargateProfile",
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::EC2::Instance",
    "AWS::EC2::LaunchTemplate",
    "AWS::EC2::NetworkInterface",
    "AWS::EC2::VPCEndpoint",
    "AWS::EFS::MountTarget",
    "AWS::Lambda::Function",
    "AWS::RDS::DBSubnetGroup",
    "AWS::ElastiCache::SubnetGroup",
)


@control(
    id="NW-07",
    title="Subnets with a route to the internet contain no cluster, nodes or databases",
    requirement="vpc.subnets.separate_tiers",
    types=(SUBNET,),
    needs="assembly",
    severity=Severity.MEDIUM,
    why=(
        "In a mixed subnet, one public address or one open security group exposes a node or a database to the internet."
    ),
    fix="Put NAT gateways and public load balancers into their own subnets, and everything else into private subnets.",
    source="https://docs.aws.amazon.com/eks/latest/best-practices/subnets.html",
    blind=(
        "Subnets and route tables outside the assembly, and subnets without an association, which use the main route "
        "table. An aws_eks cluster without vpc_subnets also uses the public subnets, and is a finding."
    ),
    enforced_by="Network",
)
def separate_tiers(subnet: Resource, assembly: Assembly) -> Iterator[Problem]:
    users = list(assembly.referring(subnet, *_WORKLOADS))
    if users and internet_subnet(subnet, assembly):
        names = ", ".join(sorted({f"{user.logical_id} ({user.type})" for user in users})[:3])
        yield Problem(f"it has a route to an internet gateway, and it is used by {names}", cause=PUBLIC_SUBNETS)
