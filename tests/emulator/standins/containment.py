"""A stand-in for what quarantines a machine or an image, which ministack has not.

| service | added |
|---|---|
| EC2 | network interfaces of instances in DescribeInstances, the first one created with the instance; ModifyNetworkInterfaceAttribute (groups), ModifyInstanceAttribute (termination protection) and its description, CreateSnapshots |
| Auto Scaling | AttachInstances, DetachInstances; a group that loses an instance launches another |
| ECR | UpdateImageStorageClass; `imageStatus` in DescribeImages; an archived image cannot be pulled |

Step Functions' SDK integrations of EC2, ECR and IAM go through `workflows.call`, so that an argument that the service's
model does not know fails. Errors keep their own codes, where AWS has ``Ec2.Ec2Exception`` for all of EC2.

Not here: what happens to packets and connections, snapshots of instances without volumes, restoring takes no time.
"""

from __future__ import annotations

import json
from typing import Any

Answer = tuple[int, Any, Any]


def install() -> None:
    """Put the stand-in into ministack's EC2, Auto Scaling, ECR and Step Functions."""
    from tests.emulator.standins import workflows

    workflows._ERRORS.update(ec2="Ec2", ecr="Ecr", iam="Iam")
    _install_ec2()
    _install_autoscaling()
    _install_ecr()


def _install_ec2() -> None:
    from ministack.services import ec2

    instance_xml, attribute = ec2._instance_xml, ec2._describe_instance_attribute

    def with_interfaces(instance: dict[str, Any]) -> str:
        items = "".join(ec2._eni_fields_xml(eni) for eni in _interfaces(instance))
        xml = instance_xml(instance)
        end = xml.rindex("</")
        return f"{xml[:end]}<networkInterfaceSet>{items}</networkInterfaceSet>{xml[end:]}"

    def describe_attribute(params: Any) -> Answer:
        instance = ec2._instances.get(ec2._p(params, "InstanceId"))
        if instance and ec2._p(params, "Attribute") == "disableApiTermination":
            value = str(instance.get("_protected", False)).lower()
            body = f"<instanceId>{instance['InstanceId']}</instanceId><disableApiTermination><value>{value}</value></disableApiTermination>"
            return ec2._xml(200, "DescribeInstanceAttributeResponse", body)  # type: ignore[no-any-return]
        return attribute(params)  # type: ignore[no-any-return]

    ec2._instance_xml = with_interfaces
    ec2._ACTION_MAP |= {
        "DescribeInstanceAttribute": describe_attribute,
        "ModifyInstanceAttribute": _modify_instance,
        "ModifyNetworkInterfaceAttribute": _modify_interface,
        "CreateSnapshots": _create_snapshots,
    }


