"""Cases of the images area."""

import copy
import json

from hardened_eks.controls import images as c
from tests.controls.cases import Case, both, change, drop, hide, template

REPOSITORY, CREATED = "AWS::ECR::Repository", "AWS::ECR::RepositoryCreationTemplate"
SCANNING, REGISTRY = "AWS::ECR::RegistryScanningConfiguration", "AWS::ECR::RegistryPolicy"
ENDPOINT, ROLE, POLICY = "AWS::EC2::VPCEndpoint", "AWS::IAM::Role", "AWS::IAM::Policy"
NO_VALUE = {"Ref": "AWS::NoValue"}
KEY, KIND = "EncryptionConfiguration.KmsKey", "EncryptionConfiguration.EncryptionType"
FILTERS = "ImageTagMutabilityExclusionFilters"
LIFECYCLE, SCAN = "LifecyclePolicy.LifecyclePolicyText", "ImageScanningConfiguration.ScanOnPush"
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


def plus(**resources):
    """Add resources: ``plus(Extra=(type, properties))``."""

    def mutate(body):
        return {**body, "Resources": {**copy.deepcopy(body["Resources"]), **template(resources)["Resources"]}}

    return mutate


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


def identity(*statements):
    """The push policy of the good template, replaced."""
    return change(POLICY, "PolicyDocument", document(*statements))


def on(resource, *actions, **condition):
    statement = {"Effect": "Allow", "Action": list(actions or ["ecr:PutImage"]), "Resource": resource}
    return statement | ({"Condition": condition} if condition else {})


def rule(*filters, frequency="CONTINUOUS_SCAN"):
    return {
        "ScanFrequency": frequency,
        "RepositoryFilters": [{"Filter": text, "FilterType": "WILDCARD"} for text in filters],
    }


def registry_scans(*rules, kind="ENHANCED", **more):
    """Leave scanning to the registry."""
    return both(
        drop(REPOSITORY, "ImageScanningConfiguration"),
        plus(Scanning=(SCANNING, {"ScanType": kind, "Rules": list(rules), **more})),
    )


def named(name):
    return change(REPOSITORY, "RepositoryName", name)


def exclusions(*values):
    return both(
        change(REPOSITORY, "ImageTagMutability", "IMMUTABLE_WITH_EXCLUSION"),
        change(
            REPOSITORY,
            FILTERS,
            [
                {"ImageTagMutabilityExclusionFilterType": "WILDCARD", "ImageTagMutabilityExclusionFilterValue": value}
                for value in values
            ],
        ),
    )


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
CONTINUOUS = template({"Scanning": (SCANNING, {"ScanType": "ENHANCED", "Rules": [rule("*")]})})
PULL = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:GetAuthorizationToken")
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


