import json

from hardened_eks.controls.access import trust_restricted
from tests.controls.access.base import EKS, MINE, ROLE, ROOT, TRUST, admits, document, either, role, sub, trusts
from tests.controls.cases import Bad, Case, both, change, drop, hide

CASE = Case(
    trust_restricted,
    role(admits(EKS, condition=MINE), admits({"AWS": "arn:aws:iam::111122223333:role/on-call"})),
    bad={
        "everybody": Bad(trusts(admits("*")), "AssumeRolePolicyDocument.Statement.0.Principal"),
        "everybody in AWS": Bad(trusts(admits({"AWS": "*"})), "AssumeRolePolicyDocument.Statement.0.Principal"),
        "everybody in a list": Bad(
            trusts(admits({"AWS": ["arn:aws:iam::111122223333:role/x", "*"]})),
            "AssumeRolePolicyDocument.Statement.0.Principal",
        ),
        "every service": Bad(trusts(admits({"Service": "*"})), "AssumeRolePolicyDocument.Statement.0.Principal"),
        "everybody but one": Bad(
            trusts({"Effect": "Allow", "NotPrincipal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"}),
            "AssumeRolePolicyDocument.Statement.0.NotPrincipal",
        ),
        "any name at all": Bad(
            trusts(admits("*", condition={"StringLike": {"aws:PrincipalArn": "*"}})),
            "AssumeRolePolicyDocument.Statement.0.Principal",
        ),
        "an account": Bad(
            trusts(admits({"AWS": "arn:aws:iam::111122223333:root"})), "AssumeRolePolicyDocument.Statement.0.Principal"
        ),
        "an account by number": Bad(
            trusts(admits({"AWS": "111122223333"})), "AssumeRolePolicyDocument.Statement.0.Principal"
        ),
        "an account by number in a list": Bad(
            trusts(admits({"AWS": ["111122223333"]})), "AssumeRolePolicyDocument.Statement.0.Principal"
        ),
        "this account": Bad(trusts(admits({"AWS": ROOT})), "AssumeRolePolicyDocument.Statement.0.Principal"),
        "this account by number": Bad(
            trusts(admits({"AWS": {"Ref": "AWS::AccountId"}})), "AssumeRolePolicyDocument.Statement.0.Principal"
        ),
        "this account, with Sub": Bad(
            trusts(admits({"AWS": sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")})),
            "AssumeRolePolicyDocument.Statement.0.Principal",
        ),
        "an account over TLS": Bad(
            trusts(admits({"AWS": "111122223333"}, condition={"Bool": {"aws:SecureTransport": "true"}})),
            "AssumeRolePolicyDocument.Statement.0.Principal",
        ),
        "an account, if anybody says who": Bad(
            trusts(admits({"AWS": "111122223333"}, condition={"StringLike": {"aws:PrincipalArn": "*"}})),
            "AssumeRolePolicyDocument.Statement.0.Principal",
        ),
        "one statement": Bad(
            change(ROLE, TRUST, {"Statement": admits("*")}), "AssumeRolePolicyDocument.Statement.Principal"
        ),
        "as text": Bad(
            change(ROLE, TRUST, json.dumps(document(admits("*")))), "AssumeRolePolicyDocument.Statement.0.Principal"
        ),
        "on a condition": Bad(
            trusts(either(admits("*"), admits(EKS))), "AssumeRolePolicyDocument.Statement.0.Principal"
        ),
        "principal on a condition": Bad(
            trusts(admits({"AWS": either("*", "arn:aws:iam::1:role/x")})),
            "AssumeRolePolicyDocument.Statement.0.Principal",
        ),
        "every action": Bad(trusts(admits(EKS, "*", MINE)), "AssumeRolePolicyDocument.Statement.0.Action"),
        "all of STS": Bad(trusts(admits(EKS, ["sts:*"], MINE)), "AssumeRolePolicyDocument.Statement.0.Action"),
        "all but one action": Bad(
            trusts({"Effect": "Allow", "Principal": EKS, "NotAction": "sts:TagSession"}),
            "AssumeRolePolicyDocument.Statement.0.NotAction",
        ),
        "hidden": Bad(hide(ROLE, TRUST), "AssumeRolePolicyDocument"),
        "one hidden": Bad(hide(ROLE, f"{TRUST}.Statement.0"), "AssumeRolePolicyDocument.Statement.0"),
        "principal hidden": Bad(
            trusts(admits({"AWS": {"Ref": "Who"}})), "AssumeRolePolicyDocument.Statement.0.Principal"
        ),
        "all principals hidden": Bad(
            both(hide(ROLE, f"{TRUST}.Statement.0.Principal"), drop(ROLE, f"{TRUST}.Statement.0.Condition")),
            "AssumeRolePolicyDocument.Statement.0.Principal",
        ),
    },
    edge={
        "a deny": trusts(admits(EKS), {**admits("*"), "Effect": "Deny"}),
        "an account with MFA": trusts(
            admits({"AWS": ROOT}, condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})
        ),
        "a partner": trusts(admits({"AWS": "111122223333"}, condition={"StringEquals": {"sts:ExternalId": "x-1"}})),
        "an organization": trusts(admits("*", condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}})),
        "a role of the template": trusts(admits({"AWS": {"Fn::GetAtt": ["Role", "Arn"]}})),
        "a role of another stack": trusts(admits({"AWS": {"Fn::ImportValue": "base:Role"}})),
        "a role by Sub": trusts(admits({"AWS": sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${Name}")})),
        "one or the other": trusts(either(admits(EKS), admits({"Service": "ec2.amazonaws.com"}))),
        "the service of a partition": trusts(admits({"Service": sub("ec2.${AWS::URLSuffix}")})),
        "malformed": change(ROLE, TRUST, {"Statement": [5, None, admits(5), admits(EKS, {}, [5])]}),
        "no document": change(ROLE, TRUST, 5),
    },
)
