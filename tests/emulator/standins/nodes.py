"""A stand-in for what can be done to a node, which ministack's EC2 and Auto Scaling lack.

EC2: ModifyInstanceAttribute (DisableApiTermination, Groups), ModifyNetworkInterfaceAttribute (Groups), CreateSnapshots;
an instance has a network interface, and DescribeInstances shows all of them; termination protection holds.
Auto Scaling: AttachInstances, DetachInstances, SetInstanceProtection. The instances that a group makes itself are no
EC2 instances in ministack: attach one that is.

Any other attribute is refused with a sentence that names it.
"""

from __future__ import annotations

from typing import Any

PROTECTED = "StandInDisableApiTermination"
Answer = tuple[int, Any, Any]
Params = dict[str, Any]


def install() -> None:
    """Put the stand-in into ministack's EC2 and Auto Scaling."""
    from ministack.services import autoscaling, ec2

    show, describe = ec2._instance_xml, ec2._describe_instance_attribute
    terminate = ec2._terminate_instances

    def instance_xml(instance: Params) -> str:
        interfaces = "".join(ec2._eni_fields_xml(found) for found in _interfaces(instance))
        whole = str(show(instance)).rstrip()
        return whole.removesuffix("</item>") + f"<networkInterfaceSet>{interfaces}</networkInterfaceSet></item>"

    def describe_instance_attribute(p: Params) -> Answer:
        instance = ec2._instances.get(ec2._p(p, "InstanceId"))
        if ec2._p(p, "Attribute") != "disableApiTermination" or instance is None:
            return describe(p)  # type: ignore[no-any-return]
        value = str(bool(instance.get(PROTECTED))).lower()
        inner = f"<instanceId>{instance['InstanceId']}</instanceId><disableApiTermination><value>{value}</value></disableApiTermination>"
        return _answer(ec2, "DescribeInstanceAttribute", inner)

    def terminate_instances(p: Params) -> Answer:
        for name in ec2._parse_member_list(p, "InstanceId"):
            if ec2._instances.get(name, {}).get(PROTECTED):
                words = f"The instance '{name}' may not be terminated. Modify its 'disableApiTermination' instance attribute"
                return ec2._error("OperationNotPermitted", words, 400)  # type: ignore[no-any-return]
        return terminate(p)  # type: ignore[no-any-return]

    ec2._instance_xml = instance_xml
    ec2._ACTION_MAP |= {
        "DescribeInstanceAttribute": describe_instance_attribute,
        "TerminateInstances": terminate_instances,
        "ModifyInstanceAttribute": _modify_instance_attribute,
        "ModifyNetworkInterfaceAttribute": _modify_network_interface_attribute,
        "CreateSnapshots": _create_snapshots,
    }
    autoscaling._ACTION_MAP |= {
        "AttachInstances": _attach_instances,
        "DetachInstances": _detach_instances,
        "SetInstanceProtection": _set_instance_protection,
    }


def _answer(module: Any, action: str, inner: str) -> Answer:
    return module._xml(200, f"{action}Response", inner)  # type: ignore[no-any-return]


def _interfaces(instance: Params) -> list[Params]:
    """Return the network interfaces of an instance; the first one is made here."""
    from ministack.services import ec2

    name = instance["InstanceId"]
    found = [e for e in ec2._network_interfaces.values() if (e.get("Attachment") or {}).get("InstanceId") == name]
    if not any(entry["Attachment"]["DeviceIndex"] == 0 for entry in found):
        before = set(ec2._network_interfaces)
        groups = {f"SecurityGroupId.{n}": [g["GroupId"]] for n, g in enumerate(instance["SecurityGroups"], 1)}
        ec2._create_network_interface({"SubnetId": [instance["SubnetId"]], **groups})
        (made,) = set(ec2._network_interfaces) - before
        primary = ec2._network_interfaces[made]
        ec2._attach_network_interface({"NetworkInterfaceId": [made], "InstanceId": [name], "DeviceIndex": ["0"]})
        primary["PrivateIpAddress"] = instance["PrivateIpAddress"]
        found = [primary, *found]
    return found


def _groups(p: Params, prefix: str) -> tuple[list[Params], Answer | None]:
    from ministack.services import ec2

    names = ec2._parse_member_list(p, prefix)
    for name in names:
        if name not in ec2._security_groups:
            return [], ec2._error("InvalidGroup.NotFound", f"The security group '{name}' does not exist", 400)
    return [{"GroupId": name, "GroupName": ec2._security_groups[name]["GroupName"]} for name in names], None


def _unknown(p: Params, *known: str) -> Answer | None:
    from ministack.services import ec2

    ours = {"Action", "Version", *known}
    unknown = sorted(name for name in p if name.split(".")[0] not in ours)
    return ec2._error("InvalidParameterValue", f"this stand-in does not know {unknown}", 400) if unknown else None


