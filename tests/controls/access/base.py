"""What the cases of the access area are made of."""

import json

from tests.controls.cases import Bad, at, both, change, drop, hide, template

ROLE = "AWS::IAM::Role"
USER = "AWS::IAM::User"
GROUP = "AWS::IAM::Group"
MANAGED = "AWS::IAM::ManagedPolicy"
POLICY = "AWS::IAM::Policy"
ROLE_POLICY = "AWS::IAM::RolePolicy"
USER_POLICY = "AWS::IAM::UserPolicy"
GROUP_POLICY = "AWS::IAM::GroupPolicy"
TRUST = "AssumeRolePolicyDocument"
AWS_POLICY = "arn:aws:iam::aws:policy/"


def on(resource, action="s3:GetObject", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(resource, action):
    return {"Effect": "Deny", "Action": action, "Resource": resource}


def where(**condition):
    return {"Condition": condition}


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def sub(text):
    return {"Fn::Sub": text}


def either(one, other):
    return {"Fn::If": ["Whether", one, other]}


NAMED = on("arn:aws:s3:::payments/*")
CONDITIONS = {"Whether": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}}

IDENTITIES = template(
    {
        "Managed": (MANAGED, {"PolicyDocument": document(NAMED)}),
        "Policy": (POLICY, {"PolicyDocument": document(NAMED)}),
        "RolePolicy": (ROLE_POLICY, {"PolicyDocument": document(NAMED), "RoleName": {"Ref": "Role"}}),
        "UserPolicy": (USER_POLICY, {"PolicyDocument": document(NAMED)}),
        "GroupPolicy": (GROUP_POLICY, {"PolicyDocument": document(NAMED)}),
        "Role": (ROLE, {"Policies": [{"PolicyName": "p", "PolicyDocument": document(NAMED)}]}),
        "User": (USER, {"Policies": [{"PolicyName": "p", "PolicyDocument": document(NAMED)}]}),
        "Group": (GROUP, {"Policies": [{"PolicyName": "p", "PolicyDocument": document(NAMED)}]}),
    },
    Parameters={"Stage": {"Type": "String"}},
    Conditions=CONDITIONS,
)


def said(*statements):
    return change(MANAGED, "PolicyDocument", document(*statements))


def everywhere(statement, key=""):
    """Return the same statement in each place and in each form that a policy can have.

    The finding is at `key` of the statement: ``.Action``; without one, at the statement.
    """
    first = f"PolicyDocument.Statement.0{key}"
    short = {
        t: t.rsplit(":", 1)[1] for t in (MANAGED, POLICY, ROLE_POLICY, USER_POLICY, GROUP_POLICY, ROLE, USER, GROUP)
    }
    standing = {f"in {short[t]}": change(t, "PolicyDocument", document(statement)) for t in list(short)[:5]}
    inline = {
        f"in {short[t]}": change(t, "Policies.0.PolicyDocument", document(statement)) for t in (ROLE, USER, GROUP)
    }
    forms = {
        "lists": said({k: [v] if k in ("Action", "Resource") else v for k, v in statement.items()}),
        "as text": change(MANAGED, "PolicyDocument", json.dumps(document(statement))),
        "effect hidden": said({**statement, "Effect": {"Ref": "Effect"}}),
        "on a condition": said(either(statement, {"Ref": "AWS::NoValue"})),
        "document on a condition": change(MANAGED, "PolicyDocument", either(document(NAMED), document(statement))),
        "resource on a condition": said({**statement, "Resource": either(statement["Resource"], "arn:aws:s3:::x/y")}),
        "action on a condition": said({**statement, "Action": [either("s3:GetObject", statement["Action"])]}),
    }
    return {
        **at(first, standing),
        **at(f"Policies.0.{first}", inline),
        "after others": Bad(said(NAMED, deny("*", "*"), statement), f"PolicyDocument.Statement.2{key}"),
        "one statement": Bad(change(MANAGED, "PolicyDocument.Statement", statement), f"PolicyDocument.Statement{key}"),
        **at(first, forms),
        "hidden": Bad(hide(MANAGED, "PolicyDocument"), "PolicyDocument"),
        "statements hidden": Bad(hide(MANAGED, "PolicyDocument.Statement"), "PolicyDocument.Statement"),
        "one hidden": Bad(hide(MANAGED, "PolicyDocument.Statement.0"), "PolicyDocument.Statement.0"),
        "inline policies hidden": Bad(hide(ROLE, "Policies"), "Policies"),
    }


