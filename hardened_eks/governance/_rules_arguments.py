"""Checks of the arguments of `ClusterRules`, before any construct is created."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._asked import place_problems
from hardened_eks._kinds import CLUSTER, cluster_problems, is_a
from hardened_eks._patterns import regex
from hardened_eks._retention import retention_problems
from hardened_eks._signed_code import SignedCode
from hardened_eks._tokens import is_token
from hardened_eks.alerts._combined import channel_problems
from hardened_eks.baseline import checking
from hardened_eks.data.cluster_rules import CHECK, EXEMPT, REGISTRIES
from hardened_eks.errors import repeated
from hardened_eks.governance._recorder import ConfigRecorder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from constructs import Construct

_NEEDED: Final = ("network", "security_group")
_SUFFIX: Final = regex(r"[A-Za-z0-9-]{1,40}")
_MOST_CLUSTERS: Final = 20
_LONGEST_PARAMETERS: Final = 1024
"""Characters of all parameters of a rule: https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigRule.html"""
_OF_A_TOKEN: Final = 100
_MOST_AT_ONCE: Final = 100


def argument_problems(
    scope: Construct,
    *,
    clusters: Any,
    registries: Any,
    alerts: Any,
    exempt_namespaces: Any,
    name_suffix: Any,
    recorder: Any,
    log_retention_days: Any,
    reserved_concurrency: Any,
    signed_code: Any,
) -> Iterator[str]:
    """Yield every mistake."""
    yield from _cluster_problems(scope, clusters)
    yield from _list_problems("registries", registries, "registries", least=1)
    yield from _list_problems("exempt_namespaces", exempt_namespaces, "system_namespaces")
    yield from _length_problems(registries, exempt_namespaces)
    yield from channel_problems(alerts=alerts)
    if not isinstance(name_suffix, str) or (name_suffix and not _SUFFIX.fullmatch(name_suffix)):
        yield f"name_suffix needs at most 40 letters, digits and '-', known now, got {name_suffix!r}"
    if recorder is not None and not isinstance(recorder, ConfigRecorder):
        yield f"recorder needs a ConfigRecorder, got {recorder!r}: leave it out if the account already has one"
    yield from retention_problems("log_retention_days", log_retention_days)
    if not _may_be_reserved(reserved_concurrency):
        yield f"reserved_concurrency needs 1 to {_MOST_AT_ONCE}, or None, got {reserved_concurrency!r}"
    if signed_code is not None and not isinstance(signed_code, SignedCode):
        yield f"signed_code needs a SignedCode, got {signed_code!r}"


def _cluster_problems(scope: Construct, clusters: Any) -> Iterator[str]:
    if not isinstance(clusters, list | tuple) or not 1 <= len(clusters) <= _MOST_CLUSTERS:
        yield f"clusters needs a list of 1 to {_MOST_CLUSTERS}, each {CLUSTER.text}, got {clusters!r}"
        return
    found = []
    for cluster in clusters:
        found += [text.replace("cluster needs", "clusters needs", 1) for text in cluster_problems(cluster, *_NEEDED)]
        found += place_problems(scope, **{"one of clusters": cluster})
    yield from found
    if found or not all(is_a(CLUSTER, cluster) for cluster in clusters):
        return
    yield from (f"clusters names {name!r} twice" for name in repeated([cluster.name for cluster in clusters]))
    first = clusters[0]
    for other in clusters[1:]:
        if other.network is not first.network and other.network.vpc_id != first.network.vpc_id:
            yield (
                f"clusters has {other.name!r}, which is in another network than {first.name!r}: the function cannot "
                "reach both; create another ClusterRules with a name_suffix for it"
            )


def _list_problems(argument: str, values: Any, like: str, *, least: int = 0) -> Iterator[str]:
    """Yield the mistakes in a list, the same as the settings of `hardened-eks manifests` report."""
    if isinstance(values, list | tuple) and len(values) < least:
        example = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
        yield f"{argument} needs at least one registry, such as {example!r}, got none"
        return
    known = [one for one in values if not is_token(one)] if isinstance(values, list | tuple) else values
    for path, what in checking.settings({like: known}):
        index = "".join(f"[{part}]" for part in path[1:])
        yield f"{argument}{index} {what}"


def _length_problems(*lists: Any) -> Iterator[str]:
    if not all(isinstance(values, list | tuple) and all(isinstance(one, str) for one in values) for values in lists):
        return
    texts = [",".join("x" * _OF_A_TOKEN if is_token(one) else one for one in values) for values in lists]
    longest = len(json.dumps({CHECK: "trusted-registries", REGISTRIES: texts[0], EXEMPT: texts[1]}))
    if longest > _LONGEST_PARAMETERS:
        yield (
            f"registries and exempt_namespaces have {longest} characters, and AWS Config allows "
            f"{_LONGEST_PARAMETERS} for a rule: name registries without paths, or fewer"
        )


def _may_be_reserved(value: object) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MOST_AT_ONCE)
