from hardened_eks.controls.access import passrole_restricted
from tests.controls.access.base import IDENTITIES, SAFE, everywhere, on, said, sub, where
from tests.controls.cases import Bad, Case

CASE = Case(
    passrole_restricted,
    IDENTITIES,
    bad={
        **everywhere(on("*", "iam:PassRole"), ".Resource"),
        "everything": Bad(said(on("*", "*")), "PolicyDocument.Statement.0.Resource"),
        "every action on every role": Bad(
            said(on("arn:aws:iam::111122223333:role/*", "*")), "PolicyDocument.Statement.0.Resource"
        ),
        "all of IAM": Bad(said(on("*", "iam:*")), "PolicyDocument.Statement.0.Resource"),
        "by wildcard": Bad(said(on("*", "iam:Pass*")), "PolicyDocument.Statement.0.Resource"),
        "in another case": Bad(said(on("*", "IAM:passrole")), "PolicyDocument.Statement.0.Resource"),
        "among others": Bad(said(on("*", ["ec2:RunInstances", "iam:PassRole"])), "PolicyDocument.Statement.0.Resource"),
        "every role of the account": Bad(
            said(on("arn:aws:iam::111122223333:role/*", "iam:PassRole")), "PolicyDocument.Statement.0.Resource"
        ),
        "every role, joined": Bad(
            said(on(sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*"), "iam:PassRole")),
            "PolicyDocument.Statement.0.Resource",
        ),
        "every role, two stars": Bad(
            said(on("arn:aws:iam::111122223333:role/**", "iam:PassRole")), "PolicyDocument.Statement.0.Resource"
        ),
        "all of an account": Bad(
            said(on("arn:aws:iam::111122223333:*", "iam:PassRole")), "PolicyDocument.Statement.0.Resource"
        ),
        "all ARNs": Bad(said(on("arn:aws:*", "iam:PassRole")), "PolicyDocument.Statement.0.Resource"),
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
        **SAFE,
        "named": said(on(["arn:aws:iam::111122223333:role/nodes", {"Fn::GetAtt": ["Role", "Arn"]}], "iam:PassRole")),
        "named by a start": said(on("arn:aws:iam::111122223333:role/payments-*", "iam:PassRole")),
        "below a path": said(on("arn:aws:iam::111122223333:role/nodes/*", "iam:PassRole")),
        "in a parameter": said(on({"Ref": "NodeRoleArn"}, "iam:PassRole")),
        "everything else of IAM": said(on("*", ["iam:Get*", "iam:List*"])),
        "all but IAM": said({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
    },
)
