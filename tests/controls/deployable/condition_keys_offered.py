import json

from hardened_eks.controls.deployable import condition_keys_offered
from tests.controls.cases import Bad, Case, at, change, hide, template

MANAGED, KEY, ROLE = "AWS::IAM::ManagedPolicy", "AWS::KMS::Key", "AWS::IAM::Role"
ONE = "PolicyDocument.Statement.0"


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


ENTRIES = {
    "Effect": "Allow",
    "Action": ["eks:UpdateAccessEntry", "eks:DeleteAccessEntry"],
    "Resource": "*",
    "Condition": {"StringEquals": {"eks:clusterName": "prod"}},
}
TRUST = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::123456789012:role/caller"},
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Condition": {"StringEquals": {"sts:ExternalId": "7"}},
}
GRANTS = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
    "Action": "kms:CreateGrant",
    "Resource": "*",
    "Condition": {"Bool": {"kms:GrantIsForAWSResource": True}},
}
POLICIES = template(
    {
        "Managed": (MANAGED, {"PolicyDocument": document(ENTRIES)}),
        "Role": (ROLE, {"AssumeRolePolicyDocument": document(TRUST)}),
        "Key": (KEY, {"KeyPolicy": document(GRANTS)}),
    }
)


def does(*actions):
    return change(MANAGED, f"{ONE}.Action", list(actions))


def when(operator, key, value="x"):
    return change(MANAGED, f"{ONE}.Condition", {operator: {key: value}})


def under(operator):
    return f"{ONE}.Condition.{operator}"


CASE = Case(
    condition_keys_offered,
    POLICIES,
    bad={
        **at(
            under("StringEquals"),
            {
                "another action of the service": does("eks:CreateAccessEntry"),
                "several": does("eks:CreateCluster", "eks:CreateAccessEntry", "eks:ListClusters", "eks:ListAddon*"),
                "misspelt": when("StringEquals", "eks:clusterNam"),
                "of a tag, where no action has one": change(
                    MANAGED,
                    "PolicyDocument.Statement",
                    [
                        {
                            **ENTRIES,
                            "Action": "eks:ListClusters",
                            "Condition": {"StringEquals": {"aws:ResourceTag/owner": "x"}},
                        }
                    ],
                ),
                "pattern": does("eks:ListClu*"),
            },
        ),
        "denied": Bad(
            change(
                MANAGED,
                ONE,
                {**ENTRIES, "Effect": "Deny", "Action": "eks:CreateAccessEntry"},
            ),
            under("StringEquals"),
        ),
        "misspelt, if it is there": Bad(when("StringEqualsIfExists", "EKS:clusterNam"), under("StringEqualsIfExists")),
        "trust": Bad(
            change(
                ROLE,
                "AssumeRolePolicyDocument.Statement.0.Condition",
                {"StringEquals": {"sts:IdentityTokenAudience": "x"}},
            ),
            "AssumeRolePolicyDocument.Statement.0.Condition.StringEquals",
        ),
        "key policy": Bad(
            change(KEY, "KeyPolicy.Statement.0.Action", "kms:Decrypt"), "KeyPolicy.Statement.0.Condition.Bool"
        ),
        "text": Bad(
            change(MANAGED, "PolicyDocument", json.dumps(document({**ENTRIES, "Action": "eks:CreateAccessEntry"}))), ONE
        ),
    },
    edge={
        "beside one that has it": does("eks:CreateAccessEntry", "eks:DeleteAccessEntry"),
        "any action": does("*"),
        "every action of the service": does("eks:*"),
        "an action newer than the data": does("eks:CreateMoon"),
        "a service that is not on record": when("StringEquals", "greengrass:moon"),
        "a key of another service": when("StringEquals", "iam:PassedToService"),
        "a key of every call": when("StringEquals", "aws:PrincipalOrgID"),
        "a key of the caller's": when("ArnEquals", "ec2:SourceInstanceARN"),
        "all values": when("ForAllValues:StringEquals", "eks:endpointPublicAccess"),
        "if it is there": when("StringEqualsIfExists", "eks:endpointPublicAccess"),
        "absent": when("Null", "eks:endpointPublicAccess"),
        "not known": when("StringEquals", "eks:${Key}"),
        "in another case": when("StringEquals", "EKS:CLUSTERNAME"),
        "hidden": hide(MANAGED, "PolicyDocument"),
        "all but some": change(MANAGED, ONE, {**ENTRIES, "NotAction": "eks:CreateAccessEntry", "Action": []}),
    },
)
