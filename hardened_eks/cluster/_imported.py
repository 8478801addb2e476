"""A cluster that exists already."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from hardened_eks import _aws
from hardened_eks._kinds import KEYS, NETWORK, SECURITY_GROUP, VPC, kind_problems
from hardened_eks._tokens import is_text_token
from hardened_eks.cluster._arguments import name_problems
from hardened_eks.cluster._base import ClusterBase
from hardened_eks.errors import ConfigurationError, Problems
from hardened_eks.keys import Keys
from hardened_eks.network import Network

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_cdk import aws_ec2 as ec2
    from constructs import Construct


T = TypeVar("T")
_ARN = r"arn:aws[a-z-]*:eks:[a-z0-9-]+:\d{12}:cluster/[0-9A-Za-z][A-Za-z0-9_-]{0,99}"
_PROVIDER = r"arn:aws[a-z-]*:iam::\d{12}:oidc-provider/\S+"


class ImportedCluster(ClusterBase):
    """A cluster made elsewhere, to which node groups, pod roles and access entries can be added."""

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
        endpoint: str | None = None,
        certificate_authority: str | None = None,
        oidc_issuer: str | None = None,
        oidc_provider_arn: str | None = None,
    ) -> None:
        problems = Problems(f"Cluster '{id}'")
        problems.extend(name_problems(name))
        problems.require(
            oidc_issuer is None or is_text_token(oidc_issuer) or str(oidc_issuer).startswith("https://"),
            f"oidc_issuer needs a URL such as 'https://oidc.eks.eu-west-1.amazonaws.com/id/...', got {oidc_issuer!r}",
        )
        problems.require(
            endpoint is None or is_text_token(endpoint) or str(endpoint).startswith("https://"),
            f"endpoint needs the URL of the API, 'https://...', got {endpoint!r}",
        )
        problems.require(
            arn is None or is_text_token(arn) or re.fullmatch(_ARN, str(arn)),
            f"arn needs the ARN of a cluster, 'arn:aws:eks:REGION:ACCOUNT:cluster/NAME', got {arn!r}",
        )
        problems.require(
            version is None
            or is_text_token(version)
            or (isinstance(version, str) and re.fullmatch(r"1\.\d+", version)),
            f"version needs a Kubernetes version, a text such as '1.36', got {version!r}",
        )
        problems.require(
            certificate_authority is None or isinstance(certificate_authority, str),
            f"certificate_authority needs a text in base64, got {certificate_authority!r}",
        )
        problems.require(
            oidc_provider_arn is None
            or is_text_token(oidc_provider_arn)
            or re.fullmatch(_PROVIDER, str(oidc_provider_arn)),
            f"oidc_provider_arn needs an ARN, 'arn:aws:iam::ACCOUNT:oidc-provider/...', got {oidc_provider_arn!r}",
        )
        problems.require(network is None or vpc is None, "pass network or vpc, not both")
        problems.extend(kind_problems(NETWORK, network=network))
        problems.extend(kind_problems(VPC, vpc=vpc))
        problems.extend(kind_problems(KEYS, keys=keys))
        problems.extend(kind_problems(SECURITY_GROUP, security_group=security_group))
        problems.raise_any()
        super().__init__(scope, id, name=name, arn=arn or _aws.arn("eks", f"cluster/{name}"), version=version)
        self._network = network
        self._vpc = vpc
        self._keys = keys
        self._security_group = security_group
        self._endpoint = endpoint
        self._certificate_authority = certificate_authority
        self._oidc_issuer = oidc_issuer
        self._oidc_provider_arn = oidc_provider_arn
        self._has_nodes = True  # or whoever made it sees to it

    def unknown(self, *needed: str) -> Iterator[str]:
        """Say which of the things needed were not told."""
        told = {name: getattr(self, f"_{name}") for name in needed}
        if "network" in told and told["network"] is None:
            told["network"] = self._vpc
        for name, value in told.items():
            if value is None:
                yield _untold(name)

    @property
    def ref(self) -> str:
        """The name: nothing here can wait for the cluster, which exists."""
        return self.name

    @cached_property
    def network(self) -> Network:
        """The network given, or the VPC given as a network to which nothing is added."""
        given = self._network
        if given is not None:
            return given
        return Network(self, "Network", vpc=self._need(self._vpc, "network"), add_endpoints=False, add_flow_logs=False)

    @cached_property
    def keys(self) -> Keys:
        """The keys given. Default: new ones, made on first use."""
        return self._keys or Keys(self, "Keys")

    @property
    def security_group(self) -> ec2.ISecurityGroup:
        """The security group given."""
        return self._need(self._security_group, "security_group")

    @property
    def endpoint(self) -> str:
        """The endpoint given."""
        return self._need(self._endpoint, "endpoint")

    @property
    def certificate_authority(self) -> str:
        """The certificate authority given."""
        return self._need(self._certificate_authority, "certificate_authority")

    @property
    def oidc_issuer(self) -> str:
        """The issuer given."""
        return self._need(self._oidc_issuer, "oidc_issuer")

    @property
    def oidc_provider_arn(self) -> str:
        """The provider given."""
        return self._need(self._oidc_provider_arn, "oidc_provider_arn")

    def _need(self, value: T | None, what: str) -> T:
        if value is None:
            raise ConfigurationError(f"cluster '{self.name}'", [_untold(what)])
        return value


def _untold(what: str) -> str:
    return f"{what} is not known: pass it to Cluster.from_cluster_attributes"
