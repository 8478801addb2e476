"""Cases of the access area."""

import json

from hardened_eks.controls import access as c
from hardened_eks.data.addons import ADDONS
from tests.controls.cases import Case, both, change, drop, hide, template

ROLE, USER, GROUP = "AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"
MANAGED, POLICY = "AWS::IAM::ManagedPolicy", "AWS::IAM::Policy"
ROLE_POLICY, USER_POLICY, GROUP_POLICY = "AWS::IAM::RolePolicy", "AWS::IAM::UserPolicy", "AWS::IAM::GroupPolicy"
RULE, FILTER, ALARM, ENTRY = (
    "AWS::Events::Rule",
    "AWS::Logs::MetricFilter",
    "AWS::CloudWatch::Alarm",
    "AWS::EKS::AccessEntry",
)
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


def everywhere(statement):
    """Return the same statement in each place and in each form that a policy can have."""
    short = {
        t: t.rsplit(":", 1)[1] for t in (MANAGED, POLICY, ROLE_POLICY, USER_POLICY, GROUP_POLICY, ROLE, USER, GROUP)
    }
    standing = {f"in {short[t]}": change(t, "PolicyDocument", document(statement)) for t in list(short)[:5]}
    inline = {
        f"in {short[t]}": change(t, "Policies.0.PolicyDocument", document(statement)) for t in (ROLE, USER, GROUP)
    }
    return {
        **standing,
        **inline,
        "after others": said(NAMED, deny("*", "*"), statement),
        "one statement": change(MANAGED, "PolicyDocument.Statement", statement),
        "lists": said({k: [v] if k in ("Action", "Resource") else v for k, v in statement.items()}),
        "as text": change(MANAGED, "PolicyDocument", json.dumps(document(statement))),
        "effect hidden": said({**statement, "Effect": {"Ref": "Effect"}}),
        "on a condition": said(either(statement, {"Ref": "AWS::NoValue"})),
        "document on a condition": change(MANAGED, "PolicyDocument", either(document(NAMED), document(statement))),
        "resource on a condition": said({**statement, "Resource": either(statement["Resource"], "arn:aws:s3:::x/y")}),
        "action on a condition": said({**statement, "Action": [either("s3:GetObject", statement["Action"])]}),
        "hidden": hide(MANAGED, "PolicyDocument"),
        "statements hidden": hide(MANAGED, "PolicyDocument.Statement"),
        "one hidden": hide(MANAGED, "PolicyDocument.Statement.0"),
        "inline policies hidden": hide(ROLE, "Policies"),
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


TAGS = {
    "aws:RequestTag/eks-cluster-arn": {"Fn::GetAtt": ["Cluster", "Arn"]},
    "aws:RequestTag/kubernetes-namespace": "payments",
    "aws:RequestTag/kubernetes-service-account": "api",
}
PODS = {"Service": "pods.eks.amazonaws.com"}
POD_ACTIONS = ["sts:AssumeRole", "sts:TagSession"]
POD_ROLE = role(admits(PODS, POD_ACTIONS, {"StringEquals": TAGS}))


def pods(operator="StringEquals", **tags):
    """Return the trust with some tags written otherwise; None leaves one out."""
    written = {**TAGS, **{f"aws:RequestTag/{name.replace('_', '-')}": value for name, value in tags.items()}}
    return trusts(admits(PODS, POD_ACTIONS, {operator: {k: v for k, v in written.items() if v is not None}}))


ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/ABC"
PROVIDER = {"Federated": sub(f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:oidc-provider/{ISSUER}")}
SUBJECT = "system:serviceaccount:payments:api"


def irsa(condition, provider=PROVIDER, action="sts:AssumeRoleWithWebIdentity"):
    return trusts(admits(provider, action, condition))


def claims(sub_=SUBJECT, aud="sts.amazonaws.com"):
    return {k: v for k, v in {f"{ISSUER}:sub": sub_, f"{ISSUER}:aud": aud}.items() if v is not None}


def with_resources(mutation, more):
    def mutate(body):
        changed = mutation(body)
        return {**changed, "Resources": {**changed["Resources"], **template(more)["Resources"]}}

    return mutate


def joined_claims(wanted):
    """Return what the CDK writes for claims whose issuer is a token: a custom resource that holds them as text."""
    text = json.dumps({f"@:{claim}": value for claim, value in wanted.items()}).split("@")
    issuer = {"Fn::Select": [1, {"Fn::Split": [":oidc-provider/", {"Ref": "Provider"}]}]}
    parts = [part for piece in text for part in (piece, issuer)][:-1]
    return with_resources(
        irsa({"StringEquals": {"Fn::GetAtt": ["Claims", "Value"]}}, {"Federated": {"Ref": "Provider"}}),
        {
            "Claims": ("Custom::AWSCDKCfnJson", {"Value": {"Fn::Join": ["", parts]}}),
            "Provider": ("Custom::AWSCDKOpenIdConnectProvider", {}),
        },
    )


CLOUDFORMATION = {"Service": "cloudformation.amazonaws.com"}
CREATOR = template(
    {
        "Role": (ROLE, {TRUST: document(admits(CLOUDFORMATION)), "RoleName": "creator"}),
        "Managed": (MANAGED, {"PolicyDocument": document(NAMED), "Roles": [{"Ref": "Role"}]}),
        "Policy": (POLICY, {"PolicyDocument": document(NAMED), "Roles": [{"Ref": "Role"}]}),
        "RolePolicy": (ROLE_POLICY, {"PolicyDocument": document(NAMED), "RoleName": {"Ref": "Role"}}),
        "Attached": (MANAGED, {"PolicyDocument": document(NAMED)}),
    },
    Parameters={"Stage": {"Type": "String"}},
    Conditions=CONDITIONS,
)

ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
ROLE_ARN = {"Fn::GetAtt": ["Role", "Arn"]}
TAKEN = {
    "source": ["aws.sts"],
    "detail": {"eventName": ["AssumeRole"], "requestParameters": {"roleArn": [ROLE_ARN]}},
}
ALL_CALLS = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
TOPIC = {"Id": "t", "Arn": {"Ref": "Topic"}}
BREAK_GLASS = template(
    {
        "Role": (ROLE, {TRUST: document(admits({"AWS": "arn:aws:iam::111122223333:role/on-call"}))}),
        "Topic": ("AWS::SNS::Topic", {}),
        "Entry": (
            ENTRY,
            {
                "ClusterName": "one",
                "PrincipalArn": ROLE_ARN,
                "AccessPolicies": [{"PolicyArn": ADMIN, "AccessScope": {"Type": "cluster"}}],
            },
        ),
        "Rule": (RULE, {"EventPattern": TAKEN, "Targets": [TOPIC], "State": ALL_CALLS}),
    }
)


def heard(alarm):
    """Return the way by a metric filter on the trail's log group, and an alarm on its metric."""
    return with_resources(
        drop(RULE, ""),
        {
            "Filter": (
                FILTER,
                {
                    "FilterPattern": sub('{ $.requestParameters.roleArn = "${Role.Arn}" }'),
                    "MetricTransformations": [{"MetricName": "BreakGlass", "MetricNamespace": "Trail"}],
                },
            ),
            "Alarm": (ALARM, alarm),
        },
    )


CASES = [
    Case(
        c.no_admin,
        IDENTITIES,
        {
            **everywhere(on("*", "*")),
            "written twice": said(on("*", "*:*")),
            "more stars": said(on("**", "**")),
            "all but one resource": said({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::x"}),
            "all but one action": said({"Effect": "Allow", "NotAction": "iam:CreateUser", "Resource": "*"}),
            "all but one of both": said({"Effect": "Allow", "NotAction": "a:b", "NotResource": "arn:aws:s3:::x"}),
            "every ARN": said(on("arn:aws:*:*:*:*", "*")),
            "every ARN in short": said(on(sub("arn:${AWS::Partition}:*"), "*")),
            "action hidden": said(on("*", {"Ref": "Action"})),
            "all of IAM": said(on("*", "iam:*")),
            "AdministratorAccess": attached(AWS_POLICY + "AdministratorAccess"),
            "AdministratorAccess, joined": attached(sub("arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess")),
            "AdministratorAccess on a condition": attached(
                either(AWS_POLICY + "AdministratorAccess", AWS_POLICY + "ReadOnlyAccess")
            ),
            "AdministratorAccess of a user": change(USER, "ManagedPolicyArns", [AWS_POLICY + "AdministratorAccess"]),
            "AdministratorAccess of a group": change(GROUP, "ManagedPolicyArns", [AWS_POLICY + "AdministratorAccess"]),
            "IAMFullAccess": attached(AWS_POLICY + "IAMFullAccess"),
        },
        {
            **SAFE,
            "every action of one bucket": said(on("arn:aws:s3:::x", "*")),
            "AWS's for a service": attached(AWS_POLICY + "AmazonEKSClusterPolicy"),
            "one's own of that name": attached("arn:aws:iam::111122223333:policy/AdministratorAccess"),
            "in a parameter": attached({"Ref": "Extra"}),
        },
    ),
    Case(
        c.no_service_wildcard,
        IDENTITIES,
        {
            **everywhere(on("*", "eks:*")),
            "everything": said(on("*", "*")),
            "everything, by a name that is put together": both(
                both(change(ROLE, "RoleName", sub("${AWS::StackName}-creator")), change(
                    POLICY, "Roles", [{"Fn::Join": ["-", [{"Ref": "AWS::StackName"}, "creator"]]}])),
                change(POLICY, "PolicyDocument", document(on("*", "*"))),
            ),
            "everything, attached by ARN": both(
                both(attached("arn:aws:iam::123456789012:policy/teams/all"), change(MANAGED, "Roles", [])),
                both(change(MANAGED, "ManagedPolicyName", "all"), said(on("*", "*"))),
            ),
            "everything, attached by an ARN that is put together": both(
                both(attached(sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/all")), change(MANAGED, "Roles", [])),
                both(change(MANAGED, "ManagedPolicyName", "all"), said(on("*", "*"))),
            ),
            "everything, written twice": said(on("*", "*:*")),
            "more stars": said(on("*", "eks:**")),
            "of one resource": said(on("arn:aws:s3:::payments", "s3:*")),
            "among others": said(on("arn:aws:s3:::x", ["s3:GetObject", "S3:*"])),
            "by a variable": said(on("arn:aws:s3:::x", sub("${Service}:*"))),
            "all but some": said({"Effect": "Allow", "NotAction": "iam:*", "Resource": "arn:aws:s3:::x"}),
            "action hidden": said(on("arn:aws:s3:::x", {"Ref": "Action"})),
        },
        {
            **SAFE,
            "by the start of a name": said(on("arn:aws:s3:::x", ["s3:Get*", "s3:List*"])),
            "the agent's channels": said(on("*", ["ssmmessages:*", "ec2messages:*"])),
        },
    ),
    Case(
        c.no_wildcards,
        IDENTITIES,
        {
            **everywhere(on("*", "sqs:SendMessage")),
            "among others": said(on(["arn:aws:sqs:eu-west-1:1:x", "*"], ["ec2:DescribeVpcs", "sqs:SendMessage"])),
            "every resource of a service": said(on("arn:aws:sqs:*:*:*", "sqs:SendMessage")),
            "every bucket": said(on("arn:aws:s3:::*")),
            "every object": said(on("arn:aws:s3:::*/*")),
            "every one, joined": said(on(sub("arn:${AWS::Partition}:sqs:*:${AWS::AccountId}:*"), "sqs:SendMessage")),
            "all but one resource": said(
                {"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::x"}
            ),
            "all but one action": said({"Effect": "Allow", "NotAction": "iam:*", "Resource": "arn:aws:s3:::x"}),
            "all but one action, on a condition": said(
                {
                    "Effect": "Allow",
                    "NotAction": "iam:*",
                    "Resource": "*",
                    **where(Bool={"aws:MultiFactorAuthPresent": "true"}),
                }
            ),
            "a condition that says nothing": said(
                on("*", "sqs:SendMessage", **where(Bool={"aws:SecureTransport": "true"}))
            ),
            "a condition on anything": said(
                on("*", "sqs:SendMessage", **where(StringLike={"aws:ResourceTag/team": "*"}))
            ),
            "a condition of nothing": said(on("*", "sqs:SendMessage", **where(StringEquals={}))),
        },
        {
            **SAFE,
            "actions that know no resource": said(
                on("*", ["ec2:DescribeVpcs", "ecr:GetAuthorizationToken", "sts:GetCallerIdentity", "ec2:Describe*"])
            ),
            "by a tag": said(on("*", "sqs:SendMessage", **where(StringEquals={"aws:ResourceTag/team": "payments"}))),
            "in one region, by ARN": said(
                on(sub("arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:*"), "sqs:SendMessage")
            ),
            "in one region": said(
                on("*", "sqs:SendMessage", **where(StringEquals={"aws:RequestedRegion": "eu-west-1"}))
            ),
            "by the start of a name": said(on("arn:aws:sqs:eu-west-1:111122223333:payments-*", "sqs:SendMessage")),
        },
    ),
    Case(
        c.no_risky_actions,
        IDENTITIES,
        {
            **everywhere(on("*", "iam:PutRolePolicy")),
            "everything": said(on("*", "*")),
            "by wildcard": said(on("*", "iam:Put*")),
            "in another case": said(on("*", "IAM:ATTACHROLEPOLICY")),
            "another version": said(on("*", "iam:SetDefaultPolicyVersion")),
            "rights of users": said(on("*", "iam:AttachUserPolicy")),
            "a way into clusters": said(on("*", ["eks:CreateAccessEntry", "eks:AssociateAccessPolicy"])),
            "a pod's role": said(on("*", "eks:CreatePodIdentityAssociation")),
            "shells": said(on("*", "ssm:StartSession")),
            "commands": said(on("*", "ssm:SendCommand")),
            "all roles": said(on(sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*"), "sts:AssumeRole")),
            "all secrets": said(on("arn:aws:secretsmanager:*:*:secret:*", "secretsmanager:GetSecretValue")),
            "all secrets of a region": said(
                on("arn:aws:secretsmanager:eu-west-1:1:secret:*", "secretsmanager:GetSecretValue")
            ),
            "all clusters": said(on("arn:aws:eks:*:*:cluster/*", "eks:CreateAccessEntry")),
            "all machines": said(
                on(["arn:aws:ssm:*:*:document/x", "arn:aws:ec2:eu-west-1:1:instance/*"], "ssm:SendCommand")
            ),
            "all parameters": said(on("arn:aws:ssm:eu-west-1:*:parameter/*", "ssm:GetParametersByPath")),
            "all buckets": said(on("arn:aws:s3:::*/*")),
            "all but one": said(
                {"Effect": "Allow", "Action": "sts:AssumeRole", "NotResource": "arn:aws:iam::1:role/x"}
            ),
            "all but one action": said({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}),
            "a condition that says nothing": said(
                on("*", "sts:AssumeRole", **where(Bool={"aws:SecureTransport": "true"}))
            ),
        },
        {
            **SAFE,
            "on named resources": said(
                on("arn:aws:iam::111122223333:role/payments", ["iam:PutRolePolicy", "sts:AssumeRole"]),
                on("arn:aws:secretsmanager:eu-west-1:1:secret:payments-*", "secretsmanager:GetSecretValue"),
                on("arn:aws:ssm:eu-west-1:1:parameter/payments/*", "ssm:GetParameter"),
            ),
            "what a stack makes": said(
                on(
                    sub("arn:${AWS::Partition}:eks:${AWS::Region}:${AWS::AccountId}:*"),
                    ["eks:CreateCluster", "eks:CreateAccessEntry"],
                )
            ),
            "harmless ones": said(on("*", ["ec2:DescribeVpcs", "iam:ListRoles", "sts:GetCallerIdentity"])),
            "in one's organization": said(
                on("*", "sts:AssumeRole", **where(StringEquals={"aws:ResourceOrgID": "o-1"}))
            ),
        },
    ),
    Case(
        c.aws_managed_policies,
        IDENTITIES,
        {
            "power users": attached(AWS_POLICY + "PowerUserAccess"),
            "administrator": attached(AWS_POLICY + "AdministratorAccess"),
            "a job's": attached(AWS_POLICY + "job-function/SystemAdministrator"),
            "of another partition": attached("arn:aws-us-gov:iam::aws:policy/AmazonS3FullAccess"),
            "joined": attached(
                {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::aws:policy/ReadOnlyAccess"]]}
            ),
            "with Sub": attached(sub("arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess")),
            "after a good one": attached(AWS_POLICY + "AmazonEKSClusterPolicy", AWS_POLICY + "IAMFullAccess"),
            "on a condition": attached(either(AWS_POLICY + "ReadOnlyAccess", {"Ref": "AWS::NoValue"})),
            "list on a condition": change(ROLE, "ManagedPolicyArns", either([AWS_POLICY + "ReadOnlyAccess"], [])),
            "one text": change(ROLE, "ManagedPolicyArns", AWS_POLICY + "ReadOnlyAccess"),
            "of a user": change(USER, "ManagedPolicyArns", [AWS_POLICY + "ReadOnlyAccess"]),
            "of a group": change(GROUP, "ManagedPolicyArns", [AWS_POLICY + "ReadOnlyAccess"]),
            "hidden": hide(ROLE, "ManagedPolicyArns"),
            "one hidden": both(attached("x"), hide(ROLE, "ManagedPolicyArns.0")),
        },
        {
            "what EKS asks for": attached(
                AWS_POLICY + "AmazonEKSClusterPolicy",
                AWS_POLICY + "AmazonEC2ContainerRegistryPullOnly",
                AWS_POLICY + "AmazonSSMManagedInstanceCore",
                AWS_POLICY + "service-role/AmazonEBSCSIDriverPolicy",
            ),
            "what add-ons ask for": attached(
                *(AWS_POLICY + name for known in ADDONS.values() for name in known.policies)
            ),
            "joined": attached(sub("arn:${AWS::Partition}:iam::aws:policy/AmazonEKSWorkerNodePolicy")),
            "one's own": attached({"Ref": "Managed"}, "arn:aws:iam::111122223333:policy/payments"),
            "of another stack": attached({"Fn::ImportValue": "base:Policy"}),
            "none": drop(ROLE, "ManagedPolicyArns"),
            "malformed": attached(5, None, {}, []),
        },
    ),
    Case(
        c.no_inline,
        role(admits(EKS, condition=MINE), ManagedPolicyArns=[{"Ref": "Policy"}]),
        {
            "inline": change(ROLE, "Policies", [{"PolicyName": "p", "PolicyDocument": document(NAMED)}]),
            "hidden": hide(ROLE, "Policies"),
            "of a group": template({"Group": (GROUP, {"Policies": [{"PolicyName": "p"}]})}),
            "of a user": template({"User": (USER, {"Policies": [{"PolicyName": "p"}]})}),
            **{
                t.rsplit(":", 1)[1]: template({"Policy": (t, {"PolicyName": "p", "PolicyDocument": document(NAMED)})})
                for t in (POLICY, ROLE_POLICY, USER_POLICY, GROUP_POLICY)
            },
        },
        {
            "empty": change(ROLE, "Policies", []),
            "none after all": change(ROLE, "Policies", {"Ref": "AWS::NoValue"}),
            "managed": with_resources(lambda body: body, {"Managed": (MANAGED, {"PolicyDocument": document(NAMED)})}),
            "a group without": with_resources(lambda body: body, {"Group": (GROUP, {"ManagedPolicyArns": ["x"]})}),
        },
    ),
    Case(
        c.trust_restricted,
        role(admits(EKS, condition=MINE), admits({"AWS": "arn:aws:iam::111122223333:role/on-call"})),
        {
            "everybody": trusts(admits("*")),
            "everybody in AWS": trusts(admits({"AWS": "*"})),
            "everybody in a list": trusts(admits({"AWS": ["arn:aws:iam::111122223333:role/x", "*"]})),
            "every service": trusts(admits({"Service": "*"})),
            "everybody but one": trusts(
                {"Effect": "Allow", "NotPrincipal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"}
            ),
            "any name at all": trusts(admits("*", condition={"StringLike": {"aws:PrincipalArn": "*"}})),
            "an account": trusts(admits({"AWS": "arn:aws:iam::111122223333:root"})),
            "an account by number": trusts(admits({"AWS": "111122223333"})),
            "an account by number in a list": trusts(admits({"AWS": ["111122223333"]})),
            "this account": trusts(admits({"AWS": ROOT})),
            "this account by number": trusts(admits({"AWS": {"Ref": "AWS::AccountId"}})),
            "this account, with Sub": trusts(admits({"AWS": sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")})),
            "an account over TLS": trusts(
                admits({"AWS": "111122223333"}, condition={"Bool": {"aws:SecureTransport": "true"}})
            ),
            "an account, if anybody says who": trusts(
                admits({"AWS": "111122223333"}, condition={"StringLike": {"aws:PrincipalArn": "*"}})
            ),
            "one statement": change(ROLE, TRUST, {"Statement": admits("*")}),
            "as text": change(ROLE, TRUST, json.dumps(document(admits("*")))),
            "on a condition": trusts(either(admits("*"), admits(EKS))),
            "principal on a condition": trusts(admits({"AWS": either("*", "arn:aws:iam::1:role/x")})),
            "every action": trusts(admits(EKS, "*", MINE)),
            "all of STS": trusts(admits(EKS, ["sts:*"], MINE)),
            "all but one action": trusts({"Effect": "Allow", "Principal": EKS, "NotAction": "sts:TagSession"}),
            "hidden": hide(ROLE, TRUST),
            "one hidden": hide(ROLE, f"{TRUST}.Statement.0"),
            "principal hidden": trusts(admits({"AWS": {"Ref": "Who"}})),
            "all principals hidden": both(
                hide(ROLE, f"{TRUST}.Statement.0.Principal"), drop(ROLE, f"{TRUST}.Statement.0.Condition")
            ),
        },
        {
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
    ),
    Case(
        c.confused_deputy,
        role(admits(EKS, condition=MINE), admits({"Service": "ec2.amazonaws.com"})),
        {
            "no condition": trusts(admits(EKS)),
            "dropped": drop(ROLE, f"{TRUST}.Statement.0.Condition"),
            "any account": trusts(admits(EKS, condition={"StringLike": {"aws:SourceAccount": "*"}})),
            "any ARN": trusts(admits(EKS, condition={"ArnLike": {"aws:SourceArn": "arn:aws:*:*:*:*"}})),
            "all but one account": trusts(admits(EKS, condition={"StringNotEquals": {"aws:SourceAccount": "1"}})),
            "only where it is sent": trusts(
                admits(EKS, condition={"StringEqualsIfExists": {"aws:SourceAccount": "1"}})
            ),
            "another condition": trusts(admits(EKS, condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}})),
            "where it is not sent": trusts(admits(EKS, condition={"Null": {"aws:SourceAccount": "true"}})),
            "in a list": trusts(admits({"Service": ["ec2.amazonaws.com", "events.amazonaws.com"]})),
            "after pods": trusts(admits({"Service": ["pods.eks.amazonaws.com", "eks.amazonaws.com"]})),
            "of a region": trusts(admits({"Service": sub("logs.${AWS::Region}.amazonaws.com")})),
            "Fargate": trusts(admits({"Service": "eks-fargate-pods.amazonaws.com"})),
            "flow logs": trusts(admits({"Service": "vpc-flow-logs.amazonaws.com"})),
            "on a condition of the template": trusts(either(admits(EKS), admits(EKS, condition=MINE))),
            "the condition on one": trusts({**admits(EKS), "Condition": either(MINE, {"Ref": "AWS::NoValue"})}),
            "one statement": change(ROLE, TRUST, {"Statement": admits(EKS)}),
            "as text": change(ROLE, TRUST, json.dumps(document(admits(EKS)))),
        },
        {
            "by ARN": trusts(
                admits(
                    EKS,
                    condition={"ArnLike": {"aws:SourceArn": sub("arn:${AWS::Partition}:eks:*:${AWS::AccountId}:*")}},
                )
            ),
            "by organization": trusts(admits(EKS, condition={"StringEquals": {"aws:SourceOrgID": "o-1"}})),
            "in another case": trusts(admits(EKS, condition={"stringequals": {"AWS:sourceaccount": "111122223333"}})),
            "who sends none": trusts(admits({"Service": "lambda.amazonaws.com"}), admits(PODS, POD_ACTIONS)),
            "no service": trusts(admits({"AWS": "arn:aws:iam::111122223333:role/x"})),
            "a deny": trusts({**admits(EKS), "Effect": "Deny"}),
            "account in a parameter": hide(ROLE, f"{TRUST}.Statement.0.Condition.StringEquals.aws:SourceAccount"),
            "malformed": trusts(admits({"Service": [5, {}, None]}), admits(5), 5),
        },
    ),
    Case(
        c.passrole_restricted,
        IDENTITIES,
        {
            **everywhere(on("*", "iam:PassRole")),
            "everything": said(on("*", "*")),
            "every action on every role": said(on("arn:aws:iam::111122223333:role/*", "*")),
            "all of IAM": said(on("*", "iam:*")),
            "by wildcard": said(on("*", "iam:Pass*")),
            "in another case": said(on("*", "IAM:passrole")),
            "among others": said(on("*", ["ec2:RunInstances", "iam:PassRole"])),
            "every role of the account": said(on("arn:aws:iam::111122223333:role/*", "iam:PassRole")),
            "every role, joined": said(on(sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*"), "iam:PassRole")),
            "every role, two stars": said(on("arn:aws:iam::111122223333:role/**", "iam:PassRole")),
            "all of an account": said(on("arn:aws:iam::111122223333:*", "iam:PassRole")),
            "all ARNs": said(on("arn:aws:*", "iam:PassRole")),
            "all but one role": said(
                {"Effect": "Allow", "Action": "iam:PassRole", "NotResource": "arn:aws:iam::1:role/admin"}
            ),
            "all but some actions": said({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}),
            "to one service": said(
                on("*", "iam:PassRole", **where(StringEquals={"iam:PassedToService": "ec2.amazonaws.com"}))
            ),
        },
        {
            **SAFE,
            "named": said(
                on(["arn:aws:iam::111122223333:role/nodes", {"Fn::GetAtt": ["Role", "Arn"]}], "iam:PassRole")
            ),
            "named by a start": said(on("arn:aws:iam::111122223333:role/payments-*", "iam:PassRole")),
            "below a path": said(on("arn:aws:iam::111122223333:role/nodes/*", "iam:PassRole")),
            "in a parameter": said(on({"Ref": "NodeRoleArn"}, "iam:PassRole")),
            "everything else of IAM": said(on("*", ["iam:Get*", "iam:List*"])),
            "all but IAM": said({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
        },
    ),
    Case(
        c.workload_trust,
        POD_ROLE,
        {
            "no condition": drop(ROLE, f"{TRUST}.Statement.0.Condition"),
            "any cluster": pods(eks_cluster_arn=None),
            "any namespace": pods(kubernetes_namespace=None),
            "any service account": pods(kubernetes_service_account=None),
            "wildcard": pods("StringLike", kubernetes_service_account="*"),
            "wildcard of one letter": pods("StringLike", kubernetes_service_account="ap?"),
            "namespaces by a start": pods("StringLike", kubernetes_namespace="payments-*"),
            "one of several is a wildcard": pods("StringLike", kubernetes_namespace=["payments", "*"]),
            "two service accounts": pods(kubernetes_service_account=["api", "worker"]),
            "all but one": pods("StringNotEquals"),
            "where they are sent": pods("StringEqualsIfExists"),
            "where they are not sent": pods("Null"),
            "the account only": trusts(admits(PODS, POD_ACTIONS, MINE)),
            "any source": trusts(
                admits(
                    PODS,
                    POD_ACTIONS,
                    {
                        "StringEquals": {k: v for k, v in TAGS.items() if "cluster" not in k},
                        "ArnLike": {"aws:SourceArn": "arn:aws:eks:*:*:cluster/*"},
                    },
                )
            ),
            "on a condition": trusts(either(admits(PODS, POD_ACTIONS), admits(EKS))),
            "condition on a condition": trusts(
                {**admits(PODS, POD_ACTIONS), "Condition": either({"StringEquals": TAGS}, {"Ref": "AWS::NoValue"})}
            ),
            "hidden condition": hide(ROLE, f"{TRUST}.Statement.0.Condition"),
            "a second statement": trusts(admits(PODS, POD_ACTIONS, {"StringEquals": TAGS}), admits(PODS, POD_ACTIONS)),
            "IRSA, any": irsa(None),
            "IRSA, no sub": irsa({"StringEquals": claims(None)}),
            "IRSA, no aud": irsa({"StringEquals": claims(aud=None)}),
            "IRSA, any sub": irsa({"StringLike": claims("system:serviceaccount:*:*")}),
            "IRSA, any of a namespace": irsa({"StringLike": claims("system:serviceaccount:payments:*")}),
            "IRSA, all but one": irsa({"StringNotEquals": claims()}),
            "IRSA, two": irsa({"StringEquals": claims([SUBJECT, "system:serviceaccount:payments:worker"])}),
            "IRSA, provider of the template": irsa(None, {"Federated": {"Ref": "Provider"}}),
            "IRSA, provider by attribute": irsa(
                {"StringEquals": claims(None)}, {"Federated": {"Fn::GetAtt": ["P", "Arn"]}}
            ),
            "IRSA, any action": irsa(None, action="sts:*"),
            "IRSA, as text": change(
                ROLE,
                TRUST,
                json.dumps(
                    document(admits({"Federated": f"x:oidc-provider/{ISSUER}"}, "sts:AssumeRoleWithWebIdentity"))
                ),
            ),
            "IRSA, claims of the CDK": joined_claims({"aud": "sts.amazonaws.com"}),
        },
        {
            "cluster by source": trusts(
                admits(
                    PODS,
                    POD_ACTIONS,
                    {
                        "StringEquals": {k: v for k, v in TAGS.items() if "cluster" not in k},
                        "ArnEquals": {"aws:SourceArn": "arn:aws:eks:eu-west-1:111122223333:cluster/one"},
                    },
                )
            ),
            "without wildcard": pods("StringLike"),
            "lists of one": pods(kubernetes_namespace=["payments"]),
            "namespace in a parameter": hide(
                ROLE, f"{TRUST}.Statement.0.Condition.StringEquals.aws:RequestTag/kubernetes-namespace"
            ),
            "a deny": trusts({**admits(PODS), "Effect": "Deny"}),
            "other roles": trusts(admits({"Service": "ec2.amazonaws.com"}), admits(EKS)),
            "a role of EKS": trusts(admits({"AWS": "arn:aws:iam::1:role/pods.eks.x"})),
            "IRSA": irsa({"StringEquals": claims()}),
            "IRSA, two operators": irsa({"StringEquals": claims(aud=None), "StringLike": claims(None)}),
            "IRSA, further limited": irsa({"StringEquals": claims(), "StringLike": claims("system:serviceaccount:*")}),
            "IRSA, claims of the CDK": joined_claims({"aud": "sts.amazonaws.com", "sub": SUBJECT}),
            "GitHub": irsa(
                {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:me/it:*"}},
                {"Federated": "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com"},
            ),
            "people": irsa(None, {"Federated": "arn:aws:iam::1:saml-provider/idp"}, "sts:AssumeRoleWithSAML"),
            "people, of the template": irsa(None, {"Federated": {"Ref": "Saml"}}, "sts:AssumeRoleWithSAML"),
            "malformed": trusts(
                {**admits(EKS), "Condition": {"StringEquals": 5}}, admits({"Federated": [5, None]}), 5, "x"
            ),
        },
    ),
    Case(
        c.no_users,
        template({"Managed": (MANAGED, {"Roles": ["x"]}), "Policy": (POLICY, {"Groups": ["x"]})}),
        {
            **{
                t: template({"It": (f"AWS::IAM::{t}", {})})
                for t in ("User", "AccessKey", "UserPolicy", "UserToGroupAddition")
            },
            "managed policy": change(MANAGED, "Users", ["ann"]),
            "inline policy": change(POLICY, "Users", [{"Ref": "Ann"}]),
            "one text": change(POLICY, "Users", "ann"),
            "hidden": hide(MANAGED, "Users"),
        },
        {
            "no user after all": change(MANAGED, "Users", []),
            "not written": change(MANAGED, "Users", {"Ref": "AWS::NoValue"}),
            "a group": with_resources(lambda body: body, {"Group": (GROUP, {})}),
        },
    ),
    Case(
        c.creator_role,
        CREATOR,
        {
            "others too": trusts(admits({"Service": ["cloudformation.amazonaws.com", "ec2.amazonaws.com"]})),
            "others in their own statement": trusts(admits(CLOUDFORMATION), admits({"AWS": "arn:aws:iam::1:role/ci"})),
            "the account": trusts(admits({**CLOUDFORMATION, "AWS": ROOT})),
            "somebody hidden": trusts(admits(CLOUDFORMATION), admits({"AWS": {"Ref": "Who"}})),
            "a statement hidden": trusts(admits(CLOUDFORMATION), {"Ref": "More"}),
            "administrator": attached(AWS_POLICY + "AdministratorAccess"),
            "administrator, joined": attached(sub("arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess")),
            "administrator on a condition": attached(either(AWS_POLICY + "AdministratorAccess", AWS_POLICY + "X")),
            "power user": attached(AWS_POLICY + "PowerUserAccess"),
            "all of IAM": attached(AWS_POLICY + "IAMFullAccess"),
            "everything inline": change(
                ROLE, "Policies", [{"PolicyName": "p", "PolicyDocument": document(on("*", "*"))}]
            ),
            "everything, managed": said(on("*", "*")),
            "everything, by a policy": change(POLICY, "PolicyDocument", document(on("*", "*"))),
            "everything, by a role policy": change(ROLE_POLICY, "PolicyDocument", document(on("*", "*"))),
            "everything, by name": both(
                change(POLICY, "Roles", ["creator"]), change(POLICY, "PolicyDocument", document(on("*", "*")))
            ),
            "everything, attached": both(
                attached({"Ref": "Attached"}), change(MANAGED, "Roles", []), said(on("*", "*"))
            ),
            "everything, written twice": said(on("*", "*:*")),
            "all but some": said({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
            "policy hidden": hide(MANAGED, "PolicyDocument"),
            "on a condition": said(either(on("*", "*"), NAMED)),
        },
        {
            "limited": trusts(admits(CLOUDFORMATION, condition=MINE)),
            "of a partition": trusts(admits({"Service": sub("cloudformation.${AWS::URLSuffix}")})),
            "others are denied": trusts(admits(CLOUDFORMATION), {**admits("*"), "Effect": "Deny"}),
            "no creator": trusts(admits({"Service": "ec2.amazonaws.com"}), admits({"AWS": ROOT})),
            "a deny": said(deny("*", "*")),
            "of another role": both(
                change(POLICY, "Roles", ["other"]), change(POLICY, "PolicyDocument", document(on("*", "*")))
            ),
            "a policy of AWS of the same name": both(
                both(attached("arn:aws:iam::aws:policy/all"), change(MANAGED, "Roles", [])),
                both(change(MANAGED, "ManagedPolicyName", "all"), said(on("*", "*"))),
            ),
            "malformed": both(attached(5, None), change(MANAGED, "Roles", 5), change(POLICY, "Roles", {})),
        },
    ),
    Case(
        c.break_glass_alarm,
        BREAK_GLASS,
        {
            "no rule": drop(RULE, ""),
            "about another role": change(
                RULE, "EventPattern.detail.requestParameters.roleArn", ["arn:aws:iam::1:role/x"]
            ),
            "about nobody": change(RULE, "EventPattern", {"source": ["aws.sts"]}),
            "the role only delivers": both(
                change(RULE, "EventPattern", {"source": ["aws.sts"]}), change(RULE, "Targets.0.RoleArn", ROLE_ARN)
            ),
            "switched off": change(RULE, "State", "DISABLED"),
            "not told of read-only calls": change(RULE, "State", "ENABLED"),
            "state left out": drop(RULE, "State"),
            "state hidden": hide(RULE, "State"),
            "tells nobody": drop(RULE, "Targets"),
            "tells an empty list": change(RULE, "Targets", []),
            "a filter without alarm": both(heard({"MetricName": "BreakGlass"}), drop(ALARM, "")),
            "an alarm on another metric": heard({"MetricName": "Other", "AlarmActions": [{"Ref": "Topic"}]}),
            "an alarm that tells nobody": heard({"MetricName": "BreakGlass"}),
            "an alarm that is switched off": heard(
                {"MetricName": "BreakGlass", "AlarmActions": [{"Ref": "Topic"}], "ActionsEnabled": False}
            ),
            "policy joined": both(
                drop(RULE, ""),
                change(
                    ENTRY,
                    "AccessPolicies.0.PolicyArn",
                    sub("arn:${AWS::Partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"),
                ),
            ),
            "principal by name": both(
                drop(RULE, ""),
                change(ROLE, "RoleName", "glass"),
                change(ENTRY, "PrincipalArn", sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/glass")),
            ),
        },
        {
            "by metric and alarm": heard({"MetricName": "BreakGlass", "AlarmActions": [{"Ref": "Topic"}]}),
            "the pattern by Sub": change(
                RULE, "EventPattern.detail.requestParameters.roleArn", [{"Fn::Sub": "${Role.Arn}"}]
            ),
            "no administrator": both(
                drop(RULE, ""),
                change(
                    ENTRY,
                    "AccessPolicies.0.PolicyArn",
                    "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
                ),
            ),
            "no entry": both(drop(RULE, ""), drop(ENTRY, "")),
            "entry of another": both(drop(RULE, ""), change(ENTRY, "PrincipalArn", "arn:aws:iam::1:role/x")),
            "malformed": both(change(ENTRY, "AccessPolicies", [5, None, "x"]), change(RULE, "Targets", [5])),
        },
    ),
]
