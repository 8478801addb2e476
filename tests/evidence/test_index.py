"""The index of references is made when it is first needed, once, in a time that grows with the templates."""

import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from hardened_eks.evidence import Assembly, Resource, Template, identifiers

GROWTH = 3.0
"""Twice the resources may take at most this many times as long: 2 is linear, 4 is all pairs."""


def account(subnets: int) -> Template:
    """Return subnets of one VPC, each with a node group and a role that is used by name, all written out."""
    entries: dict[str, tuple[str, dict[str, Any]]] = {"Vpc": ("AWS::EC2::VPC", {"VpcId": "vpc-1"})}
    for n in range(subnets):
        arn = f"arn:aws:iam::123456789012:role/r{n}"
        entries[f"Subnet{n}"] = ("AWS::EC2::Subnet", {"SubnetId": f"subnet-{n}", "VpcId": "vpc-1"})
        entries[f"Role{n}"] = ("AWS::IAM::Role", {"RoleName": f"r{n}"})
        entries[f"Nodes{n}"] = ("AWS::EKS::Nodegroup", {"Subnets": [f"subnet-{n}"], "NodeRole": arn})
    body = {name: {"Type": type_, "Properties": properties} for name, (type_, properties) in entries.items()}
    return Template("S", {"Resources": body})


def ask_everything(assembly: Assembly) -> int:
    """Ask for each resource who refers to it, and for each reference what it means; return the answers' number."""
    answers = 0
    for resource in assembly.of("*"):
        answers += sum(1 for _ in assembly.referring(resource, "AWS::EKS::Nodegroup"))
        answers += len(assembly.pointing("NodeRole", resource, "AWS::EKS::Nodegroup"))
    for group in assembly.of("AWS::EKS::Nodegroup"):
        answers += len(assembly.targets(group.items("Subnets"), "AWS::EC2::Subnet", near=group))
    return answers


def test_each_resource_is_read_once_and_not_before_somebody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    read: Counter[str] = Counter()
    ids = identifiers.ids

    def counted(resource: Resource) -> Iterator[str]:
        read[resource.logical_id] += 1
        return ids(resource)

    monkeypatch.setattr(identifiers, "ids", counted)
    assembly = Assembly([account(5)])
    assert not read
    assert ask_everything(assembly) == ask_everything(assembly) == 5 * 4
    assert set(read.values()) == {1}


def test_twice_the_resources_take_about_twice_as_long() -> None:
    def took(subnets: int) -> float:
        assembly = Assembly([account(subnets)])
        started = time.process_time()
        assert ask_everything(assembly) == subnets * 4
        return time.process_time() - started

    ratios = [took(1000) / took(500) for _ in range(5)]
    assert min(ratios) < GROWTH, ratios
