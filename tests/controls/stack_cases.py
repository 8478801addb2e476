"""Cases of the stack area."""

import base64
import json

from hardened_eks.controls import stack as c
from tests.controls.cases import Case, both, change, drop, hide, template

CLUSTER, ADDON, PROVIDER = "AWS::EKS::Cluster", "AWS::EKS::Addon", "AWS::EKS::IdentityProviderConfig"
REPOSITORY, NODES, FARGATE = "AWS::ECR::Repository", "AWS::EKS::Nodegroup", "AWS::EKS::FargateProfile"
FUNCTION, DATABASE, SECRET, HOST = (
    "AWS::Lambda::Function",
    "AWS::RDS::DBInstance",
    "AWS::SecretsManager::Secret",
    "AWS::EC2::Instance",
)
ACCESS_KEY = "AKIA" + "IOSFODNN7EXAMPLE"  # AWS's own example
PRIVATE_KEY = "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIE"
VARIABLES = "Environment.Variables"
USER_DATA = f"#!/bin/sh\nexport AWS_ACCESS_KEY_ID={ACCESS_KEY}\n"
OWNED = [{"Key": "application", "Value": "payments"}]


def section(name, value):
    return lambda body: {**body, name: {**body.get(name, {}), **value}}


def metadata(value):
    """Put metadata beside the properties of the host."""

    def mutate(body):
        host = {**body["Resources"]["Host"], "Metadata": value}
        return {**body, "Resources": {**body["Resources"], "Host": host}}

    return mutate


def output(value, name="Endpoint"):
    return section("Outputs", {name: {"Value": value}})


def container(name, value):
    """Return a container whose environment is a list, as in Amazon ECS."""
    definition = {"Environment": [{"Name": name, "Value": value}]}
    return template({"Task": ("AWS::ECS::TaskDefinition", {"ContainerDefinitions": [definition]})})


