"""EFS and load balancers: other resources in the network of a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks.sources.account.found import Found
from hardened_eks.sources.account.shape import document, pick, tag_map, with_tags

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.sources.account.asking import Asker


def file_systems(asker: Asker, vpc_id: str) -> Iterator[Found]:
    """Yield the file systems with a mount target in a VPC, their access points and policies."""
    for entry in asker.shared("efs:DescribeFileSystems", "FileSystems"):
        id_ = entry["FileSystemId"]
        targets = asker.shared("efs:DescribeMountTargets", "MountTargets", FileSystemId=id_)
        if not any(one.get("VpcId") == vpc_id for one in targets):
            continue
        properties = {
            "FileSystemId": id_,
            "Arn": entry.get("FileSystemArn", ""),
            "Encrypted": bool(entry.get("Encrypted")),
            **pick(entry, "KmsKeyId", "PerformanceMode", "ThroughputMode", "AvailabilityZoneName"),
        }
        tags = tag_map(entry.get("Tags"))
        own = [{"Key": key, "Value": value} for key, value in tags.items() if not key.startswith("aws:")]
        properties |= {"FileSystemTags": own} if own else {}
        backup = asker.value("efs:DescribeBackupPolicy", "BackupPolicy.Status", FileSystemId=id_)
        if backup is not None:
            status = {"ENABLING": "ENABLED", "DISABLING": "DISABLED"}.get(str(backup), backup)
            properties["BackupPolicy"] = {"Status": status}
        policy = asker.value("efs:DescribeFileSystemPolicy", "Policy", FileSystemId=id_)
        properties |= {"FileSystemPolicy": document(policy)} if policy else {}
        yield Found("AWS::EFS::FileSystem", id_, properties, entry.get("FileSystemArn", ""), tags)
        for one in targets:
            properties = {"Id": one["MountTargetId"], "FileSystemId": id_, **pick(one, "SubnetId")}
            yield Found("AWS::EFS::MountTarget", one["MountTargetId"], properties)
        for point in asker.pages("efs:DescribeAccessPoints", "AccessPoints", FileSystemId=id_):
            yield Found("AWS::EFS::AccessPoint", point["AccessPointId"],
                        {"AccessPointId": point["AccessPointId"], "FileSystemId": id_,
                         **pick(point, "PosixUser", "RootDirectory")}, point.get("AccessPointArn", ""))  # fmt: skip


def load_balancers(asker: Asker, vpc_id: str) -> Iterator[Found]:
    """Yield the load balancers of a VPC, including those that a controller in the cluster created."""
    mine = [one for one in asker.shared("elbv2:DescribeLoadBalancers", "LoadBalancers") if one.get("VpcId") == vpc_id]
    for entry in mine:
        arn = entry["LoadBalancerArn"]
        properties = {
            "LoadBalancerArn": arn,
            "Name": entry["LoadBalancerName"],
            **pick(entry, "Scheme", "Type", "SecurityGroups"),
            "Subnets": [zone["SubnetId"] for zone in entry.get("AvailabilityZones", ()) if zone.get("SubnetId")],
        }
        told = asker.whole("elbv2:DescribeLoadBalancerAttributes", "Attributes", LoadBalancerArn=arn)
        properties |= (
            {"LoadBalancerAttributes": told if isinstance(told, dict) else [pick(one, "Key", "Value") for one in told]}
            if told
            else {}
        )
        lists = asker.whole("elbv2:DescribeTags", "TagDescriptions", ResourceArns=[arn])
        tags = lists[0].get("Tags", ()) if isinstance(lists, list) and lists else lists
        yield Found("AWS::ElasticLoadBalancingV2::LoadBalancer", arn, with_tags(properties, tags), arn, tag_map(tags))


def classic_load_balancers(asker: Asker, vpc_id: str) -> Iterator[Found]:
    """Yield Classic Load Balancers, which Kubernetes creates if no controller is installed."""
    for entry in asker.shared("elb:DescribeLoadBalancers", "LoadBalancerDescriptions"):
        if entry.get("VPCId") != vpc_id:
            continue
        name = entry["LoadBalancerName"]
        listeners = [
            {key: str(value) for key, value in one["Listener"].items()} for one in entry.get("ListenerDescriptions", ())
        ]
        properties = {
            "LoadBalancerName": name, "Listeners": listeners, **pick(entry, "Scheme", "Subnets", "SecurityGroups"),
        }  # fmt: skip
        lists = asker.whole("elb:DescribeTags", "TagDescriptions", LoadBalancerNames=[name])
        tags = lists[0].get("Tags", ()) if isinstance(lists, list) and lists else lists
        arn = f"arn:{asker.partition}:elasticloadbalancing:{asker.region}:{asker.account}:loadbalancer/{name}"
        yield Found("AWS::ElasticLoadBalancing::LoadBalancer", name, with_tags(properties, tags), arn, tag_map(tags))
