"""Checks of single settings. A check takes a path and a value, and yields pairs of path and message."""

from __future__ import annotations

import ipaddress
import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex
from hardened_eks.baseline.network import IMDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    Path = tuple[str | int, ...]
    """Position of a value: keys and indexes from the root."""
    Problem = tuple[Path, str]
    Check = Callable[[Path, Any], Iterator[Problem]]

LABEL: Final = regex(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_OBJECT: Final = regex(r"[a-z0-9]([a-z0-9.:-]{0,251}[a-z0-9])?")
_REGISTRY: Final = regex(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*/?")
DOMAIN: Final = regex(r"(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_QUANTITY: Final = regex(r"(\d+(\.\d*)?|\.\d+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?")
_PORT: Final = regex(r"(\d{1,5})(?:-(\d{1,5}))?(?:/(?:TCP|UDP|SCTP))?")
SECURITY_GROUP: Final = regex(r"sg-[0-9a-f]{8,17}")
_EVERYBODY: Final = ("system:authenticated", "system:unauthenticated", "system:serviceaccounts", "system:nodes")
BUCKET: Final = regex(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]|\$\{Token\[.+\]\}")
"""A name, or the CDK's token for a name that is known only at deployment."""
KEY: Final = regex(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[\w-]+|\$\{Token\[.+\]\}")
PINNED_IMAGE: Final = regex(r"[a-z0-9.-]+(:\d{1,5})?(/[a-z0-9._-]+)+@sha256:[0-9a-f]{64}")
SCHEDULE: Final = regex(r"(@(yearly|monthly|weekly|daily|hourly))|([0-9*/,A-Za-z-]+ +){4}[0-9*/,A-Za-z-]+")
RESOURCES: Final = regex(r"[a-z0-9][A-Za-z0-9./-]*")


def text(path: Path, value: Any, what: str, good: Callable[[str], object]) -> Iterator[Problem]:
    if not isinstance(value, str) or not good(value):
        yield path, f"needs {what}, got {value!r}"


def each(path: Path, value: Any, check: Check) -> Iterator[Problem]:
    if not isinstance(value, list | tuple):
        yield path, f"needs a list, got {value!r}"
        return
    for index, item in enumerate(value):
        yield from check((*path, index), item)


def unknown(path: Path, value: Mapping[Any, Any], known: Iterable[str]) -> Iterator[Problem]:
    names = sorted(known)
    for key in value:
        if key not in names:
            near = get_close_matches(str(key), names, n=1)
            hint = f"did you mean {near[0]!r}" if near else f"use one of {', '.join(names)}"
            yield (*path, key), f"is an unknown key, {hint}"


def label(path: Path, value: Any) -> Iterator[Problem]:
    return text(path, value, "the name of a namespace: up to 63 lower-case letters, digits and '-'", LABEL.fullmatch)


def cluster_object(path: Path, value: Any) -> Iterator[Problem]:
    return text(path, value, "the name of a ClusterRole or ClusterRoleBinding", _OBJECT.fullmatch)


def registry(path: Path, value: Any) -> Iterator[Problem]:
    return text(
        path, value, "a registry such as '111122223333.dkr.ecr.eu-west-1.amazonaws.com' or one with a path,"
        " without scheme and wildcard", _REGISTRY.fullmatch,
    )  # fmt: skip


def group(path: Path, value: Any) -> Iterator[Problem]:
    """Yield why the name of a group is invalid. A group that contains everybody would grant too much."""
    what = "the name of a group of people, without wildcards"
    return text(
        path,
        value,
        what,
        lambda v: v.strip() == v != "" and not re.search(r"[*\n]", v) and not v.startswith(_EVERYBODY),
    )


def user(path: Path, value: Any) -> Iterator[Problem]:
    what = "the full name of a user such as 'eks:addon-manager'; there are no wildcards"
    return text(path, value, what, lambda v: v.strip() == v != "" and "*" not in v and "\n" not in v)


def boolean(path: Path, value: Any) -> Iterator[Problem]:
    if not isinstance(value, bool):
        yield path, f"needs true or false, got {value!r}"


def one_of(choices: Iterable[str]) -> Check:
    names = tuple(choices)

    def check(path: Path, value: Any) -> Iterator[Problem]:
        if value not in names:
            yield path, f"needs one of {', '.join(names)}, got {value!r}"

    return check


def list_of(item: Check) -> Check:
    return lambda path, value: each(path, value, item)


def one_or_more(item: Check) -> Check:
    def check(path: Path, value: Any) -> Iterator[Problem]:
        if isinstance(value, list | tuple) and not value:
            yield path, "needs at least one name, got an empty list"
        yield from item(path, value) if isinstance(value, str) else each(path, value, item)

    return check


def mapping(key: re.Pattern[str], item: Check, what: str) -> Check:
    def check(path: Path, value: Any) -> Iterator[Problem]:
        if not hasattr(value, "items"):
            yield path, f"needs {what}, got {value!r}"
            return
        for name, entry in value.items():
            if not isinstance(name, str) or not key.fullmatch(name):
                yield (*path, name), f"needs {what}, got the key {name!r}"
            yield from item((*path, name), entry)

    return check


def quantity(path: Path, value: Any) -> Iterator[Problem]:
    if isinstance(value, bool) or not _QUANTITY.fullmatch(str(value)):
        yield path, f"needs a quantity such as 10, '500m' or '4Gi', got {value!r}"


def cidr(path: Path, value: Any) -> Iterator[Problem]:
    """Yield why a CIDR range is invalid."""
    try:
        ipaddress.ip_network(value if isinstance(value, str) and "/" in value else "")
    except ValueError:
        yield path, f"needs a range such as '10.0.0.0/16' without host bits, got {value!r}"


def open_range(path: Path, value: Any) -> Iterator[Problem]:
    """Yield why a range is invalid, or that a rule for it would have nothing left to allow."""
    problems = list(cidr(path, value))
    yield from problems
    if not problems and str(ipaddress.ip_network(value)) in IMDS:
        yield path, f"{value} is the instance metadata service, which stays closed: leave it out"


def some_of(item: Check) -> Check:
    """Return the check of a list of peers: a rule with an empty list would allow every peer."""

    def check(path: Path, value: Any) -> Iterator[Problem]:
        if isinstance(value, list | tuple) and not value:
            yield path, "needs at least one entry: an empty list would allow connections with everything"
        yield from each(path, value, item)

    return check


def address(path: Path, value: Any) -> Iterator[Problem]:
    try:
        ipaddress.ip_address(value if isinstance(value, str) else "")
    except ValueError:
        yield path, f"needs an IP address such as '172.20.0.10', got {value!r}"


def port(path: Path, value: Any) -> Iterator[Problem]:
    match = None if isinstance(value, bool) else _PORT.fullmatch(str(value))
    numbers = [int(number) for number in match.groups() if number] if match else []
    if not numbers or sorted(numbers) != numbers or not all(0 < number <= 65535 for number in numbers):
        yield path, f"needs a port such as 443, '53/UDP' or '8000-8100', got {value!r}"


def fields(path: Path, value: Mapping[str, Any], checks: Mapping[str, Check]) -> Iterator[Problem]:
    yield from unknown(path, value, checks)
    for key, check in checks.items():
        if key in value:
            yield from check((*path, key), value[key])
