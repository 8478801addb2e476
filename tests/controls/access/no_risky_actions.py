from hardened_eks.controls.access import no_risky_actions
from tests.controls.access.base import IDENTITIES, SAFE, everywhere, on, said, sub, where
from tests.controls.cases import Bad, Case

CASE = Case(
    no_risky_actions,
    IDENTITIES,
    bad={
        **everywhere(on("*", "iam:PutRolePolicy")),
        "everything": Bad(said(on("*", "*")), "PolicyDocument.Statement.0"),
        "by wildcard": Bad(said(on("*", "iam:Put*")), "PolicyDocument.Statement.0"),
        "in another case": Bad(said(on("*", "IAM:ATTACHROLEPOLICY")), "PolicyDocument.Statement.0"),
        "another version": Bad(said(on("*", "iam:SetDefaultPolicyVersion")), "PolicyDocument.Statement.0"),
        "rights of users": Bad(said(on("*", "iam:AttachUserPolicy")), "PolicyDocument.Statement.0"),
        "a way into clusters": Bad(
            said(on("*", ["eks:CreateAccessEntry", "eks:AssociateAccessPolicy"])), "PolicyDocument.Statement.0"
        ),
        "a pod's role": Bad(said(on("*", "eks:CreatePodIdentityAssociation")), "PolicyDocument.Statement.0"),
        "shells": Bad(said(on("*", "ssm:StartSession")), "PolicyDocument.Statement.0"),
        "commands": Bad(said(on("*", "ssm:SendCommand")), "PolicyDocument.Statement.0"),
        "all roles": Bad(
            said(on(sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*"), "sts:AssumeRole")),
            "PolicyDocument.Statement.0",
        ),
        "all secrets": Bad(
            said(on("arn:aws:secretsmanager:*:*:secret:*", "secretsmanager:GetSecretValue")),
            "PolicyDocument.Statement.0",
        ),
        "all secrets of a region": Bad(
            said(on("arn:aws:secretsmanager:eu-west-1:1:secret:*", "secretsmanager:GetSecretValue")),
            "PolicyDocument.Statement.0",
        ),
        "all clusters": Bad(
            said(on("arn:aws:eks:*:*:cluster/*", "eks:CreateAccessEntry")), "PolicyDocument.Statement.0"
        ),
        "all machines": Bad(
            said(on(["arn:aws:ssm:*:*:document/x", "arn:aws:ec2:eu-west-1:1:instance/*"], "ssm:SendCommand")),
            "PolicyDocument.Statement.0",
        ),
        "all parameters": Bad(
            said(on("arn:aws:ssm:eu-west-1:*:parameter/*", "ssm:GetParametersByPath")), "PolicyDocument.Statement.0"
        ),
        "all buckets": Bad(said(on("arn:aws:s3:::*/*")), "PolicyDocument.Statement.0"),
        "all but one": Bad(
            said({"Effect": "Allow", "Action": "sts:AssumeRole", "NotResource": "arn:aws:iam::1:role/x"}),
            "PolicyDocument.Statement.0",
        ),
        "all but one action": Bad(
            said({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}), "PolicyDocument.Statement.0"
        ),
        "a condition that says nothing": Bad(
            said(on("*", "sts:AssumeRole", **where(Bool={"aws:SecureTransport": "true"}))), "PolicyDocument.Statement.0"
        ),
    },
    edge={
        **SAFE,
        "on named resources": said(
            on("arn:aws:iam::111122223333:role/payments", ["iam:PutRolePolicy", "sts:AssumeRole"]),
            on("arn:aws:secretsmanager:eu-west-1:1:secret:payments-*", "secretsmanager:GetSecretValue"),
            on("arn:aws:ssm:eu-west-1:1:parameter/payments/*", "ssm:GetParameter"),
        ),
        "what a stack makes": said(
            on(
                sub("arn:${AWS::Partition}:eks:${AWS::Region}:${AWS::AccountId}:*"),
                ["eks:CreateCluster", "eks:CreateAccessEntry"],
            )
        ),
        "harmless ones": said(on("*", ["ec2:DescribeVpcs", "iam:ListRoles", "sts:GetCallerIdentity"])),
        "in one's organization": said(on("*", "sts:AssumeRole", **where(StringEquals={"aws:ResourceOrgID": "o-1"}))),
    },
)
