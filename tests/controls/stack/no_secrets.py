import base64
import json

from hardened_eks.controls.stack import no_secrets
from tests.controls.cases import Bad, Case, at, both, change, drop, template
from tests.controls.stack.base import FUNCTION, HOST

DATABASE = "AWS::RDS::DBInstance"
SECRET = "AWS::SecretsManager::Secret"
ACCESS_KEY = "AKIA" + "IOSFODNN7EXAMPLE"  # AWS's own example
PRIVATE_KEY = "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIE"
VARIABLES = "Environment.Variables"
USER_DATA = f"#!/bin/sh\nexport AWS_ACCESS_KEY_ID={ACCESS_KEY}\n"


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


def pod(name, value):
    """Return a Kubernetes pod with one environment variable."""
    containers = [{"name": "web", "env": [{"name": name, "value": value}]}]
    return template({"Pod": ("Kubernetes::core::Pod", {"spec": {"containers": containers}})})


def kubernetes_secret(text):
    data = {"tls.key": base64.b64encode(text.encode()).decode()}
    return template({"Tls": ("Kubernetes::core::Secret", {"type": "kubernetes.io/tls", "data": data})})


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

CASE = Case(
    no_secrets,
    SECRETIVE,
    bad={
        "an access key": Bad(change(FUNCTION, f"{VARIABLES}.KEY", ACCESS_KEY), "Environment.Variables.KEY"),
        "within a text": Bad(
            change(FUNCTION, f"{VARIABLES}.ARGS", f"--key {ACCESS_KEY} --region eu-west-1"),
            "Environment.Variables.ARGS",
        ),
        "a private key": Bad(change(FUNCTION, f"{VARIABLES}.CERT", PRIVATE_KEY), "Environment.Variables.CERT"),
        "a token": Bad(
            change(FUNCTION, f"{VARIABLES}.CHAT", "xoxb" + "-1234567890-abcdefghij"), "Environment.Variables.CHAT"
        ),
        "in a Sub": Bad(
            change(FUNCTION, f"{VARIABLES}.ARGS", {"Fn::Sub": f"--key {ACCESS_KEY} --in ${{AWS::Region}}"}),
            "Environment.Variables.ARGS",
        ),
        "in a Join": Bad(
            change(
                FUNCTION, f"{VARIABLES}.ARGS", {"Fn::Join": ["", [ACCESS_KEY[:9], ACCESS_KEY[9:], {"Ref": "Stage"}]]}
            ),
            "Environment.Variables.ARGS",
        ),
        "on a condition": Bad(
            change(FUNCTION, f"{VARIABLES}.KEY", {"Fn::If": ["Whether", ACCESS_KEY, "none"]}),
            "Environment.Variables.KEY",
        ),
        "beside a reference": Bad(
            change(FUNCTION, f"{VARIABLES}.ARGS", f"{{{{resolve:ssm:x}}}} {ACCESS_KEY}"), "Environment.Variables.ARGS"
        ),
        **at(
            "UserData",
            {
                "in user data": change(HOST, "UserData", {"Fn::Base64": USER_DATA}),
                "in encoded user data": change(HOST, "UserData", base64.b64encode(USER_DATA.encode()).decode()),
                "in user data with variables": change(
                    HOST, "UserData", {"Fn::Base64": {"Fn::Sub": USER_DATA + "region=${AWS::Region}"}}
                ),
            },
        ),
        "a password": Bad(change(DATABASE, PASSWORD, "correct-horse"), "MasterUserPassword"),
        "a password on a condition": Bad(
            change(DATABASE, PASSWORD, {"Fn::If": ["Whether", "correct-horse", "staple"]}), "MasterUserPassword"
        ),
        "a password in the environment": Bad(
            change(FUNCTION, f"{VARIABLES}.DB_PASSWORD", "correct-horse"), "Environment.Variables.DB_PASSWORD"
        ),
        "a longer name": Bad(
            change(FUNCTION, f"{VARIABLES}.MYSQL_ROOT_PASSWORD", "correct-horse"),
            "Environment.Variables.MYSQL_ROOT_PASSWORD",
        ),
        "a client's secret": Bad(
            change(FUNCTION, f"{VARIABLES}.clientSecret", "correct-horse"), "Environment.Variables.clientSecret"
        ),
        "an environment in a list": Bad(
            container("DB_PASSWORD", "correct-horse"), "ContainerDefinitions.0.Environment.0.Value"
        ),
        "an environment of a pod": Bad(pod("DB_PASSWORD", "correct-horse"), "spec.containers.0.env.0.value"),
        "a key in a Kubernetes secret": Bad(kubernetes_secret(PRIVATE_KEY), "data.tls.key"),
        "a secret's text": Bad(change(SECRET, "SecretString", "correct-horse"), "SecretString"),
        "a secret's JSON": Bad(
            change(SECRET, "SecretString", json.dumps({"password": "correct-horse"})), "SecretString.password"
        ),
        "a secret's JSON with variables": Bad(
            change(SECRET, "SecretString", {"Fn::Sub": '{"host": "${Database}", "password": "correct-horse"}'}),
            "SecretString.password",
        ),
        "passwords in a list": Bad(
            template({"User": ("AWS::ElastiCache::User", {"Passwords": ["correct-horse"]})}), "Passwords.0"
        ),
        "a template's JSON": Bad(
            change(SECRET, "GenerateSecretString.SecretStringTemplate", json.dumps({"api_key": "correct-horse"})),
            "GenerateSecretString.SecretStringTemplate.api_key",
        ),
        "in metadata": Bad(
            metadata(
                {"AWS::CloudFormation::Authentication": {"Web": {"username": "ann", "password": "correct-horse"}}}
            ),
            "Metadata.AWS::CloudFormation::Authentication.Web.password",
        ),
        "in files of metadata": Bad(
            metadata({"AWS::CloudFormation::Init": {"config": {"files": {"/etc/key": {"content": PRIVATE_KEY}}}}}),
            "Metadata.AWS::CloudFormation::Init.config.files./etc/key.content",
        ),
        **at(
            "Value",
            {
                "in an output": output(f"https://ann:{ACCESS_KEY}@example.org"),
                "a parameter in an output": output({"Ref": "DbPassword"}),
                "a parameter within an output": output({"Fn::Sub": "postgres://ann:${DbPassword}@db"}),
            },
        ),
        "an output by name": Bad(output("correct-horse", "DbPassword"), "Value"),
        "a parameter's default": Bad(
            section("Parameters", {"DbPassword": {"NoEcho": True, "Default": "correct-horse"}}),
            "Default",
        ),
        "the default of a secret by any name": Bad(
            section("Parameters", {"P": {"Type": "String", "NoEcho": "true", "Default": "correct-horse"}}), "Default"
        ),
        "an access key as default": Bad(
            section("Parameters", {"Id": {"Type": "String", "Default": ACCESS_KEY}}), "Default"
        ),
    },
    edge={
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
        "a pod without secrets": pod("STAGE", "prod"),
        "a variable of the pod": pod("DB_PASSWORD", "$(OTHER)"),
        "a certificate in a Kubernetes secret": kubernetes_secret("-----BEGIN CERTIFICATE-----"),
        "a reference in a list": container("DB_PASSWORD", {"Ref": "DbPassword"}),
        "in no text": change(HOST, "UserData", "no base64 !"),
        "default of a path": section(
            "Parameters", {"DbPassword": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "db.password"}}
        ),
        "the place of a secret": section("Parameters", {"P": {"NoEcho": True, "Default": "/db/main"}}),
        "no default": section("Parameters", {"DbPassword": {"NoEcho": True, "Default": ""}}),
        "an open parameter in an output": output({"Ref": "Stage"}),
        "malformed": both(
            section("Outputs", {"A": 5, "B": {"Value": None}}),
            section("Parameters", {"C": None, "D": {"Default": 5}}),
            metadata(5),
        ),
    },
)
