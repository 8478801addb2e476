from hardened_eks.controls.access import no_admin
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
from tests.controls.cases import Bad, Case, change

CASE = Case(
    no_admin,
    IDENTITIES,
    bad={
        **everywhere(on("*", "*")),
        "written twice": Bad(said(on("*", "*:*")), "PolicyDocument.Statement.0"),
        "more stars": Bad(said(on("**", "**")), "PolicyDocument.Statement.0"),
        "all but one resource": Bad(
            said({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::x"}), "PolicyDocument.Statement.0"
        ),
        "all but one action": Bad(
            said({"Effect": "Allow", "NotAction": "iam:CreateUser", "Resource": "*"}), "PolicyDocument.Statement.0"
        ),
        "all but one of both": Bad(
            said({"Effect": "Allow", "NotAction": "a:b", "NotResource": "arn:aws:s3:::x"}), "PolicyDocument.Statement.0"
        ),
        "every ARN": Bad(said(on("arn:aws:*:*:*:*", "*")), "PolicyDocument.Statement.0"),
        "every ARN in short": Bad(said(on(sub("arn:${AWS::Partition}:*"), "*")), "PolicyDocument.Statement.0"),
        "action hidden": Bad(said(on("*", {"Ref": "Action"})), "PolicyDocument.Statement.0"),
        "all of IAM": Bad(said(on("*", "iam:*")), "PolicyDocument.Statement.0"),
        "AdministratorAccess": Bad(attached(AWS_POLICY + "AdministratorAccess"), "ManagedPolicyArns.0"),
        "AdministratorAccess, joined": Bad(
            attached(sub("arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess")), "ManagedPolicyArns.0"
        ),
        "AdministratorAccess on a condition": Bad(
            attached(either(AWS_POLICY + "AdministratorAccess", AWS_POLICY + "ReadOnlyAccess")), "ManagedPolicyArns.0"
        ),
        "AdministratorAccess of a user": Bad(
            change(USER, "ManagedPolicyArns", [AWS_POLICY + "AdministratorAccess"]), "ManagedPolicyArns.0"
        ),
        "AdministratorAccess of a group": Bad(
            change(GROUP, "ManagedPolicyArns", [AWS_POLICY + "AdministratorAccess"]), "ManagedPolicyArns.0"
        ),
        "IAMFullAccess": Bad(attached(AWS_POLICY + "IAMFullAccess"), "ManagedPolicyArns.0"),
    },
    edge={
        **SAFE,
        "every action of one bucket": said(on("arn:aws:s3:::x", "*")),
        "AWS's for a service": attached(AWS_POLICY + "AmazonEKSClusterPolicy"),
        "one's own of that name": attached("arn:aws:iam::111122223333:policy/AdministratorAccess"),
        "in a parameter": attached({"Ref": "Extra"}),
    },
)
