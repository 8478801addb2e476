"""Checks of the arguments of `Hook`, before any construct is created."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._kinds import KEYS, flag_problems, is_a
from hardened_eks._patterns import regex
from hardened_eks._retention import retention_problems
from hardened_eks._signed_code import SignedCode
from hardened_eks._tokens import is_token
from hardened_eks.alerts._combined import channel_problems
from hardened_eks.data.regions import lacking
from hardened_eks.errors import repeated
from hardened_eks.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

TARGETS: Final = ("STACK", "CHANGE_SET", "RESOURCE", "CLOUD_CONTROL")
_CHOICES: Final = {
    "failure_mode": ("WARN", "FAIL"),
    "judge": ("eks", "all"),
    "fail_on": tuple(map(str, Severity)),
}
_NAMESPACE: Final = regex(r"(?!aws)[A-Za-z0-9]{2,64}", re.IGNORECASE)
_STACK: Final = regex(r"[a-zA-Z*?][-a-zA-Z0-9*?]{0,127}")
_PARAMETER: Final = regex(r"(?!/?(?:aws|ssm))(?:/?[A-Za-z0-9_.-]+)(?:/[A-Za-z0-9_.-]+)*", re.IGNORECASE)
_BUCKETS: Final = regex(r"(?!xn--)[a-z0-9][a-z0-9.-]{0,38}[a-z0-9]")
_MOST_STACKS: Final = 49
"""A filter has at most 50 names, and one is that of the hook's own stack."""
_TYPE: Final = "AWS::CloudFormation::LambdaHook"


def argument_problems(
    *,
    alerts: Any,
    targets: Any,
    excluded_stacks: Any,
    waivers_parameter: Any,
    template_waivers: Any,
    namespace: Any,
    keys: Any,
    log_retention_days: Any,
    signed_code: Any,
    code_bucket_prefix: Any,
    **choices: Any,
) -> Iterator[str]:
    """Yield every mistake."""
    for name, value in choices.items():
        allowed = _CHOICES[name]
        if value not in allowed:
            yield f"{name} needs one of {', '.join(map(repr, allowed))}, got {value!r}"
    yield from channel_problems(alerts=alerts)
    yield from _target_problems(targets)
    yield from _stack_problems(excluded_stacks)
    if waivers_parameter is not None and not _is_parameter(waivers_parameter):
        yield (
            "waivers_parameter needs the name of a parameter of Systems Manager, such as '/eks/waivers', "
            f"got {waivers_parameter!r}"
        )
    yield from flag_problems(template_waivers=template_waivers)
    if not isinstance(namespace, str) or not _NAMESPACE.fullmatch(namespace):
        yield f"namespace needs 2 to 64 letters and digits that do not begin with 'aws', got {namespace!r}"
    if keys is not None and not is_a(KEYS, keys):
        yield f"keys needs {KEYS.text}, got {keys!r}"
    yield from retention_problems("log_retention_days", log_retention_days)
    if signed_code is not None and not isinstance(signed_code, SignedCode):
        yield f"signed_code needs a SignedCode, got {signed_code!r}"
    if code_bucket_prefix is not None:
        if not isinstance(code_bucket_prefix, str) or not _BUCKETS.fullmatch(code_bucket_prefix):
            yield (
                "code_bucket_prefix needs the prefix of the buckets' names, at most 40 small letters, digits, '.' "
                f"and '-', got {code_bucket_prefix!r}"
            )
        if signed_code is not None:
            yield "signed_code and code_bucket_prefix both name the location of the code: leave one out"


def region_problems(region: str) -> Iterator[str]:
    """Yield that a Region is known to lack hooks with functions."""
    instead = "check templates in the pipeline instead (docs/how-to/check-templates-in-ci.md)"
    yield from lacking(region, _TYPE, needed_by="a hook", instead=instead)


def _target_problems(targets: Any) -> Iterator[str]:
    known = isinstance(targets, list | tuple) and targets and all(one in TARGETS for one in targets)
    if not known or repeated(targets):
        yield f"targets needs a list of {', '.join(map(repr, TARGETS))}, each once, got {targets!r}"


def _stack_problems(names: Any) -> Iterator[str]:
    if not isinstance(names, list | tuple) or len(names) > _MOST_STACKS:
        yield f"excluded_stacks needs a list of at most {_MOST_STACKS} names, got {names!r}"
        return
    for name in names:
        if not isinstance(name, str) or not (is_token(name) or _STACK.fullmatch(name)):
            yield f"excluded_stacks needs names of stacks, with '*' and '?' as wildcards, got {name!r}"
    yield from (f"excluded_stacks names {name!r} twice" for name in repeated(names))


def _is_parameter(value: Any) -> bool:
    return isinstance(value, str) and (is_token(value) or bool(_PARAMETER.fullmatch(value)))
