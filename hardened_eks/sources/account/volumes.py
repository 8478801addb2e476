"""EC2: volumes that drivers in a cluster created for its pods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hardened_eks.sources.account.shape import ec2_found, is_gone, pick, tag_map

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.sources.account.asking import Asker
    from hardened_eks.sources.account.found import Found

_AUTO_MODE: Final = "eks:eks-cluster-name"
_NAME: Final = "KubernetesCluster"


def volumes(asker: Asker, cluster: str) -> Iterator[Found]:
    """Yield the volumes with the tag of a cluster, which the EBS CSI driver and Auto Mode set."""
    owned = f"kubernetes.io/cluster/{cluster}"
    where = [{"Name": "tag-key", "Values": [owned, _AUTO_MODE, _NAME]}]
    for entry in asker.pages("ec2:DescribeVolumes", "Volumes", Filters=where):
        tags = tag_map(entry.get("Tags"))
        if owned not in tags and cluster not in {tags.get(_AUTO_MODE), tags.get(_NAME)}:
            continue
        if is_gone(entry.get("State")):
            continue
        properties = {
            "VolumeId": entry["VolumeId"], "Encrypted": bool(entry.get("Encrypted")),
            **pick(entry, "AvailabilityZone", "KmsKeyId", "Size", "VolumeType", "Iops", "Throughput", "SnapshotId"),
        }  # fmt: skip
        yield ec2_found("AWS::EC2::Volume", entry["VolumeId"], properties, asker, "volume", entry)
