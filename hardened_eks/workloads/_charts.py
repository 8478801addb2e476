"""Trusted repositories of Helm charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from constructs import Construct

from hardened_eks._asked import stack_of
from hardened_eks._kinds import CDK_CLUSTER, CLUSTER, CONSTRUCT, is_a, kind_problems, problems_in
from hardened_eks._patterns import regex
from hardened_eks._tokens import is_literal, is_text_token
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aws_cdk import aws_eks_v2

_METADATA: Final = "hardened-eks:trusted-charts"
"""Key of the template's metadata that the control KB-37 reads."""
_PLACE: Final = regex(r"(oci|https)://[a-z0-9.-]+(:\d{1,5})?(/[A-Za-z0-9._-]+)*/?")
_NUMBER: Final = r"(0|[1-9]\d*)"
_FIXED: Final = regex(rf"v?{_NUMBER}\.{_NUMBER}\.{_NUMBER}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")


class TrustedCharts(Construct):
    """The registries and repositories from which the Helm charts of an app may come.

    The list is in the template's metadata and applies to the whole app: the control KB-37 reports every ``HelmChart``
    that comes from another place or has no fixed version. `add_chart` refuses such a chart.
    """

    def __init__(self, scope: Construct, id: str, *, repositories: Sequence[str]) -> None:
        """Create the list.

        Args:
            scope: a stack of the app, or a construct in one.
            id: construct ID.
            repositories: registries and repositories, such as ``oci://111122223333.dkr.ecr.eu-west-1.amazonaws.com/charts``;
                addresses below them are trusted, too. An address that ends within a name does not match.

        Raises:
            ConfigurationError: the list is empty, or an entry is not an address. The error lists all mistakes.
        """
        problems = problems_in(scope, f"TrustedCharts '{id}'")
        problems.extend(_repository_problems(repositories))
        problems.raise_any()
        super().__init__(scope, id)
        self.repositories = tuple(place.rstrip("/") for place in repositories)
        """The trusted registries and repositories."""
        options = stack_of(self).template_options
        known: Mapping[str, Any] = options.metadata or {}
        options.metadata = {**known, _METADATA: sorted({*known.get(_METADATA, ()), *self.repositories})}

    def add_chart(
        self,
        id: str,
        *,
        cluster: aws_eks_v2.ICluster,
        repository: str,
        version: str,
        chart: str | None = None,
        scope: Construct | None = None,
        **more: Any,
    ) -> aws_eks_v2.HelmChart:
        """Install a chart from a trusted repository, in a fixed version.

        Args:
            id: construct ID.
            cluster: the cluster, `Cluster.as_cdk_cluster` after `Cluster.add_kubectl`.
            repository: address of the chart, ``oci://REGISTRY/CHART``, or of a repository of charts.
            version: fixed version, for example ``1.4.2``.
            chart: name of the chart. Default: the last part of `repository`.
            scope: the parent construct of the chart. Default: this construct.
            **more: further arguments of ``aws_eks_v2.HelmChart``, such as ``namespace`` and ``values``.

        Returns:
            The chart.

        Raises:
            ConfigurationError: the repository is not trusted, the version is not fixed, or the cluster is not
                `Cluster.as_cdk_cluster` or has no kubectl. The error lists all mistakes.
        """
        from aws_cdk import aws_eks_v2

        problems = Problems(f"add_chart '{id}'")
        problems.require(
            self.trusts(repository),
            f"repository {repository!r} is not one of {', '.join(self.repositories)}, nor below one: push the chart "
            "there, or add its address to TrustedCharts(repositories=...)",
        )
        problems.require(
            isinstance(version, str) and is_literal(version) and _FIXED.fullmatch(version),
            f"version needs one version such as '1.4.2', not a range, got {version!r}",
        )
        problems.extend(_cluster_problems(cluster))
        problems.extend(kind_problems(CONSTRUCT, scope=scope))
        problems.require(
            chart is None or (isinstance(chart, str) and chart), f"chart needs the name of a chart, got {chart!r}"
        )
        problems.raise_any()
        home = self if scope is None else scope
        name = repository.rstrip("/").rpartition("/")[2] if chart is None else chart
        return aws_eks_v2.HelmChart(
            home, id, cluster=cluster, repository=repository, chart=name, version=version, **more
        )

    def trusts(self, place: str) -> bool:
        """Return whether a chart may come from an address.

        Args:
            place: address of the chart or its repository.
        """
        if not isinstance(place, str) or ".." in place.split("/"):
            return False
        return any(place == one or place.startswith(f"{one}/") for one in self.repositories)


def _cluster_problems(cluster: Any) -> Iterator[str]:
    if is_a(CLUSTER, cluster) or not is_a(CDK_CLUSTER, cluster):
        yield f"cluster needs Cluster.as_cdk_cluster, got {cluster!r}"
    elif cluster.kubectl_provider is None:
        yield "cluster has no kubectl: call Cluster.add_kubectl before Cluster.as_cdk_cluster"


def _repository_problems(repositories: object) -> Iterator[str]:
    if isinstance(repositories, str) or not isinstance(repositories, list | tuple):
        yield f"repositories needs a list of addresses, got {repositories!r}"
        return
    if not repositories:
        yield "repositories needs at least one address, such as 'oci://111122223333.dkr.ecr.eu-west-1.amazonaws.com/charts'"
    for place in repositories:
        good = isinstance(place, str) and ".." not in place.split("/")
        if not good or not (is_text_token(place) or not is_literal(place) or _PLACE.fullmatch(place)):
            yield f"repositories needs addresses that begin with oci:// or https://, without wildcards, got {place!r}"
