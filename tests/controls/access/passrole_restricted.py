from hardened_eks.controls.access import passrole_restricted
from tests.controls.access.boundary_only_bounds import BOUNDED
from tests.controls.access.base import IDENTITIES, SAFE, everywhere, on, said, sub, where
from tests.controls.cases import Bad, Case, at

CASE = Case(
    passrole_restricted,
    IDENTITIES,
    bad={
        **everywhere(on("*", "iam:PassRole"), ".Resource"),
        **at(
            "PolicyDocument.Statement.0.Resource",
            {
                "everything": said(on("*", "*")),
                "every action on every role": said(on("arn:aws:iam::111122223333:role/*", "*")),
                "all of IAM": said(on("*", "iam:*")),
                "by wildcard": said(on("*", "iam:Pass*")),
                "in another case": said(on("*", "IAM:passrole")),
                "among others": said(on("*", ["ec2:RunInstances", "iam:PassRole"])),
                "every role of the account": said(on("arn:aws:iam::111122223333:role/*", "iam:PassRole")),
                "every role, joined": said(
                    on(sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*"), "iam:PassRole")
                ),
                "every role, two stars": said(on("arn:aws:iam::111122223333:role/**", "iam:PassRole")),
                "all of an account": said(on("arn:aws:iam::111122223333:*", "iam:PassRole")),
                "names with a letter": said(on("arn:aws:iam::111122223333:role/*a*", "iam:PassRole")),
                "names with two letters": said(on("arn:aws:iam::111122223333:role/*a*e*", "iam:PassRole")),
                "names that begin with a letter": said(on("arn:aws:iam::111122223333:role/a*", "iam:PassRole")),
                "names of any length": said(on("arn:aws:iam::111122223333:role/?*", "iam:PassRole")),
                "below any path": said(on("arn:aws:iam::111122223333:role/*/*", "iam:PassRole")),
                "a star across colons": said(on("arn:*:ro*", "iam:PassRole")),
                "a start of the kind": said(on("arn:aws:iam::111122223333:r*", "iam:PassRole")),
                "a start of the kind in an account": said(on("arn:aws:iam::123456789012:role*", "iam:PassRole")),
                "any account and kind": said(on("arn:aws:iam::*", "iam:PassRole")),
                "all ARNs": said(on("arn:aws:*", "iam:PassRole")),
            },
        ),
        "all but one role": Bad(
            said({"Effect": "Allow", "Action": "iam:PassRole", "NotResource": "arn:aws:iam::1:role/admin"}),
            "PolicyDocument.Statement.0.NotResource",
        ),
        "all but some actions": Bad(
            said({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}), "PolicyDocument.Statement.0.Resource"
        ),
        "to one service": Bad(
            said(on("*", "iam:PassRole", **where(StringEquals={"iam:PassedToService": "ec2.amazonaws.com"}))),
            "PolicyDocument.Statement.0.Resource",
        ),
    },
    edge={
        "a permissions boundary": BOUNDED,
        **SAFE,
        "named": said(on(["arn:aws:iam::111122223333:role/nodes", {"Fn::GetAtt": ["Role", "Arn"]}], "iam:PassRole")),
        "named by a start": said(on("arn:aws:iam::111122223333:role/payments-*", "iam:PassRole")),
        "below a path": said(on("arn:aws:iam::111122223333:role/nodes/*", "iam:PassRole")),
        "named by a part": said(on("arn:aws:iam::*:role/*payments*", "iam:PassRole")),
        "named across colons": said(on("arn:*:role/payments-*", "iam:PassRole")),
        "to one service for named things": said(
            on(
                "*",
                "iam:PassRole",
                **where(
                    StringEquals={"iam:PassedToService": "ec2.amazonaws.com"},
                    ArnLike={"iam:AssociatedResourceArn": "arn:aws:ec2:eu-west-1:111122223333:instance/*"},
                ),
            )
        ),
        "in a parameter": said(on({"Ref": "NodeRoleArn"}, "iam:PassRole")),
        "everything else of IAM": said(on("*", ["iam:Get*", "iam:List*"])),
        "all but IAM": said({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
    },
)
