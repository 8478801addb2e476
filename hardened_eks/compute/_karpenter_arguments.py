"""Checks of the arguments of Karpenter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hardened_eks._kinds import cluster_problems, flag_problems
from hardened_eks._tokens import is_literal, is_text_token
from hardened_eks.compute._arguments import size_problems
from hardened_eks.compute._karpenter_checks import release_problems, tag_problems
from hardened_eks.compute._karpenter_settings import KarpenterPool, object_problems
from hardened_eks.compute._node_settings import settings_problems
from hardened_eks.compute._settings import OperatingSystem
from hardened_eks.compute._user_data import user_data, without_percentages
from hardened_eks.errors import repeated
from hardened_eks.identity import service_account_problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hardened_eks._cluster_like import ClusterLike
    from hardened_eks.compute._node_settings import BottlerocketSettings, KubeletSettings

MARK = "HasKarpenter"
"""Construct ID that marks a cluster with Karpenter."""
_AGENT = "eks-pod-identity-agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class KarpenterArguments:
    """The arguments of `Karpenter`, which describes them."""

    cluster: ClusterLike
    bottlerocket_version: str
    pools: Sequence[KarpenterPool]
    disk_gib: int
    namespace: str
    service_account: str
    image_repository: str | None
    session_manager: bool
    kubelet: KubeletSettings | None
    bottlerocket: BottlerocketSettings | None
    tags: Mapping[str, str] | None

    def problems(self) -> Iterator[str]:
        """Yield what is wrong with them."""
        found = list(cluster_problems(self.cluster, "network", "endpoint", "security_group", "node_security_group"))
        yield from found
        if not found:
            yield from self._cluster_problems()
        yield from release_problems(self.bottlerocket_version)
        yield from self._pool_problems()
        yield from size_problems(self.disk_gib)
        yield from service_account_problems(self.namespace, self.service_account)
        image = self.image_repository
        if image is not None and not is_text_token(image) and not (isinstance(image, str) and image):
            yield f"image_repository needs a repository such as registry.example.com/karpenter, got {image!r}"
        node = [
            *flag_problems(session_manager=self.session_manager),
            *settings_problems(self.kubelet, self.bottlerocket, is_bottlerocket=True),
            *tag_problems(self.tags),
        ]
        yield from node
        if not node:
            yield from object_problems(self.user_data(), self.tags or {})

    def user_data(self) -> str:
        """Return the settings of the nodes' operating system."""
        return user_data(
            OperatingSystem.BOTTLEROCKET,
            nvidia=False,
            session_manager=self.session_manager,
            kubelet=without_percentages(self.kubelet),
            bottlerocket=self.bottlerocket,
        )

    def _cluster_problems(self) -> Iterator[str]:
        name = self.cluster.name
        if not is_literal(name):
            yield f"cluster needs a name that is known during synthesis, since tag keys contain it, got {name!r}"
        home: Any = self.cluster
        if home.node.try_find_child(MARK) is not None:
            yield "the cluster already has Karpenter: add pools to that one"
        if self.cluster.lacks_addon(_AGENT):
            yield (
                f"the cluster has no add-on {_AGENT}, which provides the role to Karpenter: remove it from "
                "AddonOptions.exclude"
            )

    def _pool_problems(self) -> Iterator[str]:
        pools: object = self.pools
        if not isinstance(pools, list | tuple) or not pools or not all(isinstance(one, KarpenterPool) for one in pools):
            yield f"pools needs a list of KarpenterPool, got {pools!r}"
            return
        yield from (f"pools names {name!r} twice" for name in repeated([one.name for one in pools]))
