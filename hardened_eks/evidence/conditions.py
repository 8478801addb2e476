"""Conditions of policies: whether they narrow a statement, and whether they name its callers.

Each element of a condition is evaluated by operator, key and value together. A condition that holds for nearly every
call, or that any caller can choose to meet, narrows nothing.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hardened_eks.data.condition_keys import offered
from hardened_eks.evidence.condition_values import (
    CALLER_KEYS,
    IAM_VARIABLE,
    any_account,
    any_name,
    anything,
    few_addresses,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    Conditions = Mapping[str, Mapping[str, tuple[str, ...]]]
    """Operator -> key, both in lower case -> values."""

__all__ = [
    "CALLER_KEYS", "any_caller", "any_principal", "at_most", "elements", "is_true", "met", "names_callers", "narrowed",
    "narrowing_keys", "narrows", "required", "requires", "says_who", "tied",
]  # fmt: skip

# These hold for nearly every call, or the caller chooses the value.
_SAYS_NOTHING: Final = frozenset(
    {
        "aws:securetransport", "s3:tlsversion", "aws:useragent", "aws:referer", "aws:currenttime", "aws:epochtime",
        "aws:principaltype", "sts:durationseconds", "aws:vpcsourceip", "s3:authtype", "s3:max-keys", "s3:signatureage",
        "s3:signatureversion",
    }
)  # fmt: skip
# In a trust policy: data of the session itself, and values that are the same for everybody in the account.
_SAYS_NOT_WHO: Final = frozenset(
    {
        "aws:requestedregion", "sts:rolesessionname", "sts:transitivetagkeys", "aws:tagkeys", "aws:principalaccount",
        "aws:principalorgid", "aws:principalorgpaths", "aws:sourceaccount", "aws:sourceorgid", "aws:resourceaccount",
        "aws:resourceorgid", "aws:resourceorgpaths",
    }
)  # fmt: skip
_NETWORKS: Final = frozenset(
    {
        "aws:sourceip", "aws:sourcevpc", "aws:sourcevpcarn", "aws:sourcevpce", "aws:vpceaccount", "aws:vpceorgid",
        "aws:vpceorgpaths",
    }
)  # fmt: skip
# Keys that every signed request has, so IfExists changes nothing.
_ALWAYS: Final = frozenset(
    {"aws:principalarn", "aws:principalaccount", "aws:userid", "aws:requestedregion", "aws:resourceaccount"}
)
# Keys that every request for the actions with these keys has; IfExists admits every other action.
_ALWAYS_OF_ITS_ACTIONS: Final = frozenset(
    {"iam:passedtoservice", "iam:policyarn", "iam:awsservicename", "kms:calleraccount"}
)
_DIFFERING: Final = frozenset(
    {"stringnotequals", "stringnotequalsignorecase", "stringnotlike", "arnnotequals", "arnnotlike"}
)
_REQUIRING: Final = frozenset(
    {"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "binaryequals"}
)
_BOUNDS: Final = ("numericlessthan", "numericlessthanequals")
_NUMERIC: Final = ("numericequals", "numericless", "numericgreater")
_WILD: Final = frozenset("*?")
_TAG_IS_THERE: Final = ("resourcetag/", "requesttag/")


def requires(operator: str) -> bool:
    """Return whether a condition operator, in lower case, holds only if the key is present with a required value.

    ``IfExists`` and ``ForAllValues`` hold if the key is missing.
    """
    return operator.removeprefix("foranyvalue:") in _REQUIRING


def elements(conditions: Conditions) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield the operator, key and values of each element.

    ``ForAllValues`` is read as ``ForAnyValue`` if ``Null`` also requires the key, because a missing key then no longer
    passes.
    """
    for operator, keys in conditions.items():
        for key, values in keys.items():
            there = _lower(conditions.get("null", {}).get(key, ())) == {"false"}
            yield operator.replace("forallvalues:", "foranyvalue:") if there else operator, key, values


def narrowed(conditions: Conditions, actions: Iterable[str] = ()) -> bool:
    """Return whether one element narrows the statement, so that only particular calls meet it."""
    return bool(narrowing_keys(conditions, actions))


def narrowing_keys(conditions: Conditions, actions: Iterable[str] = ()) -> frozenset[str]:
    """Return the keys, in lower case, of the elements that narrow the statement.

    Args:
        conditions: the conditions of a statement.
        actions: the actions of the statement. Default: not known, so that ``IfExists`` with a key of a service does not
            narrow it.
    """
    actions = tuple(actions)
    return frozenset(
        key
        for operator, key, values in elements(conditions)
        if narrows(operator.removesuffix("ifexists") if _always(key, actions) else operator, key, values)
    )


def _always(key: str, actions: tuple[str, ...]) -> bool:
    """Return whether every request for the actions has a key of a service."""
    return key in _ALWAYS_OF_ITS_ACTIONS and all(offered(one, key) and not _WILD & set(one) for one in actions or ("",))


