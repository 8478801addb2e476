"""The settings with which nodes join their cluster. EKS adds them for managed nodes; other nodes bring their own."""

from __future__ import annotations

from dataclasses import field
from ipaddress import IPv4Network, ip_network
from typing import TYPE_CHECKING, Any

from hardened_eks._records import dataclass
from hardened_eks._tokens import is_text_token, is_token
from hardened_eks.compute._settings import TaintEffect

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hardened_eks.compute._arguments import NodeArguments
    from hardened_eks.compute._settings import Taint

_EFFECTS = {
    TaintEffect.NO_SCHEDULE: "NoSchedule",
    TaintEffect.PREFER_NO_SCHEDULE: "PreferNoSchedule",
    TaintEffect.NO_EXECUTE: "NoExecute",
}
_SMALLEST_SERVICE_RANGE = 24
_DNS_OFFSET = 10  # EKS gives its DNS service the tenth address of the services' range


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """The cluster that nodes join, with their labels and taints."""

    cluster_name: str
    endpoint: str
    """URL of the Kubernetes API."""
    certificate_authority: str
    """Certificate authority of the API, in base64."""
    service_cidr: str | None = None
    """IPv4 block of the services. None: the node reads it from EKS, which only Bottlerocket can."""
    labels: Mapping[str, str] = field(default_factory=dict)
    taints: Sequence[Taint] = ()

    @classmethod
    def of(cls, given: NodeArguments, service_cidr: str | None) -> Joining:
        """Return the settings from the arguments of nodes."""
        cluster = given.cluster
        return cls(
            cluster_name=cluster.name,
            endpoint=cluster.endpoint,
            certificate_authority=cluster.certificate_authority,
            service_cidr=service_cidr,
            labels=given.labels or {},
            taints=given.taints,
        )

    def bottlerocket(self) -> dict[str, Any]:
        """Return the settings below ``settings.kubernetes``.

        Source: https://bottlerocket.dev/en/os/latest/api/settings/kubernetes/
        """
        found: dict[str, Any] = {
            "cluster-name": self.cluster_name,
            "api-server": self.endpoint,
            "cluster-certificate": self.certificate_authority,
        }
        if self.service_cidr is not None and not is_token(self.service_cidr):
            found["cluster-dns-ip"] = str(ip_network(self.service_cidr)[_DNS_OFFSET])
        by_key: dict[str, list[str]] = {}
        for taint in self.taints:
            by_key.setdefault(taint.key, []).append(f"{taint.value}:{_EFFECTS[TaintEffect(taint.effect)]}")
        return {**found, "node-labels": dict(self.labels), "node-taints": by_key}

    def nodeadm(self) -> list[str]:
        """Return the lines of a ``NodeConfig`` below ``spec``, and the flags of the kubelet below ``spec.kubelet``.

        Source: https://awslabs.github.io/amazon-eks-ami/nodeadm/doc/examples/
        """
        return [
            "  cluster:",
            f"    name: {self.cluster_name}",
            f"    apiServerEndpoint: {self.endpoint}",
            f"    certificateAuthority: {self.certificate_authority}",
            f"    cidr: {self.service_cidr}",
        ]

    def kubelet_flags(self) -> list[str]:
        """Return the kubelet's flags for labels and taints, which AL2023's configuration file of the kubelet lacks."""
        flags = []
        if self.labels:
            flags.append("--node-labels=" + ",".join(f"{key}={value}" for key, value in self.labels.items()))
        if self.taints:
            taints = (f"{one.key}={one.value}:{_EFFECTS[TaintEffect(one.effect)]}" for one in self.taints)
            flags.append("--register-with-taints=" + ",".join(taints))
        return flags


def service_problems(given: object) -> Iterator[str]:
    """Yield that the block of a cluster's services is not one."""
    if is_text_token(given):
        return
    try:
        good = isinstance(given, str) and IPv4Network(given).prefixlen <= _SMALLEST_SERVICE_RANGE
    except ValueError:
        good = False
    if not good:
        yield f"service_cidr needs the cluster's IPv4 block for services such as '172.20.0.0/16', got {given!r}"
