"""Large templates: one finding for each useless entry, in a time that grows with the template and no faster.

Times are compared with those of half the template in the same process; no absolute time holds on a busy machine.
"""

import time
from collections.abc import Callable
from typing import Any

import pytest

from hardened_eks.controls import deployable, detection, functions, network
from hardened_eks.controls.model import Control
from hardened_eks.evidence import Assembly, Template
from hardened_eks.judging.evaluation import evaluate
from tests.controls.cases import Body, findings, template

GROWTH = 3.0
"""Twice the template may take at most this many times as long: 2 is linear, 4 is all pairs."""


def acl(entries: int) -> Body:
    """Return an ACL in which one deny for everybody is followed by denies that it makes useless."""
    resources: dict[str, Any] = {
        "Acl": ("AWS::EC2::NetworkAcl", {"VpcId": "vpc-1"}),
        "Used": ("AWS::EC2::SubnetNetworkAclAssociation", {"NetworkAclId": {"Ref": "Acl"}, "SubnetId": "subnet-1"}),
    }
    for number in range(entries):
        resources[f"Entry{number}"] = (
            "AWS::EC2::NetworkAclEntry",
            {
                "NetworkAclId": {"Ref": "Acl"},
                "RuleNumber": number + 1,
                "RuleAction": "allow" if number == 0 else "deny",
                "Protocol": -1 if number == 0 else 6,
                "CidrBlock": "0.0.0.0/0",
                "PortRange": {"From": number % 100, "To": number % 100 + 1},
            },
        )
    return template(resources)


def entries(number: int) -> Body:
    cluster = ("AWS::EKS::Cluster", {"AccessConfig": {"AuthenticationMode": "API"}})
    entry = {"ClusterName": {"Ref": "Cluster"}, "PrincipalArn": "arn:aws:iam::123456789012:role/same"}
    return template({"Cluster": cluster, **{f"E{n:05}": ("AWS::EKS::AccessEntry", entry) for n in range(number)}})


def associations(number: int) -> Body:
    same = {"ClusterName": "payments", "Namespace": "n", "ServiceAccount": "s", "RoleArn": {"Ref": "Parameter"}}
    return template({f"A{n:05}": ("AWS::EKS::PodIdentityAssociation", same) for n in range(number)})


def subnets(number: int) -> Body:
    vpc: dict[str, Any] = {"Vpc": ("AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"})}
    one = {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.0.0/28"}
    return template({**vpc, **{f"S{n:05}": ("AWS::EC2::Subnet", one) for n in range(number)}})


def lambdas(number: int) -> Body:
    role = ("AWS::IAM::Role", {})
    one = {"Role": {"Fn::GetAtt": ["Role", "Arn"]}}
    return template({"Role": role, **{f"F{n:05}": ("AWS::Lambda::Function", one) for n in range(number)}})


def endpoints(number: int) -> Body:
    everybody = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}
    one = {"ServiceName": "com.amazonaws.eu-west-1.s3", "PolicyDocument": everybody}
    return template({f"E{n:05}": ("AWS::EC2::VPCEndpoint", one) for n in range(number)})


def filters(number: int) -> Body:
    one = {
        "LogGroupName": "/aws/eks/payments/cluster",
        "FilterPattern": "{ $.verb = delete }",
        "MetricTransformations": [{"MetricNamespace": "N", "MetricName": "M"}],
    }
    return template({f"F{n:05}": ("AWS::Logs::MetricFilter", one) for n in range(number)})


LARGE: dict[str, tuple[Control, Callable[[int], Body], int, int]] = {
    "ACL entries": (network.network_acl_sane, acl, 490, 489),
    "access entries": (deployable.access_entries_unique, entries, 1500, 1499),
    "associations": (deployable.pod_identity_unique, associations, 1500, 1499),
    "endpoint policies": (network.endpoint_trust_boundary, endpoints, 2000, 2000),
    "metric filters": (detection.audit_surge_alarmed, filters, 500, 501),
    "functions of one role": (functions.function_role, lambdas, 1500, 1500),
    "subnets of one range": (deployable.cidrs_do_not_overlap, subnets, 400, 399),
}


@pytest.mark.parametrize(("control", "build", "size", "expected"), LARGE.values(), ids=LARGE)
def test_one_finding_for_each_that_is_too_many(
    control: Control, build: Callable[[int], Body], size: int, expected: int
) -> None:
    assert len(findings(control, build(size))) == expected


@pytest.mark.parametrize(("control", "build", "size", "expected"), LARGE.values(), ids=LARGE)
def test_twice_the_template_takes_about_twice_as_long(
    control: Control, build: Callable[[int], Body], size: int, expected: int
) -> None:
    ratios = [_took(control, build(2 * size)) / _took(control, build(size)) for _ in range(5)]
    assert min(ratios) < GROWTH, ratios


def _took(control: Control, body: Body) -> float:
    assembly = Assembly([Template("T", body)])
    started = time.process_time()
    evaluate(assembly, [control])
    return time.process_time() - started


def test_a_useless_entry_names_the_one_that_makes_it_so() -> None:
    body = acl(4)
    body["Resources"]["Entry3"] = {**body["Resources"]["Entry2"]}
    body["Resources"]["Entry3"]["Properties"] = {**body["Resources"]["Entry2"]["Properties"], "RuleNumber": 9}
    assert findings(network.network_acl_sane, body) == [
        ": it denies traffic that Entry0 already allows",
        ": it denies traffic that Entry0 already allows",
        ": it duplicates Entry2",
    ]


@pytest.mark.parametrize(
    ("allowed", "denied", "useless"),
    [
        ((10, 20), (12, 15), True),
        ((10, 20), (10, 20), True),
        ((10, 20), (9, 20), False),
        ((10, 20), (10, 21), False),
        ((10, 20), (30, 40), False),
    ],
)
def test_a_deny_is_useless_only_inside_one_earlier_allow(
    allowed: tuple[int, int], denied: tuple[int, int], useless: bool
) -> None:
    def entry(number: int, action: str, ports: tuple[int, int]) -> tuple[str, dict[str, Any]]:
        return "AWS::EC2::NetworkAclEntry", {
            "NetworkAclId": {"Ref": "Acl"}, "RuleNumber": number, "RuleAction": action, "Protocol": 6,
            "CidrBlock": "10.0.0.0/8", "PortRange": {"From": ports[0], "To": ports[1]},
        }  # fmt: skip

    body = acl(0)
    for number, ports in enumerate([(50, 60), (5, 8), allowed, (11, 11)]):
        body["Resources"] |= template({f"Allow{number}": entry(number, "allow", ports)})["Resources"]
    body["Resources"] |= template({"Deny": entry(9, "deny", denied)})["Resources"]
    found = findings(network.network_acl_sane, body)
    assert found == ([": it denies traffic that Allow2 already allows"] if useless else [])


def test_an_allow_for_ipv4_leaves_denies_for_ipv6_their_effect() -> None:
    body = acl(2)
    denied = body["Resources"]["Entry1"]["Properties"]
    denied["Ipv6CidrBlock"] = "::/0"
    del denied["CidrBlock"]
    assert findings(network.network_acl_sane, body) == []
    body["Resources"]["Entry0"]["Properties"]["Ipv6CidrBlock"] = "::/0"
    del body["Resources"]["Entry0"]["Properties"]["CidrBlock"]
    assert findings(network.network_acl_sane, body) == [": it denies traffic that Entry0 already allows"]
