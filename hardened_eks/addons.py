"""EKS add-ons: which, in which order, with which identity."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_eks as eks
from constructs import Construct

from hardened_eks import _aws
from hardened_eks._roles import role as make_role
from hardened_eks._tokens import is_token
from hardened_eks.data.addons import ADDONS, KnownAddon
from hardened_eks.data.endpoints import PRIVATE_CLUSTER
from hardened_eks.errors import Problems
from hardened_eks.identity import pod_trust, service_account_problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_cdk import aws_iam as iam

    from hardened_eks.cluster import ClusterBase

BEFORE_NODES = ("eks-pod-identity-agent", "vpc-cni", "kube-proxy", "eks-node-monitoring-agent")
"""Without these a node does not become ready, or its first pods get no credentials."""
AFTER_NODES = ("coredns", "aws-ebs-csi-driver", "metrics-server")
"""These run as pods on nodes, so that they cannot become healthy before there is one."""

_VERSION = re.compile(r"v[0-9]+[0-9A-Za-z.+_-]*")
_NAME = re.compile(r"[0-9A-Za-z][A-Za-z0-9_-]{0,99}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddonOptions:
    """Changes to the add-ons that every cluster gets.

    Raises:
        ConfigurationError: naming every unknown add-on, malformed version and configuration that is not JSON.
    """

    versions: Mapping[str, str] = field(default_factory=dict)
    """Add-on name to version, for example ``{"coredns": "v1.12.4-eksbuild.1"}``. Default: EKS's default version."""
    configurations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Add-on name to configuration, laid over ours. Default: ours alone."""
    extra: Sequence[str] = ()
    """Names of further add-ons, made after the nodes. Default: none."""
    exclude: Sequence[str] = ()
    """Names of default add-ons to leave out. Default: none."""

    def __post_init__(self) -> None:
        """Check names, versions and configurations."""
        problems = Problems("AddonOptions")
        chosen = {*BEFORE_NODES, *AFTER_NODES, *self.extra} - {*self.exclude}
        for name in self.exclude:
            problems.require(
                name in {*BEFORE_NODES, *AFTER_NODES},
                f"exclude names {name!r}, which is no default add-on; those are "
                f"{', '.join((*BEFORE_NODES, *AFTER_NODES))}",
            )
        for name in self.extra:
            problems.extend(name_problems(name))
        for name, version in self.versions.items():
            problems.require(
                name in chosen, f"versions names {name!r}, which the cluster does not get: add it to extra"
            )
            problems.extend(version_problems(name, version))
        for name, configuration in self.configurations.items():
            problems.require(
                name in chosen, f"configurations names {name!r}, which the cluster does not get: add it to extra"
            )
            problems.extend(configuration_problems(name, configuration))
        problems.raise_any()


class Addon(Construct):
    """One EKS add-on."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: ClusterBase,
        name: str,
        version: str | None = None,
        configuration: Mapping[str, Any] | None = None,
        role: iam.IRole | None = None,
        service_account: str | None = None,
        allow_unlisted_name: bool = False,
    ) -> None:
        problems = Problems(f"Addon '{id}'")
        problems.extend(name_problems(name, allow_unlisted=allow_unlisted_name))
        problems.extend(version_problems(name, version))
        problems.extend(configuration_problems(name, configuration))
        known = ADDONS.get(name, KnownAddon(name=name))
        account = service_account or known.service_account
        if role is not None and account is None:
            problems.add(f"role is given but the service account of add-on '{name}' is not known: pass service_account")
        if service_account is not None:
            problems.extend(service_account_problems(known.namespace or "kube-system", service_account))
        problems.raise_any()
        super().__init__(scope, id)
        self.name = name
        self.cluster = cluster
        role_arn = role.role_arn if role is not None else self._own_role_arn(known)
        identity = [{"roleArn": role_arn, "serviceAccount": account}] if role_arn and account else None
        settings = merged(default_configuration(cluster, name), configuration or {})
        self.resource = eks.CfnAddon(
            self,
            "Resource",
            addon_name=name,
            cluster_name=cluster.ref,
            addon_version=version,
            configuration_values=json.dumps(settings, separators=(",", ":"), sort_keys=True) if settings else None,
            pod_identity_associations=identity,
            resolve_conflicts="OVERWRITE",
        )
        self._reach(known)

    def _reach(self, known: KnownAddon) -> None:
        for endpoint in known.endpoints:
            if endpoint not in PRIVATE_CLUSTER:  # those every network has
                self.cluster.network.add_endpoint(endpoint)
        if known.unreachable is not None and self.cluster.network.egress == "none":
            cdk.Annotations.of(self).add_warning_v2(
                "hardened-eks:addon-cannot-reach",
                f"add-on '{known.name}' needs {known.unreachable}, which has no VPC endpoint, and the network has no "
                "other way out: use Egress.NAT, or leave the add-on out",
            )

    def _own_role_arn(self, known: KnownAddon) -> str | None:
        if not known.policies or known.namespace is None or known.service_account is None:
            return None
        reason = (
            f"the policy that AWS maintains for the add-on {known.name}; only the add-on's service account on this one "
            "cluster can take the role"
        )
        made = make_role(
            self,
            "Role",
            description=f"EKS add-on {known.name} on {self.cluster.name}",
            trust=pod_trust(self.cluster.arn, known.namespace, known.service_account),
            aws_policies=dict.fromkeys(known.policies, reason),
            statements=_volume_key_statements(self.cluster) if known.name == "aws-ebs-csi-driver" else (),
        )
        return made.attr_arn