CASES = [
    Case(
        c.immutable_tags,
        GOOD,
        {
            "mutable": change(REPOSITORY, "ImageTagMutability", "MUTABLE"),
            "left out": drop(REPOSITORY, "ImageTagMutability"),
            "hidden": hide(REPOSITORY, "ImageTagMutability"),
            "mutable but for some": change(REPOSITORY, "ImageTagMutability", "MUTABLE_WITH_EXCLUSION"),
            "boolean": change(REPOSITORY, "ImageTagMutability", True),
            "list": change(REPOSITORY, "ImageTagMutability", ["IMMUTABLE"]),
            "all excluded": exclusions("*"),
            "one excludes all": exclusions("latest", "**"),
            "nothing excluded": exclusions(""),
            "exclusion hidden": exclusions({"Ref": "Tag"}),
            "exclusions hidden": both(exclusions("latest"), hide(REPOSITORY, FILTERS)),
            "exclusions malformed": both(exclusions("x"), change(REPOSITORY, FILTERS, ["latest"])),
            "sometimes": change(REPOSITORY, "ImageTagMutability", chosen("IMMUTABLE")),
            "repositories to come": created(),
            "repositories to come, mutable": created(ImageTagMutability="MUTABLE"),
        },
        {
            "some excluded": exclusions("latest", "dev-*"),
            "either way": change(REPOSITORY, "ImageTagMutability", chosen("IMMUTABLE", "IMMUTABLE")),
            "repositories to come": created(ImageTagMutability="IMMUTABLE"),
        },
    ),
    Case(
        c.images_kms,
        GOOD,
        {
            "S3's": change(REPOSITORY, KIND, "AES256"),
            "left out": drop(REPOSITORY, KIND),
            "nothing said": drop(REPOSITORY, "EncryptionConfiguration"),
            "hidden": hide(REPOSITORY, KIND),
            "all hidden": hide(REPOSITORY, "EncryptionConfiguration"),
            "another case": change(REPOSITORY, KIND, "kms"),
            "malformed": change(REPOSITORY, "EncryptionConfiguration", ["KMS"]),
            "repositories to come": created(EncryptionConfiguration={"EncryptionType": "AES256"}),
        },
        {
            "two layers": change(REPOSITORY, KIND, "KMS_DSSE"),
            "repositories to come": created(EncryptionConfiguration={"EncryptionType": "KMS"}),
        },
    ),
    Case(
        c.images_customer_key,
        GOOD,
        {
            "left out": drop(REPOSITORY, KEY),
            "nothing said": drop(REPOSITORY, "EncryptionConfiguration"),
            "AWS's": change(REPOSITORY, KEY, "alias/aws/ecr"),
            "AWS's, joined": change(
                REPOSITORY, KEY, {"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:1:alias/aws/ecr"}
            ),
            "empty": change(REPOSITORY, KEY, ""),
            "sometimes": change(REPOSITORY, KEY, chosen({"Fn::GetAtt": ["Key", "Arn"]})),
            "no key": change(REPOSITORY, KEY, {"Ref": "Push"}),
            "malformed": change(REPOSITORY, KEY, ["x"]),
            "repositories to come": created(EncryptionConfiguration={"EncryptionType": "KMS"}),
        },
        {
            "key in a parameter": hide(REPOSITORY, KEY),
            "key by ARN": change(REPOSITORY, KEY, "arn:aws:kms:eu-west-1:111122223333:key/x"),
            "key of another stack": change(REPOSITORY, KEY, {"Fn::ImportValue": "keys:Images"}),
            "own alias": change(REPOSITORY, KEY, "alias/images"),
        },
    ),
    Case(
        c.scan_on_push,
        GOOD,
        {
            "off": change(REPOSITORY, SCAN, False),
            "off as text": change(REPOSITORY, SCAN, "false"),
            "left out": drop(REPOSITORY, SCAN),
            "nothing said": drop(REPOSITORY, "ImageScanningConfiguration"),
            "hidden": hide(REPOSITORY, SCAN),
            "malformed": change(REPOSITORY, "ImageScanningConfiguration", True),
            "registry without rules": registry_scans(),
            "registry scans others": both(named("payments"), registry_scans(rule("prod-*"))),
            "registry scans who knows whom": registry_scans(rule("payments")),
            "registry without filters": registry_scans({"ScanFrequency": "CONTINUOUS_SCAN"}),
            "registry by hand": registry_scans(rule("*", frequency="MANUAL")),
            "registry with a basic scan cannot scan continuously": registry_scans(rule("*"), kind="BASIC"),
            "rules hidden": both(registry_scans(), hide(SCANNING, "Rules")),
            "rules malformed": registry_scans("*", {"ScanFrequency": "SCAN_ON_PUSH", "RepositoryFilters": ["*", {}]}),
            "enhanced registry ignores the repository": both(
                named("payments"), plus(Scanning=(SCANNING, {"ScanType": "ENHANCED", "Rules": [rule("prod")]}))
            ),
        },
        {
            "text": change(REPOSITORY, SCAN, "true"),
            "registry": registry_scans(rule("*")),
            "registry, on push": registry_scans(rule("*", frequency="SCAN_ON_PUSH")),
            "registry, basic": registry_scans(rule("*", frequency="SCAN_ON_PUSH"), kind="BASIC"),
            "registry, basic by default": both(
                registry_scans(rule("*", frequency="SCAN_ON_PUSH")), drop(SCANNING, "ScanType")
            ),
            "registry, by name": both(named("team/payments"), registry_scans(rule("team/*"))),
            "registry, by part of the name": both(named("team/payments"), registry_scans(rule("pay"))),
            "both": plus(Scanning=(SCANNING, {"ScanType": "ENHANCED", "Rules": [rule("*")]})),
            "basic registry for others": both(
                named("payments"),
                plus(Scanning=(SCANNING, {"Rules": [rule("prod", frequency="SCAN_ON_PUSH")]})),
            ),
        },
    ),
    Case(
        c.enhanced_scanning,
        CONTINUOUS,
        {
            "basic": change(SCANNING, "ScanType", "BASIC"),
            "basic by default": drop(SCANNING, "ScanType"),
            "type hidden": hide(SCANNING, "ScanType"),
            "on push": change(SCANNING, "Rules.0.ScanFrequency", "SCAN_ON_PUSH"),
            "frequency hidden": hide(SCANNING, "Rules.0.ScanFrequency"),
            "no rules": drop(SCANNING, "Rules"),
            "empty": change(SCANNING, "Rules", []),
            "rules hidden": hide(SCANNING, "Rules"),
            "some repositories": change(SCANNING, "Rules", [rule("prod-*"), rule("*", frequency="SCAN_ON_PUSH")]),
            "no filter": change(SCANNING, "Rules", [rule()]),
            "filter hidden": hide(SCANNING, "Rules.0.RepositoryFilters.0.Filter"),
            "malformed": change(SCANNING, "Rules", ["CONTINUOUS_SCAN", {"ScanFrequency": ["CONTINUOUS_SCAN"]}]),
        },
        {
            "some on push": change(SCANNING, "Rules", [rule("dev", frequency="SCAN_ON_PUSH"), rule("*")]),
            "several filters": change(SCANNING, "Rules", [rule("prod", "**")]),
        },
    ),
    Case(
        c.images_not_public,
        GOOD,
        {
            "everybody": policy(allow("*")),
            "everybody in AWS pulls": policy(TLS, allow({"AWS": ["*"]}, *PULL)),
            "everybody but one": policy({"Effect": "Allow", "NotPrincipal": {"AWS": CI}, "Action": "ecr:*"}),
            "principal in a parameter": policy(allow({"AWS": {"Ref": "Who"}})),
            "an address is no caller": policy(allow("*", IpAddress={"aws:SourceIp": "198.51.100.0/24"})),
            "unless known": policy(allow("*", StringEqualsIfExists={"aws:PrincipalOrgID": "o-1"})),
            "not of an organization": policy(allow("*", StringNotEquals={"aws:PrincipalOrgID": "o-1"})),
            "hidden": hide(REPOSITORY, "RepositoryPolicyText"),
            "statement hidden": policy(TLS, {"Ref": "Statement"}),
            "as text": change(REPOSITORY, "RepositoryPolicyText", json.dumps(document(allow("*")))),
            "statement alone": change(REPOSITORY, "RepositoryPolicyText", {"Statement": allow("*")}),
            "registry": registry(allow("*", "ecr:ReplicateImage")),
            "public repository": template({"Public": ("AWS::ECR::PublicRepository", {})}),
            "repositories to come": created(RepositoryPolicy=json.dumps(document(allow("*", *PULL)))),
        },
        {
            "no policy": drop(REPOSITORY, "RepositoryPolicyText"),
            "organization": policy(allow("*", *PULL, StringEquals={"aws:PrincipalOrgID": "o-1"})),
            "organization in a parameter": policy(
                allow("*", *PULL, StringEquals={"aws:PrincipalOrgID": {"Ref": "Organization"}})
            ),
            "role of this stack": policy(allow({"AWS": {"Fn::GetAtt": ["Ci", "Arn"]}})),
            "service": policy(allow({"Service": "lambda.amazonaws.com"}, *PULL)),
            "account": policy(allow({"AWS": ROOT}, *PULL)),
            "malformed": change(REPOSITORY, "RepositoryPolicyText", ["x"]),
            "statement malformed": change(REPOSITORY, "RepositoryPolicyText", {"Statement": ["x", 1]}),
            "repositories to come": created(RepositoryPolicy=json.dumps(document(TLS))),
        },
    ),
    Case(
        c.push_rights,
        GOOD,
        {
            "everybody": policy(allow("*")),
            "organization pushes": policy(allow("*", StringEquals={"aws:PrincipalOrgID": "o-1"})),
            "account": policy(allow({"AWS": ROOT})),
            "account by number": policy(allow({"AWS": "111122223333"}, "ecr:*")),
            "this account by number": policy(allow({"AWS": {"Ref": "AWS::AccountId"}})),
            "another account": policy(allow({"AWS": [CI, "arn:aws:iam::444455556666:root"]})),
            "principal in a parameter": policy(allow({"AWS": {"Ref": "Who"}})),
            "everybody but one": policy({"Effect": "Allow", "NotPrincipal": {"AWS": CI}, "Action": "ecr:*"}),
            "all but pulling": policy(
                {"Effect": "Allow", "Principal": {"AWS": ROOT}, "NotAction": "ecr:BatchGetImage"}
            ),
            "administration": policy(allow({"AWS": ROOT}, "ecr:SetRepositoryPolicy")),
            "deletion": policy(allow({"AWS": ROOT}, "ecr:Batch*")),
            "hidden": hide(REPOSITORY, "RepositoryPolicyText"),
            "registry": registry(allow({"AWS": ROOT}, "ecr:*")),
            "repositories to come": created(RepositoryPolicy=json.dumps(document(allow({"AWS": "111122223333"})))),
            "every resource": identity(on("*")),
            "every action": identity(on("*", "*")),
            "every repository": identity(on("arn:aws:ecr:*:*:repository/*")),
            "every repository here": identity(
                on({"Fn::Sub": "arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository/*"}, "ecr:*")
            ),
            "everything of ECR": identity(on("arn:aws:ecr:eu-west-1:111122223333:*")),
            "everything of everything": identity(on("arn:aws:*")),
            "one of several": identity(on([{"Fn::GetAtt": ["Repository", "Arn"]}, "*"])),
            "all but": identity({"Effect": "Allow", "Action": "ecr:*", "NotResource": "arn:aws:ecr:x:1:repository/a"}),
            "administers everything": identity(on("*", "ecr:SetRepositoryPolicy")),
            "inline": template(
                {
                    "Role": (
                        ROLE,
                        {"Policies": [{"PolicyName": "p", "PolicyDocument": document(on("*", "ecr:Put*"))}]},
                    )
                }
            ),
            "user": template(
                {"User": ("AWS::IAM::User", {"Policies": [{"PolicyName": "p", "PolicyDocument": document(on("*"))}]})}
            ),
            "group's": template({"Group": ("AWS::IAM::GroupPolicy", {"PolicyDocument": document(on("*"))})}),
            "managed": template({"Push": ("AWS::IAM::ManagedPolicy", {"PolicyDocument": document(on("*"))})}),
            "of AWS": template(
                {
                    "Role": (
                        ROLE,
                        {
                            "ManagedPolicyArns": [
                                {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AmazonEC2ContainerRegistryPowerUser"}
                            ]
                        },
                    )
                }
            ),
        },
        {
            "no policy": drop(REPOSITORY, "RepositoryPolicyText"),
            "account pulls": policy(allow({"AWS": ROOT}, *PULL)),
            "organization pulls": policy(allow("*", *PULL, StringEquals={"aws:PrincipalOrgID": "o-1"})),
            "service pushes": policy(allow({"Service": "codebuild.amazonaws.com"})),
            "roles of the account by name": policy(
                allow({"AWS": ROOT}, ArnLike={"aws:PrincipalArn": "arn:aws:iam::111122223333:role/ci-*"})
            ),
            "denied": policy({**allow("*"), "Effect": "Deny"}),
            "repositories of a team": identity(on("arn:aws:ecr:eu-west-1:111122223333:repository/team/*")),
            "repositories by suffix": identity(on("arn:aws:ecr:*:*:repository/*-dev")),
            "repository in a parameter": identity(on({"Ref": "RepositoryArn"})),
            "repositories by tag": identity(
                on("*", "ecr:*", StringEquals={"aws:ResourceTag/team": "${aws:PrincipalTag/team}"})
            ),
            "another service": identity(on("arn:aws:s3:::images/*", "*")),
            "reading": identity(on("*", "ecr:Get*", "ecr:BatchGetImage", "ecr:Describe*")),
            "administers the account's, as a deployment does": identity(
                on("arn:aws:ecr:eu-west-1:111122223333:repository/*", "ecr:CreateRepository", "ecr:SetRepositoryPolicy")
            ),
            "malformed": both(
                change(REPOSITORY, "RepositoryPolicyText", ["x"]), change(POLICY, "PolicyDocument", {"Statement": 1})
            ),
            "policies malformed": template({"Role": (ROLE, {"Policies": "x", "ManagedPolicyArns": {"a": 1}})}),
        },
    ),
    Case(
        c.image_lifecycle,
        GOOD,
        {
            "left out": drop(REPOSITORY, "LifecyclePolicy"),
            "without text": drop(REPOSITORY, LIFECYCLE),
            "empty": change(REPOSITORY, LIFECYCLE, ""),
            "no rules": change(REPOSITORY, LIFECYCLE, '{"rules": []}'),
            "no JSON": change(REPOSITORY, LIFECYCLE, "rules:"),
            "no text": change(REPOSITORY, LIFECYCLE, 7),
            "a list": change(REPOSITORY, LIFECYCLE, "[1]"),
            "sometimes": change(REPOSITORY, "LifecyclePolicy", chosen({"LifecyclePolicyText": RULES})),
            "text sometimes": change(REPOSITORY, LIFECYCLE, chosen(RULES)),
            "no value": change(REPOSITORY, LIFECYCLE, NO_VALUE),
            "repositories to come": created(),
        },
        {
            "in a parameter": hide(REPOSITORY, LIFECYCLE),
            "one or another": change(REPOSITORY, LIFECYCLE, chosen(RULES, {"Ref": "Rules"})),
            "repositories to come": created(LifecyclePolicy=RULES),
        },
    ),
    Case(
        c.ecr_endpoint_policy,
        ENDPOINTS,
        {
            "default": drop(ENDPOINT, "PolicyDocument"),
            "default of the FIPS endpoint": both(
                drop(ENDPOINT, "PolicyDocument"),
                change(ENDPOINT, "ServiceName", "com.amazonaws.us-east-1.ecr.dkr-fips"),
            ),
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
            "hidden": hide(ENDPOINT, "PolicyDocument"),
            "statement hidden": through({"Ref": "Statement"}),
            "nothing": change(ENDPOINT, "PolicyDocument", {}),
            "no JSON": change(ENDPOINT, "PolicyDocument", "{"),
            "malformed": change(ENDPOINT, "PolicyDocument", ["x"]),
        },
        {
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
            "service of somebody's": both(
                drop(ENDPOINT, "PolicyDocument"), change(ENDPOINT, "ServiceName", ["x.ecr.api"])
            ),
        },
    ),
]
