"""Whatever is accepted is hardened: no arguments lead to a cluster that is public, unlogged or unencrypted.

Hypothesis makes configurations of all public arguments, good, bad and nonsensical. Each is either refused with
`ConfigurationError` or becomes a template that cfn-lint accepts and in which `insecure` below finds nothing. `insecure`
reads the raw template and knows nothing of the catalogue, so that the two check each other.

    PROPERTY_EXAMPLES=200 pytest tests/stacks/test_properties.py    # other configurations each time, more of them
"""

import copy
import inspect
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import cfnlint.api
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import hardened_eks as hardened
from hardened_eks.access import AccessEntry, AccessPolicy
from hardened_eks.addons import AFTER_NODES, BEFORE_NODES
from hardened_eks.controls import CATALOGUE
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.evidence import Assembly, Template
from hardened_eks.data import instances, kubernetes
from hardened_eks.data.addons import ADDONS
from hardened_eks.data.retention import DAYS
from hardened_eks.errors import ConfigurationError
from hardened_eks.compute import TaintEffect
from hardened_eks.registry import Lifecycle, PullThroughCache, SigningRule
from tests.controls.cases import Mutation, change, drop
from tests.linting import READS_THE_CALENDAR

EXAMPLES = int(os.environ.get("PROPERTY_EXAMPLES", "0"))
"""How many Apps. 0: a few, the same in every run."""
FEW = 4
STACKS_PER_APP = 6
LEAST_ACCEPTED = 0.6

ACCOUNT = "123456789012"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
ROLES = [f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in ("dev", "ci", "team/ops", "audit")]
USERS = [f"arn:aws:iam::{ACCOUNT}:user/{name}" for name in ("on-call", "second")]
ORGANIZATION = "o-a1b2c3d4e5"

# --- configurations ---------------------------------------------------------------------------------------------------


