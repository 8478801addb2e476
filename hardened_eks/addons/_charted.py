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
    """What installs a chart of a trusted place: `hardened_eks.TrustedCharts`."""

    def add_chart(
        self, id: str, *, cluster: aws_eks_v2.ICluster, repository: str, version: str, **more: Any
    ) -> aws_eks_v2.HelmChart:
        """Install a chart."""


class ChartedController(Controller):
    """A controller that its Helm chart installs."""

    values: Mapping[str, Any]
    """Values of the chart, under which the namespace's policies admit the pods. What only the deployment knows is a
    token in them."""

    @property
    def chart(self) -> Chart:
        """The chart, in the version whose values were read."""
        chart = self.known.chart
        assert chart is not None  # of data: a test sees to it
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
        """Install the chart from a place that `TrustedCharts` lists, after the role and its policies.

        It goes through the handler of `Cluster.add_kubectl`, which must come first. These charts have cluster roles,
        so that the handler needs more than the rights of one namespace: docs/how-to/controllers.md.

        Args:
            charts: the places that charts may come from (`hardened_eks.TrustedCharts`).
            repository: address of the chart, such as
                ``oci://111122223333.dkr.ecr.eu-west-1.amazonaws.com/charts/external-secrets``.
            values: laid over ours, mapping by mapping. Default: ours alone.
            version: of the chart. Default: that whose values were read.

        Raises:
            ConfigurationError: `TrustedCharts` does not list the place, the version is not a fixed one, or the network
                has no way to the place.
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
