from hardened_eks.controls.access import no_admin
from tests.controls.access.boundary_only_bounds import BOUNDED
from tests.controls.access.base import (
    AWS_POLICY,
    GROUP,
    IDENTITIES,
    SAFE,
    USER,
    attached,
    either,
    everywhere,
    on,
    said,
    sub,
)
from tests.controls.cases import Case, at, change

CASE = Case(
    no_admin,
    IDENTITIES,
    bad={
        **everywhere(on("*", "*")),
        **at(
            "PolicyDocument.Statement.0",
            {
                "written twice": said(on("*", "*:*")),
                "more stars": said(on("**", "**")),
                "all but one resource": said({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::x"}),
                "all but one action": said({"Effect": "Allow", "NotAction": "iam:CreateUser", "Resource": "*"}),
                "all but one of both": said({"Effect": "Allow", "NotAction": "a:b", "NotResource": "arn:aws:s3:::x"}),
                "every ARN": said(on("arn:aws:*:*:*:*", "*")),
                "every ARN in short": said(on(sub("arn:${AWS::Partition}:*"), "*")),
                "action hidden": said(on("*", {"Ref": "Action"})),
                "all of IAM": said(on("*", "iam:*")),
                "all of IAM with a star in its name": said(on("*", "i*m:*")),
                "all of IAM with a question mark": said(on("*", "?AM:*")),
                "every action on all of IAM": said(on("arn:aws:iam::*", "*")),
                "all of IAM on all of IAM": said(on(sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:*"), "iam:*")),
                "every ARN by its colons": said(on("*:*", "*")),
                "every ARN by its beginning": said(on("ar*", "*")),
            },
        ),
        **at(
            "ManagedPolicyArns.0",
            {
                "AdministratorAccess": attached(AWS_POLICY + "AdministratorAccess"),
                "AdministratorAccess, joined": attached(
                    sub("arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess")
                ),
                "AdministratorAccess on a condition": attached(
                    either(AWS_POLICY + "AdministratorAccess", AWS_POLICY + "ReadOnlyAccess")
                ),
                "AdministratorAccess of a user": change(
                    USER, "ManagedPolicyArns", [AWS_POLICY + "AdministratorAccess"]
                ),
                "AdministratorAccess of a group": change(
                    GROUP, "ManagedPolicyArns", [AWS_POLICY + "AdministratorAccess"]
                ),
                "IAMFullAccess": attached(AWS_POLICY + "IAMFullAccess"),
            },
        ),
    },
    edge={
        "a permissions boundary": BOUNDED,
        **SAFE,
        "every action of one bucket": said(on("arn:aws:s3:::x", "*")),
        "every action of all roles": said(on("arn:aws:iam::111122223333:role/team/*", "*")),
        "reading all of IAM": said(on("*", "iam:Get*")),
        "AWS's for a service": attached(AWS_POLICY + "AmazonEKSClusterPolicy"),
        "one's own of that name": attached("arn:aws:iam::111122223333:policy/AdministratorAccess"),
        "in a parameter": attached({"Ref": "Extra"}),
    },
)
