import json

from hardened_eks.controls.network import endpoint_trust_boundary
from tests.controls.cases import Bad, Case, add, at, both, change, drop, hide
from tests.controls.network.base import EP, HOME, OURS, allow, edit

ACCOUNT = {"Ref": "AWS::AccountId"}
STRANGER = "999988887777"
ORGANIZATION = "o-a1b2c3d4e5"


def through(service, *documents):
    """Write the statements of several documents as the policy of one endpoint, of a service of the region."""
    statements = [statement for each in documents for statement in each["Statement"]]
    return edit(
        "S3",
        ServiceName={"Fn::Sub": f"com.amazonaws.${{AWS::Region}}.{service}"},
        PolicyDocument={"Version": "2012-10-17", "Statement": statements},
    )


def ours(action, resource="*", **more):
    return allow(action, resource, StringEquals={"aws:PrincipalAccount": ACCOUNT, **more})


def outside(key, value=ORGANIZATION, operator="StringNotEqualsIfExists", **more):
    refusal = allow("*", **{operator: {key: value}, "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}, **more})
    return {"Statement": [{**refusal["Statement"][0], "Effect": "Deny"}]}


def of(action, document):
    return {"Statement": [{**document["Statement"][0], "Action": action}]}


def to(principal, document):
    return {"Statement": [{**document["Statement"][0], "Principal": principal}]}


STRANGE_PRINCIPALS, STRANGE_RESOURCES = outside("aws:PrincipalOrgID"), outside("aws:ResourceOrgID")
ALL = allow("*")
WAYS_OUT = {
    "own principals to any bucket": through("s3", ours("s3:*")),
    "own principals to all buckets": through("s3", ours("s3:PutObject", "arn:aws:s3:::*")),
    "own principals to a named bucket": through("s3", ours("s3:PutObject", "arn:aws:s3:::somebodys-bucket/*")),
    "own principals to names without a start": through("s3", ours("s3:PutObject", "arn:aws:s3:::*a*/*")),
    "own principals to a stranger's buckets": through("s3", ours("s3:*", **{"aws:ResourceAccount": STRANGER})),
    "anybody to a stranger's buckets": through(
        "s3", allow("s3:*", StringEquals={"aws:ResourceAccount": [ACCOUNT, STRANGER]})
    ),
    "anybody writes to a named bucket": through("s3", allow("s3:*", "arn:aws:s3:::somebodys-bucket/*")),
    "to the caller's own account": through(
        "s3", allow("s3:*", StringEquals={"aws:ResourceAccount": "${aws:PrincipalAccount}"})
    ),
    "from this VPC": through("s3", allow("s3:*", StringEquals={"aws:SourceVpc": {"Ref": "Vpc"}})),
    "own principals if they are told": through(
        "s3", allow("*", StringEqualsIfExists={"aws:PrincipalAccount": ACCOUNT})
    ),
    "roles of anybody": through("sts", ours("sts:AssumeRole")),
    "roles of a stranger": through("sts", ours("sts:AssumeRole", f"arn:aws:iam::{STRANGER}:role/*")),
    "pods to roles of anybody": through("sts", allow("sts:AssumeRoleWithWebIdentity", "arn:aws:iam::*:role/*")),
    "queues of anybody": through("sqs", ours("sqs:*")),
    "a queue of a stranger": through("sqs", ours("sqs:SendMessage", f"arn:aws:sqs:eu-west-1:{STRANGER}:drop")),
    "tables of anybody": through("dynamodb", ours("dynamodb:*")),
    "a strange role": through("ec2", allow("ec2:*", principal={"AWS": f"arn:aws:iam::{STRANGER}:role/x"}), OURS),
    "allow all": through("s3", ALL),
    "allow all, deny strange principals": through("s3", ALL, STRANGE_PRINCIPALS),
    "allow all, deny strange resources but some": through(
        "s3", ALL, STRANGE_PRINCIPALS, outside("aws:ResourceOrgID", StringEquals={"aws:PrincipalTag/team": "x"})
    ),
    "allow all, deny what is told": through(
        "s3", ALL, STRANGE_PRINCIPALS, outside("aws:ResourceOrgID", operator="ForAnyValue:StringNotEquals")
    ),
    "allow all, deny another service": through(
        "s3", ALL, *(of("dynamodb:*", one) for one in (STRANGE_PRINCIPALS, STRANGE_RESOURCES))
    ),
    "allow all, deny services": through(
        "s3", ALL, *(to({"Service": "*"}, one) for one in (STRANGE_PRINCIPALS, STRANGE_RESOURCES))
    ),
    "allow all, deny any organization": through("s3", ALL, STRANGE_PRINCIPALS, outside("aws:ResourceOrgID", "o-*")),
}
WITHIN = {
    "both sides": through("s3", ours("s3:*", **{"aws:ResourceAccount": ACCOUNT})),
    "a bucket of the template": through("s3", ours("s3:PutObject", {"Fn::Sub": "${Bucket.Arn}/*"})),
    "a bucket named after the account": through(
        "s3", ours("s3:PutObject", {"Fn::Sub": "arn:aws:s3:::logs-${AWS::AccountId}/*"})
    ),
    "reading packages": through("s3", allow("s3:GetObject", "arn:aws:s3:::packages.*.amazonaws.com/*")),
    "reading a named bucket": through("s3", allow("s3:GetObject", "arn:aws:s3:::releases-of-a-vendor/*")),
    "services of AWS": through("s3", allow("*", Bool={"aws:PrincipalIsAWSService": "true"})),
    "the organization's sides": through(
        "s3", allow("*", StringEquals={"aws:PrincipalOrgID": ORGANIZATION, "aws:ResourceOrgID": ORGANIZATION})
    ),
    "own roles": through("sts", ours("sts:AssumeRole", {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/*"})),
    "who am I": through("sts", ours("sts:GetCallerIdentity")),
    "pods to own roles": through(
        "sts", allow("sts:AssumeRoleWithWebIdentity", {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/*"})
    ),
    "own principals where nothing leaves": through("ec2", ours("ec2:*")),
    "an account by number alone": through(
        "s3",
        allow("*", StringEquals={"aws:PrincipalAccount": "111122223333", "aws:ResourceAccount": "111122223333"}),
    ),
    "allow all, deny outside for the service": through(
        "s3", ALL, *(of("s3:*", one) for one in (STRANGE_PRINCIPALS, STRANGE_RESOURCES))
    ),
    "allow all, deny outside": through("s3", ALL, STRANGE_PRINCIPALS, STRANGE_RESOURCES),
    "allow all, deny outside but AWS's buckets": through(
        "s3",
        ALL,
        STRANGE_PRINCIPALS,
        {
            "Statement": [
                {k: v for k, v in STRANGE_RESOURCES["Statement"][0].items() if k != "Resource"}
                | {"NotResource": "arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*"}
            ]
        },
    ),
}

CASE = Case(
    endpoint_trust_boundary,
    HOME,
    bad={
        "no policy": Bad(drop(EP, "PolicyDocument"), "PolicyDocument"),
        **at("PolicyDocument.Statement.0", WAYS_OUT),
        **at(
            "PolicyDocument.Statement.0",
            {
                "everybody, everything": change(EP, "PolicyDocument", allow("*")),
                "everybody, in the other spelling": change(EP, "PolicyDocument", allow("*", principal={"AWS": "*"})),
                "an open condition": change(EP, "PolicyDocument", allow("*", StringLike={"aws:PrincipalOrgID": "*"})),
                "a negative condition": change(
                    EP, "PolicyDocument", allow("*", StringNotEquals={"aws:PrincipalAccount": "123456789012"})
                ),
                "as text": change(EP, "PolicyDocument", json.dumps(allow("*"))),
            },
        ),
        "hidden": Bad(hide(EP, "PolicyDocument"), "PolicyDocument"),
        "service without acceptance": Bad(
            add(Service=("AWS::EC2::VPCEndpointService", {"AcceptanceRequired": False})), "AcceptanceRequired"
        ),
        "service for everybody": Bad(
            add(To=("AWS::EC2::VPCEndpointServicePermissions", {"AllowedPrincipals": ["*"]})), "AllowedPrincipals.0"
        ),
        "service for a parameter": Bad(
            add(To=("AWS::EC2::VPCEndpointServicePermissions", {"AllowedPrincipals": [{"Ref": "Who"}]})),
            "AllowedPrincipals.0",
        ),
    },
    edge={
        **WITHIN,
        "organization": change(
            EP, "PolicyDocument", allow("*", StringEquals={"aws:PrincipalOrgID": "o-1", "aws:ResourceOrgID": "o-1"})
        ),
        "named resources": change(
            EP, "PolicyDocument", allow(resource="arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*")
        ),
        "our resources": change(
            EP, "PolicyDocument", allow("s3:*", StringEquals={"aws:ResourceAccount": "123456789012"})
        ),
        "a deny": change(
            EP,
            "PolicyDocument",
            {"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}]},
        ),
        "a vendor's service": both(
            change(EP, "ServiceName", "com.amazonaws.vpce.eu-west-1.vpce-svc-1"), drop(EP, "PolicyDocument")
        ),
        "a service of one account": add(
            Service=("AWS::EC2::VPCEndpointService", {}),
            To=(
                "AWS::EC2::VPCEndpointServicePermissions",
                {"AllowedPrincipals": [{"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}]},
            ),
        ),
    },
)
