"""EC2 and Auto Scaling: launch templates, groups that start nodes, single instances and their volumes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.sources.account.found import Found, Wanted
from hardened_eks.sources.account.shape import pick, plain, tag_map, with_tags

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hardened_eks.sources.account.asking import Asker

_BY_EKS: Final = "eks:nodegroup-name"
_BY_GROUP: Final = "aws:autoscaling:groupName"
_GONE: Final = frozenset({"terminated", "shutting-down"})


def launch_template(asker: Asker, id_: str) -> Iterator[Found]:
    """Yield a launch template with the settings of the version in use, or else of the default version."""
    template, version = id_.split("|", 1)
    key = "LaunchTemplateId" if template.startswith("lt-") else "LaunchTemplateName"
    described = asker.pages("ec2:DescribeLaunchTemplates", "LaunchTemplates", **{f"{key}s": [template]})
    told = asker.pages(
        "ec2:DescribeLaunchTemplateVersions",
        "LaunchTemplateVersions",
        **{key: template},
        Versions=[version or "$Default"],
    )
    for entry in told[:1]:
        found = entry["LaunchTemplateId"]
        head = described[0] if described else {}
        data = plain(entry["LaunchTemplateData"])
        data.get("MetadataOptions", {}).pop("State", None)  # the state of a change, not a setting
        properties = {
            "LaunchTemplateId": found,
            "LaunchTemplateName": entry.get("LaunchTemplateName", ""),
            "LaunchTemplateData": data,
            "LatestVersionNumber": str(head.get("LatestVersionNumber", entry.get("VersionNumber"))),
            "DefaultVersionNumber": str(head.get("DefaultVersionNumber", "")),
        }
        arn = f"arn:{asker.partition}:ec2:{asker.region}:{asker.account}:launch-template/{found}"
        tags = tag_map(head.get("Tags"))
        own = [{"Key": key, "Value": value} for key, value in tags.items() if not key.startswith("aws:")]
        if own:
            properties["TagSpecifications"] = [{"ResourceType": "launch-template", "Tags": own}]
        yield Found("AWS::EC2::LaunchTemplate", found, properties, arn, tags, str(entry.get("VersionNumber", "")))


def cluster_nodes(asker: Asker, name: str) -> Iterator[Found | Wanted]:
    """Yield the Auto Scaling groups that start nodes for a cluster, without those of managed node groups."""
    where = [{"Name": "tag-key", "Values": [f"kubernetes.io/cluster/{name}", f"k8s.io/cluster/{name}"]}]
    for entry in asker.pages("autoscaling:DescribeAutoScalingGroups", "AutoScalingGroups", Filters=where):
        tags = tag_map(entry.get("Tags"))
        if f"kubernetes.io/cluster/{name}" in tags and _BY_EKS not in tags:
            yield from _group(asker, entry, tags)


def _group(asker: Asker, entry: Mapping[str, Any], tags: Mapping[str, str]) -> Iterator[Found | Wanted]:
    id_ = entry["AutoScalingGroupName"]
    properties = pick(
        entry, "AutoScalingGroupName", "LaunchConfigurationName", "LaunchTemplate", "MixedInstancesPolicy",
        "DesiredCapacity", "AvailabilityZones", "LoadBalancerNames", "TargetGroupARNs",
        "HealthCheckType", "HealthCheckGracePeriod", "PlacementGroup", "NewInstancesProtectedFromScaleIn",
        "ServiceLinkedRoleARN", "MaxInstanceLifetime", "CapacityRebalance", "DefaultInstanceWarmup",
        "InstanceMaintenancePolicy", "TerminationPolicies",
    )  # fmt: skip
    properties |= {"Cooldown": str(entry["DefaultCooldown"])} if entry.get("DefaultCooldown") else {}
    properties |= {"AutoScalingGroupARN": entry.get("AutoScalingGroupARN", ""), "MinSize": str(entry["MinSize"]),
                   "MaxSize": str(entry["MaxSize"])}  # fmt: skip
    zones = [part for part in str(entry.get("VPCZoneIdentifier", "")).split(",") if part]
    properties |= {"VPCZoneIdentifier": zones} if zones else {}
    metrics = [one["Metric"] for one in entry.get("EnabledMetrics", ())]
    properties |= {"MetricsCollection": [{"Granularity": "1Minute", "Metrics": metrics}]} if metrics else {}
    own = [pick(tag, "Key", "Value") | {"PropagateAtLaunch": bool(tag.get("PropagateAtLaunch"))}
           for tag in entry.get("Tags", ()) if not tag["Key"].startswith("aws:")]  # fmt: skip
    properties |= {"Tags": own} if own else {}
    for specification in _templates(properties):
        specification.pop("LaunchTemplateName", None) if specification.get("LaunchTemplateId") else None
        named = specification.get("LaunchTemplateId", specification.get("LaunchTemplateName"))
        yield Wanted("launch-template", f"{named}|{specification.get('Version', '')}")
    notices = _notices(asker, id_)
    properties |= {"NotificationConfigurations": notices} if notices else {}
    yield Found("AWS::AutoScaling::AutoScalingGroup", id_, properties, entry.get("AutoScalingGroupARN", ""), tags)
    yield Wanted("lifecycle-hooks", id_)
    if entry.get("LaunchConfigurationName"):
        yield Wanted("launch-configuration", entry["LaunchConfigurationName"])


def _notices(asker: Asker, group: str) -> Any:
    """Return the topics that a group notifies, with the types of its notifications."""
    told = asker.whole(
        "autoscaling:DescribeNotificationConfigurations", "NotificationConfigurations", AutoScalingGroupNames=[group]
    )
    if isinstance(told, dict):
        return told
    notices: dict[str, list[str]] = {}
    for one in told:
        notices.setdefault(one["TopicARN"], []).append(one["NotificationType"])
    return [{"TopicARN": topic, "NotificationTypes": types} for topic, types in notices.items()]


def _templates(properties: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield each place in a group that names a launch template."""
    if "LaunchTemplate" in properties:
        yield properties["LaunchTemplate"]
    mixed = properties.get("MixedInstancesPolicy", {}).get("LaunchTemplate", {})
    if mixed.get("LaunchTemplateSpecification"):
        yield mixed["LaunchTemplateSpecification"]
    for override in mixed.get("Overrides", ()):
        if override.get("LaunchTemplateSpecification"):
            yield override["LaunchTemplateSpecification"]