def optional(**arguments: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Some of the arguments, each left out in half of the cases."""
    return st.fixed_dictionaries({}, optional=arguments)


def some(values: Any, most: int = 2) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(sorted(values)), max_size=most, unique=True)


FLAG = st.booleans()
SERVICES = ("sqs", "kms", "elasticloadbalancing", "autoscaling", "xray", "monitoring", "s3tables", "guardduty-data")
NETWORK = optional(
    cidr=st.sampled_from(
        ["10.0.0.0/16", "10.42.0.0/18", "172.20.0.0/16", "192.168.0.0/20", "10.9.0.0/22", "10.1.2.0/24"]
    ),
    availability_zones=st.sampled_from([2, 3, ["eu-west-1a", "eu-west-1b"]]),
    egress=st.sampled_from(["none", "nat", hardened.Egress.NAT]),
    pod_cidrs=some(["100.64.0.0/16", "100.65.0.0/18", "100.66.0.0/26", "198.19.0.0/20"]),
    endpoints=some(SERVICES),
    flow_log_retention_days=st.sampled_from(DAYS),
    encryption_control=st.sampled_from(["off", "monitor", "enforce"]),
    organization_id=st.just(ORGANIZATION),
    s3_prefix_list_id=st.just("pl-1a2b3c4d"),
)
# What switches a protection off, rarely: most configurations should keep all.
NETWORK_WITHOUT = st.sampled_from(
    [{}] * 6 + [{"add_endpoints": False}, {"add_flow_logs": False}, {"close_default_security_group": False}]
)
VERSIONS = kubernetes.supported()[1:]
CLUSTER = st.fixed_dictionaries(
    {"version": st.sampled_from(VERSIONS)},
    optional={
        "name": st.sampled_from(["payments", "0_" + "a-" * 49]),
        "log_retention_days": st.sampled_from(DAYS),
        "service_cidr": st.sampled_from(["172.20.0.0/16", "10.100.0.0/16", "192.168.128.0/24", "172.16.0.0/12"]),
        "control_plane_egress": st.sampled_from(list(hardened.ControlPlaneEgress)),
        "zonal_shift": FLAG,
        "api_server": optional(
            event_ttl=st.sampled_from(["30m", "2h", "90s"]),
            service_node_port_range=st.sampled_from([(30000, 32767), (1, 65535), [20000, 20001]]),
        ),
        "addons": optional(
            extra=some(set(ADDONS) - {*BEFORE_NODES, *AFTER_NODES}),
            versions=st.just({"coredns": "v1.12.4-eksbuild.1"}),
            configurations=st.sampled_from([{"coredns": {"replicaCount": 3}}, {"vpc-cni": {"env": {"WARM_ENI": "1"}}}]),
        ),
    },
)
TYPES = [
    n for n in instances.names() if (k := instances.lookup(n)) and k.nitro and k.encryption_in_transit and not k.gpu
]
ARM, X86 = ([n for n in TYPES if a in instances.lookup(n).architectures] for a in ("arm64", "x86_64"))  # type: ignore[union-attr]
GROUP = st.fixed_dictionaries(
    {"instance_types": st.one_of(*(st.lists(st.sampled_from(k), min_size=1, max_size=3, unique=True) for k in (ARM, X86)))},
    optional={
        "operating_system": st.sampled_from(["bottlerocket", "al2023"]),
        "fips": st.sampled_from([False, False, False, True]),
        "scaling": st.sampled_from([{"min": 0, "max": 1}, {"min": 3, "max": 9, "desired": 4}, {"max": 2}]),
        "disk_gib": st.integers(20, 500),
        "labels": st.dictionaries(st.sampled_from(["team", "example.com/tier"]), st.sampled_from(["a", "b.c"])),
        "taints": st.lists(
            st.builds(hardened.Taint, key=st.sampled_from(["gpu", "a/b"]), effect=st.sampled_from(list(TaintEffect))),
            max_size=2, unique=True,
        ),
        "spot": FLAG,
        "release_version": st.just("1.36.0-20261101"),
        "session_manager": FLAG,
        "max_unavailable": st.integers(1, 100),
    },
)  # fmt: skip
NAMES = st.sampled_from(["payments", "kube-system", "a", "team-1"])
POD = st.fixed_dictionaries(
    {"namespace": NAMES, "service_account": NAMES}, optional={"description": st.text("aZ9 é.\n", max_size=40)}
)
CACHES = [
    {"prefix": "quay", "upstream": "quay.io"},
    {"prefix": "hub/x", "upstream": "registry-1.docker.io", "credential_arn":
        f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:ecr-pullthroughcache/hub-a1B2c3"},
]  # fmt: skip
SIGNING = {"profile_arn": f"arn:aws:signer:eu-west-1:{ACCOUNT}:/signing-profiles/images", "repositories": ["team/*"]}
CONFIGURATION = st.fixed_dictionaries(
    {"Cluster": CLUSTER, "groups": st.lists(GROUP, min_size=1, max_size=2)},
    optional={
        "region": st.sampled_from(["eu-west-1", "eu-west-1", "us-gov-west-1", "cn-north-1"]),
        "Network": st.builds(lambda some, without: {**some, **without}, NETWORK, NETWORK_WITHOUT),
        "adopted": optional(zones=st.integers(2, 3), public=FLAG),
        "Keys": some(["secrets", "volumes", "logs", "images", "notifications"], most=5),
        "given": some(["role", "log_group", "node_role", "node_security_group", "alerts"]),
        "BreakGlassRole": st.fixed_dictionaries(
            {"trusted": st.lists(st.sampled_from(USERS), min_size=1, max_size=2, unique=True)},
            optional={"sealed": FLAG, "mfa_max_age_seconds": st.integers(60, 3600)},
        ),
        "grants": st.dictionaries(
            st.sampled_from(ROLES),
            st.tuples(st.sampled_from(["view", "edit", "admin"]), some(["payments", "team-*"])),
            max_size=2,
        ),
        "AccessEntry": st.fixed_dictionaries(
            {"policy": st.sampled_from(["AmazonEKSViewPolicy", "AmazonEKSAutoNodePolicy"])}
        ),
        "PodRole": POD,
        "ServiceAccountRole": POD,
        "Addon": st.fixed_dictionaries({"name": st.sampled_from(["snapshot-controller", "aws-efs-csi-driver", "adot"])}),
        "AdminHost": optional(
            instance_type=st.sampled_from(TYPES), log_retention_days=st.sampled_from(DAYS), disk_gib=st.integers(20, 99)
        ),
        "Repository": optional(
            name=st.sampled_from(["team/app", "a0", "x-y_z.w/v"]), pull=some(ROLES), push=some(ROLES),
            organization_id=st.just(ORGANIZATION), mutable_tags=some(["latest", "dev-*"]),
            lifecycle=optional(untagged_days=st.integers(1, 90), keep_tagged=st.integers(1, 500)),
        ),
        "Registry": optional(
            pull_through=st.lists(st.sampled_from(CACHES), max_size=2, unique_by=lambda cache: cache["prefix"]),
            signing=st.sampled_from([[], [SIGNING]]), replicate_to=some(["us-east-1", "eu-central-1"]),
        ),
    },
)  # fmt: skip

# One argument of one call, replaced: by what is wrong and must be refused, or by anything at all.
WRONG: list[tuple[str, str, Any]] = [
    ("Network", "cidr", "0.0.0.0/0"), ("Network", "cidr", "10.0.0.0/8"), ("Network", "cidr", "fd00::/56"),
    ("Network", "availability_zones", 1), ("Network", "egress", "internet"), ("Network", "endpoints", ["ecr"]),
    ("Network", "flow_log_retention_days", 0), ("Network", "add_flow_logs", "no"), ("Network", "organization_id", "*"),
    ("Network", "encryption_control", "none"), ("Network", "pod_cidrs", ["0.0.0.0/0"]), ("Network", "logs_key", "aws/logs"),
    ("Keys", "secrets", "alias/aws/eks"), ("Keys", "logs", False),
    ("Cluster", "version", "1.12"), ("Cluster", "name", "-x"), ("Cluster", "log_retention_days", 0),
    ("Cluster", "log_retention_days", 99999), ("Cluster", "log_retention_days", True), ("Cluster", "role", "*"),
    ("Cluster", "service_cidr", "0.0.0.0/0"), ("Cluster", "control_plane_egress", "PUBLIC"),
    ("Cluster", "deletion_protection", 0), ("Cluster", "keys", "none"), ("Cluster", "addons", ["coredns"]),
    ("NodeGroup", "instance_types", ["m4.large"]), ("NodeGroup", "instance_types", ["t3.large"]),
    ("NodeGroup", "instance_types", ["m7g.large", "m7i.large"]), ("NodeGroup", "disk_gib", 0),
    ("NodeGroup", "operating_system", "windows"), ("NodeGroup", "role", "*"), ("NodeGroup", "subnets", []),
    ("NodeGroup", "session_manager", "no"), ("NodeGroup", "version", "1.12"),
    ("BreakGlassRole", "trusted", ["*"]), ("BreakGlassRole", "trusted", []), ("BreakGlassRole", "trusted", ["root"]),
    ("BreakGlassRole", "trusted", [f"arn:aws:iam::{ACCOUNT}:root"]), ("BreakGlassRole", "mfa_max_age_seconds", 86400),
    ("AccessEntry", "principal", "*"), ("AccessEntry", "policy", "AmazonEKSViewPolicy"),
    ("PodRole", "namespace", "*"), ("PodRole", "service_account", "*"), ("ServiceAccountRole", "service_account", "*"),
    ("Addon", "name", "no-such-addon"), ("Addon", "configuration", "{}"),
    ("AdminHost", "instance_type", "m4.large"), ("AdminHost", "disk_gib", 1), ("AdminHost", "log_retention_days", 0),
    ("Repository", "pull", ["*"]), ("Repository", "push", "*"), ("Repository", "mutable_tags", ["*"]),
    ("Repository", "encryption_key", "aws/ecr"), ("Repository", "organization_id", "o-*"),
    ("Registry", "pull_through", ["quay.io"]), ("Registry", "replicate_to", ["everywhere"]),
]  # fmt: skip
CONSTRUCTS: dict[str, type] = {
    made.__name__: made
    for made in (
        hardened.Network, hardened.Keys, hardened.Cluster, hardened.NodeGroup, hardened.BreakGlassRole, AccessEntry,
        hardened.PodRole, hardened.ServiceAccountRole, hardened.Addon, hardened.AdminHost, hardened.Repository,
        hardened.Registry,
    )
}  # fmt: skip
ARGUMENTS = [
    (name, argument)
    for name, made in CONSTRUCTS.items()
    for argument in list(inspect.signature(made.__init__).parameters)[3:]  # type: ignore[misc]
    if argument not in {"cluster", "today"}
]
SCALAR = st.one_of(
    st.none(), FLAG, st.integers(-1, 70000), st.floats(), st.text(max_size=8), st.binary(max_size=3),
    st.sampled_from(["*", "0.0.0.0/0", "10.0.0.0/16", "eu-west-1", "/", "arn:aws:iam::aws:role/*", object, date(2026, 1, 1)]),
)  # fmt: skip
ANYTHING = st.one_of(
    SCALAR, st.lists(SCALAR, max_size=2), st.tuples(SCALAR, SCALAR), st.dictionaries(SCALAR, SCALAR, max_size=2)
)
REPLACED = st.sampled_from(["nothing"] * 6 + ["wrong", "anything"]).flatmap(
    {
        "nothing": st.none(),
        "wrong": st.sampled_from(WRONG).map(lambda wrong: (*wrong, True)),
        "anything": st.tuples(st.sampled_from(ARGUMENTS), ANYTHING).map(lambda junk: (*junk[0], junk[1], False)),
    }.__getitem__
)


@dataclass
class Tried:
    """One configuration in a stack of its own."""

    arguments: dict[str, Any]
    replaced: tuple[str, str, Any, bool] | None
    stack: cdk.Stack = None  # type: ignore[assignment]
    passed: list[tuple[str, str, Any]] = field(default_factory=list)
    """Construct, argument and value of every call so far."""
    body: dict[str, Any] = field(default_factory=dict)
    """The template."""

    def __str__(self) -> str:
        return f"{self.arguments} with {self.replaced}"

    def says(self, kind: str, argument: str, *values: Any) -> bool:
        """Whether an argument was passed, and with one of the values if some are given."""
        found = [value for made, name, value in self.passed if (made, name) == (kind, argument) and value is not None]
        return any(value in values for value in found) if values else bool(found)


def build(tried: Tried) -> None:
    """Call everything that the configuration names."""
    stack, arguments = tried.stack, tried.arguments
    given = arguments.get("given", ())

    def make(kind: str, id: str, /, **values: Any) -> Any:
        if tried.replaced is not None and tried.replaced[0] == kind:
            values[tried.replaced[1]] = tried.replaced[2]
        tried.passed += [(kind, argument, value) for argument, value in values.items()]
        return CONSTRUCTS[kind](stack, id, **values)

    def existing_role(id: str) -> iam.IRole:
        return iam.Role.from_role_arn(stack, id, f"arn:aws:iam::{ACCOUNT}:role/{id}")

    network: dict[str, Any] = {}
    keys: dict[str, Any] = {}
    if "Keys" in arguments:
        existing = kms.Key.from_key_arn(stack, "Existing", KEY)
        keys = {"keys": make("Keys", "Keys", **dict.fromkeys(arguments["Keys"], existing))}
    if "adopted" in arguments:
        network = {"vpc": adopted(stack, **arguments["adopted"])}
        if "Network" in arguments:
            kept = ("add_flow_logs", "endpoints", "flow_log_retention_days", "organization_id")
            values = {name: value for name, value in arguments["Network"].items() if name in kept}
            network = {"network": make("Network", "Network", **network, **values)}
    elif "Network" in arguments:
        shared = {"logs_key": keys["keys"].logs} if keys else {}
        values = dict(arguments["Network"])
        if arguments.get("region", "eu-west-1") != "eu-west-1" and isinstance(values.get("availability_zones"), list):
            del values["availability_zones"]  # those of another region
        network = {"network": make("Network", "Network", **{**shared, **values})}
    chosen = dict(arguments["Cluster"])
    for name, settings_of in (("api_server", hardened.KubeApiServer), ("addons", hardened.AddonOptions)):
        if name in chosen:
            chosen[name] = settings_of(**chosen[name])
    if "role" in given:
        chosen["role"] = existing_role("ControlPlane")
    if "log_group" in given:
        chosen.setdefault("name", "own-log")
        chosen["log_group"] = logs.LogGroup.from_log_group_name(stack, "Logs", f"/aws/eks/{chosen['name']}/cluster")
    cluster = make("Cluster", "Cluster", **{**network, **keys, **chosen})
    for number, group in enumerate(arguments["groups"]):
        values = {**group, **({"scaling": hardened.Scaling(**group["scaling"])} if "scaling" in group else {})}
        if "node_role" in given:
            values["role"] = existing_role(f"Nodes{number}")
        if "node_security_group" in given:
            values["security_group"] = ec2.SecurityGroup.from_security_group_id(stack, f"Group{number}", "sg-1a2b3c4d")
        if number:
            values["subnets"] = cluster.network.node_subnets[:2]
        make("NodeGroup", f"group{number}", **{"cluster": cluster, **values})
    if "BreakGlassRole" in arguments:
        alerts = {"alerts": sns.Topic.from_topic_arn(stack, "Alerts", f"arn:aws:sns:eu-west-1:{ACCOUNT}:alerts")}
        values = {**arguments["BreakGlassRole"], **(alerts if "alerts" in given else {})}
        make("BreakGlassRole", "BreakGlass", **{"cluster": cluster, **values})
    for principal, (kind, namespaces) in arguments.get("grants", {}).items():
        getattr(cluster, f"grant_{kind}")(principal, namespaces=namespaces)
    if "AccessEntry" in arguments:
        values = {
            "principal": f"arn:aws:iam::{ACCOUNT}:role/entry",
            "policy": AccessPolicy.of(arguments["AccessEntry"]["policy"]),
        }
        make("AccessEntry", "Entry", cluster=cluster, **values)
    for name in ("PodRole", "ServiceAccountRole", "Addon", "AdminHost"):
        if name in arguments:
            make(name, name, **{"cluster": cluster, **arguments[name]})
    if "Repository" in arguments:
        values = dict(arguments["Repository"])
        if "lifecycle" in values:
            values["lifecycle"] = Lifecycle(**values["lifecycle"])
        make("Repository", "Repository", **values)
    if "Registry" in arguments:
        values = dict(arguments["Registry"])
        for name, item in (("pull_through", PullThroughCache), ("signing", SigningRule)):
            if name in values:
                values[name] = [item(**one) for one in values[name]]
        make("Registry", "Registry", **values)


def adopted(stack: cdk.Stack, zones: int = 2, public: bool = False) -> ec2.IVpc:
    numbers = range(zones)
    more: dict[str, Any] = {}
    if public:
        more = {
            "public_subnet_ids": [f"subnet-b{number:07}" for number in numbers],
            "public_subnet_route_table_ids": [f"rtb-b{number:07}" for number in numbers],
        }
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-1a2b3c4d",
        vpc_cidr_block="10.8.0.0/16",
        availability_zones=[f"eu-west-1{'abc'[number]}" for number in numbers],
        isolated_subnet_ids=[f"subnet-a{number:07}" for number in numbers],
        isolated_subnet_route_table_ids=[f"rtb-a{number:07}" for number in numbers],
        **more,
    )


# --- what must hold ---------------------------------------------------------------------------------------------------

LOG_TYPES = {"api", "audit", "authenticator", "controllerManager", "scheduler"}
WORLD = {"0.0.0.0/0", "::/0"}


def insecure(
    body: dict[str, Any], *, own_log_group: bool = False, mutable_tags: bool = False, nat: bool = False
) -> list[str]:
    """Say what in a template is public, unlogged or unencrypted.

    Args:
        body: the template.
        own_log_group: the user made the cluster's log group elsewhere.
        mutable_tags: the user named tags that may be overwritten.
        nat: the user asked for NAT gateways.
    """
    return [
        *open_clusters(body),
        *unlogged_clusters(body, own_log_group=own_log_group),
        *plain_clusters(body),
        *loose_nodes(body),
        *loose_images(body, mutable_tags=mutable_tags),
        *plain_stores(body),
        *open_network(body, nat=nat),
        *open_policies(body),
        *circles(body),
    ]


def of(body: dict[str, Any], *types: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for logical_id, resource in body["Resources"].items():
        if resource["Type"] in types:
            yield logical_id, resource.get("Properties", {})


def is_key(body: dict[str, Any], value: Any) -> bool:
    """A key of the template, or one that was given by its ARN."""
    if isinstance(value, str):
        return value == KEY
    target = value.get("Fn::GetAtt", [value.get("Ref")])[0] if isinstance(value, dict) else None
    return body["Resources"].get(target, {}).get("Type") == "AWS::KMS::Key"


def open_clusters(body: dict[str, Any]) -> Iterator[str]:
    for name, cluster in of(body, "AWS::EKS::Cluster"):
        vpc = cluster["ResourcesVpcConfig"]
        if vpc.get("EndpointPublicAccess") is not False:
            yield f"{name}: public endpoint"
        if vpc.get("EndpointPrivateAccess") is not True:
            yield f"{name}: no private endpoint"
        if "PublicAccessCidrs" in vpc:
            yield f"{name}: public CIDRs"
        access = cluster.get("AccessConfig", {})
        if (
            access.get("AuthenticationMode") != "API"
            or access.get("BootstrapClusterCreatorAdminPermissions") is not False
        ):
            yield f"{name}: creator is administrator"


def unlogged_clusters(body: dict[str, Any], *, own_log_group: bool) -> Iterator[str]:
    groups = {properties.get("LogGroupName"): logical_id for logical_id, properties in of(body, "AWS::Logs::LogGroup")}
    for name, cluster in of(body, "AWS::EKS::Cluster"):
        types = cluster.get("Logging", {}).get("ClusterLogging", {}).get("EnabledTypes", [])
        if {entry["Type"] for entry in types} != LOG_TYPES:
            yield f"{name}: not all log types"
        group = groups.get(f"/aws/eks/{cluster['Name']}/cluster")
        if group is None and not own_log_group:
            yield f"{name}: no log group"
        elif group is not None and group not in body["Resources"][name].get("DependsOn", ()):
            yield f"{name}: made before its log group"


def plain_clusters(body: dict[str, Any]) -> Iterator[str]:
    for name, cluster in of(body, "AWS::EKS::Cluster"):
        configured = cluster.get("EncryptionConfig") or [{}]
        if not all(
            entry.get("Resources") == ["secrets"] and is_key(body, entry.get("Provider", {}).get("KeyArn"))
            for entry in configured
        ):
            yield f"{name}: secrets without a customer key"


def loose_nodes(body: dict[str, Any]) -> Iterator[str]:
    templates = dict(of(body, "AWS::EC2::LaunchTemplate"))
    for name, template in templates.items():
        data = template["LaunchTemplateData"]
        metadata = data.get("MetadataOptions", {})
        if metadata.get("HttpTokens") != "required":
            yield f"{name}: IMDSv1"
        if metadata.get("HttpPutResponseHopLimit") != 1:
            yield f"{name}: hop limit"
        devices = data.get("BlockDeviceMappings") or [{}]
        if not all(
            device.get("Ebs", {}).get("Encrypted") is True and is_key(body, device["Ebs"].get("KmsKeyId"))
            for device in devices
        ):
            yield f"{name}: plain volume"
        interfaces = data.get("NetworkInterfaces") or [{}]
        if not all(interface.get("AssociatePublicIpAddress") is False for interface in interfaces):
            yield f"{name}: public IP"
        if "KeyName" in data:
            yield f"{name}: key pair"
    for name, group in of(body, "AWS::EKS::Nodegroup"):
        if group.get("LaunchTemplate", {}).get("Id", {}).get("Ref") not in templates:
            yield f"{name}: no launch template"
        if "RemoteAccess" in group:
            yield f"{name}: remote access"
    for name, instance in of(body, "AWS::EC2::Instance"):
        if instance.get("LaunchTemplate", {}).get("LaunchTemplateId", {}).get("Ref") not in templates:
            yield f"{name}: no launch template"


def loose_images(body: dict[str, Any], *, mutable_tags: bool) -> Iterator[str]:
    allowed = {"IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"} if mutable_tags else {"IMMUTABLE"}
    for name, repository in of(body, "AWS::ECR::Repository", "AWS::ECR::RepositoryCreationTemplate"):
        if repository.get("ImageTagMutability") not in allowed:
            yield f"{name}: mutable tags"
        encryption = repository.get("EncryptionConfiguration", {})
        if encryption.get("EncryptionType") != "KMS" or not is_key(body, encryption.get("KmsKey")):
            yield f"{name}: images without a customer key"


def plain_stores(body: dict[str, Any]) -> Iterator[str]:
    for name, group in of(body, "AWS::Logs::LogGroup"):
        if not is_key(body, group.get("KmsKeyId")):
            yield f"{name}: plain log"
        if group.get("RetentionInDays") not in DAYS:
            yield f"{name}: no retention"
    for name, store in of(body, "AWS::SNS::Topic", "AWS::SQS::Queue"):
        if not is_key(body, store.get("KmsMasterKeyId")):
            yield f"{name}: plain messages"
    for name, key in of(body, "AWS::KMS::Key"):
        if key.get("EnableKeyRotation") is not True:
            yield f"{name}: no rotation"


def open_network(body: dict[str, Any], *, nat: bool) -> Iterator[str]:
    for name, group in of(body, "AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress"):
        for rule in group.get("SecurityGroupIngress", [group]):
            if {rule.get("CidrIp"), rule.get("CidrIpv6")} & WORLD:
                yield f"{name}: ingress from everywhere"
    for name, subnet in of(body, "AWS::EC2::Subnet"):
        if subnet.get("MapPublicIpOnLaunch") is not False:
            yield f"{name}: public IPs"
    for name, _ in of(body, "AWS::EC2::InternetGateway"):
        if not nat:
            yield f"{name}: internet gateway"


def open_policies(body: dict[str, Any]) -> Iterator[str]:
    for name, resource in body["Resources"].items():
        for statement in statements(resource.get("Properties", {})):
            everybody = statement.get("Principal") in ("*", {"AWS": "*"})
            # The policy of an endpoint only takes away; there, named resources are a limit too.
            limited = statement.get("Condition") or (
                resource["Type"] == "AWS::EC2::VPCEndpoint" and statement.get("Resource") != "*"
            )
            if everybody and statement["Effect"] == "Allow" and not limited:
                yield f"{name}: policy for everybody"


def circles(body: dict[str, Any]) -> Iterator[str]:
    """What CloudFormation could not begin with: `merged` hides it from cfn-lint."""
    graph = {
        name: {*references(resource.get("Properties")), *resource.get("DependsOn", ())} & set(body["Resources"])
        for name, resource in body["Resources"].items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        name = error.args[1][0]
        yield f"{name}: waits for itself"


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "Ref":
                yield item
            elif key == "Fn::GetAtt":
                yield item[0]
            elif key == "Fn::Sub":
                yield from re.findall(r"\$\{(\w+)", json.dumps(item))
            yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


def statements(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict) and "Fn::Join" in value:  # a document that is put together at deployment
        value = "".join(part if isinstance(part, str) else "?" for part in value["Fn::Join"][1])
    if isinstance(value, str) and value.startswith("{") and '"Statement"' in value:
        value = json.loads(value)
    if isinstance(value, dict):
        if "Effect" in value:
            yield value
        for item in value.values():
            yield from statements(item)
    elif isinstance(value, list):
        for item in value:
            yield from statements(item)


# What an argument says plainly -> the controls that find it. Nothing else may be found.
NO_ENDPOINTS = ("NW-08", "NW-09", "NW-10", "NW-11", "NW-15")
PLAIN: dict[str, tuple[tuple[str, ...], Callable[[Tried], bool]]] = {
    "egress": (("NW-04",), lambda t: t.says("Network", "egress", "nat")),
    "add_endpoints": (NO_ENDPOINTS, lambda t: t.says("Network", "add_endpoints", False)),
    "add_flow_logs": (("NW-01",), lambda t: t.says("Network", "add_flow_logs", False)),
    "close_default_security_group": (("NW-02",), lambda t: t.says("Network", "close_default_security_group", False)),
    "log_group": (("DP-19",), lambda t: t.says("Cluster", "log_group")),
    "deletion_protection": (("CP-10",), lambda t: t.says("Cluster", "deletion_protection", False)),
    "log_retention_days": (("LG-02",), lambda t: any(
        t.says(kind, argument, *(days for days in DAYS if days < 365))
        for kind, argument in ARGUMENTS if argument.endswith("retention_days")
    )),
}  # fmt: skip
SAYS: dict[str, dict[str, Any]] = {
    "egress": {"Network": {"egress": "nat"}},
    "add_endpoints": {"Network": {"add_endpoints": False}},
    "add_flow_logs": {"Network": {"add_flow_logs": False}},
    "close_default_security_group": {"Network": {"close_default_security_group": False}},
    "log_group": {"given": ["log_group"]},
    "deletion_protection": {"Cluster": {"version": VERSIONS[-1], "deletion_protection": False}},
    "log_retention_days": {"Cluster": {"version": VERSIONS[-1], "log_retention_days": 90}},
}
# What is given by its ARN is not seen, and a grant reaches as far as it says.
GIVEN: dict[str, Callable[[dict[str, Any]], Any]] = {
    "CP-17": lambda arguments: arguments.get("grants"),
    "CP-21": lambda arguments: arguments.get("grants") or arguments.get("given") or "AccessEntry" in arguments,
    "IA-19": lambda arguments: "notifications" in arguments.get("Keys", ()) or "alerts" in arguments.get("given", ()),
}
# These look at several resources, which `merged` puts side by side though they were never in one stack.
OF_ONE_STACK = ["E3004", "E3010", "E3019", "E3022", "E3059", "E3060", "E3064"]

# Which instance types a region has; all that are drawn exist somewhere.
OF_ONE_REGION = ["E3628"]


def synthesize(tried: list[Tried]) -> list[Tried]:
    """Build all in one App; return those that were accepted, with their templates."""
    app = cdk.App()
    accepted = []
    for number, one in enumerate(tried):
        # One name for all: resources that are alike then read alike.
        environment = cdk.Environment(region=one.arguments.get("region"))
        one.stack = cdk.Stack(app, f"Stack{number}", stack_name="Payments", env=environment)
        cdk.Tags.of(one.stack).add("application", "payments")
        try:
            build(one)
        except ConfigurationError:
            app.node.try_remove_child(one.stack.node.id)
        except Exception as error:
            raise AssertionError(f"{one}: not refused with ConfigurationError") from error
        else:
            accepted.append(one)
    assembly = app.synth()
    for one in accepted:
        artifact = assembly.get_stack_artifact(one.stack.artifact_id)
        assert [message for message in artifact.messages if message.level.value == "error"] == []
        one.body = artifact.template
    return accepted


def judge(one: Tried) -> None:
    """Fail unless the template is secure in the eyes of both."""
    assert one.replaced is None or not one.replaced[3] or not one.says(*one.replaced[:2]), f"{one}: not refused"
    found = insecure(
        one.body,
        own_log_group=one.says("Cluster", "log_group"),
        mutable_tags=one.says("Repository", "mutable_tags"),
        nat=one.says("Network", "egress", "nat"),
    )
    assert found == [], str(one)
    said = [control for controls, holds in PLAIN.values() if holds(one) for control in controls]
    said += [control for control, holds in GIVEN.items() if holds(one.arguments)]
    controls = [control for control in CATALOGUE if control.id not in said]
    outcome = evaluate(Assembly([Template("Template", one.body)]), controls)
    # What roles and subnets given by ARN or id hold is not seen, and said to be so: nothing that is seen may be wrong.
    assert [f"{f.control.id} {f.subject.id}: {f.problem.message}" for f in outcome.findings] == [], str(one)
    assert outcome.resources


def merged(bodies: list[dict[str, Any]]) -> dict[str, Any]:
    """Put the resources of all templates into one, but of those that are alike only one.

    cfn-lint reads that in seconds rather than minutes. Alike are resources that differ in the names of what they refer
    to, but not in its type.
    """
    needed: dict[str, dict[str, Any]] = {}  # by what is written in them
    for body in bodies:
        assert set(body) <= {"Resources", "Parameters", "Rules", "Outputs"}
        types = {f'"{name}"': f'"{resource["Type"]}"' for name, resource in body["Resources"].items()}
        for name, resource in body["Resources"].items():
            text = json.dumps({**resource, "Metadata": {}, "DependsOn": []}, sort_keys=True)
            alike = re.sub(r'"\w+"', lambda match: types.get(match[0], match[0]), re.sub(r"Stack\d+/", "/", text))
            needed.setdefault(alike, {"name": name, "resource": resource, "body": body})
    resources: dict[str, dict[str, Any]] = {}
    for number, one in enumerate(needed.values()):
        resources[f"{one['name']}V{number}" if one["name"] in resources else one["name"]] = one["resource"]
    waiting = [(one["resource"], one["body"]["Resources"]) for one in needed.values()]
    while waiting:  # what they refer to, and so on
        resource, others = waiting.pop()
        for name in (*references(resource), *resource.get("DependsOn", ())):
            if name in others and name not in resources:
                resources[name] = others[name]
                waiting.append((others[name], others))
    return {"Parameters": bodies[0].get("Parameters", {}), "Resources": resources}


def lint(body: dict[str, Any], *ignored: str) -> list[str]:
    config = cfnlint.api.ManualArgs(regions=["us-east-1"], ignore_checks=["W", "I", *READS_THE_CALENDAR, *ignored])
    return [f"{m.rule.id} {m.message} at {m.path}" for m in cfnlint.api.lint(json.dumps(body), config=config)]


def test_whatever_is_accepted_is_hardened() -> None:
    """The property itself; 24 configurations in 4 Apps, or what PROPERTY_EXAMPLES says."""
    count = Counter[str]()
    templates: list[dict[str, Any]] = []

    @settings(
        max_examples=EXAMPLES or FEW,
        derandomize=not EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],  # every failure names its one configuration, which is small enough
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(st.tuples(CONFIGURATION, REPLACED), min_size=STACKS_PER_APP, max_size=STACKS_PER_APP))
    def hold(configurations: list[tuple[dict[str, Any], Any]]) -> None:
        tried = [Tried(arguments, replaced) for arguments, replaced in configurations]
        accepted = synthesize(tried)
        for one in accepted:
            judge(one)
        count.update(
            tried=len(tried), accepted=len(accepted), changed=sum(one.replaced is not None for one in accepted)
        )
        templates.extend(one.body for one in accepted)

    hold()
    assert count["accepted"] >= LEAST_ACCEPTED * count["tried"], f"too many refused to prove anything: {count}"
    assert count["accepted"] < count["tried"], f"nothing was refused: {count}"
    assert lint(merged(templates), *OF_ONE_STACK, *OF_ONE_REGION) == []


@pytest.fixture(scope="module")
def good() -> dict[str, Any]:
    """Everything in one stack."""
    arguments = {
        "Cluster": {"version": VERSIONS[-1]}, "groups": [{"instance_types": ["m7g.large"]}],
        "Network": {"pod_cidrs": ["100.64.0.0/16"]}, "BreakGlassRole": {"trusted": USERS}, "AdminHost": {},
        "PodRole": {"namespace": "a", "service_account": "b"}, "Repository": {"push": ROLES}, "Registry": {},
    }  # fmt: skip
    (accepted,) = synthesize([Tried(arguments, None)])
    judge(accepted)
    return accepted.body


def test_what_an_argument_says_plainly_is_found_and_nothing_else() -> None:
    """Each entry of the list is needed, and one entry does not cover another."""
    base = {"Cluster": {"version": VERSIONS[-1]}, "groups": [{"instance_types": ["m7g.large"]}]}
    said = dict(zip(SAYS, synthesize([Tried({**base, **arguments}, None) for arguments in SAYS.values()]), strict=True))
    assert set(said) == set(PLAIN)
    for name, one in said.items():
        outcome = evaluate(Assembly([Template(name, one.body)]), CATALOGUE)
        assert {finding.control.id for finding in outcome.findings} == set(PLAIN[name][0]), name
        assert [other for other, (_, holds) in PLAIN.items() if holds(one)] == [name]


CLUSTER, LAUNCH, LOG, REPOSITORY = (
    "AWS::EKS::Cluster",
    "AWS::EC2::LaunchTemplate",
    "AWS::Logs::LogGroup",
    "AWS::ECR::Repository",
)
VPC, DATA = "ResourcesVpcConfig", "LaunchTemplateData"
EVERYBODY = [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]


def renamed(body: dict[str, Any]) -> dict[str, Any]:
    changed = copy.deepcopy(body)
    for _, group in of(changed, LOG):
        group.pop("LogGroupName", None)
    return changed


def unordered(body: dict[str, Any]) -> dict[str, Any]:
    return {
        **body,
        "Resources": {i: {k: v for k, v in r.items() if k != "DependsOn"} for i, r in body["Resources"].items()},
    }


def with_gateway(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "Resources": {**body["Resources"], "Gateway": {"Type": "AWS::EC2::InternetGateway"}}}


def circular(body: dict[str, Any]) -> dict[str, Any]:
    """Let a key that the cluster uses wait for the cluster."""
    changed = copy.deepcopy(body)
    (cluster,) = (name for name, _ in of(changed, CLUSTER))
    (used,) = (name for name, _ in of(changed, "AWS::KMS::Key") if "Secrets" in name)
    changed["Resources"][used]["DependsOn"] = [cluster]
    return changed


def rule(**source: str) -> list[dict[str, Any]]:
    return [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, **source}]


# What `insecure` must say -> ways to bring it about.
BREAKS: dict[str, list[Mutation]] = {
    "public endpoint": [
        change(CLUSTER, f"{VPC}.EndpointPublicAccess", True), change(CLUSTER, f"{VPC}.EndpointPublicAccess", "false"),
        drop(CLUSTER, f"{VPC}.EndpointPublicAccess"),
    ],
    "no private endpoint": [drop(CLUSTER, f"{VPC}.EndpointPrivateAccess")],
    "public CIDRs": [change(CLUSTER, f"{VPC}.PublicAccessCidrs", ["10.0.0.0/8"])],
    "creator is administrator": [
        drop(CLUSTER, "AccessConfig"), change(CLUSTER, "AccessConfig.AuthenticationMode", "CONFIG_MAP"),
        change(CLUSTER, "AccessConfig.BootstrapClusterCreatorAdminPermissions", True),
    ],
    "not all log types": [drop(CLUSTER, "Logging"), drop(CLUSTER, "Logging.ClusterLogging.EnabledTypes.1")],
    "no log group": [renamed, change(CLUSTER, "Name", "other")],
    "made before its log group": [unordered],
    "secrets without a customer key": [
        drop(CLUSTER, "EncryptionConfig"), change(CLUSTER, "EncryptionConfig", []),
        change(CLUSTER, "EncryptionConfig.0.Resources", []),
        change(CLUSTER, "EncryptionConfig.0.Provider.KeyArn", "alias/aws/eks"),
        change(CLUSTER, "EncryptionConfig.0.Provider.KeyArn", {"Ref": "AWS::Region"}),
    ],
    "IMDSv1": [change(LAUNCH, f"{DATA}.MetadataOptions.HttpTokens", "optional"), drop(LAUNCH, f"{DATA}.MetadataOptions")],
    "hop limit": [change(LAUNCH, f"{DATA}.MetadataOptions.HttpPutResponseHopLimit", 2)],
    "plain volume": [
        change(LAUNCH, f"{DATA}.BlockDeviceMappings.0.Ebs.Encrypted", False), drop(LAUNCH, f"{DATA}.BlockDeviceMappings"),
        drop(LAUNCH, f"{DATA}.BlockDeviceMappings.0.Ebs.KmsKeyId"), change(LAUNCH, f"{DATA}.BlockDeviceMappings", []),
    ],
    "public IP": [
        change(LAUNCH, f"{DATA}.NetworkInterfaces.0.AssociatePublicIpAddress", True), drop(LAUNCH, f"{DATA}.NetworkInterfaces"),
    ],
    "key pair": [change(LAUNCH, f"{DATA}.KeyName", "mine")],
    "no launch template": [drop("AWS::EKS::Nodegroup", "LaunchTemplate"), drop("AWS::EC2::Instance", "LaunchTemplate")],
    "remote access": [change("AWS::EKS::Nodegroup", "RemoteAccess", {"Ec2SshKey": "mine"})],
    "mutable tags": [change(REPOSITORY, "ImageTagMutability", "MUTABLE"), drop(REPOSITORY, "ImageTagMutability")],
    "images without a customer key": [
        drop(REPOSITORY, "EncryptionConfiguration"), change(REPOSITORY, "EncryptionConfiguration.EncryptionType", "AES256"),
        drop("AWS::ECR::RepositoryCreationTemplate", "EncryptionConfiguration.KmsKey"),
    ],
    "plain log": [drop(LOG, "KmsKeyId")],
    "no retention": [drop(LOG, "RetentionInDays"), change(LOG, "RetentionInDays", 0)],
    "plain messages": [drop("AWS::SNS::Topic", "KmsMasterKeyId"), change("AWS::SQS::Queue", "KmsMasterKeyId", "alias/aws/sqs")],
    "no rotation": [drop("AWS::KMS::Key", "EnableKeyRotation")],
    "ingress from everywhere": [
        change("AWS::EC2::SecurityGroup", "SecurityGroupIngress", rule(CidrIp="0.0.0.0/0")),
        change("AWS::EC2::SecurityGroup", "SecurityGroupIngress", rule(CidrIpv6="::/0")),
        change("AWS::EC2::SecurityGroupIngress", "CidrIp", "0.0.0.0/0"),
    ],
    "public IPs": [
        change("AWS::EC2::Subnet", "MapPublicIpOnLaunch", True), drop("AWS::EC2::Subnet", "MapPublicIpOnLaunch"),
    ],
    "internet gateway": [with_gateway],
    "waits for itself": [circular],
    "policy for everybody": [
        change("AWS::KMS::Key", "KeyPolicy.Statement", EVERYBODY), change("AWS::EC2::VPCEndpoint", "PolicyDocument.Statement", EVERYBODY),
        change("AWS::IAM::Role", "AssumeRolePolicyDocument", json.dumps({"Statement": EVERYBODY})),
        change("AWS::IAM::Role", "AssumeRolePolicyDocument", {"Fn::Join": ["", ['{"Statement":', json.dumps(EVERYBODY), "}"]]}),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "mutation"),
    [
        pytest.param(said, way, id=f"{said}-{number}")
        for said, ways in BREAKS.items()
        for number, way in enumerate(ways)
    ],
)
def test_a_broken_template_is_caught(good: dict[str, Any], said: str, mutation: Mutation) -> None:
    assert insecure(good) == []
    assert said in {problem.split(": ")[1] for problem in insecure(mutation(good))}


def test_every_clause_is_broken() -> None:
    source = Path(__file__).read_text().split("# What an argument says plainly")[0]
    assert set(re.findall(r'yield f"\{name\}: ([^"]+)"', source)) == set(BREAKS)


def test_cfn_lint_reads_every_variant(good: dict[str, Any]) -> None:
    """A mistake in one template is found among many, also where most are alike."""
    bad = change(CLUSTER, "Version", [])(change(LAUNCH, f"{DATA}.Monitoring", "on")(good))
    found = lint(merged([good, bad]), *OF_ONE_STACK, *OF_ONE_REGION)
    assert {message.split()[0] for message in found} == {"E3012"}
    assert len(found) == 3
