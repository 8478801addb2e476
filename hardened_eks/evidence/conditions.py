"""Conditions of policies: whether they narrow a statement at all, and whether they name its callers.

Each element of a condition is judged by operator, key and value together. One that holds for nearly every call, or that
whoever calls can fulfill by choice, narrows nothing.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Final

from hardened_eks.evidence.intrinsics import LATER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Conditions = Mapping[str, Mapping[str, tuple[str, ...]]]
    """Operator -> key, both in lower case -> values."""

CALLER_KEYS: Final = frozenset(
    {
        "aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn", "aws:sourceaccount",
        "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner", "aws:sourcevpc",
        "aws:sourcevpcarn", "aws:sourcevpce", "aws:userid", "aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths",
        "kms:calleraccount",
    }
)  # fmt: skip
"""Condition keys that tie a statement to known callers, so that Principal ``*`` does not mean everybody."""

# They hold for nearly every call, or the caller chooses the value.
_SAYS_NOTHING: Final = frozenset(
    {
        "aws:securetransport", "s3:tlsversion", "aws:useragent", "aws:referer", "aws:currenttime", "aws:epochtime",
        "aws:principaltype", "sts:durationseconds", "aws:vpcsourceip", "s3:authtype", "s3:max-keys", "s3:signatureage",
        "s3:signatureversion",
    }
)  # fmt: skip
# Of a trust: the session's own data, and what is the same for everybody in the account.
_SAYS_NOT_WHO: Final = frozenset(
    {
        "aws:requestedregion", "sts:rolesessionname", "sts:transitivetagkeys", "aws:tagkeys", "aws:principalaccount",
        "aws:principalorgid", "aws:principalorgpaths", "aws:sourceaccount", "aws:sourceorgid", "aws:resourceaccount",
        "aws:resourceorgid", "aws:resourceorgpaths",
    }
)  # fmt: skip
# Keys that each signed request carries, so that IfExists changes nothing.
_ALWAYS: Final = frozenset(
    {
        "aws:principalarn", "aws:principalaccount", "aws:userid", "aws:requestedregion", "aws:resourceaccount",
        "iam:passedtoservice", "iam:policyarn", "iam:awsservicename", "kms:calleraccount",
    }
)  # fmt: skip
_REQUIRING: Final = frozenset(
    {"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "binaryequals"}
)
_NUMERIC: Final = ("numericequals", "numericless", "numericgreater")
_TAG_IS_THERE: Final = ("resourcetag/", "requesttag/")
_WILD: Final = frozenset("*?")
_IAM_VARIABLE: Final = re.compile(r"\$\{([A-Za-z0-9-]+:(?!:)[^},]+)[^}]*\}")
"""A variable of a policy, ``${aws:username}``; ``${AWS::AccountId}`` is CloudFormation's."""
_OWNERS: Final = {
    "aws:principalaccount": "aws:resourceaccount",
    "aws:sourceaccount": "aws:resourceaccount",
    "aws:principalorgid": "aws:resourceorgid",
    "aws:sourceorgid": "aws:resourceorgid",
    "aws:principalorgpaths": "aws:resourceorgpaths",
    "aws:sourceorgpaths": "aws:resourceorgpaths",
}
"""Whom a caller is compared with by a variable: the owner of the resource, not the caller itself."""
_PRIVATE: Final = tuple(
    ipaddress.IPv4Network(text) for text in ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16")
)
_MOST_ADDRESSES: Final = 2**24
"""How many public addresses still are somebody's: one /8."""
_MOST_LONG_ADDRESSES: Final = 2**96
"""The same of IPv6: one /32."""


def requires(operator: str) -> bool:
    """Say whether a condition operator, in lower case, holds only where the key is present with a value asked for.

    ``IfExists`` and ``ForAllValues`` hold where the key is missing.
    """
    return operator.removeprefix("foranyvalue:") in _REQUIRING