def lifecycle_hooks(asker: Asker, group: str) -> Iterator[Found]:
    """Yield the lifecycle hooks of a group that run before an instance is terminated."""
    for entry in asker.pages("autoscaling:DescribeLifecycleHooks", "LifecycleHooks", AutoScalingGroupName=group):
        properties = pick(entry, "AutoScalingGroupName", "LifecycleHookName", "LifecycleTransition", "DefaultResult",
                          "HeartbeatTimeout", "NotificationTargetARN", "RoleARN", "NotificationMetadata")  # fmt: skip
        yield Found("AWS::AutoScaling::LifecycleHook", f"{group}|{entry['LifecycleHookName']}", properties)


def launch_configuration(asker: Asker, name: str) -> Iterator[Found]:
    """Yield a launch configuration."""
    told = asker.pages(
        "autoscaling:DescribeLaunchConfigurations", "LaunchConfigurations", LaunchConfigurationNames=[name]
    )
    for entry in told:
        properties = pick(
            entry,
            "LaunchConfigurationName",
            "ImageId",
            "KeyName",
            "SecurityGroups",
            "UserData",
            "InstanceType",
            "BlockDeviceMappings",
            "InstanceMonitoring",
            "IamInstanceProfile",
            "EbsOptimized",
            "AssociatePublicIpAddress",
            "MetadataOptions",
            "PlacementTenancy",
        )
        properties |= {"InstanceMonitoring": entry.get("InstanceMonitoring", {}).get("Enabled", True)}
        yield Found("AWS::AutoScaling::LaunchConfiguration", name, properties, entry.get("LaunchConfigurationARN", ""))


