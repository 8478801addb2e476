"""What the cases of the nodes area are made of."""

import base64
import copy

from hardened_eks.data.kubernetes import supported
from tests.controls.cases import both, change, drop, template

GROUP = "AWS::EKS::Nodegroup"
LT = "AWS::EC2::LaunchTemplate"
INSTANCE = "AWS::EC2::Instance"
ASG = "AWS::AutoScaling::AutoScalingGroup"
LC = "AWS::AutoScaling::LaunchConfiguration"
ROLE = "AWS::IAM::Role"
POLICY = "AWS::IAM::Policy"
VOLUME = "AWS::EC2::Volume"
DATA = "LaunchTemplateData"
DEVICES = "LaunchTemplateData.BlockDeviceMappings"
METADATA = "LaunchTemplateData.MetadataOptions"
NO_VALUE = {"Ref": "AWS::NoValue"}
KEY = {"Fn::GetAtt": ["Key", "Arn"]}
EVENTS = [f"autoscaling:EC2_INSTANCE_{event}" for event in ("LAUNCH", "LAUNCH_ERROR", "TERMINATE", "TERMINATE_ERROR")]
OVERRIDES = "MixedInstancesPolicy.LaunchTemplate.Overrides"


def chosen(value, otherwise=NO_VALUE):
    """A value that depends on a condition that nobody knows."""
    return {"Fn::If": ["Unknown", value, otherwise]}


def aws(policy):
    return {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, f":iam::aws:policy/{policy}"]]}


def plus(**resources):
    """Add resources: ``plus(Extra=(type, properties))``."""

    def mutate(body):
        return {**body, "Resources": {**copy.deepcopy(body["Resources"]), **template(resources)["Resources"]}}

    return mutate


def disk(**ebs):
    return {"DeviceName": "/dev/xvda", "Ebs": {"VolumeType": "gp3", **ebs}}


GOOD = template(
    {
        "Key": ("AWS::KMS::Key", {}),
        "Vpc": ("AWS::EC2::VPC", {}),
        "Subnet": ("AWS::EC2::Subnet", {"VpcId": {"Ref": "Vpc"}, "MapPublicIpOnLaunch": False}),
        "Table": ("AWS::EC2::RouteTable", {"VpcId": {"Ref": "Vpc"}}),
        "Association": (
            "AWS::EC2::SubnetRouteTableAssociation",
            {"SubnetId": {"Ref": "Subnet"}, "RouteTableId": {"Ref": "Table"}},
        ),
        "Gateway": ("AWS::EC2::InternetGateway", {}),
        "Role": (
            ROLE,
            {
                "RoleName": "nodes",
                "ManagedPolicyArns": [
                    aws("AmazonEKSWorkerNodePolicy"),
                    aws("AmazonEC2ContainerRegistryPullOnly"),
                ],
            },
        ),
        "Template": (
            LT,
            {
                "LaunchTemplateName": "nodes",
                "LaunchTemplateData": {
                    "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
                    "BlockDeviceMappings": [disk(Encrypted=True, KmsKeyId=KEY)],
                    "NetworkInterfaces": [{"DeviceIndex": 0, "AssociatePublicIpAddress": False}],
                    "Monitoring": {"Enabled": True},
                    "UserData": base64.b64encode(b"[settings.kubernetes]\ncluster-name = 'one'\n").decode(),
                },
            },
        ),
        "Nodes": (
            GROUP,
            {
                "Version": supported()[-1],
                "AmiType": "BOTTLEROCKET_ARM_64",
                "InstanceTypes": ["m7g.large", "m7gd.large"],
                "NodeRole": {"Fn::GetAtt": ["Role", "Arn"]},
                "Subnets": [{"Ref": "Subnet"}],
                "LaunchTemplate": {"Id": {"Ref": "Template"}, "Version": "$Latest"},
            },
        ),
    }
)

