import json

from hardened_eks.controls.images import ecr_endpoint_policy
from tests.controls.cases import Bad, Case, at, both, change, drop, hide, template
from tests.controls.images.base import CI, PULL, allow, document

ENDPOINT = "AWS::EC2::VPCEndpoint"
OURS = {"StringEquals": {"aws:PrincipalAccount": {"Ref": "AWS::AccountId"}}}

ENDPOINTS = template(
    {
        name: (
            ENDPOINT,
            {
                "ServiceName": {"Fn::Sub": f"com.amazonaws.${{AWS::Region}}.{service}"},
                "PolicyDocument": document({**allow({"AWS": "*"}, *PULL), "Resource": "*", "Condition": OURS}),
            },
        )
        for name, service in (("Api", "ecr.api"), ("Docker", "ecr.dkr"))
    }
)


def through(*statements):
    return change(ENDPOINT, "PolicyDocument", document(*statements))


def passing(resource, *actions, **condition):
    return {**allow("*", *actions, **condition), "Resource": resource}


CASE = Case(
    ecr_endpoint_policy,
    ENDPOINTS,
    bad={
        "default": Bad(drop(ENDPOINT, "PolicyDocument"), "PolicyDocument"),
        "default of the FIPS endpoint": Bad(
            both(
                drop(ENDPOINT, "PolicyDocument"),
                change(ENDPOINT, "ServiceName", "com.amazonaws.us-east-1.ecr.dkr-fips"),
            ),
            "PolicyDocument",
        ),
        **at(
            "PolicyDocument.Statement.0",
            {
                "everything": through(passing("*", "*")),
                "every action of ECR": through(passing("*", "ecr:*")),
                "push": through({**allow({"AWS": "*"}), "Resource": "*"}),
                "layers": through(passing("*", "ecr:InitiateLayerUpload", "ecr:UploadLayerPart")),
                "all but": through({"Effect": "Allow", "Principal": "*", "NotAction": "ecr:PutImage", "Resource": "*"}),
                "from this VPC": through(passing("*", "ecr:*", StringEquals={"aws:SourceVpc": "vpc-1"})),
                "of any organization": through(passing("*", "ecr:*", StringLike={"aws:PrincipalOrgID": "*"})),
                "unless known": through(passing("*", "ecr:*", StringEqualsIfExists={"aws:ResourceAccount": "1"})),
                "repositories of anybody": through(passing("arn:aws:ecr:eu-west-1:*:repository/*", "ecr:*")),
                "repository in a parameter": through(passing({"Ref": "RepositoryArn"}, "ecr:*")),
                "names without end": through(passing({"Fn::Sub": "arn:x:ecr:" + "${A}$" * 500 + "x"}, "ecr:*")),
                "principal in a parameter": through({**allow({"AWS": {"Ref": "Who"}}, "ecr:*"), "Resource": "*"}),
            },
        ),
        "hidden": Bad(hide(ENDPOINT, "PolicyDocument"), "PolicyDocument"),
        "statement hidden": Bad(through({"Ref": "Statement"}), "PolicyDocument.Statement.0"),
        **at(
            "PolicyDocument",
            {
                "nothing": change(ENDPOINT, "PolicyDocument", {}),
                "no JSON": change(ENDPOINT, "PolicyDocument", "{"),
                "malformed": change(ENDPOINT, "PolicyDocument", ["x"]),
            },
        ),
    },
    edge={
        "pull for everybody": through(passing("*", *PULL)),
        "push of this account": through({**passing("*", "ecr:*"), "Condition": OURS}),
        "push to this account": through(
            passing("*", "ecr:*", StringEquals={"aws:ResourceAccount": {"Ref": "AWS::AccountId"}})
        ),
        "push to this account's repositories": through(
            passing({"Fn::Sub": "arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository/*"}, "ecr:*")
        ),
        "push to a known account's": through(passing("arn:aws:ecr:*:111122223333:repository/*", "ecr:*")),
        "push to a repository of this stack": through(passing({"Fn::GetAtt": ["Repository", "Arn"]}, "ecr:*")),
        "push by a role": through({**allow({"AWS": CI}, "ecr:*"), "Resource": "*"}),
        "denied": through({**passing("*", "ecr:*"), "Effect": "Deny"}),
        "as text": change(ENDPOINT, "PolicyDocument", json.dumps(document(passing("*", *PULL)))),
        "another service": both(
            drop(ENDPOINT, "PolicyDocument"), change(ENDPOINT, "ServiceName", "com.amazonaws.eu-west-1.ec2")
        ),
        "service of somebody's": both(drop(ENDPOINT, "PolicyDocument"), change(ENDPOINT, "ServiceName", ["x.ecr.api"])),
    },
)
