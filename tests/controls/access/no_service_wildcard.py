from hardened_eks.controls.access import no_service_wildcard
from tests.controls.access.base import (
    IDENTITIES,
    MANAGED,
    POLICY,
    ROLE,
    SAFE,
    attached,
    document,
    everywhere,
    on,
    said,
    sub,
)
from tests.controls.cases import Bad, Case, at, both, change

CASE = Case(
    no_service_wildcard,
    IDENTITIES,
    bad={
        **everywhere(on("*", "eks:*"), ".Action"),
        **at(
            "PolicyDocument.Statement.0.Action",
            {
                "everything": said(on("*", "*")),
                "everything, by a name that is put together": both(
                    both(
                        change(ROLE, "RoleName", sub("${AWS::StackName}-creator")),
                        change(POLICY, "Roles", [{"Fn::Join": ["-", [{"Ref": "AWS::StackName"}, "creator"]]}]),
                    ),
                    change(POLICY, "PolicyDocument", document(on("*", "*"))),
                ),
                "everything, attached by ARN": both(
                    both(attached("arn:aws:iam::123456789012:policy/teams/all"), change(MANAGED, "Roles", [])),
                    both(change(MANAGED, "ManagedPolicyName", "all"), said(on("*", "*"))),
                ),
                "everything, attached by an ARN that is put together": both(
                    both(
                        attached(sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/all")),
                        change(MANAGED, "Roles", []),
                    ),
                    both(change(MANAGED, "ManagedPolicyName", "all"), said(on("*", "*"))),
                ),
                "everything, written twice": said(on("*", "*:*")),
                "more stars": said(on("*", "eks:**")),
                "of one resource": said(on("arn:aws:s3:::payments", "s3:*")),
                "among others": said(on("arn:aws:s3:::x", ["s3:GetObject", "S3:*"])),
                "by a variable": said(on("arn:aws:s3:::x", sub("${Service}:*"))),
            },
        ),
        "all but some": Bad(
            said({"Effect": "Allow", "NotAction": "iam:*", "Resource": "arn:aws:s3:::x"}),
            "PolicyDocument.Statement.0.NotAction",
        ),
        "action hidden": Bad(said(on("arn:aws:s3:::x", {"Ref": "Action"})), "PolicyDocument.Statement.0.Action"),
    },
    edge={
        **SAFE,
        "by the start of a name": said(on("arn:aws:s3:::x", ["s3:Get*", "s3:List*"])),
        "the agent's channels": said(on("*", ["ssmmessages:*", "ec2messages:*"])),
    },
)
