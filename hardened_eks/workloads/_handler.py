"""The handler that applies the baseline: a kubectl handler with its own Kubernetes group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from hardened_eks import _owner
from hardened_eks.access._entry import GroupEntry
from hardened_eks.baseline.groups import DELIVERY_GROUP
from hardened_eks.cluster._kubectl import Kubectl

if TYPE_CHECKING:
    from hardened_eks.access import AccessEntry
    from hardened_eks.cluster._kubectl_arguments import KubectlArguments


class DeliveryHandler(Kubectl):
    """Two functions in the node subnets, like those of `Cluster.add_kubectl`, with an access entry without policies.

    It is separate from the cluster's handler for charts, because the author of a chart must not write the policies that
    evaluate it.
    """

    def __init__(self, scope: Construct, id: str, arguments: KubectlArguments) -> None:
        """Create the handler. `Workloads` checks the arguments."""
        Construct.__init__(self, scope, id)
        _owner.tag(self, scope)
        self._rules = []
        self._make_security_group(arguments)
        self._make_provider(arguments)

    @property
    def called(self) -> str:
        """Name of the function that CloudFormation calls, which runs as long as the handler works."""
        return self._called

    def _make_entry(self, given: KubectlArguments) -> AccessEntry:
        return GroupEntry(self, "Access", cluster=given.cluster, role=self.role, group=DELIVERY_GROUP)
