import json

from hardened_eks.controls.access import trust_restricted
from tests.controls.access.base import EKS, MINE, ROLE, ROOT, TRUST, admits, document, either, role, sub, trusts
from tests.controls.cases import Bad, Case, at, both, change, drop, hide

ACCOUNT = {"AWS": "111122223333"}
WHO = "AssumeRolePolicyDocument.Statement.0.Principal"
GITHUB = "token.actions.githubusercontent.com"
SAML = {"Federated": "arn:aws:iam::111122223333:saml-provider/Company"}
ANYWHERE = {"Service": "rolesanywhere.amazonaws.com"}


def provider(issuer):
    return {"Federated": f"arn:aws:iam::111122223333:oidc-provider/{issuer}"}


def by_token(issuer, **condition):
    return trusts(admits(provider(issuer), "sts:AssumeRoleWithWebIdentity", condition))


def by_github(operator, **claims):
    return by_token(GITHUB, **{operator: {f"{GITHUB}:{claim}": value for claim, value in claims.items()}})


def with_account(**condition):
    return trusts(admits(ACCOUNT, condition=condition))


def cognito(**condition):
    return trusts(admits({"Federated": "cognito-identity.amazonaws.com"}, "sts:AssumeRoleWithWebIdentity", condition))


SAYS_NOBODY = {
    "after a day": with_account(DateGreaterThan={"aws:CurrentTime": "2020-01-01T00:00:00Z"}),
    "everybody but one role": with_account(StringNotEquals={"aws:PrincipalArn": "arn:aws:iam::111122223333:role/x"}),
    "but for an address": with_account(NotIpAddress={"aws:SourceIp": "198.51.100.7/32"}),
    "without an external id": with_account(Null={"sts:ExternalId": "true"}),
    "without MFA": with_account(Bool={"aws:MultiFactorAuthPresent": "false"}),
    "with or without MFA": with_account(Bool={"aws:MultiFactorAuthPresent": ["true", "false"]}),
    "MFA where it is told": with_account(BoolIfExists={"aws:MultiFactorAuthPresent": "true"}),
    "external id where it is told": with_account(StringEqualsIfExists={"sts:ExternalId": "x-1"}),
    "from everywhere": with_account(IpAddress={"aws:SourceIp": "0.0.0.0/0"}),
    "from both halves": with_account(IpAddress={"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}),
    "from all of IPv6": with_account(IpAddress={"aws:SourceIp": ["198.51.100.0/24", "2000::/3"]}),
    "all of no tags": with_account(**{"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}),
    "any name": with_account(ArnLike={"aws:PrincipalArn": "arn:aws:iam::111122223333:role/*"}),
    "any ARN": with_account(ArnLike={"aws:PrincipalArn": "arn:*:*:*:*:*"}),
    "any external id": with_account(StringLike={"sts:ExternalId": "?*"}),
    "itself": with_account(StringEquals={"aws:PrincipalArn": "${aws:PrincipalArn}"}),
    "the account again": with_account(StringEquals={"aws:PrincipalAccount": "111122223333"}),
    "a session's name": with_account(StringLike={"sts:RoleSessionName": "deploy-*"}),
    "a region": with_account(StringEquals={"aws:RequestedRegion": "eu-west-1"}),
    "a program": with_account(StringEquals={"aws:UserAgent": "deploy"}),
}
MANY_COME = {
    "projects of any group": by_token("gitlab.com", StringLike={"gitlab.com:sub": "project_path:*:ref:main"}),
    "workspaces of any organization": by_token(
        "app.terraform.io", StringLike={"app.terraform.io:sub": "organization:*:project:infra:*"}
    ),
    "GitHub's audience": by_github("StringEquals", aud="sts.amazonaws.com"),
    "any repository": by_github("StringLike", sub="repo:*"),
    "any organization": by_github("StringLike", sub="repo:*/infra:*"),
    "an organization": by_github("StringLike", sub="repo:example/*"),
    "anything of one branch": by_github("StringLike", sub="*:ref:refs/heads/main"),
    "one and any": by_github("StringLike", sub=["repo:example/infra:*", "repo:*"]),
    "where a repository is told": by_github("StringEqualsIfExists", sub="repo:example/infra:ref:refs/heads/main"),
    "all of no repository": by_github("ForAllValues:StringEquals", sub="repo:example/infra:ref:refs/heads/main"),
    "not one repository": by_github("StringNotLike", sub="repo:example/infra:*"),
    "GitLab's audience": by_token("gitlab.com", StringEquals={"gitlab.com:aud": "https://gitlab.com"}),
    "SAML of any audience": trusts(admits(SAML, "sts:AssumeRoleWithSAML", {"StringLike": {"SAML:aud": "*"}})),
    "Cognito by kind": cognito(**{"ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"}}),
    "any certificate": trusts(admits(ANYWHERE, condition={"StringLike": {"aws:PrincipalTag/x509Subject/CN": "*"}})),
}
UNCONDITIONED = {
    "GitHub": by_token(GITHUB),
    "GitLab": by_token("gitlab.com"),
    "an issuer": by_token("login.example.com"),
    "SAML": trusts(admits(SAML, "sts:AssumeRoleWithSAML")),
    "Cognito": cognito(),
    "Roles Anywhere": trusts(admits(ANYWHERE, ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"])),
}
FEW_COME = {
    "a role of an organization": trusts(
        admits(
            "*",
            condition={
                "StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
                "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/deploy"},
            },
        )
    ),
    "an organization's workspaces": by_token(
        "app.terraform.io", StringLike={"app.terraform.io:sub": "organization:example:*"}
    ),
    "a branch": by_github("StringEquals", sub="repo:example/infra:ref:refs/heads/main", aud="sts.amazonaws.com"),
    "a repository": by_github("StringLike", sub=["repo:example/infra:*", "repo:example/apps:*"]),
    "a repository in a parameter": by_github("StringLike", sub=sub("repo:${Organization}/${Repository}:*")),
    "a repository by claim": by_github("StringEquals", repository="example/infra"),
    "a project": by_token("gitlab.com", StringLike={"gitlab.com:sub": "project_path:example/*:ref:main"}),
    "an application of an issuer": by_token("login.example.com", StringEquals={"login.example.com:aud": "payments"}),
    "the console": trusts(
        admits(SAML, "sts:AssumeRoleWithSAML", {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}})
    ),
    "a pool": cognito(StringEquals={"cognito-identity.amazonaws.com:aud": "eu-west-1:1234"}),
    "a trust anchor": trusts(
        admits(ANYWHERE, condition={"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["Anchor", "TrustAnchorArn"]}}})
    ),
    "a certificate": trusts(admits(ANYWHERE, condition={"StringEquals": {"aws:PrincipalTag/x509Subject/CN": "ci"}})),
    "roles by name": with_account(ArnLike={"aws:PrincipalArn": "arn:aws:iam::111122223333:role/deploy-*"}),
    "recent MFA": with_account(NumericLessThan={"aws:MultiFactorAuthAge": "3600"}),
    "a team": with_account(StringEquals={"aws:PrincipalTag/team": "payments"}),
    "from a network of the account": with_account(StringEquals={"aws:SourceVpc": "vpc-0a1b2c3d4e5f6a7b8"}),
    "from the office": with_account(IpAddress={"aws:SourceIp": ["198.51.100.0/24", "203.0.113.0/24"]}),
}

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
        "everybody of an organization but one": Bad(
            trusts(
                {
                    "Effect": "Allow",
                    "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:role/x"},
                    "Action": "sts:AssumeRole",
                    "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
                }
            ),
            "AssumeRolePolicyDocument.Statement.0.NotPrincipal",
        ),
        "everybody but one": Bad(
            trusts({"Effect": "Allow", "NotPrincipal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"}),
            "AssumeRolePolicyDocument.Statement.0.NotPrincipal",
        ),
        **at(
            "AssumeRolePolicyDocument.Statement.0.Principal",
            {
                "an organization": trusts(
                    admits("*", condition={"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}})
                ),
                **{
                    f"a network: {key}": trusts(admits("*", condition={"StringEquals": {key: value}}))
                    for key, value in (
                        ("aws:SourceVpc", "vpc-0a1b2c3d4e5f6a7b8"),
                        ("aws:SourceVpce", "vpce-0a1b2c3d4e5f6a7b8"),
                        ("aws:VpceAccount", "111122223333"),
                    )
                },
                "everybody of an account": trusts(
                    admits({"AWS": "*"}, condition={"StringEquals": {"aws:PrincipalAccount": "111122223333"}})
                ),
                "all roles of an account": trusts(
                    admits("*", condition={"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/*"}})
                ),
                "an account, and a service that a role may be passed to": with_account(
                    StringEqualsIfExists={"iam:PassedToService": "ec2.amazonaws.com"}
                ),
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
        **at(WHO, SAYS_NOBODY),
        **at("AssumeRolePolicyDocument.Statement.0.Condition", MANY_COME),
        **at("AssumeRolePolicyDocument.Statement.0", UNCONDITIONED),
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
        **FEW_COME,
        "a deny": trusts(admits(EKS), {**admits("*"), "Effect": "Deny"}),
        "an account with MFA": trusts(
            admits({"AWS": ROOT}, condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})
        ),
        "a partner": trusts(admits({"AWS": "111122223333"}, condition={"StringEquals": {"sts:ExternalId": "x-1"}})),
        "a team of an organization": trusts(
            admits("*", condition={"StringEquals": {"aws:PrincipalOrgID": "o-1", "aws:PrincipalTag/team": "payments"}})
        ),
        "a role of the template": trusts(admits({"AWS": {"Fn::GetAtt": ["Role", "Arn"]}})),
        "a role of another stack": trusts(admits({"AWS": {"Fn::ImportValue": "base:Role"}})),
        "a role by Sub": trusts(admits({"AWS": sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${Name}")})),
        "one or the other": trusts(either(admits(EKS), admits({"Service": "ec2.amazonaws.com"}))),
        "the service of a partition": trusts(admits({"Service": sub("ec2.${AWS::URLSuffix}")})),
        "malformed": change(ROLE, TRUST, {"Statement": [5, None, admits(5), admits(EKS, {}, [5])]}),
        "no document": change(ROLE, TRUST, 5),
    },
)
