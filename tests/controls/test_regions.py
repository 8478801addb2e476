"""What controls say of a template of a known region; the cases are of none."""

import pytest

from hardened_eks.controls.deployable import (
    endpoint_service_exists,
    instance_type_exists,
    keys_can_encrypt,
    log_key_admits_logs,
    zone_exists,
)
from hardened_eks.controls.network import endpoints_of_private_cluster
from hardened_eks.controls.model import Severity
from hardened_eks.evidence import Assembly, Template
from hardened_eks.judging.evaluation import evaluate


def found(control, region, type_, **properties):
    body = {"Resources": {"It": {"Type": type_, "Properties": properties}}}
    outcome = evaluate(Assembly([Template("T", body, region=region)]), [control])
    assert outcome.examined[control] == 1
    return [f"{finding.problem.path}: {finding.problem.message}" for finding in outcome.findings]


def endpoint(region, service):
    name = {"Fn::Sub": f"com.amazonaws.${{AWS::Region}}.{service}"}
    return found(
        endpoint_service_exists, region, "AWS::EC2::VPCEndpoint", VpcEndpointType="Interface", ServiceName=name
    )


@pytest.mark.parametrize(
    ("region", "service", "lacking"),
    [
        ("ap-southeast-5", "eks", True),
        ("ap-southeast-5", "eks-auth", False),
        ("ap-southeast-7", "eks-auth", True),
        ("mx-central-1", "eks", True),
        ("ap-east-2", "eks", True),
        ("ap-east-2", "ecr.api", False),
        ("eu-west-1", "eks", False),
    ],
)
def test_endpoint_that_a_region_lacks(region, service, lacking):
    expected = [f"ServiceName: {region} has no endpoint for {service!r}: reach the service in another way"]
    assert endpoint(region, service) == (expected if lacking else [])


@pytest.mark.parametrize(
    ("region", "zone", "problem"),
    [
        ("us-west-1", {"Fn::Select": [2, {"Fn::GetAZs": ""}]}, "a new account has 2 Availability Zones in us-west-1"),
        ("us-west-1", {"Fn::Select": [2, {"Fn::GetAZs": {"Ref": "AWS::Region"}}]}, "this is number 3"),
        ("us-west-1", {"Fn::Select": [1, {"Fn::GetAZs": ""}]}, None),
        ("eu-west-1", "us-east-1a", "the zone 'us-east-1a' is not in the stack's Region eu-west-1"),
        ("eu-west-1", "eu-west-1a", None),
        ("us-west-2", "us-west-2-lax-1a", None),
    ],
)
def test_zone_of_a_known_region(region, zone, problem):
    said = found(zone_exists, region, "AWS::EC2::Subnet", AvailabilityZone=zone)
    assert len(said) == (problem is not None)
    assert all(text.startswith("AvailabilityZone: ") and problem in text for text in said)


@pytest.mark.parametrize(("region", "asked"), [("ap-southeast-5", False), ("eu-west-1", True)])
def test_private_cluster_is_not_asked_for_what_the_region_lacks(region, asked):
    resources = {
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
        "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc"}}},
        "Cluster": {
            "Type": "AWS::EKS::Cluster",
            "Properties": {"ResourcesVpcConfig": {"SubnetIds": [{"Ref": "Subnet"}]}},
        },
    }
    template = Template("T", {"Resources": resources}, region=region)
    outcome = evaluate(Assembly([template]), [endpoints_of_private_cluster])
    texts = " ".join(finding.problem.message for finding in outcome.findings)
    assert "sts" in texts
    assert (" eks" in texts.replace("eks-auth", "")) is asked