def instances(asker: Asker, vpc_id: str) -> Iterator[Found | Wanted]:
    """Yield the instances of a VPC that no Auto Scaling group started: the others are evaluated by launch template."""
    where = [{"Name": "vpc-id", "Values": [vpc_id]}]
    for reservation in asker.pages("ec2:DescribeInstances", "Reservations", Filters=where):
        for entry in reservation.get("Instances", ()):
            tags = tag_map(entry.get("Tags"))
            if _BY_GROUP not in tags and entry.get("State", {}).get("Name") not in _GONE:
                yield from _instance(asker, entry, tags)


def _instance(asker: Asker, entry: Mapping[str, Any], tags: Mapping[str, str]) -> Iterator[Found | Wanted]:
    id_ = entry["InstanceId"]
    properties = pick(entry, "InstanceId", "ImageId", "InstanceType", "KeyName", "SubnetId", "EbsOptimized")
    properties["SecurityGroupIds"] = [group["GroupId"] for group in entry.get("SecurityGroups", ())]
    properties["Monitoring"] = entry.get("Monitoring", {}).get("State") in {"enabled", "pending"}
    options = pick(entry.get("MetadataOptions", {}), "HttpTokens", "HttpPutResponseHopLimit", "HttpEndpoint",
                   "HttpProtocolIpv6", "InstanceMetadataTags")  # fmt: skip
    properties |= {"MetadataOptions": options} if options else {}
    profile = entry.get("IamInstanceProfile", {}).get("Arn")
    if profile:
        properties["IamInstanceProfile"] = profile.rpartition("/")[2]
        yield Wanted("instance-profile", properties["IamInstanceProfile"])
    if entry.get("PublicIpAddress"):
        properties["NetworkInterfaces"] = [
            {"DeviceIndex": "0", "AssociatePublicIpAddress": True, "SubnetId": entry.get("SubnetId"),
             "GroupSet": properties.pop("SecurityGroupIds")}
        ]  # fmt: skip
        properties.pop("SubnetId", None)
    properties["DisableApiTermination"] = asker.value(
        "ec2:DescribeInstanceAttribute", "DisableApiTermination.Value", default=False, InstanceId=id_,
        Attribute="disableApiTermination",
    )  # fmt: skip
    script = asker.value("ec2:DescribeInstanceAttribute", "UserData.Value", InstanceId=id_, Attribute="userData")
    properties |= {"UserData": script} if script else {}
    volumes = [one["Ebs"]["VolumeId"] for one in entry.get("BlockDeviceMappings", ()) if one.get("Ebs")]
    properties |= {"BlockDeviceMappings": _mappings(asker, entry, volumes)} if volumes else {}
    arn = f"arn:{asker.partition}:ec2:{asker.region}:{asker.account}:instance/{id_}"
    yield Found("AWS::EC2::Instance", id_, with_tags(properties, entry.get("Tags")), arn, tags)


def _mappings(asker: Asker, entry: Mapping[str, Any], volumes: list[str]) -> Any:
    """Return the volumes of an instance, from its block device mappings."""
    listed = asker.whole("ec2:DescribeVolumes", "Volumes", VolumeIds=volumes)
    if isinstance(listed, dict):
        return listed
    told = {one["VolumeId"]: one for one in listed}
    found = []
    for one in entry.get("BlockDeviceMappings", ()):
        volume = told.get(one.get("Ebs", {}).get("VolumeId"), {})
        ebs = pick(volume, "VolumeType", "KmsKeyId", "Iops") | {"Encrypted": bool(volume.get("Encrypted"))}
        ebs |= {"VolumeSize": volume["Size"]} if "Size" in volume else {}
        found.append({"DeviceName": one["DeviceName"], "Ebs": ebs})
    return found
