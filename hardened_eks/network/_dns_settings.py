"""What a network resolves: the choices, and what can be wrong with them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from hardened_eks._kinds import flag_problems
from hardened_eks._retention import retention_problems
from hardened_eks._tokens import is_text_token
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Iterator

FLAG: Final = "hardened-eks:dns-firewall"
"""Key in the context of an app, as the CDK's feature flags: new apps set it, those that are older do not have it."""
_LONGEST = 255
# "*", one octet at least, "in-addr" and "arpa".
_REVERSE_LABELS = 4
_NAME = re.compile(
    r"(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE
)


class DnsMode(StrEnum):
    """What happens to a DNS query for a name that is not allowed."""

    BLOCK = "block"
    """It is answered with NXDOMAIN, and logged."""
    ALERT = "alert"
    """It is answered, and logged with ``firewall_rule_action`` ALERT: for finding the names that are missing."""
    OFF = "off"
    """It is answered: there is no firewall. Queries are logged all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dns:
    """The names that a VPC resolves, and the retention of its query log.

    Raises:
        ConfigurationError: naming an unknown mode, every bad or too wide name, and a retention that CloudWatch Logs
            does not have.
    """

    mode: DnsMode = DnsMode.BLOCK
    """What happens to other names. Default: they are blocked, regardless of the app's context."""
    allowed: Sequence[str] = ()
    """Names beside AWS's regional ones and the VPC's own reverse names: ``db.corp.example``, ``*.corp.example``.

    A wildcard does not include the name itself: list both. The names that an allowed one is an alias of need no entry.
    """
    log_retention_days: int | None = 365
    """The retention of the query log, in days. None: no log is created; an adopted VPC may have one already."""
    detect_tunneling: bool = False
    """Also block what looks like a DNS tunnel or a generated domain name below an allowed name.

    AWS charges DNS Firewall Advanced by the hour for each VPC.
    """
    protect_association: bool = False
    """Refuse to change or remove the firewall; then the stack cannot be deleted until this is off again."""

    def __post_init__(self) -> None:
        """Check all fields."""
        problems = Problems("Dns")
        if self.mode not in tuple(DnsMode):
            problems.add(f"mode needs one of {', '.join(DnsMode)}, got {self.mode!r}")
        problems.extend(_name_problems(self.allowed))
        if self.log_retention_days is not None:
            problems.extend(retention_problems("log_retention_days", self.log_retention_days))
        flags = {"detect_tunneling": self.detect_tunneling, "protect_association": self.protect_association}
        problems.extend(flag_problems(**flags))
        if self.mode == DnsMode.OFF:
            unused = [name for name, value in {**flags, "allowed": self.allowed}.items() if value]
            problems.extend(f"{name} has no effect with mode='off': leave it out, or choose a mode" for name in unused)
        problems.raise_any()


def flag_value(given: object) -> DnsMode | None:
    """Return the setting of an app's context for new isolated networks; None: no known one."""
    return DnsMode(str(given)) if given in (DnsMode.BLOCK, DnsMode.ALERT) else None


def flag_value_problems(given: object) -> Iterator[str]:
    """Yield what is wrong with the value of `FLAG`; none and an empty one are as good as no flag."""
    if given not in (None, "") and flag_value(given) is None:
        yield (
            f'"{FLAG}" in the context (cdk.json) needs "{DnsMode.BLOCK}" or "{DnsMode.ALERT}", got {given!r}; pass '
            "dns=hardened.Dns(...) for anything else"
        )


def _name_problems(names: object) -> Iterator[str]:
    if isinstance(names, str) or not isinstance(names, Sequence):
        yield f'allowed needs a list of domain names, such as ["*.corp.example"], got {names!r}'
        return
    for name in names:
        if is_text_token(name):
            continue
        plain = name.removesuffix(".") if isinstance(name, str) else ""
        if _NAME.fullmatch(plain) is None or len(plain) > _LONGEST or "." not in plain:
            yield f"allowed needs domain names such as db.corp.example or *.corp.example, got {name!r}"
        elif plain.startswith("*.") and plain.count(".") == 1:
            yield f"{name!r} allows a whole top-level domain, in which anybody can have a name: allow names below it"
        elif plain.startswith("*.") and plain.lower().endswith(".arpa") and plain.count(".") + 1 < _REVERSE_LABELS:
            yield f"{name!r} allows reverse zones of strangers: allow those of your own ranges"