def says_who(conditions: Conditions, *, by_network: bool = True) -> bool:
    """Return whether one element names principals within an account that is trusted as a whole.

    Conditions on the duration, the session name, or an account or organization as a whole do not.

    Args:
        conditions: the conditions of a trust policy's statement.
        by_network: whether a condition on the caller's network is enough. Default: yes.
    """
    return any(
        key not in _SAYS_NOT_WHO
        and (by_network or key not in _NETWORKS)
        and not key.startswith("aws:requesttag/")
        and not (key == "sts:sourceidentity" and any(IAM_VARIABLE.search(value) for value in values))
        and not (key == "aws:principalarn" and any(any_name(value) for value in values))
        and narrows(operator, key, values)
        for operator, key, values in elements(conditions)
    )


def names_callers(conditions: Conditions) -> bool:
    """Return whether one element names the allowed callers, accounts, organizations or networks."""
    return any(
        requires(operator) and key in CALLER_KEYS and values and not any(any_account(key, value) for value in values)
        for operator, key, values in elements(conditions)
    )


def tied(conditions: Conditions, keys: Iterable[str]) -> bool:
    """Return whether a condition requires known values for one of `keys` (lower case; tags by prefix with ``/``)."""
    exact = {key for key in keys if not key.endswith("/")}
    prefixes = tuple(key for key in keys if key.endswith("/"))
    return any(
        requires(operator) and (key in exact or key.startswith(prefixes)) and _narrow_values(key, values)
        for operator, key, values in elements(conditions)
    )


def required(conditions: Conditions, key: str) -> list[tuple[str, ...]]:
    """Return the required values of a condition key, once for each operator that fails if the key is missing.

    A `key` that begins with a colon matches every key with that ending.
    """
    key = key.lower()
    return [
        values
        for operator, name, values in elements(conditions)
        if requires(operator) and values and (name == key or (key[0] == ":" and name.endswith(key)))
    ]


def is_true(conditions: Conditions, key: str) -> bool:
    """Return whether a condition requires a key to be present and true."""
    return any(
        operator.removeprefix("foranyvalue:") == "bool" and name == key.lower() and _lower(values) == {"true"}
        for operator, name, values in elements(conditions)
    )


def at_most(conditions: Conditions, key: str) -> int | None:
    """Return the largest number that a condition allows for a key; None if it may be missing or unlimited."""
    bounds = [
        max(int(value) for value in values)
        for operator, name, values in elements(conditions)
        if operator in _BOUNDS and name == key.lower() and values and all(value.isdecimal() for value in values)
    ]
    return min(bounds, default=None)


def met(conditions: Conditions, there: Callable[[str], bool | None], equals: Callable[[str, str], bool]) -> bool | None:
    """Return whether a call meets all elements; None if that is not known.

    Args:
        conditions: the conditions of a statement.
        there: a function that returns whether the call has a key (lower case); None if that is not known.
        equals: a function that returns whether a present key equals or matches a value.
    """
    found = {_met(*element, there, equals) for element in elements(conditions)}
    return False if False in found else None if None in found else True


def _met(
    operator: str,
    key: str,
    values: tuple[str, ...],
    there: Callable[[str], bool | None],
    equals: Callable[[str, str], bool],
) -> bool | None:
    plain = operator.removesuffix("ifexists").removeprefix("foranyvalue:").removeprefix("forallvalues:")
    carried = there(key)
    if carried is None:
        return None
    if plain == "null":
        return bool(values) and all((value.lower() == "true") is not carried for value in values)
    if not carried:
        differs = plain in _DIFFERING and not operator.startswith("foranyvalue:")
        return operator.endswith("ifexists") or operator.startswith("forallvalues:") or differs
    if plain in _REQUIRING or plain == "bool":
        return any(equals(key, value) for value in values)
    if plain in _DIFFERING:
        return not any(equals(key, value) for value in values)
    return None


def narrows(operator: str, key: str, values: tuple[str, ...]) -> bool:
    """Return whether one element of a condition narrows a statement; operator and key are in lower case.

    A negation, an absence, a date, or an operator that applies only if the key exists does not narrow it.
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
        return few_addresses(values)
    if plain.startswith(_NUMERIC):
        return True
    if plain not in _REQUIRING:
        return False
    return _narrow_values(key, values)


def any_caller(key: str, value: str) -> bool:
    """Return whether callers of any account match a value of a key that names callers (see `names_callers`)."""
    return any_account(key.lower(), value)


def any_principal(key: str, value: str) -> bool:
    """Return whether a condition with this key (lower case) and value does not name a principal."""
    if key == "aws:principalarn":
        return any_account(key, value) or any_name(value)
    return key != "aws:userid" or any_account(key, value)


def _narrow_values(key: str, values: tuple[str, ...]) -> bool:
    return bool(values) and not any(anything(key, value) for value in values)


def _of_a_tag(key: str) -> bool:
    return key.partition(":")[2].startswith(_TAG_IS_THERE)


def _lower(values: tuple[str, ...]) -> set[str]:
    return {value.lower() for value in values}
