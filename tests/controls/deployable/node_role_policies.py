from hardened_eks.controls.deployable import node_role_policies
from tests.controls.cases import Bad, Case, at, both, change, drop, template
from tests.controls import self_managed
from tests.controls.deployable.base import ROLE

IAM = "AWS::IAM::Role"
AWS = "arn:aws:iam::aws:policy/"
WORKER, PULL = f"{AWS}AmazonEKSWorkerNodePolicy", f"{AWS}AmazonEC2ContainerRegistryPullOnly"
NODES = template(
    {
        "Role": (IAM, {"AssumeRolePolicyDocument": {}, "ManagedPolicyArns": [WORKER, PULL]}),
        "Nodes": ("AWS::EKS::Nodegroup", {"NodeRole": {"Fn::GetAtt": ["Role", "Arn"]}}),
    }
)


def allowing(*actions, effect="Allow"):
    statement = {"Effect": effect, "Action": list(actions), "Resource": "*"}
    return {"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}


OWN = allowing("ec2:Describe*", "ecr:GetAuthorizationToken")

CASE = Case(
    node_role_policies,
    NODES,
    bad={
        **at(
            "NodeRole",
            {
                "no worker policy": change(IAM, "ManagedPolicyArns", [PULL]),
                "no images": change(IAM, "ManagedPolicyArns", [WORKER]),
                "nothing": drop(IAM, "ManagedPolicyArns"),
                "another": change(IAM, "ManagedPolicyArns", [f"{AWS}AmazonSSMManagedInstanceCore", WORKER]),
                "denied": both(
                    drop(IAM, "ManagedPolicyArns"),
                    change(IAM, "Policies", [allowing("ec2:*", "ecr:*", effect="Deny")]),
                ),
            },
        ),
        "self-managed nodes": Bad(
            lambda _: self_managed.set_on("Role", "ManagedPolicyArns", [PULL])(self_managed.NODES),
            "MixedInstancesPolicy",
        ),
        "self-managed nodes with a launch configuration": Bad(
            lambda _: self_managed.set_on("Role", "ManagedPolicyArns", [PULL])(self_managed.older(self_managed.NODES)),
            "LaunchConfigurationName",
        ),
        "nodes of Auto Mode": Bad(
            template(
                {
                    "Role": (IAM, {"ManagedPolicyArns": [PULL]}),
                    "Cluster": (
                        "AWS::EKS::Cluster",
                        {"ComputeConfig": {"NodeRoleArn": {"Fn::GetAtt": ["Role", "Arn"]}}},
                    ),
                }
            ),
            "ComputeConfig.NodeRoleArn",
        ),
    },
    edge={
        "self-managed nodes": self_managed.NODES,
        "own policy": both(drop(IAM, "ManagedPolicyArns"), change(IAM, "Policies", [OWN])),
        "attached": template(
            {
                **NODES["Resources"],
                "Role": (IAM, {"AssumeRolePolicyDocument": {}}),
                "Policy": ("AWS::IAM::Policy", {**OWN, "Roles": [{"Ref": "Role"}]}),
            }
        ),
        "read-only images": change(IAM, "ManagedPolicyArns", [WORKER, f"{AWS}AmazonEC2ContainerRegistryReadOnly"]),
        "minimal worker": change(IAM, "ManagedPolicyArns", [f"{AWS}AmazonEKSWorkerNodeMinimalPolicy", PULL]),
        "partition": change(
            IAM, "ManagedPolicyArns.0", {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AmazonEKSWorkerNodePolicy"}
        ),
        "company's policy": change(IAM, "ManagedPolicyArns", ["arn:aws:iam::123456789012:policy/nodes"]),
        "hidden": change(IAM, "ManagedPolicyArns", {"Ref": "Policies"}),
        "foreign role": change("AWS::EKS::Nodegroup", "NodeRole", ROLE),
    },
)
