"""Self-managed nodes and Fargate: what the cases of their controls, in several areas, are made of."""

import base64

from tests.controls.cases import both, change, template

ASG = "AWS::AutoScaling::AutoScalingGroup"
CL = "AWS::EKS::Cluster"
LT = "AWS::EC2::LaunchTemplate"
ENTRY = "AWS::EKS::AccessEntry"
ROLE = "AWS::IAM::Role"
PROFILE = "AWS::IAM::InstanceProfile"
RULE = "AWS::Events::Rule"
QUEUE = "AWS::SQS::Queue"
FARGATE = "AWS::EKS::FargateProfile"
ADDON = "AWS::EKS::Addon"
IMAGE = "LaunchTemplateData.ImageId"
TAG = {"Key": "kubernetes.io/cluster/one", "Value": "owned", "PropagateAtLaunch": True}
OVERRIDES = "MixedInstancesPolicy.LaunchTemplate.Overrides"
BOTTLEROCKET = "resolve:ssm:/aws/service/bottlerocket/aws-k8s-{}/{}/latest/image_id"
AL2023 = "{{{{resolve:ssm:/aws/service/eks/optimized-ami/{}/amazon-linux-2023/{}/standard/recommended/image_id}}}}"
AL2 = "resolve:ssm:/aws/service/eks/optimized-ami/1.32/{}/recommended/image_id"
SETTINGS = "[settings.kubernetes]\ncluster-name = 'one'\napi-server = 'https://x'\ncluster-certificate = 'Zm9v'\n"


def policy(name):
    return f"arn:aws:iam::aws:policy/{name}"


def trust(service):
    return {"Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]}


def encoded(text):
    return base64.b64encode(text.encode()).decode()


NODES = template(
    {
        "Cluster": (CL, {"Name": "one", "Version": "1.36", "AccessConfig": {"AuthenticationMode": "API"}}),
        "Role": (
            ROLE,
            {
                "AssumeRolePolicyDocument": trust("ec2.amazonaws.com"),
                "ManagedPolicyArns": [
                    policy("AmazonEKSWorkerNodePolicy"),
                    policy("AmazonEC2ContainerRegistryPullOnly"),
                ],
            },
        ),
        "Profile": (PROFILE, {"Roles": [{"Ref": "Role"}]}),
        "Entry": (
            ENTRY,
            {"ClusterName": {"Ref": "Cluster"}, "PrincipalArn": {"Fn::GetAtt": ["Role", "Arn"]}, "Type": "EC2_LINUX"},
        ),
        "Template": (
            LT,
            {
                "LaunchTemplateData": {
                    "ImageId": BOTTLEROCKET.format("1.36", "arm64"),
                    "IamInstanceProfile": {"Arn": {"Fn::GetAtt": ["Profile", "Arn"]}},
                    "NetworkInterfaces": [{"DeviceIndex": 0, "Groups": ["sg-1"]}],
                    "UserData": encoded(SETTINGS),
                }
            },
        ),
        "Group": (
            ASG,
            {
                "MinSize": "2",
                "MaxSize": "4",
                "MaxInstanceLifetime": 1_209_600,
                "InstanceMaintenancePolicy": {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 110},
                "LifecycleHookSpecificationList": [
                    {"LifecycleHookName": "drain", "LifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING"}
                ],
                "MixedInstancesPolicy": {
                    "LaunchTemplate": {
                        "LaunchTemplateSpecification": {
                            "LaunchTemplateId": {"Ref": "Template"},
                            "Version": {"Fn::GetAtt": ["Template", "LatestVersionNumber"]},
                        },
                        "Overrides": [{"InstanceType": "m7g.large"}, {"InstanceType": "m7gd.large"}],
                    }
                },
                "Tags": [TAG],
            },
        ),
        "Queue": (QUEUE, {}),
        "Rule": (
            RULE,
            {
                "EventPattern": {
                    "source": ["aws.autoscaling"],
                    "detail-type": ["EC2 Instance-terminate Lifecycle Action"],
                    "detail": {"AutoScalingGroupName": [{"Ref": "Group"}]},
                },
                "Targets": [{"Id": "Queue", "Arn": {"Fn::GetAtt": ["Queue", "Arn"]}}],
            },
        ),
        "Drainer": (
            "AWS::IAM::Role",
            {
                "AssumeRolePolicyDocument": trust("pods.eks.amazonaws.com"),
                "Policies": [
                    {
                        "PolicyName": "drain",
                        "PolicyDocument": {
                            "Statement": [
                                {"Effect": "Allow", "Action": "autoscaling:CompleteLifecycleAction", "Resource": "*"}
                            ]
                        },
                    }
                ],
            },
        ),
    }
)
"""Nodes whose life is bounded, and which something drains."""

FARGATE_ONLY = template(
    {
        "Cluster": (CL, {"Name": "one"}),
        "Profile": (FARGATE, {"ClusterName": {"Ref": "Cluster"}, "Selectors": [{"Namespace": "kube-system"}]}),
        "Dns": (
            ADDON,
            {
                "ClusterName": {"Ref": "Cluster"},
                "AddonName": "coredns",
                "ConfigurationValues": '{"computeType": "Fargate"}',
            },
        ),
    }
)


def set_on(name, path, value):
    """Set a property of one resource, by its logical id."""

    def mutate(body):
        part = {"Resources": {name: body["Resources"][name]}}
        changed = change(body["Resources"][name]["Type"], path, value)(part)
        return {**body, "Resources": {**body["Resources"], **changed["Resources"]}}

    return mutate


def older(body):
    """The nodes with a launch configuration."""
    group = body["Resources"]["Group"]
    kept = {key: value for key, value in group["Properties"].items() if key != "MixedInstancesPolicy"}
    settings = {"ImageId": "ami-1", "IamInstanceProfile": {"Ref": "Profile"}}
    return template(
        {
            **body["Resources"],
            "Older": ("AWS::AutoScaling::LaunchConfiguration", settings),
            "Group": {**group, "Properties": {**kept, "LaunchConfigurationName": {"Ref": "Older"}}},
        }
    )


def named(name, tag="one"):
    """The cluster and the tag of the nodes, by other names."""
    return both(change(CL, "Name", name), change(ASG, "Tags.0.Key", f"kubernetes.io/cluster/{tag}"))
