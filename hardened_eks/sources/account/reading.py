"""Read one Region of an account: its clusters, and outwards from them what they use, until nothing new is named."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.sources.account import (
    buckets,
    dns,
    eks,
    functions,
    iam,
    keys,
    logs,
    machines,
    messages,
    network,
    registry,
    settings,
    surroundings,
    watchers,
)
from hardened_eks.sources.account.asking import Asker
from hardened_eks.sources.account.found import Found, Wanted, references
from hardened_eks.sources.account.hiding import HIDES
from hardened_eks.sources.account.linking import watching
from hardened_eks.sources.account.stacks import Place, places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from hardened_eks.sources.account.asking import Clients, Refusal

WORKERS: Final = 8
"""Calls at the same time, in one Region: AWS throttles anyone who asks much faster."""

_ONE: Final[dict[str, Callable[[Asker, str], Iterable[Found | Wanted]]]] = {
    "cluster": eks.cluster, "nodegroups": eks.nodegroups, "nodegroup": eks.nodegroup, "profiles": eks.profiles,
    "addons": eks.addons, "entries": eks.entries, "associations": eks.associations, "providers": eks.providers,
    "capabilities": eks.capabilities, "cluster-nodes": machines.cluster_nodes, "cluster-logs": logs.cluster_logs,
    "cluster-roles": iam.cluster_roles, "role": iam.role, "user": iam.user, "group": iam.group, "policy": iam.policy,
    "instance-profile": iam.instance_profile, "key": keys.key, "log-group": logs.log_group, "topic": messages.topic,
    "queue": messages.queue, "event-bus": messages.event_bus, "function": functions.function,
    "state-machine": functions.state_machine, "secret": functions.secret, "bucket": buckets.bucket,
    "launch-template": machines.launch_template, "launch-configuration": machines.launch_configuration,
    "lifecycle-hooks": machines.lifecycle_hooks, "vpc": network.vpc, "dhcp-options": network.dhcp_options,
    "prefix-list": network.prefix_list, **{f"vpc-{part}": read for part, read in network.PARTS.items()},
    "vpc-instances": machines.instances, "vpc-files": surroundings.file_systems,
    "vpc-balancers": surroundings.load_balancers,
    "vpc-classic": surroundings.classic_load_balancers, "vpc-dns": dns.dns, "vpc-firewalls": surroundings.firewalls,
    "vpc-functions": functions.functions, "dns-rules": dns.rules, "dns-log": dns.query_log,
}  # fmt: skip
_WIDE: Final[tuple[tuple[Callable[[Asker], Iterable[Found]], dict[str, str]], ...]] = (
    (watchers.trails, {"AWS::CloudTrail::Trail": "cloudtrail:DescribeTrails"}),
    (watchers.guardduty, {"AWS::GuardDuty::Detector": "guardduty:ListDetectors"}),
    (watchers.security_hub, {"AWS::SecurityHub::Hub": "securityhub:DescribeHub"}),
    (watchers.config, {"AWS::Config::ConfigurationRecorder": "config:DescribeConfigurationRecorders"}),
    (watchers.analyzers, {"AWS::AccessAnalyzer::Analyzer": "access-analyzer:ListAnalyzers"}),
    (watchers.backups, {"AWS::Backup::BackupPlan": "backup:ListBackupPlans"}),
    (watchers.vaults, {}),
    (network.block_public_access,
     {"AWS::EC2::VPCBlockPublicAccessOptions": "ec2:DescribeVpcBlockPublicAccessOptions"}),
    (registry.repositories, {}),
    (registry.registry, {}),
    (messages.rules, {}),
    (logs.resource_policies, {}),
    *settings.READERS,
)  # fmt: skip
"""Requests made once in a Region, and the types whose resources they list completely, with the listing action."""


@dataclass(slots=True)
class Seen:
    """What one Region of an account showed."""

    account: str
    region: str
    clusters: tuple[str, ...]
    found: list[Found] = field(default_factory=list)
    complete: frozenset[str] = frozenset()
    """Types of which every resource is here."""
    refusals: list[Refusal] = field(default_factory=list)
    made: set[str] = field(default_factory=set)
    """The calls that were created."""
    places: dict[int, Place] = field(default_factory=dict)
    """Index of `found` -> which stack made it."""


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
        clients: of the account.
        account: its 12 digits.
        region: where to ask.
        partition: of the account.
        clusters: names of clusters; those that are not there are left out. Default: all of the Region.
        workers: calls at the same time.
        progress: called with how many questions are answered, and how many are known so far.
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
            seen.found = _unique(seen.found)
            seen.places = places(work.ask_one, seen.found, pool)
    seen.refusals = _once([*asker.refusals, *work.refusals])
    seen.made = asker.made | work.made
    return seen


class _Work:
    """The questions of one Region, each asked once, several at a time."""

    def __init__(self, asker: Asker, pool: ThreadPoolExecutor, progress: Callable[[int, int], None]) -> None:
        self._asker = asker
        self._pool = pool
        self._progress = progress
        self._known: set[Wanted] = set()
        self._answered = self._asked = 0
        self.refusals: list[Refusal] = []
        self.made: set[str] = set()
        self.complete: frozenset[str] = frozenset()

    def ask_one(self) -> Asker:
        """Return an asker whose refusals are kept with the others when it is done."""
        one = Asker(self._asker.clients, self._asker.account, self._asker.region, self._asker.partition)
        one.refusals, one.made = self.refusals, self.made
        return one

    def follow(self, wanted: Iterable[Wanted]) -> list[Found]:
        """Return what is wanted, and all that it leads to."""
        found: list[Found] = []
        running: set[Future[tuple[list[Found | Wanted], Asker]]] = set()
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

    def _start(self, wanted: Iterable[Wanted], running: set[Future[tuple[list[Found | Wanted], Asker]]]) -> None:
        for one in wanted:
            if one in self._known or one.kind not in _ONE:
                continue
            self._known.add(one)
            if one.kind == "vpc":
                self._start((Wanted(kind, one.id) for kind in _AROUND), running)
            running.add(self._submit(partial(_answer, one)))

    def _submit(self, ask: Callable[[Asker], Iterable[Any]]) -> Future[tuple[list[Found | Wanted], Asker]]:
        asker = Asker(self._asker.clients, self._asker.account, self._asker.region, self._asker.partition)
        self._asked += 1
        return self._pool.submit(lambda: (list(_collected(ask, asker)), asker))

    def _take(self, future: Future[tuple[list[Found | Wanted], Asker]]) -> list[Found | Wanted]:
        items, asker = future.result()
        self._answered += 1
        self.refusals += asker.refusals
        self.made |= asker.made
        self._progress(self._answered, self._asked)
        return items

    def wide(self) -> list[Found]:
        """Return what watches over the account and what it leads to, and note of which types that is everything."""
        running = [(self._submit(ask), lists) for ask, lists in _WIDE]
        found: list[Found] = []
        whole: set[str] = set()
        for future, lists in running:
            items = [item for item in self._take(future) if isinstance(item, Found)]
            refused = {refusal.action for refusal in future.result()[1].refusals}
            whole |= set(lists) - {
                type_ for action in refused for type_ in (*HIDES.get(action, ()), *_listed(lists, action))
            }
            found += items
        self.complete = frozenset(whole)
        wanted = (one for item in found for one in references(item, self._asker.account, self._asker.region))
        return found + self.follow(wanted)

    def alarms(self, found: Sequence[Found]) -> list[Found]:
        """Return the alarms that watch something that was found, with what they lead to."""
        every = [item for item in self._take(self._submit(logs.alarms)) if isinstance(item, Found)]
        asker = self.ask_one()
        mine = [logs.tagged(asker, one) for one in watching(every, found)]
        wanted = (one for item in mine for one in references(item, self._asker.account, self._asker.region))
        return mine + self.follow(wanted)


_AROUND: Final = (*(f"vpc-{part}" for part in network.PARTS), "vpc-instances", "vpc-files", "vpc-balancers",
                  "vpc-classic", "vpc-dns", "vpc-firewalls", "vpc-functions")  # fmt: skip


def _collected(ask: Callable[[Asker], Iterable[Any]], asker: Asker) -> Iterator[Found | Wanted]:
    """Yield what a collector finds. An answer that it does not understand is not seen, and does not end the audit."""
    try:
        yield from ask(asker)
    except AssertionError:  # a call that no audit may make
        raise
    except Exception as error:  # noqa: BLE001 - whatever an answer lacks
        asker.not_understood(error)


def _answer(wanted: Wanted, asker: Asker) -> Iterable[Found | Wanted]:
    return _ONE[wanted.kind](asker, wanted.id)


def _unique(found: Iterable[Found]) -> list[Found]:
    """Return each resource once, in an order that does not depend on who answered first.

    A launch template is there once for each version that is used; anyone who refers to it means the first.
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
