"""Parallel reading of several Regions and accounts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError

from hardened_eks.sources.account import in_cluster
from hardened_eks.sources.account.asking import Asker
from hardened_eks.sources.account.reading import WORKERS, read
from hardened_eks.sources.account.saving import environment
from hardened_eks.sources.kubernetes import ApiError
from hardened_eks.sources.kubernetes.token import EksToken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hardened_eks.sources.account.kubeconfig import Kubeconfig
    from hardened_eks.sources.account.reading import Seen
    from hardened_eks.sources.account.session import Identity
    from hardened_eks.sources.saved import Environment

_AT_ONCE: Final = 4
"""The number of Regions that are read in parallel, each with its own calls."""


@dataclass(frozen=True, slots=True)
class Target:
    """One Region of one account, and the identity for it."""

    identity: Identity
    region: str


@dataclass(slots=True)
class Counter:
    """The progress of all targets; calls `show` on each step."""

    show: Callable[[int, int, int, int], None]
    """A function that takes the numbers of finished and all Regions, and of finished and known requests."""
    regions: int
    _by_target: dict[int, tuple[int, int]] = field(default_factory=dict)
    done: int = 0

    def step(self, index: int, answered: int, asked: int) -> None:
        """Record the progress of one target."""
        self._by_target[index] = (answered, asked)
        self.tell()

    def tell(self) -> None:
        """Show the progress."""
        counts = list(self._by_target.values())
        self.show(self.done, self.regions, sum(one for one, _ in counts), sum(other for _, other in counts))


def read_all(
    targets: Sequence[Target],
    *,
    clusters: Sequence[str] = (),
    kubernetes: bool = False,
    kubeconfig: Kubeconfig | None = None,
    show: Callable[[int, int, int, int], None] = lambda *_: None,
) -> Iterator[Environment]:
    """Yield the evidence of each target, in order. Account-wide resources are in the first Region with a cluster.

    Args:
        targets: the Regions and accounts to read.
        clusters: the names of clusters. Default: all.
        kubernetes: whether the Kubernetes API of each cluster is read too; its evidence follows that of its Region.
        kubeconfig: a file with credentials for it. Default: the credentials of the audit.
        show: called with the progress.
    """
    counter = Counter(show, len(targets))
    workers = max(2, WORKERS // min(_AT_ONCE, len(targets) or 1)) if len(targets) > 1 else WORKERS

    def one(index: int) -> tuple[Seen, list[Environment]]:
        target = targets[index]
        seen = read(
            target.identity.clients, target.identity.account, target.region, partition=target.identity.partition,
            clusters=clusters, workers=workers, progress=lambda answered, asked: counter.step(index, answered, asked),
        )  # fmt: skip
        inside = [_inside(target, name, kubeconfig) for name in seen.clusters] if kubernetes else []
        counter.done += 1
        counter.tell()
        return seen, inside

    with ThreadPoolExecutor(min(_AT_ONCE, len(targets) or 1)) as pool:
        told: set[str] = set()
        for seen, inside in pool.map(one, range(len(targets))):
            yield environment(seen, account_wide=seen.account not in told)
            yield from inside
            told |= {seen.account} if seen.clusters else set()


def _inside(target: Target, cluster: str, kubeconfig: Kubeconfig | None) -> Environment:
    identity = target.identity
    make = EksToken(cluster, target.region, session=identity.signer)

    def token() -> str:
        try:
            return make()
        except BotoCoreError as error:
            raise ApiError(f"no token can be signed: {error}") from error

    asker = Asker(identity.clients, identity.account, target.region, identity.partition)
    return in_cluster.read(asker, cluster, token, kubeconfig=kubeconfig)
