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
from tests.controls.cases import Bad, Case, both, change

CASE = Case(
    no_service_wildcard,
    IDENTITIES,
    bad={
        **everywhere(on("*", "eks:*"), ".Action"),
        "everything": Bad(said(on("*", "*")), "PolicyDocument.Statement.0.Action"),
        "everything, by a name that is put together": Bad(
            both(
                both(
                    change(ROLE, "RoleName", sub("${AWS::StackName}-creator")),
                    change(POLICY, "Roles", [{"Fn::Join": ["-", [{"Ref": "AWS::StackName"}, "creator"]]}]),
                ),
                change(POLICY, "PolicyDocument", document(on("*", "*"))),
            ),
            "PolicyDocument.Statement.0.Action",
        ),
        "everything, attached by ARN": Bad(
            both(
                both(attached("arn:aws:iam::123456789012:policy/teams/all"), change(MANAGED, "Roles", [])),
                both(change(MANAGED, "ManagedPolicyName", "all"), said(on("*", "*"))),
            ),
            "PolicyDocument.Statement.0.Action",
        ),
        "everything, attached by an ARN that is put together": Bad(
            both(
                both(
                    attached(sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/all")),
                    change(MANAGED, "Roles", []),
                ),
                both(change(MANAGED, "ManagedPolicyName", "all"), said(on("*", "*"))),
            ),
            "PolicyDocument.Statement.0.Action",
        ),
        "everything, written twice": Bad(said(on("*", "*:*")), "PolicyDocument.Statement.0.Action"),
        "more stars": Bad(said(on("*", "eks:**")), "PolicyDocument.Statement.0.Action"),
        "of one resource": Bad(said(on("arn:aws:s3:::payments", "s3:*")), "PolicyDocument.Statement.0.Action"),
        "among others": Bad(said(on("arn:aws:s3:::x", ["s3:GetObject", "S3:*"])), "PolicyDocument.Statement.0.Action"),
        "by a variable": Bad(said(on("arn:aws:s3:::x", sub("${Service}:*"))), "PolicyDocument.Statement.0.Action"),
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
