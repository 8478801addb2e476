"""Values of condition keys: whether they restrict anything, and to whom they belong."""

from __future__ import annotations

import ipaddress
from typing import Final

from hardened_eks._patterns import regex
from hardened_eks.evidence.expressions import LATER

CALLER_KEYS: Final = frozenset(
    {
        "aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn", "aws:sourceaccount",
        "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner", "aws:sourcevpc",
        "aws:sourcevpcarn", "aws:sourcevpce", "aws:userid", "aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths",
        "kms:calleraccount",
    }
)  # fmt: skip
"""Condition keys that tie a statement to known callers, so that Principal ``*`` does not mean everybody."""

_WILD: Final = frozenset("*?")
IAM_VARIABLE: Final = regex(r"\$\{([A-Za-z0-9-]+:(?!:)[^},]+)[^}]*\}")
"""A policy variable such as ``${aws:username}``; ``${AWS::AccountId}`` is a CloudFormation variable."""
_OWNERS: Final = {
    "aws:principalaccount": "aws:resourceaccount",
    "aws:sourceaccount": "aws:resourceaccount",
    "aws:principalorgid": "aws:resourceorgid",
    "aws:sourceorgid": "aws:resourceorgid",
    "aws:principalorgpaths": "aws:resourceorgpaths",
    "aws:sourceorgpaths": "aws:resourceorgpaths",
}
"""Caller key -> the key of its variable that compares the caller with the owner of the resource."""
PRIVATE: Final = tuple(
    ipaddress.IPv4Network(text) for text in ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16")
)
"""The ranges of private networks (RFC 1918), and the shared range of RFC 6598, which VPCs use too."""
_MOST_ADDRESSES: Final = 2**24
"""The largest number of public addresses that counts as restricted: one /8."""
_MOST_LONG_ADDRESSES: Final = 2**96
"""The same for IPv6: one /32."""


def anything(key: str, value: str) -> bool:
    """Return whether a value matches every value of the key: stars, an ARN of stars, or the key itself."""
    if key in CALLER_KEYS and key != "aws:principalarn":
        return any_account(key, value)
    names = [name.strip().lower() for name in IAM_VARIABLE.findall(value)]
    if names and not IAM_VARIABLE.sub("", value).strip("*?:/"):
        return any(name == key or _side(name) == _side(key) != "" for name in names)
    plain = LATER.sub("_", value)
    if plain.startswith(("arn:", "arn*")):
        *_, account, name = ["*", "*", *plain.split(":", 5)[4:]][-2:]
        return not account.strip("*?") and not name.strip("*?:/")
    return bool(plain) and not plain.strip("*?:/")


def _side(key: str) -> str:
    """Return the side of a call that a key describes: the caller, the resource, or an empty string for neither."""
    name = key.partition(":")[2]
    if name.startswith(("principal", "userid", "username")) or key == "kms:calleraccount":
        return "caller"
    return "resource" if name.startswith("resource") else ""


def any_account(key: str, value: str) -> bool:
    """Return whether callers of any account match a value of a condition key that names callers."""
    names = {name.strip().lower() for name in IAM_VARIABLE.findall(value)}
    if names and names != {_OWNERS.get(key)}:
        value = IAM_VARIABLE.sub("*", value)  # compared with the caller's own data
    plain = LATER.sub("_", value)
    if key in {"aws:principalarn", "aws:sourcearn", "aws:sourcevpcarn"}:
        parts = plain.split(":", 5)
        if len(parts) < 6:
            return bool(_WILD & set(plain))
        # A bucket name belongs to one owner, and a bucket ARN has no account.
        told = parts[5].split("/", 1)[0] if parts[2] == "s3" else parts[4]
        return bool(_WILD & set(told)) or not (told or parts[5].strip("*?:/"))
    if key in {"aws:principalorgpaths", "aws:sourceorgpaths", "aws:vpceorgpaths"}:
        return bool(_WILD & set(plain.split("/", 1)[0]))
    if key == "aws:userid":
        return bool(_WILD & set(plain.split(":", 1)[0]))
    return not plain or bool(_WILD & set(plain))


def any_name(arn: str) -> bool:
    """Return whether a principal ARN matches every principal of its account: ``arn:aws:iam::111122223333:role/*``."""
    name = LATER.sub("_", arn).split(":", 5)[-1]
    return not name.rpartition("/")[2].strip("*?") or name == "root"


def few_addresses(values: tuple[str, ...]) -> bool:
    """Return whether the ranges together are small enough to be known networks; private ranges count as known."""
    narrow: list[ipaddress.IPv4Network] = []
    long: list[ipaddress.IPv6Network] = []
    for value in values:
        if LATER.search(value):
            continue  # a range that the stack is given
        try:
            network = ipaddress.ip_network(value, strict=False)
        except ValueError:
            return False
        if isinstance(network, ipaddress.IPv6Network):
            long.append(network)
        elif not any(network.subnet_of(private) for private in PRIVATE):
            narrow.append(network)
    addresses = sum([network.num_addresses for network in ipaddress.collapse_addresses(narrow)])
    long_addresses = sum([network.num_addresses for network in ipaddress.collapse_addresses(long)])
    return addresses <= _MOST_ADDRESSES and long_addresses <= _MOST_LONG_ADDRESSES
