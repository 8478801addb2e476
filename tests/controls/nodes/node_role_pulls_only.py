from hardened_eks.controls.nodes import node_role_pulls_only
from tests.controls.cases import ITSELF, Bad, Case, both, change, drop, hide
from tests.controls.nodes.base import (
    GOOD,
    GROUP,
    ROLE,
    attached,
    aws,
    chosen,
    inline,
    may,
    otherwise_used,
    plus,
    policies,
)

READ = may("ecr:Get*", "ecr:BatchGetImage", "ecr:List*", "ecr:Describe*")

CASE = Case(
    node_role_pulls_only,
    GOOD,
    bad={
        "power user": Bad(policies(aws("AmazonEC2ContainerRegistryPowerUser")), "ManagedPolicyArns.0"),
        "all of ECR": Bad(
            policies("arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryFullAccess"), "ManagedPolicyArns.0"
        ),
        "administrator": Bad(policies(aws("AdministratorAccess")), "ManagedPolicyArns.0"),
        "all but IAM": Bad(policies(aws("PowerUserAccess")), "ManagedPolicyArns.0"),
        "in one case": Bad(policies(chosen(aws("AmazonEC2ContainerRegistryFullAccess"))), "ManagedPolicyArns.0"),
        "push": Bad(inline(may("ecr:PutImage")), "Policies.0.PolicyDocument.Statement.0"),
        "any action": Bad(inline(may("*")), "Policies.0.PolicyDocument.Statement.0"),
        "any action of ECR": Bad(inline(may("ECR:*")), "Policies.0.PolicyDocument.Statement.0"),
        "wildcard": Bad(inline(may("ecr:Put*")), "Policies.0.PolicyDocument.Statement.0"),
        "delete": Bad(inline(may("ecr:BatchDeleteImage")), "Policies.0.PolicyDocument.Statement.0"),
        "administer": Bad(inline(may("ecr:SetRepositoryPolicy")), "Policies.0.PolicyDocument.Statement.0"),
        "all but": Bad(
            inline({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}), "Policies.0.PolicyDocument.Statement.0"
        ),
        "attached": Bad(attached(may("ecr:PutImage")), ITSELF),
        "managed policy here": Bad(
            both(
                plus(Push=("AWS::IAM::ManagedPolicy", {"PolicyDocument": {"Statement": may("ecr:PutImage")}})),
                policies({"Ref": "Push"}),
            ),
            "ManagedPolicyArns.0",
        ),
        "policy hidden": Bad(both(inline(), hide(ROLE, "Policies.0.PolicyDocument")), "Policies.0.PolicyDocument"),
        "role by name": Bad(
            both(change(GROUP, "NodeRole", "arn:aws:iam::111122223333:role/x/nodes"), inline(may("ecr:PutImage"))),
            "Policies.0.PolicyDocument.Statement.0",
        ),
        "role in one case": Bad(
            both(
                change(GROUP, "NodeRole", chosen({"Fn::GetAtt": ["Role", "Arn"]}, "arn:aws:iam::1:role/other")),
                inline(may("ecr:PutImage")),
            ),
            "Policies.0.PolicyDocument.Statement.0",
        ),
        "Auto Mode": Bad(
            otherwise_used(
                may("ecr:PutImage"),
                Cluster=("AWS::EKS::Cluster", {"ComputeConfig": {"NodeRoleArn": {"Fn::GetAtt": ["Role", "Arn"]}}}),
            ),
            "Policies.0.PolicyDocument.Statement.0",
        ),
        "let in as a node": Bad(
            otherwise_used(
                may("ecr:PutImage"),
                Entry=("AWS::EKS::AccessEntry", {"Type": "EC2_LINUX", "PrincipalArn": {"Fn::GetAtt": ["Role", "Arn"]}}),
            ),
            "Policies.0.PolicyDocument.Statement.0",
        ),
    },
    edge={
        "read only": policies(aws("AmazonEC2ContainerRegistryReadOnly")),
        "reading": inline(READ),
        "deny": inline({**may("ecr:PutImage"), "Effect": "Deny"}),
        "role of a person": otherwise_used(
            may("ecr:PutImage"),
            Entry=("AWS::EKS::AccessEntry", {"PrincipalArn": {"Fn::GetAtt": ["Role", "Arn"]}}),
        ),
        "role of nobody": both(drop(GROUP, ""), inline(may("ecr:*"))),
        "malformed": change(ROLE, "ManagedPolicyArns", {"a": 1}),
        "policies malformed": change(ROLE, "Policies", "x"),
    },
)
