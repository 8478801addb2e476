"""The DNS settings of a network, and their checks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from hardened_eks._kinds import flag_problems
from hardened_eks._patterns import regex
from hardened_eks._retention import retention_problems
from hardened_eks._tokens import is_text_token
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Iterator

FLAG: Final = "hardened-eks:dns_firewall"
"""Key in the context of an app, like the CDK's feature flags: new apps set it, older apps do not have it."""
_LONGEST = 255
# "*", at least one octet, "in-addr" and "arpa".
_REVERSE_LABELS = 4
_NAME = regex(r"(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)


class DnsMode(StrEnum):
    """The response to a DNS query for a name that is not allowed."""

    BLOCK = "block"
    """The query is answered with NXDOMAIN, and logged."""
    ALERT = "alert"
    """The query is answered, and logged with ``firewall_rule_action`` ALERT, to find missing names."""
    OFF = "off"
    """The query is answered, because there is no firewall. Queries are still logged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dns:
    """The names that a VPC resolves, and the retention of its query log.

    Raises:
        ConfigurationError: the mode is unknown, a name is malformed or too wide, or CloudWatch Logs does not support
            the retention. The error lists all mistakes.
    """

    mode: DnsMode = DnsMode.BLOCK
    """Response to queries for other names. Default: block them, regardless of the app's context."""
    allowed_domains: Sequence[str] = ()
    """Allowed names in addition to AWS's regional names and the VPC's own reverse names, for example
    ``db.corp.example`` or ``*.corp.example``. Default: none.

    A wildcard does not include the name itself: list both. Targets of the aliases of an allowed name need no entry.
    """
    log_retention_days: int | None = 365
    """Retention of the query log, in days. None: no log is created, because an adopted VPC may already have one.
    Default: 365."""
    detect_tunneling: bool = False
    """Whether to also block queries below an allowed name that look like a DNS tunnel or a generated domain name.

    AWS charges DNS Firewall Advanced by the hour for each VPC. Default: no.
    """
    protect_association: bool = False
    """Whether to refuse changes and removal of the firewall. The stack cannot be deleted while this is on. Default: no.
    """

    def __post_init__(self) -> None:
        """Check all fields."""
        problems = Problems("Dns")
        if self.mode not in tuple(DnsMode):
            problems.add(f"mode needs one of {', '.join(DnsMode)}, got {self.mode!r}")
        problems.extend(_name_problems(self.allowed_domains))
        if self.log_retention_days is not None:
            problems.extend(retention_problems("log_retention_days", self.log_retention_days))
        flags = {"detect_tunneling": self.detect_tunneling, "protect_association": self.protect_association}
        problems.extend(flag_problems(**flags))
        if self.mode == DnsMode.OFF:
            unused = [name for name, value in {**flags, "allowed_domains": self.allowed_domains}.items() if value]
            problems.extend(f"{name} has no effect with mode='off': leave it out, or choose a mode" for name in unused)
        problems.raise_any()


def flag_value(given: object) -> DnsMode | None:
    """Return the setting of an app's context for new isolated networks, or None if it is unknown."""
    return DnsMode(str(given)) if given in (DnsMode.BLOCK, DnsMode.ALERT) else None


def flag_value_problems(given: object) -> Iterator[str]:
    """Yield why the value of `FLAG` is invalid. None and an empty value count as no flag."""
    if given not in (None, "") and flag_value(given) is None:
        yield (
            f'"{FLAG}" in the context (cdk.json) needs "{DnsMode.BLOCK}" or "{DnsMode.ALERT}", got {given!r}; pass '
            "dns=hardened.Dns(...) for anything else"
        )


def _name_problems(names: object) -> Iterator[str]:
    if isinstance(names, str | bytes) or not isinstance(names, Sequence):
        yield f'allowed_domains needs a list of domain names, such as ["*.corp.example"], got {names!r}'
        return
    for name in names:
        if is_text_token(name):
            continue
        plain = name.removesuffix(".") if isinstance(name, str) else ""
        if _NAME.fullmatch(plain) is None or len(plain) > _LONGEST or "." not in plain:
            yield f"allowed_domains needs domain names such as db.corp.example or *.corp.example, got {name!r}"
        elif plain.startswith("*.") and plain.count(".") == 1:
            yield f"{name!r} allows a whole top-level domain, in which anybody can have a name: allow names below it"
        elif plain.startswith("*.") and plain.lower().endswith(".arpa") and plain.count(".") + 1 < _REVERSE_LABELS:
            yield f"{name!r} allows reverse zones of other owners: allow those of your own ranges"
