from hardened_eks.controls.deployable import roles_trust_their_users
from tests.controls.cases import Bad, Case, at, change, template
from tests.controls.deployable.base import ROLE

IAM = "AWS::IAM::Role"
TRUST = "AssumeRolePolicyDocument.Statement"


def trusting(*services, actions=("sts:AssumeRole",)):
    statement = {"Effect": "Allow", "Principal": {"Service": list(services)}, "Action": list(actions)}
    return (IAM, {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}})


def using(user, path, role, **properties):
    """Return a template of one user with its role at `path`."""
    given = {"Fn::GetAtt": ["Role", "Arn"]}
    made = template({"Role": role, "User": (user, properties)})
    return change(user, path, [given] if path == "Roles" else given)(made)


POD = "pods.eks.amazonaws.com"
BOTH = ("sts:AssumeRole", "sts:TagSession")
ADDON = {"PodIdentityAssociations": [{"ServiceAccount": "aws-node"}]}
USERS = {
    "cluster": ("AWS::EKS::Cluster", "RoleArn", {}),
    "nodes of Auto Mode": ("AWS::EKS::Cluster", "ComputeConfig.NodeRoleArn", {}),
    "node group": ("AWS::EKS::Nodegroup", "NodeRole", {}),
    "fargate": ("AWS::EKS::FargateProfile", "PodExecutionRoleArn", {}),
    "pod": ("AWS::EKS::PodIdentityAssociation", "RoleArn", {}),
    "capability": ("AWS::EKS::Capability", "RoleArn", {}),
    "flow log": ("AWS::EC2::FlowLog", "DeliverLogsPermissionArn", {}),
    "trail": ("AWS::CloudTrail::Trail", "CloudWatchLogsRoleArn", {}),
}
OUTPOST = {"OutpostConfig": {"OutpostArns": ["arn:aws:outposts:eu-west-1:111122223333:outpost/op-1"]}}
NEITHER = trusting("lambda.amazonaws.com", actions=BOTH)

CASE = Case(
    roles_trust_their_users,
    using("AWS::EKS::Cluster", "RoleArn", trusting("eks.amazonaws.com")),
    bad={
        **{name: Bad(using(user, path, NEITHER, **more), path) for name, (user, path, more) in USERS.items()},
        "on an Outpost": Bad(
            using("AWS::EKS::Cluster", "RoleArn", trusting("eks.amazonaws.com"), **OUTPOST), "RoleArn"
        ),
        "add-on": Bad(
            using("AWS::EKS::Addon", "PodIdentityAssociations.0.RoleArn", NEITHER, **ADDON),
            "PodIdentityAssociations.0.RoleArn",
        ),
        "profile of instances": Bad(using("AWS::IAM::InstanceProfile", "Roles", NEITHER), "Roles.0"),
        "no tags": Bad(
            using("AWS::EKS::Addon", "PodIdentityAssociations.0.RoleArn", trusting(POD), **ADDON),
            "PodIdentityAssociations.0.RoleArn",
        ),
        **at(
            "RoleArn",
            {
                "an account, not the service": change(
                    IAM, f"{TRUST}.0.Principal", {"AWS": "arn:aws:iam::123456789012:root"}
                ),
                "denied": change(IAM, f"{TRUST}.0.Effect", "Deny"),
                "web identity": change(IAM, f"{TRUST}.0.Action", "sts:AssumeRoleWithWebIdentity"),
            },
        ),
    },
    edge={
        "on an Outpost": using("AWS::EKS::Cluster", "RoleArn", trusting("ec2.amazonaws.com"), **OUTPOST),
        "China": change(IAM, f"{TRUST}.0.Principal.Service", "eks.amazonaws.com.cn"),
        "suffix of the partition": change(IAM, f"{TRUST}.0.Principal.Service", {"Fn::Sub": "eks.${AWS::URLSuffix}"}),
        "hidden": change(IAM, "AssumeRolePolicyDocument", {"Ref": "Document"}),
        "hidden principal": change(IAM, f"{TRUST}.0.Principal.Service", {"Ref": "Service"}),
        "wildcard": change(IAM, f"{TRUST}.0.Action", "sts:*"),
        "foreign role": change("AWS::EKS::Cluster", "RoleArn", ROLE),
        "pod with tags": using("AWS::EKS::PodIdentityAssociation", "RoleArn", trusting(POD, actions=BOTH)),
        "two services": using("AWS::EKS::Nodegroup", "NodeRole", trusting("ssm.amazonaws.com", "ec2.amazonaws.com")),
    },
)
