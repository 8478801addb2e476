"""A cluster with every kind of role that EKS resources are given: what the cases of its controls are made of."""

from tests.controls.access.base import MANAGED, ROLE, TRUST, admits, document, sub
from tests.controls.cases import template

ENTRY = "AWS::EKS::AccessEntry"
ASSOCIATION = "AWS::EKS::PodIdentityAssociation"
ADDON = "AWS::EKS::Addon"
CAPABILITY = "AWS::EKS::Capability"
CLUSTER = "AWS::EKS::Cluster"
FARGATE = "AWS::EKS::FargateProfile"
NODEGROUP = "AWS::EKS::Nodegroup"
POLICY = "arn:aws:eks::aws:cluster-access-policy/"
OWN = sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/team/dev")
ONE, OTHER = "arn:aws:iam::111122223333:role/one", "arn:aws:iam::999988887777:role/other"


def arn(name):
    return {"Fn::GetAtt": [name, "Arn"]}


def taken_by(service, *actions):
    return (ROLE, {TRUST: document(admits({"Service": service}, list(actions) or "sts:AssumeRole"))})


ROLES = template(
    {
        "ClusterRole": taken_by("eks.amazonaws.com"),
        "NodeRole": taken_by("ec2.amazonaws.com"),
        "FargateRole": taken_by("eks-fargate-pods.amazonaws.com"),
        "PodRole": taken_by("pods.eks.amazonaws.com", "sts:AssumeRole", "sts:TagSession"),
        "CapabilityRole": taken_by("capabilities.eks.amazonaws.com"),
        "NotARole": (MANAGED, {"PolicyDocument": document()}),
        "Cluster": (CLUSTER, {"Name": "one", "RoleArn": arn("ClusterRole")}),
        "Nodes": (NODEGROUP, {"ClusterName": "one", "NodeRole": arn("NodeRole"), "Subnets": []}),
        "Fargate": (FARGATE, {"ClusterName": "one", "PodExecutionRoleArn": arn("FargateRole")}),
        "Addon": (
            ADDON,
            {"AddonName": "vpc-cni", "ClusterName": "one",
             "PodIdentityAssociations": [{"RoleArn": arn("PodRole"), "ServiceAccount": "aws-node"}]},
        ),
        "Pod": (
            ASSOCIATION,
            {"ClusterName": "one", "Namespace": "a", "ServiceAccount": "b", "RoleArn": arn("PodRole")},
        ),
        "Capability": (CAPABILITY, {"ClusterName": "one", "Type": "ACK", "RoleArn": arn("CapabilityRole")}),
        "Entry": (
            ENTRY,
            {
                "ClusterName": "one",
                "PrincipalArn": OWN,
                "AccessPolicies": [
                    {
                        "PolicyArn": f"{POLICY}AmazonEKSEditPolicy",
                        "AccessScope": {"Type": "namespace", "Namespaces": ["payments"]},
                    }
                ],
            },
        ),
    },
    Parameters={"Stage": {"Type": "String"}, "Who": {"Type": "String"}},
    Conditions={"Whether": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
)  # fmt: skip