SECRETIVE = template(
    {
        "Database": (
            DATABASE,
            {"MasterUserPassword": "{{resolve:secretsmanager:db:SecretString:password}}", "MasterUsername": "ann"},
        ),
        "Function": (FUNCTION, {"Environment": {"Variables": {"STAGE": "prod"}}}),
        "Host": (HOST, {"UserData": {"Fn::Base64": "#!/bin/sh\necho hello\n"}}),
        "Secret": (SECRET, {"GenerateSecretString": {"GenerateStringKey": "password", "PasswordLength": 32}}),
    },
    Parameters={"DbPassword": {"Type": "String", "NoEcho": True}, "Stage": {"Type": "String"}},
    Outputs={"Endpoint": {"Value": {"Fn::GetAtt": ["Database", "Endpoint.Address"]}}},
    Conditions={"Whether": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
)
PASSWORD = "MasterUserPassword"

NAMED = {
    NODES: "NodegroupName",
    FARGATE: "FargateProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::EC2::SecurityGroup": "GroupName",
    "AWS::EC2::LaunchTemplate": "LaunchTemplateName",
    FUNCTION: "FunctionName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::S3::Bucket": "BucketName",
}
NAMELESS = template({t.replace(":", ""): (t, {}) for t in NAMED}, Parameters={"Stage": {"Type": "String"}})


def listed(type_):
    """Return the case of a type whose tags are a list."""
    return (
        template({"It": (type_, {"Tags": OWNED})}),
        {
            "none": drop(type_, "Tags"),
            "empty": change(type_, "Tags", []),
            "its name": change(type_, "Tags", [{"Key": "Name", "Value": "one"}]),
            "AWS's": change(type_, "Tags", [{"Key": "aws:cloudformation:stack-name", "Value": "one"}]),
            "the CDK's": change(type_, "Tags", [{"Key": "aws-cdk:subnet-name", "Value": "isolated"}]),
            "Kubernetes's": change(type_, "Tags", [{"Key": "kubernetes.io/cluster/one", "Value": "owned"}]),
            "the autoscaler's": change(type_, "Tags", [{"Key": "k8s.io/cluster-autoscaler/enabled", "Value": "true"}]),
            "Karpenter's": change(type_, "Tags", [{"Key": "karpenter.sh/discovery", "Value": "one"}]),
            "without key": change(type_, "Tags", [{"Value": "payments"}]),
            "with an empty key": change(type_, "Tags", [{"Key": "", "Value": "payments"}]),
            "hidden": hide(type_, "Tags"),
            "one hidden": hide(type_, "Tags.0"),
            "none after all": change(type_, "Tags", {"Ref": "AWS::NoValue"}),
            "one branch only": change(type_, "Tags", {"Fn::If": ["Whether", OWNED, {"Ref": "AWS::NoValue"}]}),
            "malformed": change(type_, "Tags", 5),
            "malformed items": change(type_, "Tags", [5, None, "application"]),
        },
        {
            "beside others": change(type_, "Tags", [{"Key": "Name", "Value": "one"}, *OWNED]),
            "value in a parameter": hide(type_, "Tags.0.Value"),
            "key in a parameter": hide(type_, "Tags.0.Key"),
            "each branch": change(type_, "Tags", {"Fn::If": ["Whether", OWNED, [{"Key": "team", "Value": "x"}]]}),
        },
    )


def mapped(type_):
    """Return the case of a type whose tags are a mapping."""
    return (
        template({"It": (type_, {"Tags": {"application": "payments"}})}),
        {
            "none": drop(type_, "Tags"),
            "empty": change(type_, "Tags", {}),
            "its name": change(type_, "Tags", {"Name": "one"}),
            "Kubernetes's": change(type_, "Tags", {"kubernetes.io/cluster/one": "owned", "Name": "one"}),
            "the autoscaler's": change(type_, "Tags", {"k8s.io/cluster-autoscaler/enabled": "true"}),
            "AWS's": change(type_, "Tags", {"eks:cluster-name": "one"}),
            "hidden": hide(type_, "Tags"),
        },
        {
            "beside others": change(type_, "Tags", {"Name": "one", "team": "payments"}),
            "value in a parameter": hide(type_, "Tags.application"),
        },
    )


NETWORK, BUCKET = "AWS::EC2::VPC", "AWS::S3::Bucket"
LIST, MAP = listed(NETWORK), mapped(NODES)
LISTED = (
    FARGATE,
    NETWORK,
    "AWS::EC2::Subnet",
    "AWS::KMS::Key",
    "AWS::Logs::LogGroup",
    "AWS::IAM::Role",
    BUCKET,
    HOST,
    FUNCTION,
)
FILES = "AWS::EFS::FileSystem"
TAGGED = template(
    {
        **{t.replace(":", ""): (t, {"Tags": OWNED}) for t in LISTED},
        "Nodes": (NODES, {"Tags": {"application": "payments"}}),
        "Files": (FILES, {"FileSystemTags": OWNED}),
    }
)


CASES = [
    Case(
        c.no_secrets,
        SECRETIVE,
        {
            "an access key": change(FUNCTION, f"{VARIABLES}.KEY", ACCESS_KEY),
            "within a text": change(FUNCTION, f"{VARIABLES}.ARGS", f"--key {ACCESS_KEY} --region eu-west-1"),
            "a private key": change(FUNCTION, f"{VARIABLES}.CERT", PRIVATE_KEY),
            "a token": change(FUNCTION, f"{VARIABLES}.CHAT", "xoxb" + "-1234567890-abcdefghij"),
            "in a Sub": change(FUNCTION, f"{VARIABLES}.ARGS", {"Fn::Sub": f"--key {ACCESS_KEY} --in ${{AWS::Region}}"}),
            "in a Join": change(
                FUNCTION, f"{VARIABLES}.ARGS", {"Fn::Join": ["", [ACCESS_KEY[:9], ACCESS_KEY[9:], {"Ref": "Stage"}]]}
            ),
            "on a condition": change(FUNCTION, f"{VARIABLES}.KEY", {"Fn::If": ["Whether", ACCESS_KEY, "none"]}),
            "beside a reference": change(FUNCTION, f"{VARIABLES}.ARGS", f"{{{{resolve:ssm:x}}}} {ACCESS_KEY}"),
            "in user data": change(HOST, "UserData", {"Fn::Base64": USER_DATA}),
            "in encoded user data": change(HOST, "UserData", base64.b64encode(USER_DATA.encode()).decode()),
            "in user data with variables": change(
                HOST, "UserData", {"Fn::Base64": {"Fn::Sub": USER_DATA + "region=${AWS::Region}"}}
            ),
            "a password": change(DATABASE, PASSWORD, "correct-horse"),
            "a password on a condition": change(DATABASE, PASSWORD, {"Fn::If": ["Whether", "correct-horse", "staple"]}),
            "a password in the environment": change(FUNCTION, f"{VARIABLES}.DB_PASSWORD", "correct-horse"),
            "a longer name": change(FUNCTION, f"{VARIABLES}.MYSQL_ROOT_PASSWORD", "correct-horse"),
            "a client's secret": change(FUNCTION, f"{VARIABLES}.clientSecret", "correct-horse"),
            "an environment in a list": container("DB_PASSWORD", "correct-horse"),
            "a secret's text": change(SECRET, "SecretString", "correct-horse"),
            "a secret's JSON": change(SECRET, "SecretString", json.dumps({"password": "correct-horse"})),
            "a secret's JSON with variables": change(
                SECRET, "SecretString", {"Fn::Sub": '{"host": "${Database}", "password": "correct-horse"}'}
            ),
            "passwords in a list": template({"User": ("AWS::ElastiCache::User", {"Passwords": ["correct-horse"]})}),
            "a template's JSON": change(
                SECRET, "GenerateSecretString.SecretStringTemplate", json.dumps({"api_key": "correct-horse"})
            ),
            "in metadata": metadata(
                {"AWS::CloudFormation::Authentication": {"Web": {"username": "ann", "password": "correct-horse"}}}
            ),
            "in files of metadata": metadata(
                {"AWS::CloudFormation::Init": {"config": {"files": {"/etc/key": {"content": PRIVATE_KEY}}}}}
            ),
            "in an output": output(f"https://ann:{ACCESS_KEY}@example.org"),
            "a parameter in an output": output({"Ref": "DbPassword"}),
            "a parameter within an output": output({"Fn::Sub": "postgres://ann:${DbPassword}@db"}),
            "an output by name": output("correct-horse", "DbPassword"),
            "a parameter's default": section(
                "Parameters", {"DbPassword": {"NoEcho": True, "Default": "correct-horse"}}
            ),
            "an access key as default": section("Parameters", {"Id": {"Type": "String", "Default": ACCESS_KEY}}),
        },
        {
            "in a parameter": change(DATABASE, PASSWORD, {"Ref": "DbPassword"}),
            "of Systems Manager": change(DATABASE, PASSWORD, "{{resolve:ssm-secure:db:1}}"),
            "joined reference": change(
                DATABASE, PASSWORD, {"Fn::Sub": "{{resolve:secretsmanager:${Secret}:SecretString:password}}"}
            ),
            "a managed one": both(drop(DATABASE, PASSWORD), change(DATABASE, "ManageMasterUserPassword", "true")),
            "where it is": change(FUNCTION, f"{VARIABLES}.DB_PASSWORD", "arn:aws:secretsmanager:eu-west-1:1:secret:db"),
            "its path": change(FUNCTION, f"{VARIABLES}.DB_PASSWORD", "/payments/db/password"),
            "another variable": change(FUNCTION, f"{VARIABLES}.DB_PASSWORD", "$OTHER"),
            "empty": change(FUNCTION, f"{VARIABLES}.DB_PASSWORD", ""),
            "a secret's name": change(FUNCTION, f"{VARIABLES}.PASSWORD_SECRET_NAME", "payments-db"),
            "a secret's JSON of parameters": change(
                SECRET, "SecretString", {"Fn::Sub": '{"username": "ann", "password": "${DbPassword}"}'}
            ),
            "a list without secrets": container("STAGE", "prod"),
            "a reference in a list": container("DB_PASSWORD", {"Ref": "DbPassword"}),
            "in no text": change(HOST, "UserData", "no base64 !"),
            "default of a path": section(
                "Parameters", {"DbPassword": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "db.password"}}
            ),
            "no default": section("Parameters", {"DbPassword": {"NoEcho": True, "Default": ""}}),
            "an open parameter in an output": output({"Ref": "Stage"}),
            "malformed": both(
                section("Outputs", {"A": 5, "B": {"Value": None}}),
                section("Parameters", {"C": None, "D": {"Default": 5}}),
                metadata(5),
            ),
        },
    ),
    Case(
        c.no_explicit_names,
        NAMELESS,
        {
            **{t.rsplit(":", 1)[1]: change(t, path, "payments") for t, path in NAMED.items()},
            "in a parameter": hide(NODES, "NodegroupName"),
            "joined": change(FUNCTION, "FunctionName", {"Fn::Sub": "payments-${AWS::Region}"}),
            "on a condition": change(FUNCTION, "FunctionName", {"Fn::If": ["Whether", "x", {"Ref": "AWS::NoValue"}]}),
        },
        {
            "not written after all": change(NODES, "NodegroupName", {"Ref": "AWS::NoValue"}),
            "names that others must know": template(
                {
                    "Cluster": (CLUSTER, {"Name": "one"}),
                    "Role": ("AWS::IAM::Role", {"RoleName": "one"}),
                    "Logs": ("AWS::Logs::LogGroup", {"LogGroupName": "/aws/eks/one/cluster"}),
                    "Images": (REPOSITORY, {"RepositoryName": "one"}),
                }
            ),
            "a name tag": change("AWS::EC2::SecurityGroup", "Tags", [{"Key": "Name", "Value": "one"}]),
        },
    ),
    Case(c.cluster_tags, *listed(CLUSTER)),
    Case(c.identity_provider_tags, *listed(PROVIDER)),
    Case(c.addon_tags, *listed(ADDON)),
    Case(c.repository_tags, *listed(REPOSITORY)),
    Case(
        c.required_tags,
        TAGGED,
        {
            **{f"{t.rsplit(':', 1)[1]} without": drop(t, "Tags") for t in (*LISTED, NODES)},
            **{f"{t.rsplit(':', 1)[1]} by name": change(t, "Tags", [{"Key": "Name", "Value": "x"}]) for t in LISTED},
            **{f"list, {name}": mutation for name, mutation in LIST[1].items()},
            **{f"mapping, {name}": mutation for name, mutation in MAP[1].items()},
            "files without": drop(FILES, "FileSystemTags"),
            "files by name": change(FILES, "FileSystemTags", [{"Key": "Name", "Value": "x"}]),
        },
        {
            **{f"list, {name}": mutation for name, mutation in LIST[2].items()},
            **{f"mapping, {name}": mutation for name, mutation in MAP[2].items()},
            "what takes no tags": template({"Route": ("AWS::EC2::Route", {})}),
        },
    ),
]
