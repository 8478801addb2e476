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

    AWS proposes AmazonFSxFullAccess for it. This role may only read; with `create`, it may also create and delete file
    systems with the driver's tag ``CSIVolumeName``. It may not link file systems to S3 buckets: grant that to the role.
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
            cluster: the cluster in which the controller runs.
            create: let the driver create file systems for claims (dynamic provisioning), and delete those that a driver
                of the account created. Default: no; it only mounts existing file systems.
            id: construct ID. Default: ``FsxCsiDriver``.
            version: version of the add-on. Default: EKS's default for the cluster's version when the add-on is created.
            configuration: settings of the add-on. Default: those of EKS.

        Raises:
            ConfigurationError: an argument is invalid; or the cluster already has the add-on, or has no Pod Identity
                agent. The error lists all mistakes.
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
