"""What the cases of the network area are made of."""

import copy

from tests.controls.cases import add, both, template, without

VPC = "AWS::EC2::VPC"
SUBNET = "AWS::EC2::Subnet"
EP = "AWS::EC2::VPCEndpoint"
ROUTE = "AWS::EC2::Route"
CL = "AWS::EKS::Cluster"
NG = "AWS::EKS::Nodegroup"
ADDON = "AWS::EKS::Addon"
ENTRY = "AWS::EC2::NetworkAclEntry"

SERVICES = (
    "ecr.api",
    "ecr.dkr",
    "ec2",
    "eks-auth",
    "eks",
    "sts",
    "logs",
    "ssm",
    "ssmmessages",
    "secretsmanager",
    "ssm-contacts",
    "ssm-incidents",
    "elasticloadbalancing",
    "autoscaling",
    "guardduty-data",
)


def name(service):
    return {"Fn::Join": ["", ["com.amazonaws.", {"Ref": "AWS::Region"}, f".{service}"]]}


def logical(service):
    return "".join(part.capitalize() for part in service.replace("-", ".").split("."))


def endpoint(service, **more):
    return EP, {
        "VpcId": {"Ref": "Vpc"},
        "ServiceName": name(service),
        "VpcEndpointType": "Interface",
        "PrivateDnsEnabled": True,
        "SubnetIds": [{"Ref": "A"}, {"Ref": "B"}],
        **more,
    }


def allow(action="s3:GetObject", resource="*", principal="*", **condition):
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement | ({"Condition": condition} if condition else {})]}


ACCOUNT = {"Ref": "AWS::AccountId"}
OURS = allow("*", StringEquals={"aws:PrincipalAccount": ACCOUNT, "aws:ResourceAccount": ACCOUNT})

HOME = template(
    {
        "Vpc": (VPC, {"CidrBlock": "10.0.0.0/16"}),
        "A": (SUBNET, {"VpcId": {"Ref": "Vpc"}, "AvailabilityZone": {"Fn::Select": [0, {"Fn::GetAZs": ""}]}}),
        "B": (SUBNET, {"VpcId": {"Ref": "Vpc"}, "AvailabilityZone": {"Fn::Select": [1, {"Fn::GetAZs": ""}]}}),
        "Table": ("AWS::EC2::RouteTable", {"VpcId": {"Ref": "Vpc"}}),
        "ToA": ("AWS::EC2::SubnetRouteTableAssociation", {"SubnetId": {"Ref": "A"}, "RouteTableId": {"Ref": "Table"}}),
        "Cluster": (CL, {"ResourcesVpcConfig": {"SubnetIds": [{"Ref": "A"}, {"Ref": "B"}]}}),
        "Agent": (ADDON, {"ClusterName": {"Ref": "Cluster"}, "AddonName": "eks-pod-identity-agent"}),
        "Guard": (ADDON, {"ClusterName": {"Ref": "Cluster"}, "AddonName": "aws-guardduty-agent"}),
        "Balancer": (
            "AWS::IAM::Role",
            {
                "AssumeRolePolicyDocument": {
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "pods.eks.amazonaws.com"},
                            "Action": ["sts:AssumeRole", "sts:TagSession"],
                        }
                    ]
                },
                "Policies": [
                    {
                        "PolicyName": "p",
                        "PolicyDocument": {
                            "Statement": [
                                {
                                    "Effect": "Allow",
                                    "Action": [
                                        "elasticloadbalancing:CreateLoadBalancer",
                                        "autoscaling:SetDesiredCapacity",
                                    ],
                                    "Resource": "*",
                                }
                            ]
                        },
                    }
                ],
            },
        ),
        "Secret": ("AWS::SecretsManager::Secret", {}),
        "Contact": ("AWS::SSMContacts::Contact", {}),
        "Plan": ("AWS::SSMIncidents::ResponsePlan", {}),
        "S3": (
            EP,
            {
                "VpcId": {"Ref": "Vpc"},
                "ServiceName": name("s3"),
                "VpcEndpointType": "Gateway",
                "RouteTableIds": [{"Ref": "Table"}],
                "PolicyDocument": OURS,
            },
        ),
        **{logical(s): endpoint(s, PolicyDocument=OURS) for s in SERVICES},
    }
)


def edit(name, **properties):
    """Set properties of one resource; None takes one out."""

    def mutate(body):
        changed = copy.deepcopy(body)
        mine = changed["Resources"][name].setdefault("Properties", {})
        for key, value in properties.items():
            mine.pop(key, None)
            if value is not None:
                mine[key] = value
        return changed

    return mutate


def lost(service):
    """Every way in which a VPC comes to be without a usable endpoint."""
    return {
        "removed": without(logical(service)),
        "another service": edit(logical(service), ServiceName=name("kms")),
        "no private DNS": edit(logical(service), PrivateDnsEnabled=None),
        "private DNS hidden": edit(logical(service), PrivateDnsEnabled={"Ref": "Dns"}),
        "in another VPC": both(add(Other=(VPC, {})), edit(logical(service), VpcId={"Ref": "Other"})),
        "name hidden": edit(logical(service), ServiceName={"Ref": "Service"}),
        "seen from the node group": both(
            without(logical(service), "Cluster"), add(Nodes=(NG, {"Subnets": [{"Ref": "A"}]}))
        ),
    }


def fine(service):
    return {
        "FIPS": edit(logical(service), ServiceName=name(f"{service}-fips")),
        "no cluster": without("Cluster", logical(service)),
        "cluster in an imported VPC": both(
            edit("Cluster", ResourcesVpcConfig={"SubnetIds": ["subnet-1"]}), without(logical(service))
        ),
        "name by region": edit(logical(service), ServiceName=f"com.amazonaws.eu-west-1.{service}"),
    }
