"""What can be wrong with the arguments of a network, found before anything is made."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hardened_eks._kinds import VPC, flag_problems, key_problems, kind_problems
from hardened_eks._tokens import is_text_token
from hardened_eks.network import _plan
from hardened_eks.network._settings import Egress, EncryptionControl

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DEFAULT_CIDR = "10.0.0.0/16"
DEFAULT_ZONES = 3
_ORGANIZATION = re.compile(r"o-[a-z0-9]{10,32}")
# The x's stand for an id until the CLI has looked it up (ec2.PrefixList.from_lookup).
_PREFIX_LIST = re.compile(r"pl-([0-9a-f]{8,17}|x{8})")


def common(
    *,
    endpoints: Sequence[str],
    retention_days: object,
    egress: object,
    encryption_control: object,
    organization_id: object,
    s3_prefix_list_id: object,
) -> Iterator[str]:
    """Say what is wrong with arguments that every network takes."""
    yield from _plan.endpoint_problems(endpoints)
    yield from _plan.retention_problems("flow_log_retention_days", retention_days)
    if egress not in tuple(Egress):
        yield f"egress needs one of {', '.join(Egress)}, got {egress!r}"
    if encryption_control is not None and encryption_control not in tuple(EncryptionControl):
        yield f"encryption_control needs one of {', '.join(EncryptionControl)}, got {encryption_control!r}"
    for name, value, form, example in (
        ("organization_id", organization_id, _ORGANIZATION, "o-a1b2c3d4e5"),
        ("s3_prefix_list_id", s3_prefix_list_id, _PREFIX_LIST, "pl-1a2b3c4d"),
    ):
        if value is not None and not is_text_token(value) and not form.fullmatch(str(value)):
            yield f"{name} needs an id such as {example}, got {value!r}"


def kinds(*, vpc: object, logs_key: object, **flags: object) -> Iterator[str]:
    """Say which arguments are of the wrong kind."""
    yield from kind_problems(VPC, vpc=vpc)
    yield from key_problems(logs_key=logs_key)
    yield from flag_problems(**flags)


def of_new_vpc(
    *, cidr: str, pod_cidrs: Sequence[str], zones: object, region: str, egress: object, selections: bool
) -> Iterator[str]:
    """Say what is wrong with arguments of a VPC that is made."""
    yield from _plan.zone_problems(zones, region)
    yield from _plan.cidr_problems(cidr, pod_cidrs, _plan.zone_count(zones), nat=egress == Egress.NAT)
    if selections:
        yield "node_subnets and control_plane_subnets select from an adopted VPC: pass vpc, or leave them out"


def of_adopted_vpc(
    *, cidr: object, pod_cidrs: Sequence[str], zones: object, egress: object, encryption_control: object
) -> Iterator[str]:
    """Say which arguments of a new VPC came with an adopted one, where they would change nothing."""
    if egress == Egress.NAT:
        yield "egress=NAT makes gateways in a new VPC, an adopted one has its own"
    if pod_cidrs:
        yield f"pod_cidrs extend a new VPC, an adopted one has its own, got {pod_cidrs!r}"
    if cidr != DEFAULT_CIDR:
        yield f"cidr is the range of a new VPC, an adopted one has its own, got {cidr!r}"
    if zones != DEFAULT_ZONES:
        yield f"availability_zones are for a new VPC, choose node_subnets of the adopted one, got {zones!r}"
    if encryption_control not in (None, EncryptionControl.OFF):
        yield f"encryption_control is for a new VPC, set it where the adopted one is made, got {encryption_control!r}"
