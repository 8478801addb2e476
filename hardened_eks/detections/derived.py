"""Values that are derived from parameters: key IDs, session ARNs and address prefixes."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_PREFIXES: Final = 4
"""The maximum number of address prefixes for one CIDR block, because more do not fit into a metric filter."""
Known = dict[str, tuple[str, ...]]


def _keys(known: Known) -> tuple[str, ...]:
    return (*known["kms_key"], *known.get("more_keys", ())) if "kms_key" in known else ()


def _key_ids(known: Known) -> tuple[str, ...]:
    return tuple(key.rsplit("/", 1)[-1] for key in _keys(known))


def _session(known: Known) -> tuple[str, ...]:
    """The ARN of an assumed role in STS: `sts` instead of `iam`, and no path."""
    roles = known.get("break_glass_role", ())
    return tuple(":".join((*_arn(r)[:2], "sts", *_arn(r)[3:5], f"assumed-role/{r.rsplit('/', 1)[-1]}")) for r in roles)


def _canonical(known: Known) -> tuple[str, ...]:
    """The role ARN in the authenticator: without its path."""
    roles = known.get("break_glass_role", ())
    return tuple(":".join((*_arn(r)[:5], f"role/{r.rsplit('/', 1)[-1]}")) for r in roles)


def _arn(value: str) -> list[str]:
    return (value.split(":", 5) + [""] * 6)[:6]


def _partition(known: Known) -> tuple[str, ...]:
    region = known.get("region", ("",))[0]
    return ("aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws",)


def _secret_arns(known: Known) -> tuple[str, ...]:
    """Prefixes of the ARNs of the secrets, in full and without their random suffix."""
    return tuple(arn[:-1] if arn.endswith("*") else arn[:-7] for arn in known.get("secrets", ()))


def _secret_names(known: Known) -> tuple[str, ...]:
    """Prefixes of the names of the secrets."""
    return tuple(arn.split(":", 6)[-1] for arn in _secret_arns(known))


def _finding_counts(known: Known) -> tuple[str, ...]:
    """Each severity with the number of findings from which a scan is reported."""
    return tuple(one if "=" in one else f"{one}=1" for one in known.get("finding_severities", ()))


def _finding_levels(known: Known) -> tuple[str, ...]:
    """Only the severities, because an event about one finding has no number."""
    return tuple(dict.fromkeys(one.partition("=")[0] for one in known.get("finding_severities", ())))


def _prefixes(known: Known) -> tuple[str, ...]:
    blocks = (*known["vpc_cidr"], *known.get("pod_cidrs", ())) if "vpc_cidr" in known else ()
    return tuple(prefix for block in blocks for prefix in _octets(block))


def _octets(block: str) -> list[str]:
    """Return a CIDR block as address prefixes, because metric filters support no CIDR blocks, only wildcards.

    A block between two octets becomes up to `MOST_PREFIXES` prefixes. A larger block becomes the prefix of the next
    octet, which includes addresses outside the block.
    """
    network = IPv4Network(block)
    border = -(-network.prefixlen // 8) * 8
    if 2 ** (border - network.prefixlen) > MOST_PREFIXES:
        network = network.supernet(new_prefix=border - 8)
        border -= 8
    kept = border // 8
    parts = [".".join(str(net.network_address).split(".")[:kept]) for net in network.subnets(new_prefix=border)]
    return parts if kept == 4 else [f"{part}.*" for part in parts]


DERIVED: Final[dict[str, Callable[[Known], tuple[str, ...]]]] = {
    "keys": _keys,
    "key_ids": _key_ids,
    "break_glass_session": _session,
    "break_glass_canonical": _canonical,
    "partition": _partition,
    "secret_arns": _secret_arns,
    "secret_names": _secret_names,
    "vpc_prefixes": _prefixes,
    "finding_counts": _finding_counts,
    "finding_levels": _finding_levels,
}

BASES: Final = {
    "keys": "kms_key",
    "key_ids": "kms_key",
    "break_glass_session": "break_glass_role",
    "break_glass_canonical": "break_glass_role",
    "secret_arns": "secrets",
    "secret_names": "secrets",
    "vpc_prefixes": "vpc_cidr",
    "finding_counts": "finding_severities",
    "finding_levels": "finding_severities",
}
"""Derived name -> the parameter from which it is derived."""