def _modify_instance_attribute(p: Params) -> Answer:
    from ministack.services import ec2

    instance = ec2._instances.get(ec2._p(p, "InstanceId"))
    if instance is None:
        words = f"The instance ID '{ec2._p(p, 'InstanceId')}' does not exist"
        return ec2._error("InvalidInstanceID.NotFound", words, 400)  # type: ignore[no-any-return]
    if refusal := _unknown(p, "InstanceId", "DisableApiTermination", "GroupId"):
        return refusal
    groups, refusal = _groups(p, "GroupId")
    if refusal:
        return refusal
    if "DisableApiTermination.Value" in p:
        instance[PROTECTED] = ec2._p(p, "DisableApiTermination.Value") == "true"
    if groups:
        _interfaces(instance)[0]["Groups"] = instance["SecurityGroups"] = groups
    return _answer(ec2, "ModifyInstanceAttribute", "<return>true</return>")


def _modify_network_interface_attribute(p: Params) -> Answer:
    from ministack.services import ec2

    found = ec2._network_interfaces.get(ec2._p(p, "NetworkInterfaceId"))
    if found is None:
        words = f"The networkInterface ID '{ec2._p(p, 'NetworkInterfaceId')}' does not exist"
        return ec2._error("InvalidNetworkInterfaceID.NotFound", words, 400)  # type: ignore[no-any-return]
    if refusal := _unknown(p, "NetworkInterfaceId", "SecurityGroupId"):
        return refusal
    groups, refusal = _groups(p, "SecurityGroupId")
    if refusal:
        return refusal
    found["Groups"] = groups
    attachment = found.get("Attachment") or {}
    if attachment.get("DeviceIndex") == 0:
        ec2._instances[attachment["InstanceId"]]["SecurityGroups"] = groups
    return _answer(ec2, "ModifyNetworkInterfaceAttribute", "<return>true</return>")


def _create_snapshots(p: Params) -> Answer:
    from ministack.services import ec2

    name = ec2._p(p, "InstanceSpecification.InstanceId")
    if name not in ec2._instances:
        return ec2._error("InvalidInstanceID.NotFound", f"The instance ID '{name}' does not exist", 400)  # type: ignore[no-any-return]
    if refusal := _unknown(p, "InstanceSpecification", "Description", "TagSpecification", "CopyTagsFromSource"):
        return refusal
    shared = {key: value for key, value in p.items() if key.startswith(("TagSpecification", "Description"))}
    before, volumes = set(ec2._snapshots), list(ec2._volumes.values())
    for volume in volumes:
        if any(entry["InstanceId"] == name for entry in volume["Attachments"]):
            ec2._create_snapshot({"VolumeId": [volume["VolumeId"]], **shared})
    made = [ec2._snapshots[key] for key in ec2._snapshots if key not in before]
    items = "".join(f"<item>{ec2._snapshot_inner_xml(found)}</item>" for found in made)
    return _answer(ec2, "CreateSnapshots", f"<snapshotSet>{items}</snapshotSet>")


def _group(p: Params) -> tuple[Params, list[str], Answer | None]:
    from ministack.services import autoscaling

    name = autoscaling._p(p, "AutoScalingGroupName")
    if name not in autoscaling._asgs:
        return {}, [], autoscaling._error("ValidationError", f"AutoScalingGroup name not found - {name}")
    return autoscaling._asgs[name], autoscaling._parse_member_list(p, "InstanceIds"), None


def _not_there(name: str) -> Answer:
    from ministack.services import autoscaling

    words = f"The instance {name} is not part of Auto Scaling group"
    return autoscaling._error("ValidationError", words)  # type: ignore[no-any-return]


def _attach_instances(p: Params) -> Answer:
    from ministack.services import autoscaling, ec2

    group, names, refusal = _group(p)
    if refusal:
        return refusal
    for name in names:
        instance = ec2._instances.get(name)
        if instance is None:
            return autoscaling._error("ValidationError", f"Invalid Instance ID(s): {name}")  # type: ignore[no-any-return]
        zone = instance["Placement"]["AvailabilityZone"]
        entry = {"InstanceId": name, "LifecycleState": "InService", "HealthStatus": "Healthy", "AvailabilityZone": zone}
        group["Instances"].append({**entry, "ProtectedFromScaleIn": False, "LaunchTemplate": {}})
        group["DesiredCapacity"] += 1
    return _answer(autoscaling, "AttachInstances", "")


def _detach_instances(p: Params) -> Answer:
    from ministack.services import autoscaling

    group, names, refusal = _group(p)
    if refusal:
        return refusal
    for name in names:
        if name not in {entry["InstanceId"] for entry in group["Instances"]}:
            return _not_there(name)
        group["Instances"] = [entry for entry in group["Instances"] if entry["InstanceId"] != name]
        if autoscaling._p(p, "ShouldDecrementDesiredCapacity") == "true":
            group["DesiredCapacity"] -= 1
    autoscaling._reconcile_instances(group)
    return _answer(autoscaling, "DetachInstances", "<DetachInstancesResult><Activities/></DetachInstancesResult>")


def _set_instance_protection(p: Params) -> Answer:
    from ministack.services import autoscaling

    group, names, refusal = _group(p)
    if refusal:
        return refusal
    entries = {entry["InstanceId"]: entry for entry in group["Instances"]}
    for name in names:
        if name not in entries:
            return _not_there(name)
        entries[name]["ProtectedFromScaleIn"] = autoscaling._p(p, "ProtectedFromScaleIn") == "true"
    inner = "<SetInstanceProtectionResult/>"
    return _answer(autoscaling, "SetInstanceProtection", inner)