SAFE = {
    "a deny": said(deny("*", "*"), deny("*", ["iam:*", "iam:PassRole", "sts:AssumeRole"])),
    "a deny of all but some": said({"Effect": "Deny", "NotAction": "iam:*", "NotResource": "arn:aws:s3:::x"}),
    "nothing inline": both(drop(ROLE, "Policies"), drop(USER, "Policies"), drop(GROUP, "Policies")),
    "joined": said(on(sub("arn:${AWS::Partition}:s3:::${AWS::AccountId}-payments/*"))),
    "of this template": said(on({"Fn::GetAtt": ["Role", "Arn"]}, "iam:GetRole")),
    "named on a condition": said(either(NAMED, on("arn:aws:s3:::other/*")), either(NAMED, {"Ref": "AWS::NoValue"})),
    "document on a condition": change(MANAGED, "PolicyDocument", either(document(NAMED), document())),
    "one or the other": said(on(either("arn:aws:s3:::x/y", "arn:aws:s3:::x/z"))),
    "malformed": said("Allow", 5, None, {"Effect": "Deny", "Action": 5, "Resource": {}, "Condition": []}),
    "malformed document": change(MANAGED, "PolicyDocument", 5),
    "malformed policies": change(ROLE, "Policies", ["x", 5, {"PolicyDocument": []}]),
    "no properties": {"Resources": {"Role": {"Type": ROLE, "Properties": []}, "Managed": {"Type": MANAGED}}},
}

ROOT = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::", {"Ref": "AWS::AccountId"}, ":root"]]}
EKS = {"Service": "eks.amazonaws.com"}
MINE = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def admits(principal, action="sts:AssumeRole", condition=None, **more):
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, **more}
    return statement | ({"Condition": condition} if condition else {})


def trusts(*statements):
    return change(ROLE, TRUST, document(*statements))


def role(*statements, **more):
    return template({"Role": (ROLE, {TRUST: document(*statements), **more})}, Conditions=CONDITIONS)


def attached(*arns):
    return change(ROLE, "ManagedPolicyArns", list(arns))


PODS = {"Service": "pods.eks.amazonaws.com"}
POD_ACTIONS = ["sts:AssumeRole", "sts:TagSession"]


def with_resources(mutation, more):
    def mutate(body):
        changed = mutation(body)
        return {**changed, "Resources": {**changed["Resources"], **template(more)["Resources"]}}

    return mutate


MEETS_ANY_CALL = {
    "after a day": {"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}},
    "not one": {"StringNotEquals": {"aws:ResourceTag/team": "payments"}},
    "no tag": {"Null": {"aws:ResourceTag/team": "true"}},
    "no MFA": {"Bool": {"aws:MultiFactorAuthPresent": "false"}},
    "every address": {"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}},
    "all of no tags": {"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}},
    "a tag if it is there": {"StringEqualsIfExists": {"aws:ResourceTag/team": "payments"}},
    "itself": {"StringEquals": {"aws:PrincipalTag/team": "${aws:PrincipalTag/team}"}},
    "a service if the call passes a role": {"StringEqualsIfExists": {"iam:PassedToService": "ec2.amazonaws.com"}},
}
"""Conditions that narrow nothing."""
OF_THE_HOLDER = {
    "its account": {"StringEquals": {"aws:PrincipalAccount": "111122223333"}},
    "its organization": {"StringEquals": {"aws:PrincipalOrgID": "o-example"}},
    "its unit": {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-example/r-ab12/ou-ab12-*/*"}},
    "its name": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/payments"}},
    "its sessions": {"StringLike": {"aws:userid": "AROAEXAMPLEID:*"}},
    "the account of its keys": {"StringEquals": {"kms:CallerAccount": "111122223333"}},
    "all of its account": {"StringEquals": {"aws:ResourceAccount": "111122223333"}},
    "all of its organization": {"StringEquals": {"aws:ResourceOrgID": "o-example"}},
}
"""Conditions that every call of the identity meets, or every resource of its account."""
