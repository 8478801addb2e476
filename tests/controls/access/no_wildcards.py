from hardened_eks.controls.access import no_wildcards
from tests.controls.access.boundary_only_bounds import BOUNDED
from tests.controls.access.base import IDENTITIES, MEETS_ANY_CALL, SAFE, everywhere, on, said, sub, where
from tests.controls.cases import Bad, Case, at

CASE = Case(
    no_wildcards,
    IDENTITIES,
    bad={
        **everywhere(on("*", "sqs:SendMessage"), ".Resource"),
        **at(
            "PolicyDocument.Statement.0.Resource",
            {
                "a secret's value": said(on("*", ["secretsmanager:ListSecrets", "secretsmanager:GetSecretValue"])),
                "creates beside a snapshot that can be named": said(on("*", "ec2:CreateVolume")),
                "settings that show secrets": said(on("*", "cognito-idp:DescribeUserPoolClient")),
                "a pattern of more": said(on("*", "secretsmanager:List*")),
                "among others": said(on(["arn:aws:sqs:eu-west-1:1:x", "*"], ["ec2:DescribeVpcs", "sqs:SendMessage"])),
                "every resource of a service": said(on("arn:aws:sqs:*:*:*", "sqs:SendMessage")),
                "every bucket": said(on("arn:aws:s3:::*")),
                "every object": said(on("arn:aws:s3:::*/*")),
                "every one, joined": said(
                    on(sub("arn:${AWS::Partition}:sqs:*:${AWS::AccountId}:*"), "sqs:SendMessage")
                ),
            },
        ),
        "all but one resource": Bad(
            said({"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::x"}),
            "PolicyDocument.Statement.0.NotResource",
        ),
        "all but one action": Bad(
            said({"Effect": "Allow", "NotAction": "iam:*", "Resource": "arn:aws:s3:::x"}),
            "PolicyDocument.Statement.0.NotAction",
        ),
        "all but one action, on a condition": Bad(
            said(
                {
                    "Effect": "Allow",
                    "NotAction": "iam:*",
                    "Resource": "*",
                    **where(Bool={"aws:MultiFactorAuthPresent": "true"}),
                }
            ),
            "PolicyDocument.Statement.0.NotAction",
        ),
        **at(
            "PolicyDocument.Statement.0.Resource",
            {
                "a condition that says nothing": said(
                    on("*", "sqs:SendMessage", **where(Bool={"aws:SecureTransport": "true"}))
                ),
                "a condition on anything": said(
                    on("*", "sqs:SendMessage", **where(StringLike={"aws:ResourceTag/team": "*"}))
                ),
                **{
                    f"meets any call: {name}": said(on("*", "sqs:SendMessage", **where(**condition)))
                    for name, condition in MEETS_ANY_CALL.items()
                },
                "a condition of nothing": said(on("*", "sqs:SendMessage", **where(StringEquals={}))),
            },
        ),
    },
    edge={
        "a permissions boundary": BOUNDED,
        **SAFE,
        "actions that know no resource": said(
            on("*", ["ec2:DescribeVpcs", "ecr:GetAuthorizationToken", "sts:GetCallerIdentity", "ec2:Describe*"])
        ),
        "actions that know none, of any service": said(
            on(
                "*",
                ["pricing:GetProducts", "secretsmanager:ListSecrets", "ec2:RunScheduledInstances", "Tag:GetTagKeys"],
            )
        ),
        "creates only what EC2 gives an ID": said(on("*", ["ec2:CreateInternetGateway", "ec2:createdhcpoptions"])),
        "patterns of actions that know none": said(on("*", ["pricing:*", "autoscaling:DescribeAuto*"])),
        "by a tag": said(on("*", "sqs:SendMessage", **where(StringEquals={"aws:ResourceTag/team": "payments"}))),
        "in one region, by ARN": said(
            on(sub("arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:*"), "sqs:SendMessage")
        ),
        "in one region": said(on("*", "sqs:SendMessage", **where(StringEquals={"aws:RequestedRegion": "eu-west-1"}))),
        "by the start of a name": said(on("arn:aws:sqs:eu-west-1:111122223333:payments-*", "sqs:SendMessage")),
    },
)
