"""What the cases of the images area are made of."""

import json

from tests.controls.cases import change, template

REPOSITORY = "AWS::ECR::Repository"
CREATED = "AWS::ECR::RepositoryCreationTemplate"
SCANNING = "AWS::ECR::RegistryScanningConfiguration"
REGISTRY = "AWS::ECR::RegistryPolicy"
POLICY = "AWS::IAM::Policy"
NO_VALUE = {"Ref": "AWS::NoValue"}
CI = "arn:aws:iam::111122223333:role/ci"
ROOT = {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
RULES = json.dumps({"rules": [{"rulePriority": 1, "selection": {"tagStatus": "untagged"}}]})

TLS = {
    "Effect": "Deny",
    "Principal": {"AWS": "*"},
    "Action": "ecr:*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def chosen(value, otherwise=NO_VALUE):
    """A value that depends on a condition that nobody knows."""
    return {"Fn::If": ["Unknown", value, otherwise]}


def allow(principal, *actions, **condition):
    statement = {"Effect": "Allow", "Principal": principal, "Action": list(actions or ["ecr:PutImage"])}
    return statement | ({"Condition": condition} if condition else {})


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def policy(*statements):
    return change(REPOSITORY, "RepositoryPolicyText", document(*statements))


def created(**properties):
    return template({"Created": (CREATED, {"Prefix": "ROOT", **properties})})


def registry(*statements):
    return template({"Registry": (REGISTRY, {"PolicyText": document(*statements)})})


def on(resource, *actions, **condition):
    statement = {"Effect": "Allow", "Action": list(actions or ["ecr:PutImage"]), "Resource": resource}
    return statement | ({"Condition": condition} if condition else {})


def rule(*filters, frequency="CONTINUOUS_SCAN"):
    return {
        "ScanFrequency": frequency,
        "RepositoryFilters": [{"Filter": text, "FilterType": "WILDCARD"} for text in filters],
    }


GOOD = template(
    {
        "Key": ("AWS::KMS::Key", {}),
        "Repository": (
            REPOSITORY,
            {
                "ImageTagMutability": "IMMUTABLE",
                "EncryptionConfiguration": {"EncryptionType": "KMS", "KmsKey": {"Fn::GetAtt": ["Key", "Arn"]}},
                "ImageScanningConfiguration": {"ScanOnPush": True},
                "LifecyclePolicy": {"LifecyclePolicyText": RULES},
                "RepositoryPolicyText": document(TLS, allow({"AWS": CI}, "ecr:PutImage", "ecr:InitiateLayerUpload")),
            },
        ),
        "Push": (
            POLICY,
            {
                "Roles": ["ci"],
                "PolicyDocument": document(
                    on({"Fn::GetAtt": ["Repository", "Arn"]}), on("*", "ecr:GetAuthorizationToken")
                ),
            },
        ),
    }
)

PULL = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:GetAuthorizationToken")
