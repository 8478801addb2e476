"""The FSx for Lustre CSI driver."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardened_eks._kinds import flag_problems
from hardened_eks.addons._arguments import addon_problems
from hardened_eks.addons._controller import AddonController

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hardened_eks._cluster_like import ClusterLike


class FsxCsiDriver(AddonController):
    """The FSx for Lustre CSI driver as an EKS add-on, which mounts file systems that you created.

    AWS proposes AmazonFSxFullAccess for it. Here it reads, and with `create` it creates and deletes file systems with
    its own tag ``CSIVolumeName``. Links of file systems to S3 buckets are left out: grant them to the role.
    """

    def __init__(
        self,
        cluster: ClusterLike,
        *,
        create: bool = False,
        id: str = "FsxCsiDriver",
        version: str | None = None,
        configuration: Mapping[str, Any] | None = None,
    ) -> None:
        """Create the role, its policy, the VPC endpoint and the add-on.

        Args:
            cluster: the cluster that it runs in.
            create: let it create file systems for claims (dynamic provisioning), and delete those that a driver of the
                account created. Default: no, it mounts what there is.
            id: construct id.
            version: of the add-on. Default: EKS's default for the cluster's version, at creation.
            configuration: of the add-on. Default: EKS's own.

        Raises:
            ConfigurationError: naming every mistake in the arguments; or the cluster has the add-on already, or goes
                without the Pod Identity agent.
        """
        account = "fsx-csi-controller-sa"
        self._prepare(
            "fsx-csi-driver",
            cluster,
            None,
            id,
            namespace=None,
            service_accounts=[account],
            problems=[
                *flag_problems(create=create),
                *addon_problems("aws-fsx-csi-driver", version, configuration),
            ],
        )
        self._allow([account], ["create"] if create else [], {})
        self._install(version, configuration)