def elements(conditions: Conditions) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield operator, key and values of each element.

    ``ForAllValues`` reads as ``ForAnyValue`` where ``Null`` demands the key beside it: a missing key no longer passes.
    """
    for operator, keys in conditions.items():
        for key, values in keys.items():
            there = _lower(conditions.get("null", {}).get(key, ())) == {"false"}
            yield operator.replace("forallvalues:", "foranyvalue:") if there else operator, key, values


def narrowed(conditions: Conditions) -> bool:
    """Say whether one element narrows the statement: a call has to be a particular one to meet it."""
    return bool(narrowing_keys(conditions))


def narrowing_keys(conditions: Conditions) -> frozenset[str]:
    """Return the keys, in lower case, of the elements that narrow the statement."""
    return frozenset(key for operator, key, values in elements(conditions) if narrows(operator, key, values))


def says_who(conditions: Conditions) -> bool:
    """Say whether one element names who, within an account that is trusted as a whole, may come.

    Where and for how long somebody comes, what they call their session and which account it is does not.
    """
    return any(
        key not in _SAYS_NOT_WHO
        and not key.startswith("aws:requesttag/")
        and not (key == "sts:sourceidentity" and any(_IAM_VARIABLE.search(value) for value in values))
        and not (key == "aws:principalarn" and any(_any_name(value) for value in values))
        and narrows(operator, key, values)
        for operator, key, values in elements(conditions)
    )


def names_callers(conditions: Conditions) -> bool:
    """Say whether one element names the callers, accounts, organizations or networks that may come."""
    return any(
        requires(operator) and key in CALLER_KEYS and values and not any(_any_account(key, value) for value in values)
        for operator, key, values in elements(conditions)
    )


def tied(conditions: Conditions, keys: Iterable[str]) -> bool:
    """Say whether a condition demands known values of one of `keys`: in lower case, tags by their prefix with ``/``."""
    exact = {key for key in keys if not key.endswith("/")}
    prefixes = tuple(key for key in keys if key.endswith("/"))
    return any(
        requires(operator) and (key in exact or key.startswith(prefixes)) and _narrow_values(key, values)
        for operator, key, values in elements(conditions)
    )


def required(conditions: Conditions, key: str) -> list[tuple[str, ...]]:
    """Return what a condition key must be, once for each operator that fails where the key is missing.

    A `key` that begins with a colon stands for every key that ends so.
    """
    key = key.lower()
    return [
        values
        for operator, name, values in elements(conditions)
        if requires(operator) and values and (name == key or (key[0] == ":" and name.endswith(key)))
    ]


def narrows(operator: str, key: str, values: tuple[str, ...]) -> bool:
    """Say whether one element of a condition narrows a statement; operator and key are in lower case.

    A negation, an absence, a date, or what is only asked for where the key exists does not.
    """
    if key in _SAYS_NOTHING or not values:
        return False
    plain = operator.removeprefix("foranyvalue:")
    if plain.endswith("ifexists"):
        plain = plain.removesuffix("ifexists")
        if key not in _ALWAYS:
            return False
    if plain == "null":
        return _lower(values) == {"false"} and _of_a_tag(key)
    if plain == "bool":
        return _lower(values) == {"true"}
    if plain == "ipaddress":
        return _few_addresses(values)
    if plain.startswith(_NUMERIC):
        return True
    if plain not in _REQUIRING:
        return False
    return _narrow_values(key, values)


def any_caller(key: str, value: str) -> bool:
    """Say whether callers of any account meet a value of a key that names callers, as `names_callers` does."""
    return _any_account(key.lower(), value)


def _narrow_values(key: str, values: tuple[str, ...]) -> bool:
    return bool(values) and not any(_anything(key, value) for value in values)


def _of_a_tag(key: str) -> bool:
    return key.partition(":")[2].startswith(_TAG_IS_THERE)


def _anything(key: str, value: str) -> bool:
    """Say whether every value of the key is meant: stars, an ARN of stars, or the key itself."""
    if key in CALLER_KEYS and key != "aws:principalarn":
        return _any_account(key, value)
    names = [name.strip().lower() for name in _IAM_VARIABLE.findall(value)]
    if names and not _IAM_VARIABLE.sub("", value).strip("*?:/"):
        return any(name == key or _side(name) == _side(key) != "" for name in names)
    plain = LATER.sub("_", value)
    if plain.startswith(("arn:", "arn*")):
        *_, account, name = ["*", "*", *plain.split(":", 5)[4:]][-2:]
        return not account.strip("*?") and not name.strip("*?:/")
    return bool(plain) and not plain.strip("*?:/")


def _side(key: str) -> str:
    """Return on which side of a call a key is: the caller's, the resource's, or empty for neither."""
    name = key.partition(":")[2]
    if name.startswith(("principal", "userid", "username")) or key == "kms:calleraccount":
        return "caller"
    return "resource" if name.startswith("resource") else ""


def _any_account(key: str, value: str) -> bool:
    """Say whether callers of any account meet a value of a condition key that names callers."""
    names = {name.strip().lower() for name in _IAM_VARIABLE.findall(value)}
    if names and names != {_OWNERS.get(key)}:
        value = _IAM_VARIABLE.sub("*", value)  # compared with the caller's own data
    plain = LATER.sub("_", value)
    if key in {"aws:principalarn", "aws:sourcearn", "aws:sourcevpcarn"}:
        parts = plain.split(":", 5)
        if len(parts) < 6:
            return bool(_WILD & set(plain))
        # The name of a bucket is its owner's alone, and its ARN has no account.
        told = parts[5].split("/", 1)[0] if parts[2] == "s3" else parts[4]
        return bool(_WILD & set(told)) or not (told or parts[5].strip("*?:/"))
    if key in {"aws:principalorgpaths", "aws:sourceorgpaths", "aws:vpceorgpaths"}:
        return bool(_WILD & set(plain.split("/", 1)[0]))
    if key == "aws:userid":
        return bool(_WILD & set(plain.split(":", 1)[0]))
    return not plain or bool(_WILD & set(plain))


def _any_name(arn: str) -> bool:
    """Say whether an ARN of a principal names none within its account: ``arn:aws:iam::111122223333:role/*``."""
    name = LATER.sub("_", arn).split(":", 5)[-1]
    return not name.rpartition("/")[2].strip("*?") or name == "root"


def _few_addresses(values: tuple[str, ...]) -> bool:
    """Say whether the ranges are somebody's, taken together; nobody comes from private ones over the internet."""
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
        elif not any(network.subnet_of(private) for private in _PRIVATE):
            narrow.append(network)
    addresses = sum([network.num_addresses for network in ipaddress.collapse_addresses(narrow)])
    long_addresses = sum([network.num_addresses for network in ipaddress.collapse_addresses(long)])
    return addresses <= _MOST_ADDRESSES and long_addresses <= _MOST_LONG_ADDRESSES


def _lower(values: tuple[str, ...]) -> set[str]:
    return {value.lower() for value in values}
