"""What controls say of a template of a known region; the cases are of none."""

import pytest

from hardened_eks.controls.deployable import endpoint_service_exists, zone_exists
from hardened_eks.controls.network import endpoints_of_private_cluster
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
    expected = [f"ServiceName: {region} has no endpoint of {service!r}: reach the service by another way"]
    assert endpoint(region, service) == (expected if lacking else [])


@pytest.mark.parametrize(
    ("region", "zone", "problem"),
    [
        ("us-west-1", {"Fn::Select": [2, {"Fn::GetAZs": ""}]}, "us-west-1 gives a new account 2 Availability Zones"),
        ("us-west-1", {"Fn::Select": [2, {"Fn::GetAZs": {"Ref": "AWS::Region"}}]}, "this is number 3"),
        ("us-west-1", {"Fn::Select": [1, {"Fn::GetAZs": ""}]}, None),
        ("eu-west-1", "us-east-1a", "the zone 'us-east-1a' is not in the stack's region eu-west-1"),
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