@pytest.mark.parametrize(
    ("region", "type_", "said", "severity"),
    [
        ("ap-southeast-7", "p5.48xlarge", "the price list of ap-southeast-7, read on 2026-11-29, does not contain p5.48xlarge",
         Severity.LOW),
        ("us-east-1", "p5.48xlarge", "", None),
        ("us-iso-east-1", "p5.48xlarge", "", None),
        ("", "p5.48xlarge", "", None),
        ("eu-west-1", "m99.large", "m99.large: this release does not know the instance family m99",
         Severity.LOW),
        ("eu-west-1", "m7g.mega", "m7g.mega is not a known instance type", Severity.HIGH),
        ("eu-west-1", "p3.2xlarge", "p3.2xlarge was retired on 2025-12-20: EC2 no longer launches it", Severity.HIGH),
    ],
)  # fmt: skip
def test_instance_type_of_a_known_region(region, type_, said, severity):
    body = {"Resources": {"It": {"Type": "AWS::EKS::Nodegroup", "Properties": {"InstanceTypes": [type_]}}}}
    outcome = evaluate(Assembly([Template("T", body, region=region)]), [instance_type_exists])
    assert [one.severity for one in outcome.findings] == ([severity] if severity else [])
    assert all(one.problem.message.startswith(said) for one in outcome.findings)


def test_a_family_that_is_not_known_fails_no_build_that_fails_on_more():
    body = {"Resources": {"It": {"Type": "AWS::EKS::Nodegroup", "Properties": {"InstanceTypes": ["m99.large"]}}}}
    outcome = evaluate(Assembly([Template("T", body)]), [instance_type_exists], fail_on=Severity.MEDIUM)
    assert (outcome.findings, len(outcome.warnings), outcome.verdict) == ((), 1, "pass")


ANY = "arn:aws:logs:*:*:*"


@pytest.mark.parametrize(
    ("service", "context", "problem"),
    [
        ("logs.eu-west-1.amazonaws.com", ANY, None),
        ("logs.amazonaws.com", ANY, None),
        ("logs.us-east-1.amazonaws.com", ANY, "does not name logs.eu-west-1.amazonaws.com"),
        ("logs.eu-west-1.amazonaws.com", "arn:aws:logs:eu-west-1:123456789012:log-group:/a", None),
        ("logs.eu-west-1.amazonaws.com", "arn:aws:logs:eu-west-1:123456789012:*", None),
        ("logs.eu-west-1.amazonaws.com", "arn:aws:logs:us-east-1:123456789012:log-group:/a", "leaves out /a"),
        ("logs.eu-west-1.amazonaws.com", "arn:aws:logs:eu-west-1:210987654321:log-group:/a", "leaves out /a"),
    ],
)
def test_log_key_of_a_known_region(service, context, problem):
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "kms:*",
        "Resource": "*",
        "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": context}},
    }
    group = {"LogGroupName": "/a", "KmsKeyId": {"Fn::GetAtt": ["Key", "Arn"]}}
    resources = {
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Statement": [statement]}}},
        "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": group},
    }
    template = Template("T", {"Resources": resources}, account="123456789012", region="eu-west-1")
    findings = evaluate(Assembly([template]), [log_key_admits_logs]).findings
    assert [one.problem.path for one in findings] == ["KmsKeyId"] * (problem is not None)
    assert all(problem in one.problem.message for one in findings)


@pytest.mark.parametrize(
    ("type_", "properties", "path"),
    [
        (
            "AWS::EKS::Cluster",
            {"EncryptionConfig": [{"Provider": {"KeyArn": ...}}]},
            "EncryptionConfig.0.Provider.KeyArn",
        ),
        ("AWS::Logs::LogGroup", {"KmsKeyId": ...}, "KmsKeyId"),
        ("AWS::ECR::Repository", {"EncryptionConfiguration": {"KmsKey": ...}}, "EncryptionConfiguration.KmsKey"),
        ("AWS::CloudTrail::Trail", {"KMSKeyId": ...}, None),
    ],
)
@pytest.mark.parametrize(("region", "right"), [("eu-west-1", True), ("us-east-1", False)])
def test_key_of_a_known_region(type_, properties, path, region, right):
    key = f"arn:aws:kms:{region}:123456789012:key/12345678-1234-1234-1234-123456789012"
    body = {"Resources": {"It": {"Type": type_, "Properties": _filled(properties, key)}}}
    findings = evaluate(Assembly([Template("T", body, region="eu-west-1")]), [keys_can_encrypt]).findings
    said = [f"{one.problem.path}: {one.problem.message}" for one in findings]
    wrong = [] if right or path is None else [f"{path}: its key is in us-east-1, but the stack is in eu-west-1"]
    assert said == wrong


def _filled(value, key):
    match value:
        case dict():
            return {name: _filled(one, key) for name, one in value.items()}
        case list():
            return [_filled(one, key) for one in value]
    return key
