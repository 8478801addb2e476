import json

import yaml

from hardened_eks.controls.deployable import config_rules_valid
from tests.controls.cases import Bad, Case, at, change, drop, template

RULE, PACK = "AWS::Config::ConfigRule", "AWS::Config::ConformancePack"
VERSION = {"Owner": "AWS", "SourceIdentifier": "EKS_CLUSTER_SUPPORTED_VERSION"}
PUBLIC = {"Owner": "AWS", "SourceIdentifier": "EKS_ENDPOINT_NO_PUBLIC_ACCESS"}


def rule(source=PUBLIC, **properties):
    return {"Type": RULE, "Properties": {**properties, "Source": source}}


def body(**resources):
    return template({"Pack": (PACK, {"TemplateBody": yaml.safe_dump({"Resources": resources})})})


def written(text):
    return template({"Pack": (PACK, {"TemplateBody": text})})


GOOD = template(
    {
        "Rule": (RULE, {"Source": VERSION, "InputParameters": {"oldestVersionSupported": "1.34"}}),
        "Pack": (PACK, {"TemplateBody": yaml.safe_dump({"Resources": {"Public": rule(ConfigRuleName="public")}})}),
    }
)

CASE = Case(
    config_rules_valid,
    GOOD,
    bad={
        "a mandatory parameter": Bad(drop(RULE, "InputParameters"), "InputParameters"),
        "a rule that is none": Bad(change(RULE, "Source.SourceIdentifier", "EKS_IS_SAFE"), "Source.SourceIdentifier"),
        **at(
            "TemplateBody",
            {
                "131 rules": body(**{f"R{n}": rule(ConfigRuleName=f"r{n}") for n in range(131)}),
                "too large": body(Public=rule(Description="x" * 52_000)),
                "a mandatory parameter in a pack": body(Version=rule(VERSION)),
                "a rule that is none in a pack": body(Rule=rule({"Owner": "AWS", "SourceIdentifier": "NO_RULE"})),
                "one name twice": body(A=rule(ConfigRuleName="a"), B=rule(ConfigRuleName="a")),
                "another type": body(Bucket={"Type": "AWS::S3::Bucket"}),
                "no YAML": written("Resources: {"),
                "no resources": written("Parameters: {}"),
                "resources that are none": written("Resources: {A: 1}"),
                "a number of 5000 digits": written("Resources: {A: " + "1" * 5000 + "}"),
                "lists without end": written("Resources: " + "[" * 5000),
            },
        ),
    },
    edge={
        "130 rules": body(**{f"R{n}": rule(ConfigRuleName=f"r{n}") for n in range(130)}),
        "parameters as text": change(RULE, "InputParameters", json.dumps({"oldestVersionSupported": "1.34"})),
        "parameters not known": change(RULE, "InputParameters", {"Fn::If": ["Some", {"a": "b"}, {"c": "d"}]}),
        "parameters that are no JSON": change(RULE, "InputParameters", "{"),
        "a rule of Lambda": change(RULE, "Source", {"Owner": "CUSTOM_LAMBDA", "SourceIdentifier": "arn:x"}),
        "parameters that are a number of 5000 digits": change(RULE, "InputParameters", "1" * 5000),
        "parameters whose names are numbers": written(
            "Resources: {V: {Type: 'AWS::Config::ConfigRule', Properties: {InputParameters: {1: a}, Source: {Owner: AWS, "
            "SourceIdentifier: EKS_ENDPOINT_NO_PUBLIC_ACCESS}}}}"
        ),
        "a rule without properties": written("Resources: {V: {Type: 'AWS::Config::ConfigRule', Properties: 1}}"),
        "a parameter by a short function": written(
            "Resources: {V: {Type: 'AWS::Config::ConfigRule', Properties: {InputParameters: {oldestVersionSupported: "
            "!If [a, !Ref B, !Ref AWS::NoValue]}, Source: {Owner: AWS, SourceIdentifier: EKS_CLUSTER_SUPPORTED_VERSION}}}}"
        ),
        "a pack in S3": template({"Pack": (PACK, {"TemplateS3Uri": "s3://packs/pack.yaml"})}),
        "a rule of which only the name is known": change(RULE, "Source.SourceIdentifier", "ALB_WAF_ENABLED"),
        "a remediation": body(
            Public=rule(ConfigRuleName="public"),
            Fix={"Type": "AWS::Config::RemediationConfiguration", "Properties": {"ConfigRuleName": "public"}},
        ),
    },
)
