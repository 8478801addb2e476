import json

from hardened_eks.controls.images import ecr_endpoint_policy
from tests.controls.cases import Bad, Case, both, change, drop, hide, template
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
        "everything": Bad(through(passing("*", "*")), "PolicyDocument.Statement.0"),
        "every action of ECR": Bad(through(passing("*", "ecr:*")), "PolicyDocument.Statement.0"),
        "push": Bad(through({**allow({"AWS": "*"}), "Resource": "*"}), "PolicyDocument.Statement.0"),
        "layers": Bad(
            through(passing("*", "ecr:InitiateLayerUpload", "ecr:UploadLayerPart")), "PolicyDocument.Statement.0"
        ),
        "all but": Bad(
            through({"Effect": "Allow", "Principal": "*", "NotAction": "ecr:PutImage", "Resource": "*"}),
            "PolicyDocument.Statement.0",
        ),
        "from this VPC": Bad(
            through(passing("*", "ecr:*", StringEquals={"aws:SourceVpc": "vpc-1"})), "PolicyDocument.Statement.0"
        ),
        "of any organization": Bad(
            through(passing("*", "ecr:*", StringLike={"aws:PrincipalOrgID": "*"})), "PolicyDocument.Statement.0"
        ),
        "unless known": Bad(
            through(passing("*", "ecr:*", StringEqualsIfExists={"aws:ResourceAccount": "1"})),
            "PolicyDocument.Statement.0",
        ),
        "repositories of anybody": Bad(
            through(passing("arn:aws:ecr:eu-west-1:*:repository/*", "ecr:*")), "PolicyDocument.Statement.0"
        ),
        "repository in a parameter": Bad(
            through(passing({"Ref": "RepositoryArn"}, "ecr:*")), "PolicyDocument.Statement.0"
        ),
        "names without end": Bad(
            through(passing({"Fn::Sub": "arn:x:ecr:" + "${A}$" * 500 + "x"}, "ecr:*")), "PolicyDocument.Statement.0"
        ),
        "principal in a parameter": Bad(
            through({**allow({"AWS": {"Ref": "Who"}}, "ecr:*"), "Resource": "*"}), "PolicyDocument.Statement.0"
        ),
        "hidden": Bad(hide(ENDPOINT, "PolicyDocument"), "PolicyDocument"),
        "statement hidden": Bad(through({"Ref": "Statement"}), "PolicyDocument.Statement.0"),
        "nothing": Bad(change(ENDPOINT, "PolicyDocument", {}), "PolicyDocument"),
        "no JSON": Bad(change(ENDPOINT, "PolicyDocument", "{"), "PolicyDocument"),
        "malformed": Bad(change(ENDPOINT, "PolicyDocument", ["x"]), "PolicyDocument"),
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
