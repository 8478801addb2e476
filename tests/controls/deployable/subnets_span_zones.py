from hardened_eks.controls.deployable import subnets_span_zones
from tests.controls.cases import Bad, Case, at, change, template
from tests.controls.deployable.base import CL, cluster


def subnets(*zones):
    resources = {
        f"Subnet{n}": ("AWS::EC2::Subnet", {"AvailabilityZone": z, "VpcId": "vpc-1"}) for n, z in enumerate(zones)
    }
    ids = [{"Ref": name} for name in resources]
    return template({**resources, "Cluster": (CL, {"ResourcesVpcConfig": {"SubnetIds": ids}})})


def az(index):
    return {"Fn::Select": [index, {"Fn::GetAZs": ""}]}


CASE = Case(
    subnets_span_zones,
    subnets(az(0), az(1), az(2)),
    bad={
        **at(
            "ResourcesVpcConfig.SubnetIds",
            {
                "one zone": subnets(az(0), az(0)),
                "one zone, written in two ways": subnets(
                    az(0), az("0"), {"Fn::Select": [0, {"Fn::GetAZs": {"Ref": "AWS::Region"}}]}
                ),
                "one named zone": subnets("eu-west-1a", "eu-west-1a"),
                "one subnet": subnets(az(0)),
                "one literal subnet": cluster(ResourcesVpcConfig={"SubnetIds": ["subnet-1"]}),
                "one import": cluster(ResourcesVpcConfig={"SubnetIds": [{"Fn::ImportValue": "Subnet"}]}),
                "one parameter": template(
                    {"Cluster": (CL, {"ResourcesVpcConfig": {"SubnetIds": [{"Ref": "Subnet"}]}})},
                    Parameters={"Subnet": {"Type": "AWS::EC2::Subnet::Id"}},
                ),
            },
        ),
        "refused zone": Bad(
            change("AWS::EC2::Subnet", "AvailabilityZoneId", "use1-az3"),
            "ResourcesVpcConfig.SubnetIds.0",
            "ResourcesVpcConfig.SubnetIds.1",
            "ResourcesVpcConfig.SubnetIds.2",
        ),
    },
    edge={
        "named zones": subnets("eu-west-1a", "eu-west-1b"),
        "elsewhere": cluster(ResourcesVpcConfig={"SubnetIds": ["subnet-1", "subnet-2"]}),
        "parameter": cluster(ResourcesVpcConfig={"SubnetIds": {"Ref": "Subnets"}}),
        "on an Outpost": cluster(
            OutpostConfig={"OutpostArns": ["arn"]}, ResourcesVpcConfig={"SubnetIds": ["subnet-1"]}
        ),
        "imported list": cluster(
            ResourcesVpcConfig={"SubnetIds": {"Fn::Split": [",", {"Fn::ImportValue": "Subnets"}]}}
        ),
        "list in a list": template(
            {"Cluster": (CL, {"ResourcesVpcConfig": {"SubnetIds": [{"Ref": "Subnets"}]}})},
            Parameters={"Subnets": {"Type": "CommaDelimitedList"}},
        ),
    },
)
