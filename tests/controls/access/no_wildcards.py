from hardened_eks.controls.access import no_wildcards
from tests.controls.access.base import IDENTITIES, SAFE, everywhere, on, said, sub, where
from tests.controls.cases import Bad, Case

CASE = Case(
    no_wildcards,
    IDENTITIES,
    bad={
        **everywhere(on("*", "sqs:SendMessage"), ".Resource"),
        "among others": Bad(
            said(on(["arn:aws:sqs:eu-west-1:1:x", "*"], ["ec2:DescribeVpcs", "sqs:SendMessage"])),
            "PolicyDocument.Statement.0.Resource",
        ),
        "every resource of a service": Bad(
            said(on("arn:aws:sqs:*:*:*", "sqs:SendMessage")), "PolicyDocument.Statement.0.Resource"
        ),
        "every bucket": Bad(said(on("arn:aws:s3:::*")), "PolicyDocument.Statement.0.Resource"),
        "every object": Bad(said(on("arn:aws:s3:::*/*")), "PolicyDocument.Statement.0.Resource"),
        "every one, joined": Bad(
            said(on(sub("arn:${AWS::Partition}:sqs:*:${AWS::AccountId}:*"), "sqs:SendMessage")),
            "PolicyDocument.Statement.0.Resource",
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
        "a condition that says nothing": Bad(
            said(on("*", "sqs:SendMessage", **where(Bool={"aws:SecureTransport": "true"}))),
            "PolicyDocument.Statement.0.Resource",
        ),
        "a condition on anything": Bad(
            said(on("*", "sqs:SendMessage", **where(StringLike={"aws:ResourceTag/team": "*"}))),
            "PolicyDocument.Statement.0.Resource",
        ),
        "a condition of nothing": Bad(
            said(on("*", "sqs:SendMessage", **where(StringEquals={}))), "PolicyDocument.Statement.0.Resource"
        ),
    },
    edge={
        **SAFE,
        "actions that know no resource": said(
            on("*", ["ec2:DescribeVpcs", "ecr:GetAuthorizationToken", "sts:GetCallerIdentity", "ec2:Describe*"])
        ),
        "by a tag": said(on("*", "sqs:SendMessage", **where(StringEquals={"aws:ResourceTag/team": "payments"}))),
        "in one region, by ARN": said(
            on(sub("arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:*"), "sqs:SendMessage")
        ),
        "in one region": said(on("*", "sqs:SendMessage", **where(StringEquals={"aws:RequestedRegion": "eu-west-1"}))),
        "by the start of a name": said(on("arn:aws:sqs:eu-west-1:111122223333:payments-*", "sqs:SendMessage")),
    },
)
