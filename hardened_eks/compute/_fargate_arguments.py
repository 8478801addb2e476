"""Checks of the arguments of Fargate profiles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, TypedDict

from hardened_eks._asked import place_problems, region_of
from hardened_eks._kinds import LOG_GROUP, ROLE, SUBNET, cluster_problems, kind_problems, list_problems
from hardened_eks._retention import retention_problems
from hardened_eks._tokens import is_text_token
from hardened_eks.data.regions import lacking
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_logs
    from constructs import Construct

    from hardened_eks._cluster_like import ClusterLike

# https://docs.aws.amazon.com/eks/latest/userguide/fargate-profile.html
_MOST = 5
_NAMESPACE = re.compile(r"[a-z0-9*?]([a-z0-9*?-]{0,61}[a-z0-9*?])?")
_LABEL = re.compile(r"[A-Za-z0-9./_*?-]{1,317}")
SYSTEM = "kube-system"
_TYPE = "AWS::EKS::FargateProfile"


@dataclass(frozen=True, slots=True, kw_only=True)
class FargateSelector:
    """A selector of pods that run on AWS Fargate: those of a namespace, optionally only those with labels.

    Raises:
        ConfigurationError: the namespace or a label is invalid, or the namespace matches every pod. The error lists all
            mistakes.
    """

    namespace: str
    """Namespace, for example ``payments`` or ``payments-*``. ``*`` alone is refused: it also matches system pods."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Labels that a pod must all have, at most five. Default: none, all pods of the namespace."""
    SYSTEM: ClassVar[FargateSelector]
    """Selects add-ons that run as deployments, such as CoreDNS, in a cluster without nodes."""

    def __post_init__(self) -> None:
        """Check the values."""
        problems = Problems("FargateSelector")
        problems.extend(self._problems())
        problems.raise_any()

    def _problems(self) -> Iterator[str]:
        namespace: object = self.namespace
        if not is_text_token(namespace):
            if not isinstance(namespace, str) or not _NAMESPACE.fullmatch(namespace):
                yield (
                    "namespace needs 1 to 63 lower-case letters, digits, '-' and the wildcards '*' and '?', "
                    f"got {namespace!r}"
                )
            elif not namespace.strip("*?-"):
                yield f"namespace {namespace!r} matches every namespace: name yours, such as 'payments-*'"
        labels: object = self.labels
        if not isinstance(labels, Mapping):
            yield f"labels needs a mapping of strings to strings, got {labels!r}"
            return
        if len(labels) > _MOST:
            yield f"labels needs at most {_MOST}, got {len(labels)}"
        for key, value in labels.items():
            for part in (key, value):
                if not is_text_token(part) and not (isinstance(part, str) and _LABEL.fullmatch(part)):
                    yield f"labels needs Kubernetes labels such as 'team': 'payments', got {key!r}: {value!r}"
                    break

    def takes(self, namespace: str) -> bool:
        """Return whether the selector matches pods of a namespace.

        Args:
            namespace: name of the namespace.
        """
        pattern = re.escape(self.namespace).replace(r"\*", ".*").replace(r"\?", ".")
        return is_text_token(namespace) or re.fullmatch(pattern, namespace) is not None

    def rendered(self) -> dict[str, Any]:
        """Return the selector as a CloudFormation property."""
        labels = [{"key": key, "value": value} for key, value in self.labels.items()]
        return {"namespace": self.namespace, **({"labels": labels} if labels else {})}


FargateSelector.SYSTEM = FargateSelector(namespace=SYSTEM)


class FargateOptions(TypedDict, total=False):
    """The arguments of `FargateProfile` except scope, ID and cluster."""

    subnets: Sequence[ec2.ISubnet] | None
    role: iam.IRole | None
    logs: bool
    log_group: aws_logs.ILogGroup | None
    log_retention_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FargateArguments:
    """The arguments of `FargateProfile`, which describes them."""

    cluster: ClusterLike
    selectors: Sequence[FargateSelector]
    subnets: Sequence[ec2.ISubnet] | None
    role: iam.IRole | None
    logs: bool
    log_group: aws_logs.ILogGroup | None
    log_retention_days: int

    @property
    def takes_system(self) -> bool:
        """Whether system pods run on the profile."""
        return any(one.takes(SYSTEM) for one in self.selectors)

    def problems(self, scope: Construct) -> Iterator[str]:
        """Yield what is wrong with the arguments of a profile in `scope`."""
        found = list(cluster_problems(self.cluster, "network")) or list(place_problems(scope, cluster=self.cluster))
        yield from found
        region = region_of(scope)
        instead = "use other nodes (docs/how-to/choose-nodes.md)"
        yield from lacking(region, _TYPE, needed_by="FargateProfile", instead=instead)
        selectors: object = self.selectors
        if not isinstance(selectors, list | tuple) or not all(isinstance(one, FargateSelector) for one in selectors):
            yield f"selectors needs a list of FargateSelector, got {selectors!r}"
        else:
            if not 1 <= len(selectors) <= _MOST:
                yield f"selectors needs 1 to {_MOST}, got {len(selectors)}: create two profiles, or select payments-*"
            if not found:
                yield from self.cluster.nodes_problems(scope, awaited=self.takes_system)
        if self.subnets is not None:
            yield from list_problems(SUBNET, subnets=self.subnets)
            if isinstance(self.subnets, list | tuple) and not self.subnets:
                yield "subnets needs at least one subnet, got []: leave it out for the network's node subnets"
        yield from kind_problems(ROLE, role=self.role)
        yield from kind_problems(LOG_GROUP, log_group=self.log_group)
        yield from retention_problems("log_retention_days", self.log_retention_days)
        if not isinstance(self.logs, bool):
            yield f"logs needs True or False, got {self.logs!r}"
        elif not self.logs and self.log_group is not None:
            yield "log_group is only for logs=True: leave out log_group or logs=False"