def default_configuration(cluster: ClusterBase, name: str) -> Mapping[str, Any]:
    """Say how an add-on is configured when the user says nothing."""
    if name != "vpc-cni":
        return {}
    # https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html
    return {"enableNetworkPolicy": "true", **_pod_subnets(cluster)}


def _pod_subnets(cluster: ClusterBase) -> Mapping[str, Any]:
    # https://docs.aws.amazon.com/eks/latest/userguide/cni-custom-network-tutorial.html
    subnets = cluster.network.pod_subnets
    if not subnets:
        return {}
    groups = [cluster.node_security_group_id]
    return {
        "env": {"AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG": "true", "ENI_CONFIG_LABEL_DEF": "topology.kubernetes.io/zone"},
        "eniConfig": {
            "create": True,
            "region": _aws.region(),
            "subnets": {
                subnet.availability_zone: {"id": subnet.subnet_id, "securityGroups": groups} for subnet in subnets
            },
        },
    }


def _volume_key_statements(cluster: ClusterBase) -> list[dict[str, Any]]:
    # https://docs.aws.amazon.com/eks/latest/userguide/ebs-csi.html
    key = cluster.keys.volumes.key_arn
    return [
        {
            "Action": ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
            "Resource": key,
            "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}},
        },
        {
            "Action": [
                "kms:Encrypt",
                "kms:Decrypt",
                "kms:ReEncryptFrom",
                "kms:ReEncryptTo",
                "kms:GenerateDataKey",
                "kms:GenerateDataKeyWithoutPlaintext",
                "kms:DescribeKey",
            ],
            "Resource": key,
        },
    ]


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one configuration over another, mapping by mapping."""
    result = dict(base)
    for key, value in over.items():
        below = result.get(key)
        result[key] = merged(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return result


def name_problems(name: object, *, allow_unlisted: bool = False) -> Iterator[str]:
    """Say what is wrong with the name of an add-on."""
    if is_token(name):
        return
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        yield f"an add-on's name needs 1 to 100 letters, digits, '-' or '_', got {name!r}"
    elif name not in ADDONS and "_" not in name and not allow_unlisted:
        near = get_close_matches(name, ADDONS, n=3) or sorted(ADDONS)
        yield (
            f"add-on {name!r} is not on record; did you mean {', '.join(near)}? "
            "(if EKS does offer it: add_addon(..., allow_unlisted_name=True))"
        )


def version_problems(name: str, version: object) -> Iterator[str]:
    """Say what is wrong with the version of an add-on."""
    if version is None or is_token(version):
        return
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        yield f"the version of add-on {name!r} needs a text such as 'v1.12.4-eksbuild.1', got {version!r}"


def configuration_problems(name: str, configuration: object) -> Iterator[str]:
    """Say what in the configuration of an add-on is not JSON."""
    if configuration is None:
        return
    if not isinstance(configuration, Mapping):
        yield f"the configuration of add-on {name!r} needs a mapping, got {configuration!r}"
        return
    for path, value in _not_json(configuration, ""):
        yield f"the configuration of add-on {name!r} is not JSON: {path or 'it'} is {value!r}"


def _not_json(value: object, path: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                yield f"the key {key!r} in {path or 'it'}", key
            else:
                yield from _not_json(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from _not_json(item, f"{path}[{number}]")
    elif not _is_json_scalar(value):
        yield path, value


def _is_json_scalar(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or isinstance(value, str | int)
