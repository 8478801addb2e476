"""Which types and properties decide in controls, and no audit collects: frozen lists with the reason of each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from hardened_eks import controls, evidence
from hardened_eks.controls import CATALOGUE
from hardened_eks.data.account_settings import SETTINGS
from hardened_eks.evidence import Assembly, Template
from hardened_eks.evidence.resource import Resource
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.sources import account
from tests.controls.cases import apply
from tests.controls.test_needs import cases

_IN = "an account shows it as a part of what it belongs to: a group, a role, a bus, a topic, a queue, a secret, an address"
_USER = "the user is a finding already, whatever keys and groups it has"
_DATA = "databases and caches in the VPC are not the cluster's"
_MANAGER = "only the organization's management account, or a delegated one, may ask: templates judge it"
_PACK = "what it deploys is there as rules, which are collected"
_SHARED = "who may use a layer's or a bucket's second door says nothing of the cluster"
_HOOK = "the function of a hook belongs to no cluster, so no audit comes to it"
_TEMPLATE = "only how something is deployed, which no account shows"
NOT_COLLECTED = {
    **dict.fromkeys((
        "EC2::EIP", "EC2::EIPAssociation", "EC2::NetworkInterface", "EC2::SecurityGroupEgress", "EC2::SecurityGroupIngress",
        "EC2::SubnetCidrBlock", "EC2::VPCCidrBlock", "Events::EventBusPolicy", "IAM::GroupPolicy", "IAM::Policy",
        "IAM::RolePolicy", "IAM::UserPolicy", "SNS::TopicInlinePolicy", "SQS::QueueInlinePolicy",
        "SecretsManager::SecretTargetAttachment"), _IN),
    **dict.fromkeys(("IAM::AccessKey", "IAM::UserToGroupAddition"), _USER),
    **dict.fromkeys(("ElastiCache::SubnetGroup", "RDS::DBInstance", "RDS::DBSubnetGroup"), _DATA),
    **dict.fromkeys(("Config::OrganizationConfigRule", "Config::OrganizationConformancePack", "Organizations::Policy",
                     "SecurityHub::ConfigurationPolicy"), _MANAGER),
    **dict.fromkeys(("Config::ConformancePack", "Config::RemediationConfiguration"), _PACK),
    **dict.fromkeys(("Lambda::LayerVersionPermission", "S3::AccessPoint", "S3::MultiRegionAccessPoint"), _SHARED),
    "CloudFormation::LambdaHook": _HOOK,
    **dict.fromkeys(("CloudFormation::Authentication", "CloudFormation::Init",
                     "CloudFormation::Stack", "EC2::PlacementGroup",
                     "IAM::ServiceLinkedRole", "KinesisFirehose::DeliveryStream", "S3::Object", "SSM::Parameter"), _TEMPLATE),
}  # fmt: skip
"""Type -> why no audit asks for it."""
_TYPE = re.compile(r'"(AWS::[A-Za-z0-9]+::[A-Za-z0-9]+)"')


def named(*packages: object) -> set[str]:
    """Return the types that stand in the source of packages."""
    folders = [Path(str(package.__file__)).parent for package in packages]  # type: ignore[attr-defined]
    return {type_ for folder in folders for file in folder.rglob("*.py") for type_ in _TYPE.findall(file.read_text())}


def collected() -> set[str]:
    text = "".join(file.read_text() for file in Path(account.__file__).parent.glob("*.py"))
    resolver = {f"AWS::Route53Resolver::{name}" for name in re.findall(r'f"\{_RESOLVER\}(\w+)"', text)}
    firewalls = {f"AWS::NetworkFirewall::{name}" for name in ("Firewall", "FirewallPolicy", "LoggingConfiguration")}
    return named(account) | resolver | firewalls | {one.type for one in SETTINGS}


def test_every_type_is_collected_or_has_a_reason() -> None:
    judged = {type_ for one in CATALOGUE if one.evidence == "any" for type_ in one.types if type_.startswith("AWS::")}
    looked_at = judged | named(controls, evidence)
    missing = {type_.removeprefix("AWS::") for type_ in looked_at - collected()}
    assert missing == set(NOT_COLLECTED)
    assert len(NOT_COLLECTED) <= 38


UNREAD = {
    ("AccessAnalyzer::Analyzer", "ArchiveRules"): "one call more for each, and the policy that is printed is full",
    ("AutoScaling::AutoScalingGroup", "CapacityType"): "no property of groups: asked of what node groups are made of",
    ("AutoScaling::AutoScalingGroup", "LifecycleHookSpecificationList"): "hooks are resources of their own",
    ("AutoScaling::AutoScalingGroup", "NotificationConfiguration"): "answered as the newer list",
    ("AutoScaling::AutoScalingGroup", "TrafficSources"): "load balancers and target groups are told",
    ("Config::ConfigRule", "OrganizationManagedRuleMetadata"): "of another type that the control judges",
    ("EC2::Subnet", "AvailabilityZoneId"): "the name of the zone is told",
    ("EC2::Subnet", "Ipv6IpamPoolId"): "how a range was chosen, which no account shows",
    ("EC2::Subnet", "Ipv6Native"): "a cluster's subnets have IPv4",
    ("EC2::Subnet", "Ipv6NetmaskLength"): "how a range was chosen, which no account shows",
    ("GuardDuty::Detector", "DataSources"): "the older form of features, which are told",
    ("IAM::ManagedPolicy", "UserName"): "users name their policies",
    ("IAM::User", "UserName"): "IAM has taken the name",
    ("Route53Resolver::FirewallDomainList", "DomainFileUrl"): "where domains came from once; the domains are told",
    ("S3::Bucket", "AccessControl"): "who owns objects decides whether ACLs count, and is told",
    ("S3::Bucket", "NotificationConfiguration"): "an empty one is a mistake in a template",
    ("SNS::Topic", "Subscription"): "subscriptions are resources of their own",
    ("SQS::QueuePolicy", "Target"): "of another type that the control looks at",
}  # fmt: skip
"""Type and property that controls ask for and no collector writes, and why that is no wrong verdict."""
_ASKED_BY_CLOUD_CONTROL = ("AuditManager::", "Chatbot::")
_EKS = botocore.session.get_session().get_service_model("eks")


def shown_whole(type_: str) -> set[str]:
    """Return the properties that an answer of EKS has as they are."""
    operation = f"Describe{type_.rpartition('::')[2]}"
    if not type_.startswith("EKS::") or operation not in _EKS.operation_names:
        return set()
    (shape,) = _EKS.operation_model(operation).output_shape.members.values()
    return {f"{name[0].upper()}{name[1:]}" for name in shape.members}


def asked_for(monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, str]]:
    """Return type and property of whatever controls ask for in their own cases."""
    found: set[tuple[str, str]] = set()
    get = Resource.get

    def noted(self: Resource, path: str, default: Any = None) -> Any:
        found.add((self.type.removeprefix("AWS::"), path.split(".")[0]))
        return get(self, path, default)

    monkeypatch.setattr(Resource, "get", noted)
    for control in CATALOGUE:
        if control.evidence == "any" and not control.types[0].startswith("Kubernetes::"):
            for case in cases[control]:
                for body in (case.good, *(apply(other, case.good) for other in case.bad.values())):
                    evaluate(Assembly([Template("T", body)]), [control])
    return found


def test_every_property_that_decides_is_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an account never shows looks as if nobody had set it: a false finding, or a false pass."""
    text = "".join(file.read_text() for file in Path(account.__file__).parent.glob("*.py"))
    types = {type_.removeprefix("AWS::") for type_ in collected() - {one.type for one in SETTINGS}}
    missing = {
        (type_, name) for type_, name in asked_for(monkeypatch)
        if type_ in types and not type_.startswith(_ASKED_BY_CLOUD_CONTROL) and name not in shown_whole(type_)
        and f'"{name}"' not in text and f'"{name[:1].lower()}{name[1:]}"' not in text
    }  # fmt: skip
    assert missing == set(UNREAD)