def _interfaces(instance: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the interfaces of an instance; its first one is created when somebody looks."""
    from ministack.services import ec2

    def attached() -> list[dict[str, Any]]:
        every = ec2._network_interfaces.values()
        return [eni for eni in every if (eni.get("Attachment") or {}).get("InstanceId") == instance["InstanceId"]]

    if not any(eni["Attachment"]["DeviceIndex"] == 0 for eni in attached()):
        known = set(ec2._network_interfaces)
        groups = {f"SecurityGroupId.{n}": [g["GroupId"]] for n, g in enumerate(instance["SecurityGroups"], 1)}
        ec2._create_network_interface({"SubnetId": [instance["SubnetId"]], **groups})
        (new,) = set(ec2._network_interfaces) - known
        where = {"NetworkInterfaceId": [new], "InstanceId": [instance["InstanceId"]], "DeviceIndex": ["0"]}
        ec2._attach_network_interface(where)
    return attached()


def _modify_interface(params: Any) -> Answer:
    from ministack.services import ec2

    eni = ec2._network_interfaces.get(ec2._p(params, "NetworkInterfaceId"))
    groups = ec2._parse_member_list(params, "SecurityGroupId")
    if eni is None:
        return ec2._error("InvalidNetworkInterfaceID.NotFound", "The network interface does not exist", 400)  # type: ignore[no-any-return]
    for group in groups:
        if group not in ec2._security_groups:
            return ec2._error("InvalidGroup.NotFound", f"The security group '{group}' does not exist", 400)  # type: ignore[no-any-return]
        if ec2._security_groups[group]["VpcId"] != eni["VpcId"]:
            return ec2._error("InvalidParameterValue", f"{group} is in another VPC", 400)  # type: ignore[no-any-return]
    if not groups:
        return ec2._error("MissingParameter", "this stand-in changes groups only", 400)  # type: ignore[no-any-return]
    eni["Groups"] = [{"GroupId": group, "GroupName": ec2._security_groups[group]["GroupName"]} for group in groups]
    eni.setdefault("_history", []).append(groups)
    return ec2._xml(200, "ModifyNetworkInterfaceAttributeResponse", "<return>true</return>")  # type: ignore[no-any-return]


def _modify_instance(params: Any) -> Answer:
    from ministack.services import ec2

    instance = ec2._instances.get(ec2._p(params, "InstanceId"))
    if instance is None:
        return ec2._error("InvalidInstanceID.NotFound", "The instance ID does not exist", 400)  # type: ignore[no-any-return]
    value = ec2._p(params, "DisableApiTermination.Value")
    if not value:
        return ec2._error("UnsupportedOperation", "this stand-in changes termination protection only", 400)  # type: ignore[no-any-return]
    instance["_protected"] = value == "true"
    return ec2._xml(200, "ModifyInstanceAttributeResponse", "<return>true</return>")  # type: ignore[no-any-return]


def _create_snapshots(params: Any) -> Answer:
    from ministack.services import ec2

    instance = ec2._instances.get(ec2._p(params, "InstanceSpecification.InstanceId"))
    if instance is None:
        return ec2._error("InvalidInstanceID.NotFound", "The instance ID does not exist", 400)  # type: ignore[no-any-return]
    items = ""
    for mapping in instance["BlockDeviceMappings"]:
        known = set(ec2._snapshots)
        ec2._create_snapshot({**params, "VolumeId": [mapping["Ebs"]["VolumeId"]]})
        (new,) = set(ec2._snapshots) - known
        items += f"<item>{ec2._snapshot_inner_xml(ec2._snapshots[new])}</item>"
    return ec2._xml(200, "CreateSnapshotsResponse", f"<snapshotSet>{items}</snapshotSet>")  # type: ignore[no-any-return]


def _install_autoscaling() -> None:
    from ministack.services import autoscaling

    autoscaling._ACTION_MAP |= {"AttachInstances": _attach, "DetachInstances": _detach}


def _attach(params: Any) -> Answer:
    from ministack.services import autoscaling

    group = autoscaling._asgs.get(autoscaling._p(params, "AutoScalingGroupName"))
    if group is None:
        return autoscaling._error("ValidationError", "AutoScalingGroup not found")  # type: ignore[no-any-return]
    wanted = autoscaling._parse_member_list(params, "InstanceIds")
    group["DesiredCapacity"] += len(wanted)
    autoscaling._reconcile_instances(group)
    for member, instance_id in zip(group["Instances"][-len(wanted) :], wanted, strict=True):
        member["InstanceId"] = instance_id
    return autoscaling._xml(200, "AttachInstancesResponse", "")  # type: ignore[no-any-return]


def _detach(params: Any) -> Answer:
    from ministack.services import autoscaling

    group = autoscaling._asgs.get(autoscaling._p(params, "AutoScalingGroupName"))
    wanted = autoscaling._parse_member_list(params, "InstanceIds")
    members = {member["InstanceId"] for member in group["Instances"]} if group else set()
    if missing := [one for one in wanted if one not in members]:
        return autoscaling._error("ValidationError", f"The instances {missing} are not part of the group")  # type: ignore[no-any-return]
    group["Instances"][:] = [member for member in group["Instances"] if member["InstanceId"] not in wanted]
    if autoscaling._p(params, "ShouldDecrementDesiredCapacity") == "true":
        group["DesiredCapacity"] -= len(wanted)
    autoscaling._reconcile_instances(group)
    result = "<DetachInstancesResult><Activities/></DetachInstancesResult>"
    return autoscaling._xml(200, "DetachInstancesResponse", result)  # type: ignore[no-any-return]


def _install_ecr() -> None:
    from ministack.core.responses import error_response_json, json_response
    from ministack.services import ecr

    theirs, details, pulled = ecr.handle_request, ecr._describe_images, ecr._batch_get_image

    async def handle_request(method: str, path: str, headers: Any, body: Any, query: Any) -> Any:
        if not str(headers.get("x-amz-target", "")).endswith(".UpdateImageStorageClass"):
            return await theirs(method, path, headers, body, query)
        data = json.loads(body)
        image = ecr._find_image(data["repositoryName"], data["imageId"])
        if image is None:
            return error_response_json("ImageNotFoundException", "The image does not exist", 400)
        status = {"ARCHIVE": "ARCHIVED", "STANDARD": "ACTIVE"}[data["targetStorageClass"]]
        image["imageStatus"] = status
        return json_response({"repositoryName": data["repositoryName"], "imageId": data["imageId"], "imageStatus": status})

    def describe(data: dict[str, Any]) -> Any:
        status, headers, body = details(data)
        answer = json.loads(body)
        for one in answer.get("imageDetails", ()):
            image = ecr._find_image(data["repositoryName"], {"imageDigest": one["imageDigest"]})
            one["imageStatus"] = image.get("imageStatus", "ACTIVE")
        return status, headers, json.dumps(answer).encode()

    def pull(data: dict[str, Any]) -> Any:
        for wanted in data["imageIds"]:
            image = ecr._find_image(data["repositoryName"], wanted)
            if image and image.get("imageStatus") == "ARCHIVED":
                failure = {"imageId": wanted, "failureCode": "ImageInaccessible", "failureReason": "The image is archived"}
                return json_response({"images": [], "failures": [failure]})
        return pulled(data)

    ecr.handle_request, ecr._describe_images, ecr._batch_get_image = handle_request, describe, pull
