from hardened_eks.controls.access import no_risky_actions
from tests.controls.access.base import IDENTITIES, MEETS_ANY_CALL, OF_THE_HOLDER, SAFE, everywhere, on, said, sub, where
from tests.controls.cases import Case, at

CASE = Case(
    no_risky_actions,
    IDENTITIES,
    bad={
        **everywhere(on("*", "iam:PutRolePolicy")),
        **at(
            "PolicyDocument.Statement.0",
            {
                "everything": said(on("*", "*")),
                "by wildcard": said(on("*", "iam:Put*")),
                "in another case": said(on("*", "IAM:ATTACHROLEPOLICY")),
                "another version": said(on("*", "iam:SetDefaultPolicyVersion")),
                "rights of users": said(on("*", "iam:AttachUserPolicy")),
                "a way into clusters": said(on("*", ["eks:CreateAccessEntry", "eks:AssociateAccessPolicy"])),
                "a pod's role": said(on("*", "eks:CreatePodIdentityAssociation")),
                **{
                    f"one more way: {action}": said(on("*", action))
                    for action in (
                        "iam:PutRolePermissionsBoundary",
                        "iam:UpdateSAMLProvider",
                        "eks:UpdateAccessEntry",
                        "eks:UpdatePodIdentityAssociation",
                        "kms:CreateGrant",
                        "lambda:UpdateFunctionConfiguration",
                        "ssm:GetParameterHistory",
                        "ssm:ResumeSession",
                    )
                },
                "keys for shells": said(on("arn:aws:ec2:*:*:instance/*", "ec2-instance-connect:SendSSHPublicKey")),
                "shells": said(on("*", "ssm:StartSession")),
                "commands": said(on("*", "ssm:SendCommand")),
                "all roles": said(on(sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*"), "sts:AssumeRole")),
                "all secrets": said(on("arn:aws:secretsmanager:*:*:secret:*", "secretsmanager:GetSecretValue")),
                "all secrets of a region": said(
                    on("arn:aws:secretsmanager:eu-west-1:1:secret:*", "secretsmanager:GetSecretValue")
                ),
                "all clusters": said(on("arn:aws:eks:*:*:cluster/*", "eks:CreateAccessEntry")),
                "all machines": said(
                    on(["arn:aws:ssm:*:*:document/x", "arn:aws:ec2:eu-west-1:1:instance/*"], "ssm:SendCommand")
                ),
                "all parameters": said(on("arn:aws:ssm:eu-west-1:*:parameter/*", "ssm:GetParametersByPath")),
                "all buckets": said(on("arn:aws:s3:::*/*")),
                "all but one": said(
                    {"Effect": "Allow", "Action": "sts:AssumeRole", "NotResource": "arn:aws:iam::1:role/x"}
                ),
                "all but one action": said({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}),
                **{
                    f"meets any call: {name}": said(on("*", "sts:AssumeRole", **where(**condition)))
                    for name, condition in {**MEETS_ANY_CALL, **OF_THE_HOLDER}.items()
                },
                "a policy if the call attaches one": said(
                    on(
                        "*",
                        ["iam:AttachRolePolicy", "iam:PutRolePolicy"],
                        **where(ArnLikeIfExists={"iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess"}),
                    )
                ),
                **{
                    f"a start of the kind: {resource}": said(on(f"arn:aws:{resource}", action))
                    for resource, action in (
                        ("ssm:eu-west-1:111122223333:parameter*", "ssm:GetParameter"),
                        ("secretsmanager:*:*:secret*", "secretsmanager:GetSecretValue"),
                        ("eks:*:*:cluster*", "eks:CreateAccessEntry"),
                        ("lambda:*:*:function*", "lambda:UpdateFunctionCode"),
                        ("ec2:*:*:instance*", "ssm:StartSession"),
                        ("iam::111122223333:r*", "iam:PutRolePolicy"),
                        ("s3*", "s3:GetObject"),
                        ("kms*", "kms:PutKeyPolicy"),
                    )
                },
                "in one region": said(
                    on("*", "iam:PutRolePolicy", **where(StringEquals={"aws:RequestedRegion": "us-east-1"}))
                ),
                "roots": said(on("*", "sts:AssumeRoot")),
                "roots of all accounts": said(on("arn:aws:iam::*:root", "sts:AssumeRoot")),
                "keys": said(on("arn:aws:kms:eu-west-1:111122223333:key/*", "kms:PutKeyPolicy")),
                "images of machines": said(on("arn:aws:ec2:eu-west-1::image/*", "ec2:ModifyImageAttribute")),
                "copies of databases": said(on("arn:aws:rds:*:*:snapshot:*", "rds:ModifyDBSnapshotAttribute")),
                "policies of buckets": said(on("arn:aws:s3:::*", "s3:PutBucketPolicy")),
                "policies of secrets": said(
                    on("arn:aws:secretsmanager:*:*:secret:*", "secretsmanager:PutResourcePolicy")
                ),
                "callers of functions": said(on("*", "lambda:AddPermission")),
                "snapshots": said(on("*", "ec2:ModifySnapshotAttribute")),
                "snapshots of a region": said(on("arn:aws:ec2:eu-west-1::snapshot/*", "ec2:ModifySnapshotAttribute")),
                "issuers": said(on("arn:aws:eks:*:*:cluster/*", "eks:AssociateIdentityProviderConfig")),
                "a condition that says nothing": said(
                    on("*", "sts:AssumeRole", **where(Bool={"aws:SecureTransport": "true"}))
                ),
            },
        ),
    },
    edge={
        **SAFE,
        "on named resources": said(
            on("arn:aws:iam::111122223333:role/payments", ["iam:PutRolePolicy", "sts:AssumeRole"]),
            on("arn:aws:secretsmanager:eu-west-1:1:secret:payments-*", "secretsmanager:GetSecretValue"),
            on("arn:aws:ssm:eu-west-1:1:parameter/payments/*", "ssm:GetParameter"),
        ),
        "what a stack makes, in one Region": said(
            on("*", "ec2:RunInstances", **where(StringEquals={"aws:RequestedRegion": "eu-west-1"}))
        ),
        "what a stack makes": said(
            on(
                sub("arn:${AWS::Partition}:eks:${AWS::Region}:${AWS::AccountId}:*"),
                ["eks:CreateCluster", "eks:CreateAccessEntry"],
            )
        ),
        "the root of one account": said(on("arn:aws:iam::111122223333:root", "sts:AssumeRoot")),
        "grants for services": said(on("*", "kms:CreateGrant", **where(Bool={"kms:GrantIsForAWSResource": "true"}))),
        "one key": said(on("arn:aws:kms:eu-west-1:111122223333:key/1234", "kms:PutKeyPolicy")),
        "keys of a team": said(on("*", "kms:PutKeyPolicy", **where(StringEquals={"aws:ResourceTag/team": "payments"}))),
        "harmless ones": said(on("*", ["ec2:DescribeVpcs", "iam:ListRoles", "sts:GetCallerIdentity"])),
        "one policy alone": said(
            on(
                "*",
                "iam:AttachRolePolicy",
                **where(ArnLikeIfExists={"iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess"}),
            )
        ),
        "names that begin like a kind": said(on("arn:aws:s3:::secret*", "s3:GetObject")),
    },
)
