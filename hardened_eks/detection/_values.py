"""The values of a cluster that expressions of detections need."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from hardened_eks import _aws
from hardened_eks._asked import key_arn_of
from hardened_eks._records import dataclass
from hardened_eks._tokens import is_literal
from hardened_eks.detections import DETECTIONS, Parameters
from hardened_eks.detections.derived import BASES
from hardened_eks.detections.expressions import names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hardened_eks._cluster_like import ClusterLike
    from hardened_eks.access import BreakGlassRole
    from hardened_eks.detections import Detection


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """The values of one cluster."""

    parameters: Parameters
    known: frozenset[str]
    """Names of parameters that have a value."""
    sizes: Mapping[str, int]
    """Maximum characters by value that is known only at deployment."""

    def missing(self, detection: Detection) -> list[str]:
        """Return the sorted parameters without a value that the expressions of a detection need."""
        used = {name for expression in detection.expressions for name in names(_expression(expression))}
        missing = {name for name in used if name not in self.known}
        empty = set() if missing else {name for name in used if not self.parameters.each(name)}
        if empty and any(_asks_for_nothing(e.filled(self.parameters)) for e in detection.expressions):
            missing = empty
        return sorted({BASES.get(name, name) for name in missing})


def _asks_for_nothing(filled: Any) -> bool:
    """Return whether a pattern has an empty list, which EventBridge refuses."""
    if isinstance(filled, dict):
        return any(map(_asks_for_nothing, filled.values()))
    return isinstance(filled, list) and (not filled or any(map(_asks_for_nothing, filled)))


def _expression(expression: Any) -> Any:
    return next(getattr(expression, name) for name in ("pattern", "alarms") if hasattr(expression, name))


def values_of(
    cluster: ClusterLike,
    *,
    trusted_automation: Sequence[str],
    break_glass_role: BreakGlassRole | None,
    roles: Sequence[str],
    more: Mapping[str, str | Sequence[str]],
) -> Values:
    """Collect the values.

    Args:
        cluster: the cluster.
        trusted_automation: ARNs of the roles whose deployments cause no alert.
        break_glass_role: the break-glass role. None: not known.
        roles: names of the cluster's and the nodes' roles.
        more: further parameters, which take precedence.
    """
    given: dict[str, str | Sequence[str]] = {
        "account": _aws.account(),
        "region": _aws.region(),
        "partition": _aws.partition(),
        "cluster": cluster.name,
        "trusted_automation": tuple(trusted_automation),
        "admin_hosts": (),
        "trusted_registries": (f"{_aws.account()}.dkr.ecr.{_aws.region()}.{_aws.url_suffix()}/",),
        **_keys(cluster),
        **_addresses(cluster),
        **(_break_glass(break_glass_role) if break_glass_role is not None else {}),
    }
    watched = [*roles, *([break_glass_role.resource.ref] if break_glass_role is not None else [])]
    if watched:
        given["roles"] = tuple(watched)
    given |= more
    parameters = Parameters(given)
    known = frozenset(name for name in _ever_used() if parameters.each(name) != (f"<{BASES.get(name, name)}>",))
    return Values(parameters=parameters, known=known, sizes=_sizes())


@cache
def _ever_used() -> frozenset[str]:
    return frozenset(name for d in DETECTIONS for e in d.expressions for name in names(_expression(e)))


def _sizes() -> dict[str, int]:
    return {_aws.account(): 12, _aws.region(): 14, _aws.partition(): 10, _aws.url_suffix(): 16}


def _keys(cluster: ClusterLike) -> dict[str, str | Sequence[str]]:
    """Return the existing keys whose loss would destroy the cluster, its volumes or its logs."""
    if list(cluster.unknown("keys")):
        return {}
    known = cluster.keys.existing
    keys = [known[name] for name in ("secrets", "volumes", "logs") if name in known]
    if "secrets" not in known:
        return {}
    return {
        "kms_key": key_arn_of(keys[0]),
        "more_keys": tuple(key_arn_of(key) for key in keys[1:]),
        "key_ids": tuple(key.key_id for key in keys),
    }


def _addresses(cluster: ClusterLike) -> dict[str, str | Sequence[str]]:
    """Return the range of the VPC. It must be known during synthesis, because metric filters compare octets."""
    if list(cluster.unknown("network")):
        return {}
    network = cluster.network
    block = network.cidrs[0] if network.cidrs else network.vpc.vpc_cidr_block  # an adopted VPC has its own view
    return {"vpc_cidr": block} if is_literal(block) else {}


def _break_glass(role: BreakGlassRole) -> dict[str, str | Sequence[str]]:
    name = role.resource.ref
    sts = f"arn:{_aws.partition()}:sts::{_aws.account()}:assumed-role/{name}"
    iam = f"arn:{_aws.partition()}:iam::{_aws.account()}:role/{name}"
    return {"break_glass_role": role.role_arn, "break_glass_session": sts, "break_glass_canonical": iam}
