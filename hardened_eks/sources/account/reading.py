"""Read one Region of an account: its clusters, and from there all resources that they use."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.sources.account import eks, logs
from hardened_eks.sources.account.asking import Asker
from hardened_eks.sources.account.collectors import AROUND, ONE, WIDE
from hardened_eks.sources.account.found import STACK_NAME, Found, Wanted, references
from hardened_eks.sources.account.hiding import HIDES
from hardened_eks.sources.account.linking import watching
from hardened_eks.sources.account.stacks import Place, places, stack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from hardened_eks.sources.account.asking import Clients, Refusal
    from hardened_eks.sources.account.stacks import Stack

    _Running = Future[tuple[list[Found | Wanted], Asker]]

WORKERS: Final = 8
"""The number of parallel calls in one Region; AWS throttles many more."""


@dataclass(slots=True)
class Seen:
    """The resources of one Region of an account."""

    account: str
    region: str
    clusters: tuple[str, ...]
    found: list[Found] = field(default_factory=list)
    complete: frozenset[str] = frozenset()
    """Types of which all resources are included."""
    refusals: list[Refusal] = field(default_factory=list)
    made: set[str] = field(default_factory=set)
    """All calls of the audit."""
    places: dict[int, Place] = field(default_factory=dict)
    """Index of `found` -> the stack that created it."""


def read(
    clients: Clients,
    account: str,
    region: str,
    *,
    partition: str = "aws",
    clusters: Sequence[str] = (),
    workers: int = WORKERS,
    progress: Callable[[int, int], None] = lambda _done, _known: None,
) -> Seen:
    """Read one Region of one account.

    Args:
        clients: the clients of the account.
        account: the account ID with 12 digits.
        region: the Region to read.
        partition: the partition of the account.
        clusters: the names of clusters; those that do not exist are ignored. Default: all clusters of the Region.
        workers: the number of parallel calls.
        progress: called with the numbers of finished and known requests.
    """
    asker = Asker(clients, account, region, partition)
    names = list(clusters) or eks.names(asker)
    seen = Seen(account, region, ())
    with ThreadPoolExecutor(workers) as pool:
        work = _Work(asker, pool, progress)
        seen.found += work.follow([Wanted("cluster", name) for name in names])
        seen.clusters = tuple(sorted(one.id for one in seen.found if one.type == "AWS::EKS::Cluster"))
        if seen.clusters:
            seen.found += work.wide()
            seen.found += work.alarms(seen.found)
            seen.complete = work.complete
            told_by = work.stacks()
            seen.found = _unique(seen.found + work.behind(told_by.values()))
            seen.places = places(told_by, seen.found)
    seen.refusals = _once([*asker.refusals, *work.refusals])
    seen.made = asker.made | work.made
    return seen


class _Work:
    """The requests for one Region, each made once, with several in parallel."""

    def __init__(self, asker: Asker, pool: ThreadPoolExecutor, progress: Callable[[int, int], None]) -> None:
        self._asker = asker
        self._pool = pool
        self._progress = progress
        self._known: set[Wanted] = set()
        self._answered = self._asked = 0
        self._wide: list[_Running] = []
        self._alarms: _Running | None = None
        self._stacks: dict[str, Future[Stack]] = {}
        self.refusals: list[Refusal] = []
        self.made: set[str] = set()
        self.complete: frozenset[str] = frozenset()

    def _ask_one(self) -> Asker:
        """Return an asker whose failures are added to the others when it is done."""
        one = Asker(self._asker.clients, self._asker.account, self._asker.region, self._asker.partition)
        one.refusals, one.made = self.refusals, self.made
        return one

    def follow(self, wanted: Iterable[Wanted]) -> list[Found]:
        """Return the requested resources and all resources that they refer to."""
        found: list[Found] = []
        running: set[_Running] = set()
        self._start(wanted, running)
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                items = self._take(future)
                resources = [item for item in items if isinstance(item, Found)]
                found += resources
                self._start((item for item in items if isinstance(item, Wanted)), running)
                for resource in resources:
                    self._start(references(resource, self._asker.account, self._asker.region), running)
        return found

    def _start(self, wanted: Iterable[Wanted], running: set[_Running]) -> None:
        for one in wanted:
            if one in self._known or one.kind not in ONE:
                continue
            self._known.add(one)
            if one.kind == "vpc":
                self._start((Wanted(kind, one.id) for kind in AROUND), running)
            running.add(self._submit(partial(_answer, one)))

    def _submit(self, ask: Callable[[Asker], Iterable[Any]]) -> _Running:
        asker = Asker(self._asker.clients, self._asker.account, self._asker.region, self._asker.partition)
        self._asked += 1
        return self._pool.submit(lambda: (list(_collected(ask, asker)), asker))

    def _take(self, future: _Running) -> list[Found | Wanted]:
        items, asker = future.result()
        self._answered += 1
        self.refusals += asker.refusals
        self.made |= asker.made
        for item in items:
            if isinstance(item, Found):
                self._lead_on(item)
        self._progress(self._answered, self._asked)
        return items

    def _lead_on(self, found: Found) -> None:
        """Ask at once for what is needed at the end: around the first cluster that is there, and for the stack."""
        if found.type == "AWS::EKS::Cluster" and not self._wide:
            self._wide = [self._submit(ask) for ask, _ in WIDE]
            self._alarms = self._submit(logs.alarms)
        name = found.tags.get(STACK_NAME)
        if name is not None and name not in self._stacks:
            self._stacks[name] = self._pool.submit(stack, self._ask_one(), name)

    def stacks(self) -> dict[str, Stack]:
        """Return the stacks that the tags of resources name."""
        return {name: self._stacks[name].result() for name in sorted(self._stacks)}

    def wide(self) -> list[Found]:
        """Return the monitoring resources of the account and their references, and record the complete types."""
        found: list[Found] = []
        wanted: list[Wanted] = []
        whole: set[str] = set()
        for future, (_, lists) in zip(self._wide, WIDE, strict=True):
            items = self._take(future)
            refused = {refusal.action for refusal in future.result()[1].refusals}
            whole |= set(lists) - {
                type_ for action in refused for type_ in (*HIDES.get(action, ()), *_listed(lists, action))
            }
            found += (item for item in items if isinstance(item, Found))
            wanted += (item for item in items if isinstance(item, Wanted))
        self.complete = frozenset(whole)
        return found + self.follow([*wanted, *self._uses(found)])

    def _uses(self, found: Iterable[Found]) -> Iterator[Wanted]:
        for item in found:
            yield from references(item, self._asker.account, self._asker.region)

    def behind(self, told_by: Iterable[Stack]) -> list[Found]:
        """Return the custom resources of stacks, and their functions, which nothing else refers to."""
        start = f"arn:{self._asker.partition}:lambda:{self._asker.region}:{self._asker.account}:function:"
        custom = [one for stack in told_by for one in stack.custom]
        found = [Found(one.type, one.id, {"ServiceToken": f"{start}{one.function}"}) for one in custom]
        return found + self.follow(Wanted("function", one.properties["ServiceToken"]) for one in found)

    def alarms(self, found: Sequence[Found]) -> list[Found]:
        """Return the alarms for resources that were found, with the resources they refer to."""
        assert self._alarms is not None
        every = [item for item in self._take(self._alarms) if isinstance(item, Found)]
        mine = list(self._pool.map(lambda one: logs.tagged(self._ask_one(), one), watching(every, found)))
        for one in mine:
            self._lead_on(one)
        return mine + self.follow(self._uses(mine))


def _collected(ask: Callable[[Asker], Iterable[Any]], asker: Asker) -> Iterator[Found | Wanted]:
    """Yield the results of a collector. A response in an unknown format is not seen and does not end the audit."""
    try:
        yield from ask(asker)
    except AssertionError:  # a call that is not allowed in an audit
        raise
    except Exception as error:  # noqa: BLE001 - whatever an answer lacks
        asker.not_understood(error)


def _answer(wanted: Wanted, asker: Asker) -> Iterable[Found | Wanted]:
    return ONE[wanted.kind](asker, wanted.id)


def _unique(found: Iterable[Found]) -> list[Found]:
    """Return each resource once, in an order that does not depend on the order of responses.

    A launch template occurs once for each used version; references lead to the first.
    """
    first: dict[tuple[str, str], Found] = {}
    for one in sorted(found, key=lambda item: (item.type, item.id, item.version)):
        same = first.setdefault((one.type, one.id), one)
        if same.version != one.version:
            other = replace(one, id=f"{one.id}|{one.version}", tags={})
            first.setdefault((other.type, other.id), other)
    return [first[key] for key in sorted(first)]


def _listed(lists: dict[str, str], action: str) -> list[str]:
    return [type_ for type_, listing in lists.items() if listing == action]


def _once(refusals: Iterable[Refusal]) -> list[Refusal]:
    return sorted(dict.fromkeys(refusals), key=str)
