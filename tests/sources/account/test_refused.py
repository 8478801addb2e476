"""A refused call leaves a type that may be missing, or a property that is marked: never a property that looks unset."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hardened_eks.controls import CATALOGUE
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.sources.account.calls import action
from hardened_eks.sources.account.hiding import HIDES
from hardened_eks.sources.account.reading import read
from hardened_eks.sources.account.saving import environment
from tests.sources.account.double import ACCOUNT, REGION, DoubleOfAws
from tests.sources.account.test_collectors import everything

_PLACE = "it tells in which stack a resource is, which decides about no verdict"
NOT_MARKED = {
    "cloudformation:GetTemplate": _PLACE,
    "cloudformation:ListStackResources": _PLACE,
    "ec2:DescribeLaunchTemplates": "its tags and the numbers of its versions: the version in use is another call",
}


def with_addon() -> DoubleOfAws:
    double = everything()
    association = f"arn:aws:eks:{REGION}:{ACCOUNT}:podidentityassociation/payments/a-1"
    double.answers["eks:ListAddons"] = {"addons": ["aws-ebs-csi-driver"]}
    double.answers["eks:DescribeAddon"] = {
        "addon": {
            "addonName": "aws-ebs-csi-driver",
            "addonArn": f"arn:aws:eks:{REGION}:{ACCOUNT}:addon/payments/aws-ebs-csi-driver/1",
            "clusterName": "payments",
            "podIdentityAssociations": [association],
        }
    }
    return double


def properties(double: DoubleOfAws, type_: str) -> dict[str, Any]:
    seen = read(double.clients(), ACCOUNT, REGION)
    return next(one.properties for one in seen.found if one.type == type_)


def test_every_call_for_properties_alone_marks_them() -> None:
    double = with_addon()
    made = read(double.clients(), ACCOUNT, REGION).made
    alone = {call for call in made if action(call) not in HIDES}
    assert len(alone) > 40
    for call in alone:
        double.refuse(call)
    seen = read(double.clients(), ACCOUNT, REGION)
    text = json.dumps(environment(seen).templates)
    assert {call for call in alone & seen.made if f"{action(call)} of" not in text} == set(NOT_MARKED)


@pytest.mark.parametrize(
    ("call", "type_", "name"),
    [
        ("eks:DescribePodIdentityAssociation", "AWS::EKS::Addon", "PodIdentityAssociations"),
        (
            "autoscaling:DescribeNotificationConfigurations",
            "AWS::AutoScaling::AutoScalingGroup",
            "NotificationConfigurations",
        ),
    ],
)
def test_a_list_that_may_not_be_read_is_not_empty(call: str, type_: str, name: str) -> None:
    double = with_addon()
    assert isinstance(properties(double, type_)[name], list)
    double.refuse(call)
    assert action(call) in str(properties(double, type_)[name])


@pytest.mark.parametrize("call", ["ec2:GetManagedPrefixListEntries", "ec2:DescribeManagedPrefixLists"])
def test_a_rule_for_a_prefix_list_that_is_not_seen_does_not_pass(call: str) -> None:
    """SSH is open to the list: without its ranges, nobody knows to whom."""
    (ssh,) = [one for one in CATALOGUE if one.id == "SG-01"]
    double = everything()
    (group,) = double.answers["ec2:DescribeSecurityGroups"]["SecurityGroups"]
    group["IpPermissions"] = [
        {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "PrefixListIds": [{"PrefixListId": "pl-0a1"}]}
    ]
    seen = evaluate(environment(read(double.clients(), ACCOUNT, REGION)).load().assembly, [ssh])
    assert (seen.verdict, seen.examined[ssh]) == ("pass", 1)
    double.refuse(call)
    refused = evaluate(environment(read(double.clients(), ACCOUNT, REGION)).load().assembly, [ssh])
    assert (refused.verdict, refused.examined[ssh]) == ("incomplete", 0)


def test_a_recorder_whose_state_is_not_seen_does_not_pass() -> None:
    (recorder,) = [one for one in CATALOGUE if one.name == "config_recorder"]
    double = everything()
    double.refuse("config:DescribeConfigurationRecorderStatus")
    found = environment(read(double.clients(), ACCOUNT, REGION))
    assert [one.control for one in evaluate(found.load().assembly, [recorder]).unseen] == [recorder]
    assert "AWS::Config::ConfigurationRecorder" not in found.complete


def test_exclusions_of_a_creation_template_are_read() -> None:
    """The template of a repository that makes every tag mutable fails IM-01, as in CloudFormation."""
    (tags,) = [one for one in CATALOGUE if one.id == "IM-01"]
    double = everything()
    double.answers["ecr:DescribeRepositoryCreationTemplates"] = {
        "repositoryCreationTemplates": [
            {
                "prefix": "team",
                "imageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
                "imageTagMutabilityExclusionFilters": [{"filterType": "WILDCARD", "filter": "*"}],
            }
        ]
    }
    found = environment(read(double.clients(), ACCOUNT, REGION))
    told = [
        one.problem.message
        for one in evaluate(found.load().assembly, [tags]).findings
        if one.subject.name.endswith("RepositoryCreationTemplate:team")
    ]
    assert told == ["the exclusion filter '*' makes every tag mutable"]
