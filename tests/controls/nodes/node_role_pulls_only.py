from hardened_eks.controls.nodes import node_role_pulls_only
from tests.controls.cases import ITSELF, Bad, Case, at, both, change, drop, hide
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
        **at(
            "ManagedPolicyArns.0",
            {
                "power user": policies(aws("AmazonEC2ContainerRegistryPowerUser")),
                "all of ECR": policies("arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryFullAccess"),
                "administrator": policies(aws("AdministratorAccess")),
                "all but IAM": policies(aws("PowerUserAccess")),
                "in one case": policies(chosen(aws("AmazonEC2ContainerRegistryFullAccess"))),
            },
        ),
        **at(
            "Policies.0.PolicyDocument.Statement.0",
            {
                "push": inline(may("ecr:PutImage")),
                "any action": inline(may("*")),
                "any action of ECR": inline(may("ECR:*")),
                "wildcard": inline(may("ecr:Put*")),
                "delete": inline(may("ecr:BatchDeleteImage")),
                "administer": inline(may("ecr:SetRepositoryPolicy")),
                "all but": inline({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
            },
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
        **at(
            "Policies.0.PolicyDocument.Statement.0",
            {
                "role by name": both(
                    change(GROUP, "NodeRole", "arn:aws:iam::111122223333:role/x/nodes"), inline(may("ecr:PutImage"))
                ),
                "role in one case": both(
                    change(GROUP, "NodeRole", chosen({"Fn::GetAtt": ["Role", "Arn"]}, "arn:aws:iam::1:role/other")),
                    inline(may("ecr:PutImage")),
                ),
                "Auto Mode": otherwise_used(
                    may("ecr:PutImage"),
                    Cluster=("AWS::EKS::Cluster", {"ComputeConfig": {"NodeRoleArn": {"Fn::GetAtt": ["Role", "Arn"]}}}),
                ),
                "let in as a node": otherwise_used(
                    may("ecr:PutImage"),
                    Entry=(
                        "AWS::EKS::AccessEntry",
                        {"Type": "EC2_LINUX", "PrincipalArn": {"Fn::GetAtt": ["Role", "Arn"]}},
                    ),
                ),
            },
        ),
    },
    edge={
        "read only": policies(aws("AmazonEC2ContainerRegistryReadOnly")),
        "reading": inline(READ),
        "deny": inline({**may("ecr:PutImage"), "Effect": "Deny"}),
        "role of a person": both(
            otherwise_used(
                may("ecr:PutImage"),
                Entry=("AWS::EKS::AccessEntry", {"PrincipalArn": {"Fn::GetAtt": ["Role", "Arn"]}}),
            ),
            policies(),
        ),
        "role of nobody": both(both(drop(GROUP, ""), inline(may("ecr:*"))), policies()),
        "malformed": change(ROLE, "ManagedPolicyArns", {"a": 1}),
        "policies malformed": change(ROLE, "Policies", "x"),
    },
)
