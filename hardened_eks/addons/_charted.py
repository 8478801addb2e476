"""Controllers that a Helm chart installs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from hardened_eks.addons._addon import merged
from hardened_eks.addons._controller import Controller
from hardened_eks.baseline.addon_values import VALUES
from hardened_eks.errors import Problems

if TYPE_CHECKING:
    from aws_cdk import aws_eks_v2

    from hardened_eks.data.controllers import Chart


class Charts(Protocol):
    """An installer of charts from trusted repositories: `hardened_eks.TrustedCharts`."""

    def add_chart(
        self, id: str, *, cluster: aws_eks_v2.ICluster, repository: str, version: str, **more: Any
    ) -> aws_eks_v2.HelmChart:
        """Install a chart."""


class ChartedController(Controller):
    """A controller that its Helm chart installs."""

    values: Mapping[str, Any]
    """Values of the chart, with which the policies of the namespace admit its pods. Values that are known only at
    deployment are tokens."""

    @property
    def chart(self) -> Chart:
        """The chart, with the version for which `values` were written."""
        chart = self.known.chart
        assert chart is not None  # a test checks this for all data
        return chart

    def _with(self, own: Mapping[str, Any]) -> None:
        self.values = merged(VALUES[str(self.known.profile)], own)

    def install(
        self,
        charts: Charts,
        *,
        repository: str,
        values: Mapping[str, Any] | None = None,
        version: str | None = None,
    ) -> aws_eks_v2.HelmChart:
        """Install the chart from a repository that `TrustedCharts` lists, after the role and its policies.

        The handler of `Cluster.add_kubectl` installs it; call that first. These charts contain cluster roles, so the
        handler needs permissions beyond one namespace: docs/how-to/controllers.md.

        Args:
            charts: the repositories from which charts may come (`hardened_eks.TrustedCharts`).
            repository: address of the chart, for example
                ``oci://111122223333.dkr.ecr.eu-west-1.amazonaws.com/charts/external-secrets``.
            values: values of the chart, merged over `ChartedController.values`, mapping by mapping. Default: only
                those.
            version: version of the chart. Default: the one for which the library's values were written.

        Returns:
            The chart.

        Raises:
            ConfigurationError: `TrustedCharts` does not list the repository, the version is not fixed, `values` is not
                a mapping, or the network cannot reach the repository.
        """
        chart = self.chart
        problems = Problems(f"install of {type(self).__name__} '{self.node.id}'")
        problems.require(
            not (self.cluster.network.isolated and str(repository).startswith("https://")),
            f"repository {repository!r} cannot be reached: nothing leads out of the network. Push the chart to Amazon "
            f"ECR (helm pull {chart.name} --repo {chart.repository} --version {chart.version}; helm push), and pass "
            "its oci:// address",
        )
        problems.require(
            values is None or isinstance(values, Mapping), f"values needs a mapping of chart values, got {values!r}"
        )
        problems.raise_any()
        first = list(self.node.children)
        home: Any = self.cluster
        installed = charts.add_chart(
            "Chart",
            scope=self,
            cluster=home.as_cdk_cluster,
            repository=repository,
            chart=chart.name,
            version=chart.version if version is None else version,
            release=self.known.name,
            namespace=self.namespace,
            create_namespace=False,
            values=merged(self.values, values or {}),
        )
        installed.node.add_dependency(*first)
        return installed
