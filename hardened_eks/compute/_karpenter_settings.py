from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Required, TypedDict

from hardened_eks.compute._karpenter_checks import pool_problems
from hardened_eks.data.karpenter import CHART, RELEASE
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hardened_eks.compute._node_settings import BottlerocketSettings, KubeletSettings
    from hardened_eks.compute._settings import Taint


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
    max_cpus: int = 256
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


def steps(path: str, namespace: str) -> str:
    """Return the commands that apply the objects, in order.

    Args:
        path: path of the SSM parameters with the objects.
        namespace: namespace of the controller.
    """

    def get(name: str) -> str:
        return f"aws ssm get-parameter --name {path}/{name} --query Parameter.Value --output text"

    return (
        f"1. {get('values')} > values.json; 2. helm upgrade --install karpenter {CHART} --version {RELEASE} "
        f"--namespace {namespace} --values values.json --wait; 3. {get('node-class')} | kubectl apply -f -; "
        f"4. {get('node-pools')} | kubectl apply -f -"
    )
