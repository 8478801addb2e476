"""Checks of the arguments of a network, before any construct is created."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks._kinds import VPC, flag_problems, is_a, key_problems, kind_problems
from hardened_eks._patterns import regex
from hardened_eks._records import dataclass
from hardened_eks._tokens import is_text_token
from hardened_eks.data.regions import lacks_endpoint
from hardened_eks.network import _plan
from hardened_eks.network._adopted import look
from hardened_eks.network._dns_settings import Dns, flag_value_problems
from hardened_eks.network._settings import Egress, EncryptionControl

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_kms as kms

    from hardened_eks.errors import Problems
    from hardened_eks.network._adopted import Adopted

DEFAULT_CIDR = "10.0.0.0/16"
_ORGANIZATION = regex(r"o-[a-z0-9]{10,32}")
# The x's are the placeholder of an ID until the CLI has looked it up (ec2.PrefixList.from_lookup).
_PREFIX_LIST = regex(r"pl-([0-9a-f]{8,17}|x{8})")


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkArguments:
    """The arguments of `Network`, which describes them."""

    region: str
    """Region of the stack."""
    cidr: str
    availability_zones: int | Sequence[str] | None
    egress: Egress
    pod_cidrs: Sequence[str]
    vpc: ec2.IVpc | None
    node_subnets: ec2.SubnetSelection | None
    control_plane_subnets: ec2.SubnetSelection | None
    add_endpoints: bool
    add_flow_logs: bool
    endpoints: Sequence[str]
    logs_key: kms.IKey | None
    flow_log_retention_days: int
    encryption_control: EncryptionControl | None
    dns: Dns | None
    dns_flag: object
    """The DNS settings of the app's context."""
    close_default_security_group: bool
    organization_id: str | None
    s3_prefix_list_id: str | None

    @property
    def zones(self) -> int | Sequence[str]:
        """The given zones, or the default number of zones in the Region."""
        return _plan.default_zones(self.region) if self.availability_zones is None else self.availability_zones

    def check(self, problems: Problems) -> Adopted | None:
        """Add the mistakes to `problems`, and return the used parts of an adopted VPC."""
        problems.extend(self._common_problems())
        problems.extend(self._kind_problems())
        if self.vpc is None:
            problems.extend(self._new_vpc_problems())
            return None
        problems.extend(self._adopted_vpc_problems())
        if not is_a(VPC, self.vpc):
            return None
        return look(self.vpc, self.node_subnets, self.control_plane_subnets, problems, needs_routes=self.add_endpoints)

    def _common_problems(self) -> Iterator[str]:
        yield from _plan.endpoint_problems(self.endpoints, self.region)
        yield from _plan.retention_problems("flow_log_retention_days", self.flow_log_retention_days)
        control = self.encryption_control
        if self.egress not in tuple(Egress):
            yield f"egress needs one of {', '.join(Egress)}, got {self.egress!r}"
        if control is not None and control not in tuple(EncryptionControl):
            yield f"encryption_control needs one of {', '.join(EncryptionControl)}, got {control!r}"
        if self.dns is not None and not isinstance(self.dns, Dns):
            yield f"dns needs a hardened_eks.Dns, such as Dns(allowed_domains=['*.corp.example']), got {self.dns!r}"
        yield from flag_value_problems(self.dns_flag)
        for name, value, form, example in (
            ("organization_id", self.organization_id, _ORGANIZATION, "o-a1b2c3d4e5"),
            ("s3_prefix_list_id", self.s3_prefix_list_id, _PREFIX_LIST, "pl-1a2b3c4d"),
        ):
            if value is not None and not is_text_token(value) and not form.fullmatch(str(value)):
                yield f"{name} needs an ID such as {example}, got {value!r}"

    def _kind_problems(self) -> Iterator[str]:
        yield from kind_problems(VPC, vpc=self.vpc)
        yield from key_problems(logs_key=self.logs_key)
        yield from flag_problems(
            add_endpoints=self.add_endpoints,
            add_flow_logs=self.add_flow_logs,
            close_default_security_group=self.close_default_security_group,
        )

    def _new_vpc_problems(self) -> Iterator[str]:
        zones = self.zones
        yield from _plan.zone_problems(zones, self.region)
        nat = self.egress == Egress.NAT
        if self.add_endpoints and not nat and lacks_endpoint("eks-auth", self.region):
            yield (
                f"{self.region} has no endpoint of eks-auth, from which add-ons and pods get their credentials, and "
                "egress=NONE leaves no other route: pass egress=Egress.NAT, or add_endpoints=False with your own route"
            )
        yield from _plan.cidr_problems(self.cidr, self.pod_cidrs, _plan.zone_count(zones), nat=nat)
        if self.node_subnets is not None or self.control_plane_subnets is not None:
            yield "node_subnets and control_plane_subnets select from an adopted VPC: pass vpc, or leave them out"

    def _adopted_vpc_problems(self) -> Iterator[str]:
        """Yield the arguments for a new VPC that are passed with an adopted one, which they would not change."""
        if self.egress == Egress.NAT:
            yield "egress=NAT creates gateways only in a new VPC: leave it out, and add gateways to the adopted one"
        if self.pod_cidrs:
            yield f"pod_cidrs extend only a new VPC, not an adopted one, got {self.pod_cidrs!r}: leave them out"
        if self.cidr != DEFAULT_CIDR:
            yield f"cidr is only for a new VPC, an adopted one has its own, got {self.cidr!r}: leave it out"
        zones, control = self.availability_zones, self.encryption_control
        if zones is not None:
            yield f"availability_zones are only for a new VPC, got {zones!r}: choose node_subnets of the adopted one"
        if control not in (None, EncryptionControl.OFF):
            yield f"encryption_control is only for a new VPC, got {control!r}: set it where the adopted one is created"
