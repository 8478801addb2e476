import json

from hardened_eks.controls.access import trust_restricted
from tests.controls.access.base import EKS, MINE, ROLE, ROOT, TRUST, admits, document, either, role, sub, trusts
from tests.controls.cases import Bad, Case, at, both, change, drop, hide

CASE = Case(
    trust_restricted,
    role(admits(EKS, condition=MINE), admits({"AWS": "arn:aws:iam::111122223333:role/on-call"})),
    bad={
        **at(
            "AssumeRolePolicyDocument.Statement.0.Principal",
            {
                "everybody": trusts(admits("*")),
                "everybody in AWS": trusts(admits({"AWS": "*"})),
                "everybody in a list": trusts(admits({"AWS": ["arn:aws:iam::111122223333:role/x", "*"]})),
                "every service": trusts(admits({"Service": "*"})),
            },
        ),
        "everybody but one": Bad(
            trusts({"Effect": "Allow", "NotPrincipal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"}),
            "AssumeRolePolicyDocument.Statement.0.NotPrincipal",
        ),
        **at(
            "AssumeRolePolicyDocument.Statement.0.Principal",
            {
                "any name at all": trusts(admits("*", condition={"StringLike": {"aws:PrincipalArn": "*"}})),
                "an account": trusts(admits({"AWS": "arn:aws:iam::111122223333:root"})),
                "an account by number": trusts(admits({"AWS": "111122223333"})),
                "an account by number in a list": trusts(admits({"AWS": ["111122223333"]})),
                "this account": trusts(admits({"AWS": ROOT})),
                "this account by number": trusts(admits({"AWS": {"Ref": "AWS::AccountId"}})),
                "this account, with Sub": trusts(
                    admits({"AWS": sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")})
                ),
                "an account over TLS": trusts(
                    admits({"AWS": "111122223333"}, condition={"Bool": {"aws:SecureTransport": "true"}})
                ),
                "an account, if anybody says who": trusts(
                    admits({"AWS": "111122223333"}, condition={"StringLike": {"aws:PrincipalArn": "*"}})
                ),
            },
        ),
        "one statement": Bad(
            change(ROLE, TRUST, {"Statement": admits("*")}), "AssumeRolePolicyDocument.Statement.Principal"
        ),
        **at(
            "AssumeRolePolicyDocument.Statement.0.Principal",
            {
                "as text": change(ROLE, TRUST, json.dumps(document(admits("*")))),
                "on a condition": trusts(either(admits("*"), admits(EKS))),
                "principal on a condition": trusts(admits({"AWS": either("*", "arn:aws:iam::1:role/x")})),
            },
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
