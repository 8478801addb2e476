"""Which types controls judge or look at, and no audit collects: a frozen list with the reason of each."""

from __future__ import annotations

import re
from pathlib import Path

from hardened_eks import controls, evidence
from hardened_eks.controls import CATALOGUE
from hardened_eks.data.account_settings import SETTINGS
from hardened_eks.sources import account

_IN = "an account shows it as a part of what it belongs to: a group, a role, a bus, a topic, a queue, a secret, an address"
_USER = "the user is a finding already, whatever keys and groups it has"
_DATA = "databases and caches in the VPC are not the cluster's"
_MANAGER = "only the organization's management account, or a delegated one, may ask: templates judge it"
_PACK = "what it deploys is there as rules, which are collected"
_SHARED = "who may use a layer's or a bucket's second door says nothing of the cluster"
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
    **dict.fromkeys(("CloudFormation::Authentication", "CloudFormation::CustomResource", "CloudFormation::Init",
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
