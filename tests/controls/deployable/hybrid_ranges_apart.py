from hardened_eks.controls.deployable import hybrid_ranges_apart
from tests.controls.cases import Bad, Case, change, drop, hide, template

CL, VPC, MORE = "AWS::EKS::Cluster", "AWS::EC2::VPC", "AWS::EC2::VPCCidrBlock"
NODES, PODS = "RemoteNetworkConfig.RemoteNodeNetworks", "RemoteNetworkConfig.RemotePodNetworks"
HYBRID = template(
    {
        "Vpc": (VPC, {"CidrBlock": "10.0.0.0/16"}),
        "More": (MORE, {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "100.64.0.0/16"}),
        "Subnet": ("AWS::EC2::Subnet", {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.0.0/24"}),
        "Cluster": (
            CL,
            {
                "ResourcesVpcConfig": {"SubnetIds": [{"Ref": "Subnet"}]},
                "KubernetesNetworkConfig": {"ServiceIpv4Cidr": "172.20.0.0/16"},
                "RemoteNetworkConfig": {
                    "RemoteNodeNetworks": [{"Cidrs": ["192.168.0.0/24", "192.168.1.0/24"]}],
                    "RemotePodNetworks": [{"Cidrs": ["192.168.128.0/17"]}],
                },
            },
        ),
    }
)
NODE, POD = f"{NODES}.0.Cidrs.0", f"{PODS}.0.Cidrs.0"

CASE = Case(
    hybrid_ranges_apart,
    HYBRID,
    bad={
        "in the VPC": Bad(change(CL, NODE, "10.0.128.0/24"), NODE),
        "around the VPC": Bad(change(CL, POD, "10.0.0.0/8"), POD),
        "in a further range of the VPC": Bad(change(CL, POD, "100.64.1.0/24"), POD),
        "among services": Bad(change(CL, NODE, "172.20.1.0/24"), NODE),
        "pods among nodes": Bad(change(CL, POD, "192.168.1.0/25"), POD),
        "nodes twice": Bad(change(CL, f"{NODES}.0.Cidrs.1", "192.168.0.0/25"), f"{NODES}.0.Cidrs.1"),
    },
    edge={
        "nothing remote": drop(CL, "RemoteNetworkConfig"),
        "hidden": hide(CL, NODE),
        "no range": change(CL, NODE, "everywhere"),
        "services as EKS chooses": drop(CL, "KubernetesNetworkConfig"),
        "a VPC elsewhere": change(CL, "ResourcesVpcConfig.SubnetIds", ["subnet-0123456789abcdef0"]),
        "subnets that are hidden": change(CL, "ResourcesVpcConfig", {"Ref": "P"}),
    },
)
