"""An existing cluster."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from hardened_eks import _aws
from hardened_eks._asked import place_problems, stack_of
from hardened_eks._kinds import KEYS, NETWORK, SECURITY_GROUP, VPC, kind_problems, problems_in
from hardened_eks._patterns import regex
from hardened_eks._records import dataclass
from hardened_eks._tokens import is_literal, is_text_token
from hardened_eks.cluster._base import ClusterBase
from hardened_eks.cluster._names import name_problems
from hardened_eks.errors import ConfigurationError
from hardened_eks.keys import Keys
from hardened_eks.network import Dns, DnsMode, Network

if TYPE_CHECKING:
    # pyright does not accept a cached property as a property of a protocol: a Cluster would not be a ClusterLike.
    from builtins import property as cached_property
    from collections.abc import Iterator

    import aws_cdk as cdk
    from aws_cdk import aws_ec2 as ec2
    from constructs import Construct
else:
    from functools import cached_property


T = TypeVar("T")
_FORMS = (
    (
        "oidc_issuer",
        regex(r"https://.*", re.DOTALL),
        "a URL such as 'https://oidc.eks.eu-west-1.amazonaws.com/id/...'",
    ),
    ("endpoint", regex(r"https://.*", re.DOTALL), "the URL of the API, 'https://...'"),
    (
        "arn",
        regex(r"arn:aws[a-z-]*:eks:[a-z0-9-]+:\d{12}:cluster/[0-9A-Za-z][A-Za-z0-9_-]{0,99}"),
        "the ARN of a cluster, 'arn:aws:eks:REGION:ACCOUNT:cluster/NAME'",
    ),
    ("version", regex(r"1\.\d+"), "a Kubernetes version, a string such as '1.36'"),
    ("certificate_authority", regex(r"[A-Za-z0-9+/\s]+={0,2}\s*"), "a string in base64"),
    (
        "oidc_provider_arn",
        regex(r"arn:aws[a-z-]*:iam::\d{12}:oidc-provider/\S+"),
        "an ARN, 'arn:aws:iam::ACCOUNT:oidc-provider/...'",
    ),
)

_HINTS = {
    "node_security_group": ", so that new and existing nodes admit each other: otherwise pods cannot reach CoreDNS. "
    "It is the group of the cluster's other nodes, or else the cluster security group, which EKS created "
    "(aws eks describe-cluster --name NAME --query cluster.resourcesVpcConfig.clusterSecurityGroupId)"
}
"""Further parts of the message on an attribute that is not known."""


_COLONS = 5  # in the ARN of a cluster


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributes:
    """The attributes of an imported cluster, which `Cluster.from_cluster_attributes` describes."""

    name: str
    arn: str | None
    version: str | None
    network: Network | None
    vpc: ec2.IVpc | None
    keys: Keys | None
    security_group: ec2.ISecurityGroup | None
    node_security_group: ec2.ISecurityGroup | None
    endpoint: str | None
    certificate_authority: str | None
    oidc_issuer: str | None
    oidc_provider_arn: str | None

    def problems(self) -> Iterator[str]:
        """Yield what is wrong with them."""
        yield from name_problems(self.name)
        for name, form, wanted in _FORMS:
            value = getattr(self, name)
            if value is None or is_text_token(value):
                continue
            if not isinstance(value, str) or not form.fullmatch(value):
                yield f"{name} needs {wanted}, got {value!r}"
        in_arn = self.arn.rpartition("/")[2] if is_literal(self.arn) and ":cluster/" in self.arn else self.name
        if is_literal(self.name) and in_arn != self.name:
            yield f"name {self.name!r} and arn {self.arn!r} name two clusters: leave arn out, or pass the name in it"
        if self.network is not None and self.vpc is not None:
            yield "network and vpc are given: pass only one of them"
        yield from kind_problems(NETWORK, network=self.network)
        yield from kind_problems(VPC, vpc=self.vpc)
        yield from kind_problems(KEYS, keys=self.keys)
        yield from kind_problems(
            SECURITY_GROUP, security_group=self.security_group, node_security_group=self.node_security_group
        )


def _place_problems(arn: object, stack: cdk.Stack) -> Iterator[str]:
    """Yield that a cluster is in another account or Region: added resources name it in those of the stack."""
    if not isinstance(arn, str) or arn.count(":") != _COLONS or not is_literal(arn):
        return
    _, _, _, region, account, _ = arn.split(":")
    for what, there, here in (("region", region, stack.region), ("account", account, stack.account)):
        if is_literal(here) and there != here:
            yield f"arn {arn!r} is in {what} {there}, but the stack is in {here}: import it in a stack of its {what}"


class ImportedCluster(ClusterBase):
    """An existing cluster to which node groups, pod roles and access entries can be added."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        arn: str | None = None,
        version: str | None = None,
        network: Network | None = None,
        vpc: ec2.IVpc | None = None,
        keys: Keys | None = None,
        security_group: ec2.ISecurityGroup | None = None,
        node_security_group: ec2.ISecurityGroup | None = None,
        endpoint: str | None = None,
        certificate_authority: str | None = None,
        oidc_issuer: str | None = None,
        oidc_provider_arn: str | None = None,
    ) -> None:
        """Import the cluster. `Cluster.from_cluster_attributes` does the same.

        Args:
            scope: the parent construct of the cluster's parts.
            id: construct ID.
            name: name of the cluster.
            arn: ARN of the cluster, in the account and Region of the stack. Default: derived from these and the name.
            version: Kubernetes version of the cluster. Default: not known.
            network: network of the cluster, which node groups need. Default: created from `vpc`, to which nothing is
                added.
            vpc: VPC of the cluster; cannot be combined with `network`. Default: not known.
            keys: keys that encrypt node volumes. Default: new Keys, created on first use.
            security_group: security group of the control plane's network interfaces, which node groups need. Default:
                not known.
            node_security_group: security group of the cluster's other nodes, where CoreDNS runs, or the cluster
                security group that EKS created, if the nodes use that; node groups need it. Default: not known.
            endpoint: URL of the Kubernetes API. Default: not known.
            certificate_authority: certificate authority of the Kubernetes API, in base64. Default: not known.
            oidc_issuer: URL of the OIDC issuer, for `ServiceAccountRole`. Default: not known.
            oidc_provider_arn: ARN of the IAM OIDC provider for the issuer. Default: not known.

        Raises:
            ConfigurationError: an argument is invalid. The error lists all mistakes.
        """
        told = Attributes(
            name=name,
            arn=arn,
            version=version,
            network=network,
            vpc=vpc,
            keys=keys,
            security_group=security_group,
            node_security_group=node_security_group,
            endpoint=endpoint,
            certificate_authority=certificate_authority,
            oidc_issuer=oidc_issuer,
            oidc_provider_arn=oidc_provider_arn,
        )
        problems = problems_in(scope, f"Cluster '{id}'")
        problems.extend(told.problems())
        problems.extend(_place_problems(told.arn, stack_of(scope)))
        problems.extend(place_problems(scope, network=network, keys=keys))
        problems.raise_any()
        super().__init__(scope, id, name=name, arn=arn or _aws.arn("eks", f"cluster/{name}"), version=version)
        self._told = told
        self._has_nodes = True  # or its owner adds some

    def unknown(self, *needed: str) -> Iterator[str]:
        """Yield why required attributes are not known.

        Args:
            *needed: names of the attributes, for example ``network``.

        Returns:
            One message for each attribute that was not passed to the import.
        """
        told = {name: getattr(self._told, name) for name in needed}
        if "network" in told and told["network"] is None:
            told["network"] = self._told.vpc
        for name, value in told.items():
            if value is None:
                yield _untold(name)

    @property
    def ref(self) -> str:
        """The name of the cluster. It already exists, so no resource has to wait for it."""
        return self.name

    @cached_property
    def network(self) -> Network:
        """The network that was passed to the import, or one created from its VPC, to which nothing is added."""
        given = self._told.network
        if given is not None:
            return given
        vpc, nothing = self._need(self._told.vpc, "network"), Dns(mode=DnsMode.OFF, log_retention_days=None)
        return Network(self, "Network", vpc=vpc, add_endpoints=False, add_flow_logs=False, dns=nothing)

    @cached_property
    def keys(self) -> Keys:
        """The keys that were passed to the import. Default: new ones, created on first use."""
        return self._told.keys or Keys(self, "Keys")

    @property
    def security_group(self) -> ec2.ISecurityGroup:
        """The security group of the control plane, as passed to the import."""
        return self._need(self._told.security_group, "security_group")

    @property
    def _other_nodes_id(self) -> str:
        return self._need(self._told.node_security_group, "node_security_group").security_group_id

    @property
    def endpoint(self) -> str:
        """URL of the Kubernetes API, as passed to the import."""
        return self._need(self._told.endpoint, "endpoint")

    @property
    def certificate_authority(self) -> str:
        """Certificate authority of the API, in base64, as passed to the import."""
        return self._need(self._told.certificate_authority, "certificate_authority")

    @property
    def oidc_issuer(self) -> str:
        """URL of the OIDC issuer, as passed to the import."""
        return self._need(self._told.oidc_issuer, "oidc_issuer")

    @property
    def oidc_provider_arn(self) -> str:
        """ARN of the IAM OIDC provider, as passed to the import."""
        return self._need(self._told.oidc_provider_arn, "oidc_provider_arn")

    def _need(self, value: T | None, what: str) -> T:
        if value is None:
            raise ConfigurationError(f"cluster '{self.name}'", [_untold(what)])
        return value


def _untold(what: str) -> str:
    return f"{what} is not known: pass it to Cluster.from_cluster_attributes{_HINTS.get(what, '')}"
