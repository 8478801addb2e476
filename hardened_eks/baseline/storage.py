"""The default storage class: gp3 volumes, encrypted."""

from __future__ import annotations

from typing import Any, Final

from hardened_eks.baseline.objects import thing

NAME: Final = "hardened-gp3"
PROVISIONER: Final = "ebs.csi.aws.com"
"""The EBS CSI driver. Auto Mode has its own."""


def storage_class(key_arn: str = "") -> dict[str, Any]:
    """Return the default storage class of claims.

    Args:
        key_arn: ARN of the KMS key of the volumes; the role of the EBS CSI driver must be able to use it. Default: the
            account's default key for EBS.
    """
    parameters = {"csi.storage.k8s.io/fstype": "ext4", "encrypted": "true", "type": "gp3"}
    if key_arn:
        parameters["kmsKeyId"] = key_arn
    return thing(
        "storage.k8s.io/v1",
        "StorageClass",
        NAME,
        annotations={"storageclass.kubernetes.io/is-default-class": "true"},
        allowVolumeExpansion=True,
        parameters=parameters,
        provisioner=PROVISIONER,
        reclaimPolicy="Delete",
        volumeBindingMode="WaitForFirstConsumer",
    )
