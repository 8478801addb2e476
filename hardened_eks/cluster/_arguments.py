"""Checks of a cluster's arguments."""

from __future__ import annotations

from datetime import date, datetime
from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from hardened_eks._kinds import KEYS, LOG_GROUP, NETWORK, ROLE, VPC, flag_problems, is_a, kind_problems
from hardened_eks._records import dataclass
from hardened_eks._retention import retention_problems
from hardened_eks._tokens import is_literal, is_text_token, is_token
from hardened_eks.addons import AddonOptions
from hardened_eks.cluster._names import name_problems
from hardened_eks.cluster._settings import ControlPlaneEgress, KubeApiServer
from hardened_eks.compute.auto_mode import REPLACED, AutoMode, replaced
from hardened_eks.data import kubernetes
from hardened_eks.data.kubernetes import Support
from hardened_eks.network import adoption_problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_logs as logs

    from hardened_eks.keys import Keys
    from hardened_eks.network import Network

PRIVATE = tuple(IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
LARGEST_SERVICE_RANGE, SMALLEST_SERVICE_RANGE = 12, 24


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterArguments:
    """The arguments of `Cluster`, which describes them. The name is never None."""

    version: str
    name: str
    network: Network | None
    keys: Keys | None
    vpc: ec2.IVpc | None
    role: iam.IRole | None
    log_group: logs.ILogGroup | None
    log_retention_days: int
    service_cidr: str | None
    control_plane_egress: ControlPlaneEgress
    api_server: KubeApiServer | None
    addons: AddonOptions | None
    auto_mode: AutoMode | None
    zonal_shift: bool
    deletion_protection: bool
    today: date | None

    def problems(self) -> Iterator[str]:
        """Yield what is wrong with them."""
        yield from self._kind_problems()
        yield from version_problems(self.version, self.today)
        yield from name_problems(self.name)
        yield from retention_problems("log_retention_days", self.log_retention_days)
        if self.service_cidr is not None:
            yield from service_cidr_problems(self.service_cidr, _taken(self.network, self.vpc))
        yield from self._choice_problems()
        if self.network is not None and self.vpc is not None:
            yield "network and vpc are given: pass only one of them"
        if self.network is None and self.vpc is not None:
            yield from adoption_problems(self.vpc)
        if self.log_group is not None and is_a(LOG_GROUP, self.log_group):
            yield from log_group_problems(self.log_group.log_group_name, self.name)

    def _kind_problems(self) -> Iterator[str]:
        yield from kind_problems(NETWORK, network=self.network)
        yield from kind_problems(VPC, vpc=self.vpc)
        yield from kind_problems(KEYS, keys=self.keys)
        yield from kind_problems(ROLE, role=self.role)
        yield from kind_problems(LOG_GROUP, log_group=self.log_group)
        yield from flag_problems(zonal_shift=self.zonal_shift, deletion_protection=self.deletion_protection)
        if self.today is not None and not _is_day(self.today):
            yield f"today needs a datetime.date, got {self.today!r}"

    def _choice_problems(self) -> Iterator[str]:
        egress, known = self.control_plane_egress, tuple(ControlPlaneEgress)
        if egress not in known:
            yield f"control_plane_egress needs one of {', '.join(map(repr, map(str, known)))}, got {egress!r}"
        if self.api_server is not None and not isinstance(self.api_server, KubeApiServer):
            yield f"api_server needs a KubeApiServer, got {self.api_server!r}"
        if self.addons is not None and not isinstance(self.addons, AddonOptions):
            yield f"addons needs AddonOptions, got {self.addons!r}"
        if self.auto_mode is None:
            return
        if not isinstance(self.auto_mode, AutoMode):
            yield f"auto_mode needs an AutoMode, got {self.auto_mode!r}"
        elif isinstance(self.addons, AddonOptions) and not self.auto_mode.other_nodes:
            named = {*self.addons.versions, *self.addons.configurations, *self.addons.extra}
            yield from (f"addons names {name}: {REPLACED}" for name in sorted(named) if replaced(name))


def version_problems(version: object, today: date | None) -> Iterator[str]:
    """Yield why a Kubernetes version cannot be used."""
    if is_text_token(version):
        return
    today = today if _is_day(today) else None
    offered = ", ".join(kubernetes.lasting(today))
    standing = kubernetes.support(version, today) if isinstance(version, str) else Support.UNKNOWN
    if standing is Support.UNKNOWN:
        yield (
            f"version needs a Kubernetes version that Amazon EKS supports, a string such as '1.36', got {version!r}; "
            f"choose one of {offered}"
        )
    elif standing in {Support.EXTENDED, Support.ENDED}:
        end = kubernetes.VERSIONS[str(version)].end_of_standard_support
        yield f"standard support of Kubernetes {version} ended on {end}; choose one of {offered}"


def version_warning(version: str, today: date | None) -> str | None:
    """Return a warning that the version is the oldest, which CP-09 refuses, or that its support ends soon; or None."""
    standing = kubernetes.support(version, today)
    oldest = version in kubernetes.supported(today) and version not in kubernetes.lasting(today)
    if standing is not Support.ENDS_SOON and not oldest:
        return None
    end = kubernetes.VERSIONS[version].end_of_standard_support
    newer = [name for name in kubernetes.supported(today) if _number(name) > _number(version)]
    way_out = f"upgrade to {newer[0]}" if newer else "upgrade as soon as a newer version is offered"
    reasons = []
    if standing is Support.ENDS_SOON:
        reasons.append(
            f"standard support of Kubernetes {version} ends on {end}, and then EKS upgrades the cluster automatically"
        )
    if oldest:
        reasons.append(f"Kubernetes {version} is the oldest in standard support, which the checks refuse (CP-09)")
    return f"{'; '.join(reasons)}: {way_out}"


def log_group_problems(given: object, cluster_name: str) -> Iterator[str]:
    """Yield why EKS does not write to an existing log group."""
    wanted = f"/aws/eks/{cluster_name}/cluster"
    if is_literal(given) and not is_token(cluster_name) and given != wanted:
        yield f"log_group needs to be named '{wanted}', where EKS writes, got '{given}'"


def service_cidr_problems(service_cidr: object, taken: Iterable[str]) -> Iterator[str]:
    """Yield why a CIDR block cannot be that of the services.

    Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html
    """
    if service_cidr is None or is_text_token(service_cidr):
        return
    try:
        block = IPv4Network(service_cidr if isinstance(service_cidr, str) else "")
    except ValueError:
        yield f"service_cidr needs an IPv4 block such as '172.20.0.0/16', got {service_cidr!r}"
        return
    if not any(block.subnet_of(private) for private in PRIVATE):
        yield f"service_cidr needs a block within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, got '{block}'"
    if not LARGEST_SERVICE_RANGE <= block.prefixlen <= SMALLEST_SERVICE_RANGE:
        yield f"service_cidr needs a block from /12 to /24, got '{block}'"
    for other in taken:
        if is_literal(other) and _overlaps(block, other):
            yield f"service_cidr '{block}' overlaps '{other}' of the network: choose one that no network of yours uses"


def _overlaps(block: IPv4Network, other: str) -> bool:
    try:
        return block.overlaps(IPv4Network(other, strict=False))
    except ValueError:
        return False  # the network checks its own arguments


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)  # a date and a datetime cannot be compared


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _taken(network: Network | None, vpc: ec2.IVpc | None) -> Sequence[str]:
    if network is not None:
        return network.cidrs if is_a(NETWORK, network) else ()
    if vpc is None:
        return ("10.0.0.0/16",)  # the default of Network
    if not is_a(VPC, vpc):
        return ()
    try:
        return (vpc.vpc_cidr_block,)
    except RuntimeError:
        return ()  # a VPC from attributes may have no CIDR block
