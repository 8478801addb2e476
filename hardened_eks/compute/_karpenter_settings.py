from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Required, TypedDict

from hardened_eks.compute._karpenter_checks import pool_problems
from hardened_eks.data.karpenter import CHART, RELEASE
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hardened_eks.compute._node_settings import BottlerocketSettings, KubeletSettings
    from hardened_eks.compute._settings import Taint

LONGEST_PARAMETER: Final = 8192
"""Maximum of characters of an advanced SSM parameter:
https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html"""
_MOST_OF_TEAM: Final = LONGEST_PARAMETER - 2048
_TOKEN: Final = re.compile(r"\$\{Token\[[^\]]+\]\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class KarpenterPool:
    """A Karpenter NodePool: the nodes that Karpenter can start for unschedulable pods.

    Raises:
        ConfigurationError: a family is unknown, does not run on Nitro or does not encrypt traffic, or another value is
            invalid. The error lists all mistakes.
    """

    name: str = "general"
    """Name of the NodePool. Default: ``general``."""
    families: Sequence[str] = ("m7g", "m8g", "c7g", "c8g", "r7g", "r8g")
    """Instance families, only Nitro; their bare metal sizes are left out. Default: six Graviton families."""
    spot: bool = False
    """Whether to use Spot capacity, too. Default: no, only on-demand capacity."""
    cpu_limit: int = 256
    """Maximum of vCPUs of all nodes of the pool together, which limits the cost of a runaway deployment. Default: 256.
    """
    max_lifetime_days: int = 14
    """Lifetime of a node in days, 1 to 30. It is then drained for at most a day and terminated. Default: 14."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Kubernetes labels of the nodes. Default: none."""
    taints: Sequence[Taint] = ()
    """Kubernetes taints of the nodes. Default: none."""

    def __post_init__(self) -> None:
        """Check the values."""
        problems = Problems(f"KarpenterPool {self.name!r}")
        problems.extend(pool_problems(self))
        problems.raise_any()


class KarpenterOptions(TypedDict, total=False):
    """The arguments of `Karpenter` except scope, ID and cluster."""

    bottlerocket_version: Required[str]
    pools: Sequence[KarpenterPool]
    disk_gib: int
    namespace: str
    service_account: str
    image_repository: str | None
    session_manager: bool
    kubelet: KubeletSettings | None
    bottlerocket: BottlerocketSettings | None
    tags: Mapping[str, str] | None


def portions(pools: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return NodePools as lists for `kubectl apply`, each short enough for an SSM parameter.

    Args:
        pools: the NodePools.
    """
    found: list[list[Mapping[str, Any]]] = []
    for pool in pools:
        if not found or _length(_listed([*found[-1], pool])) > LONGEST_PARAMETER:
            found.append([])
        found[-1].append(pool)
    return [_listed(part) for part in found]


def _listed(pools: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "List", "items": list(pools)}


def _length(value: object) -> int:
    """Return the length of a value as JSON, in which a label that is known at deployment counts at its maximum."""
    return len(_TOKEN.sub("x" * 63, json.dumps(value, separators=(",", ":"))))


def object_problems(user_data: str, tags: object) -> Iterator[str]:
    """Yield that the EC2NodeClass would not fit into an SSM parameter.

    Args:
        user_data: the settings of the nodes.
        tags: tags of the nodes.
    """
    length = _length([user_data, tags])
    if length > _MOST_OF_TEAM:
        yield (
            f"bottlerocket and tags need {length} characters of the EC2NodeClass, which has {_MOST_OF_TEAM} for them: "
            "shorten them, for example by certificates in your own image"
        )


def steps(path: str, namespace: str, *, lists: int) -> str:
    """Return the commands that apply the objects, in order.

    Args:
        path: path of the SSM parameters with the objects.
        namespace: namespace of the controller.
        lists: number of the parameters with NodePools.
    """

    def get(name: str) -> str:
        return f"aws ssm get-parameter --name {path}/{name} --query Parameter.Value --output text"

    pools = "; ".join(
        f"{number}. {get(name)} | kubectl apply -f -" for number, name in enumerate(names_of_lists(lists), start=4)
    )
    return (
        f"1. {get('values')} > values.json; 2. helm upgrade --install karpenter {CHART} --version {RELEASE} "
        f"--namespace {namespace} --values values.json --wait; 3. {get('node-class')} | kubectl apply -f -; "
        f"{pools}"
    )


def names_of_lists(lists: int) -> list[str]:
    """Return the names of the parameters with NodePools.

    Args:
        lists: their number.
    """
    return ["node-pools", *(f"node-pools-{number}" for number in range(2, lists + 1))]