PLAIN_GROUP = both(drop(GROUP, "LaunchTemplate"), drop(LT, ""))

SCALED = template(
    {
        "A": ("AWS::EC2::Subnet", {"AvailabilityZone": {"Fn::Select": [0, {"Fn::GetAZs": ""}]}}),
        "B": ("AWS::EC2::Subnet", {"AvailabilityZone": {"Fn::Select": [1, {"Fn::GetAZs": ""}]}}),
        "Template": (LT, {"LaunchTemplateData": {}}),
        "Group": (
            ASG,
            {
                "VPCZoneIdentifier": [{"Ref": "A"}, {"Ref": "B"}],
                "MixedInstancesPolicy": {
                    "LaunchTemplate": {
                        "LaunchTemplateSpecification": {"LaunchTemplateId": {"Ref": "Template"}},
                        "Overrides": [{"InstanceType": "m7g.large"}, {"InstanceType": "m6g.large"}],
                    }
                },
                "TargetGroupARNs": ["arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/x/1"],
                "HealthCheckType": "ELB",
                "NotificationConfigurations": [{"TopicARN": {"Ref": "Topic"}, "NotificationTypes": EVENTS}],
                "Tags": [{"Key": "owner", "Value": "x", "PropagateAtLaunch": True}],
            },
        ),
    }
)

HOST = template(
    {
        "Host": (
            INSTANCE,
            {
                "InstanceType": "m7g.large",
                "DisableApiTermination": True,
                "EbsOptimized": True,
                "SubnetId": {"Ref": "Subnet"},
                "Monitoring": True,
            },
        )
    }
)

INHERITING = template(
    {
        "Template": (
            LT,
            {
                "LaunchTemplateName": "admin",
                "LaunchTemplateData": {
                    "InstanceType": "m7g.large",
                    "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
                    "BlockDeviceMappings": [disk(Encrypted=True, KmsKeyId=KEY)],
                    "Monitoring": {"Enabled": True},
                    "DisableApiTermination": True,
                    "EbsOptimized": "true",
                    "NetworkInterfaces": [{"SubnetId": {"Ref": "Subnet"}}],
                },
            },
        ),
        "Key": ("AWS::KMS::Key", {}),
        "Host": (INSTANCE, {"LaunchTemplate": {"LaunchTemplateId": {"Ref": "Template"}, "Version": "$Latest"}}),
    }
)


def instance(**properties):
    return template({"Host": (INSTANCE, properties)})


def configuration(**properties):
    return template({"Configuration": (LC, properties)})


def devices(*mappings):
    return change(LT, DEVICES, list(mappings))


def types(*names):
    return change(GROUP, "InstanceTypes", list(names))


def policies(*arns):
    return change(ROLE, "ManagedPolicyArns", list(arns))


def inline(*statements):
    return change(ROLE, "Policies", [{"PolicyName": "p", "PolicyDocument": {"Statement": list(statements)}}])


def may(*actions, resource="*"):
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource}


def attached(*statements):
    return plus(Extra=(POLICY, {"Roles": [{"Ref": "Role"}], "PolicyDocument": {"Statement": list(statements)}}))


def otherwise_used(*statements, **user):
    """The role with a policy, used by something other than the node group."""
    role = inline(*statements)
    return both(drop(GROUP, ""), both(role, plus(**user)))


def of_cluster(version):
    """The node group without a launch template or an image, of a cluster of a version."""
    cluster = plus(Cluster=("AWS::EKS::Cluster", {"Name": "one", "Version": version}))
    named = both(drop(GROUP, "AmiType"), change(GROUP, "ClusterName", {"Ref": "Cluster"}))
    return both(PLAIN_GROUP, both(cluster, named))


AL2023 = change(GROUP, "AmiType", "AL2023_ARM_64_STANDARD")(GOOD)
"""Nodes of an image that has one volume."""
BOTTLEROCKET = change(GROUP, "AmiType", "BOTTLEROCKET_x86_64")
