from hardened_eks.controls.security_groups import cluster_to_node
from tests.controls.cases import Bad, Case, both, change, drop, template
from tests.controls.security_groups.base import ID, SG, rule

CL = "AWS::EKS::Cluster"
NG = "AWS::EKS::Nodegroup"
LT = "AWS::EC2::LaunchTemplate"

CLUSTER = template(
    {
        "Group": (
            SG,
            {"GroupDescription": "control plane", "VpcId": "vpc-1", "SecurityGroupEgress": [rule(443), rule(10250)]},
        ),
        "Cluster": (CL, {"ResourcesVpcConfig": {"SecurityGroupIds": [ID]}}),
        "Template": (LT, {"LaunchTemplateData": {"SecurityGroupIds": [ID]}}),
        "Nodes": (NG, {"LaunchTemplate": {"Id": {"Ref": "Template"}}}),
    }
)

CASE = Case(
    cluster_to_node,
    CLUSTER,
    bad={
        "no group": Bad(drop(CL, "ResourcesVpcConfig.SecurityGroupIds"), "ResourcesVpcConfig.SecurityGroupIds"),
        "no launch template": Bad(drop(NG, "LaunchTemplate"), "LaunchTemplate"),
        "a launch template without groups": Bad(drop(LT, "LaunchTemplateData.SecurityGroupIds"), "LaunchTemplate"),
        "its group lets everything out": Bad(
            change(SG, "SecurityGroupEgress", [{"IpProtocol": "-1", "CidrIp": "10.0.0.0/16"}]),
            "ResourcesVpcConfig.SecurityGroupIds.0",
        ),
        "its group lets everything in": Bad(
            change(SG, "SecurityGroupIngress", [rule(0, 65535)]), "ResourcesVpcConfig.SecurityGroupIds.0"
        ),
    },
    edge={
        "groups on the interface": both(
            drop(LT, "LaunchTemplateData.SecurityGroupIds"),
            change(LT, "LaunchTemplateData.NetworkInterfaces", [{"Groups": [ID]}]),
        ),
        "groups of another stack": change(CL, "ResourcesVpcConfig.SecurityGroupIds", ["sg-1"]),
        "a foreign launch template": change(NG, "LaunchTemplate", {"Id": "lt-1"}),
    },
)
