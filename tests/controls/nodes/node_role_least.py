from hardened_eks.controls.nodes import node_role_least
from tests.controls import self_managed
from tests.controls.cases import Bad, Case, ITSELF, at, both, change, drop, hide, template, without
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

CACHE = may("ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")

CASE = Case(
    node_role_least,
    GOOD,
    bad={
        "CNI": Bad(policies(aws("AmazonEKSWorkerNodePolicy"), aws("AmazonEKS_CNI_Policy")), "ManagedPolicyArns.1"),
        **at(
            "ManagedPolicyArns.0",
            {
                "CSI": policies("arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"),
                "CSI, tagged volumes only": policies(aws("AmazonEBSCSIDriverPolicyV2")),
                "administrator": policies(aws("AdministratorAccess")),
                "own policy elsewhere": policies("arn:aws:iam::111122223333:policy/team"),
                "policy in a parameter": hide(ROLE, "ManagedPolicyArns.0"),
            },
        ),
        "policies in a parameter": Bad(hide(ROLE, "ManagedPolicyArns"), "ManagedPolicyArns"),
        "in one case": Bad(policies(chosen(aws("AmazonEKS_CNI_Policy"))), "ManagedPolicyArns.0"),
        **at(
            "Policies.0.PolicyDocument.Statement.0",
            {
                "bucket": inline(may("s3:GetObject")),
                "one too many": inline(may("ec2:DescribeInstances", "ec2:TerminateInstances")),
                "everything": inline(may("*")),
                "all but": inline({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
                "parameters of SSM": inline(may("ssm:GetParameter")),
                "action hidden": inline({"Effect": "Allow", "Action": {"Ref": "Action"}, "Resource": "*"}),
            },
        ),
        "policy hidden": Bad(both(inline(), hide(ROLE, "Policies.0.PolicyDocument")), "Policies.0.PolicyDocument"),
        "attached": Bad(attached(may("sqs:*")), ITSELF),
        "managed policy here": Bad(
            both(
                plus(More=("AWS::IAM::ManagedPolicy", {"PolicyDocument": {"Statement": may("s3:*")}})),
                policies({"Ref": "More"}),
            ),
            "ManagedPolicyArns.0",
        ),
        "self-managed nodes without an entry": Bad(
            lambda _: both(
                without("Entry", "Drainer"), change(ROLE, "ManagedPolicyArns", [aws("AdministratorAccess")])
            )(self_managed.NODES),
            "ManagedPolicyArns.0",
        ),
        "the policy of a kubelet, and more": Bad(
            template(
                {
                    "Role": (
                        ROLE,
                        {"ManagedPolicyArns": [aws("AmazonEKSWorkerNodePolicy"), aws("AmazonEKS_CNI_Policy")]},
                    )
                }
            ),
            "ManagedPolicyArns.1",
        ),
        "Auto Mode": Bad(
            otherwise_used(
                may("s3:*"),
                Cluster=("AWS::EKS::Cluster", {"ComputeConfig": {"NodeRoleArn": {"Fn::GetAtt": ["Role", "Arn"]}}}),
            ),
            "Policies.0.PolicyDocument.Statement.0",
        ),
    },
    edge={
        "sessions": policies(aws("AmazonEKSWorkerNodeMinimalPolicy"), aws("AmazonSSMManagedInstanceCore")),
        "pull of some repositories": inline(CACHE),
        "sessions written out": inline(may("ssmmessages:OpenDataChannel", "ssm:UpdateInstanceInformation")),
        "describe": inline(may("ec2:Describe*", "eks:DescribeCluster")),
        "deny": inline({**may("s3:*"), "Effect": "Deny"}),
        "harmless policy here": both(
            plus(More=("AWS::IAM::ManagedPolicy", {"PolicyDocument": {"Statement": may("ec2:DescribeTags")}})),
            policies({"Ref": "More"}),
        ),
        "role of nobody": both(both(drop(GROUP, ""), inline(may("s3:*"))), policies()),
        "in China": policies("arn:aws-cn:iam::aws:policy/AmazonEKSWorkerNodePolicy"),
    },
)
