"""Checks of the arguments of self-managed nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks._kinds import flag_problems
from hardened_eks._records import dataclass
from hardened_eks.alerts._combined import channel_problems
from hardened_eks.compute._arguments import NodeArguments
from hardened_eks.compute._joining import service_problems
from hardened_eks.compute._settings import OperatingSystem
from hardened_eks.compute.termination import TerminationHandler
from hardened_eks.data import kubernetes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_cdk import aws_sns as sns
    from constructs import Construct

    from hardened_eks.alerts import AlertChannel

LONGEST_LIFE_DAYS = 30
_SHORTEST_HOLD, _LONGEST_HOLD = 30, 7200


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfManagedArguments(NodeArguments):
    """The arguments of `SelfManagedNodeGroup`, which describes them."""

    access_entry: bool
    max_lifetime_days: int
    drain_seconds: int
    handler: TerminationHandler | None
    alerts: AlertChannel | sns.ITopic | None
    service_cidr: str | None

    @property
    def node_version(self) -> str | None:
        """Kubernetes version of the nodes: their own, or else the cluster's; None if neither is known."""
        return self.cluster.version if self.version is None else self.version

    def problems(self, scope: Construct) -> Iterator[str]:
        """Yield what is wrong with the arguments of self-managed nodes in `scope`."""
        found = list(NodeArguments.problems(self, scope))
        yield from found
        if not any(problem.startswith("cluster needs") for problem in found):
            yield from self._cluster_problems()
        yield from _whole_number("max_lifetime_days", self.max_lifetime_days, 1, LONGEST_LIFE_DAYS, "days")
        yield from _whole_number("drain_seconds", self.drain_seconds, _SHORTEST_HOLD, _LONGEST_HOLD, "seconds")
        yield from flag_problems(access_entry=self.access_entry)
        if not self.access_entry and self.role is None:
            yield "access_entry=False is only for a role that already has an entry: pass role, or leave it out"
        yield from () if self.alerts is None else channel_problems(alerts=self.alerts)
        if self.handler is not None and not isinstance(self.handler, TerminationHandler):
            yield f"handler needs a TerminationHandler, got {self.handler!r}"
        elif self.handler is not None and self.handler.cluster is not self.cluster:
            yield f"handler drains nodes of the cluster '{self.handler.cluster.name}': pass one of this cluster"

    def _cluster_problems(self) -> Iterator[str]:
        yield from self.cluster.unknown("endpoint", "certificate_authority")
        if self.node_version is None:
            yield (
                "version is required, since the image depends on it and the cluster's version is not known: pass "
                f"version, one of {', '.join(kubernetes.lasting())}"
            )
        yield from self._service_problems()

    def _service_problems(self) -> Iterator[str]:
        given = self.service_cidr
        if given is None:
            if self.operating_system == OperatingSystem.AL2023:
                yield (
                    "service_cidr is required for AL2023, which cannot look it up: pass Cluster(service_cidr=...), "
                    "or service_cidr of an existing cluster "
                    "(aws eks describe-cluster --query cluster.kubernetesNetworkConfig)"
                )
            return
        yield from service_problems(given)


def _whole_number(name: str, value: object, least: int, most: int, unit: str) -> Iterator[str]:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        yield f"{name} needs {least} to {most} {unit}, got {value!r}"
