"""EC2: flow logs, rules of security groups, NAT, encryption control, volumes of launch templates."""

from __future__ import annotations

import copy
import re
import uuid
from typing import Any

from tests.emulator.resources import resolver


def handlers(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        "AWS::EC2::FlowLog": {
            "create": _flow_log_create,
            "update": _recreate(_flow_log_create),
            "delete": _flow_log_delete,
        },
        "AWS::EC2::SecurityGroupIngress": _rule("IpPermissions"),
        "AWS::EC2::SecurityGroupEgress": _rule("IpPermissionsEgress"),
        "AWS::EC2::EIP": {"create": _eip_create, "update": _keep, "delete": _eip_delete},
        "AWS::EC2::NatGateway": {"create": _nat_create, "update": _keep, "delete": _nat_delete},
        "AWS::EC2::VPC": _vpc(dict(table["AWS::EC2::VPC"])),
        **resolver.handlers(),
        "Custom::ClosedDefaultSecurityGroup": {
            "create": _close,
            "update": _keep,
            "delete": lambda physical_id, props: None,
        },
    }


def _keep(physical_id: str, old: dict[str, Any], new: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    return physical_id, {}


def _recreate(create: Any) -> Any:
    """Make the successor; the engine deletes the old one when the update has succeeded."""
    return lambda physical_id, old, new, stack_name: create("updated", new, stack_name)


def _vpc(theirs: dict[str, Any]) -> dict[str, Any]:
    """CloudFormation answers Fn::GetAtt DefaultSecurityGroup with the group that EC2 makes with a VPC."""

    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        from ministack.services import ec2

        vpc_id, attributes = theirs["create"](logical_id, props, stack_name)
        default = next(
            (
                g["GroupId"]
                for g in ec2._security_groups.values()
                if g["VpcId"] == vpc_id and g["GroupName"] == "default"
            ),
            None,
        )
        if default is None:
            default = ec2._new_sg_id()
            ec2._security_groups[default] = {
                "GroupId": default,
                "GroupName": "default",
                "Description": "default VPC security group",
                "VpcId": vpc_id,
                "OwnerId": "123456789012",
                "IpPermissions": [
                    {
                        "IpProtocol": "-1",
                        "IpRanges": [],
                        "Ipv6Ranges": [],
                        "PrefixListIds": [],
                        "UserIdGroupPairs": [{"GroupId": default}],
                    }
                ],
                "IpPermissionsEgress": [
                    {
                        "IpProtocol": "-1",
                        "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
                        "Ipv6Ranges": [],
                        "PrefixListIds": [],
                        "UserIdGroupPairs": [],
                    }
                ],
            }
        return vpc_id, {**attributes, "DefaultSecurityGroup": default}

    return {**theirs, "create": create}


def _close(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    """Run the function's own inline code against the emulated EC2, without a Lambda runtime."""
    from ministack.services import ec2, lambda_svc  # noqa: F401

    group = ec2._security_groups[props["GroupId"]]
    function = props["ServiceToken"].rsplit(":", 1)[1]
    code = _inline_code(function)
    answers: list[str] = []

    class Client:
        def describe_security_groups(self, GroupIds: list[str]) -> dict[str, Any]:
            return {"SecurityGroups": [copy.deepcopy(group)]}

        def revoke_security_group_ingress(self, GroupId: str, IpPermissions: list[Any]) -> None:
            group["IpPermissions"] = [p for p in group["IpPermissions"] if p not in IpPermissions]

        def revoke_security_group_egress(self, GroupId: str, IpPermissions: list[Any]) -> None:
            group["IpPermissionsEgress"] = [p for p in group["IpPermissionsEgress"] if p not in IpPermissions]

    class Boto3:
        client = staticmethod(lambda service: Client())

    class Answer:
        SUCCESS, FAILED = "SUCCESS", "FAILED"
        send = staticmethod(lambda event, context, status, *rest, **more: answers.append(status))

    scope: dict[str, Any] = {"boto3": Boto3, "cfnresponse": Answer}
    exec(re.sub(r"^import (boto3|cfnresponse)$", "", code, flags=re.MULTILINE), scope)
    scope["handler"]({"RequestType": "Create", "ResourceProperties": props}, None)
    if answers != ["SUCCESS"]:
        raise ValueError(f"Received response status [{answers}] from custom resource")
    return f"closed-{props['GroupId']}", {}


def _inline_code(function: str) -> str:
    from tests.emulator.resources.functions import CODE

    return CODE[function]


def _flow_log_create(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    from ministack.services import ec2, iam

    role = props.get("DeliverLogsPermissionArn", "")
    if role and role.rsplit("/", 1)[-1] not in iam._roles:
        raise ValueError(
            f"Access Denied for LogDestination: role {role} does not exist (Service: Ec2, Status Code: 400)"
        )
    flow_log_id = f"fl-{uuid.uuid4().hex[:17]}"
    ec2._flow_logs[flow_log_id] = {
        "FlowLogId": flow_log_id,
        "ResourceId": props["ResourceId"],
        "ResourceType": props["ResourceType"],
        "TrafficType": props.get("TrafficType", "ALL"),
        "LogDestinationType": props.get("LogDestinationType", "cloud-watch-logs"),
        "LogDestination": props.get("LogDestination") or props.get("LogGroupName", ""),
        "FlowLogStatus": "ACTIVE",
        **{
            key: props[key]
            for key in ("DeliverLogsPermissionArn", "LogFormat", "MaxAggregationInterval", "LogGroupName")
            if key in props
        },
        "CreationTime": ec2._now_ts(),
    }
    return flow_log_id, {"Id": flow_log_id}


def _flow_log_delete(physical_id: str, props: dict[str, Any]) -> None:
    from ministack.services import ec2

    ec2._flow_logs.pop(physical_id, None)


def _rule(side: str) -> dict[str, Any]:
    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
        from ministack.services import ec2
        from ministack.services.cloudformation import provisioners

        if props["GroupId"] not in ec2._security_groups:
            raise ValueError(
                f"The security group '{props['GroupId']}' does not exist (Service: Ec2, InvalidGroup.NotFound)"
            )
        permission = provisioners._ec2_sg_permissions([props])[0]
        rules = ec2._security_groups[props["GroupId"]].setdefault(side, [])
        if permission in rules:
            raise ValueError("the specified rule already exists (Service: Ec2, InvalidPermission.Duplicate)")
        rules.append(permission)
        return f"sgr-{uuid.uuid4().hex[:17]}", {"Id": logical_id}

    def delete(physical_id: str, props: dict[str, Any]) -> None:
        from ministack.services import ec2
        from ministack.services.cloudformation import provisioners

        group = ec2._security_groups.get(props["GroupId"])
        permission = provisioners._ec2_sg_permissions([props])[0]
        if group and permission in group.get(side, []):
            group[side].remove(permission)

    def update(physical_id: str, old: dict[str, Any], new: dict[str, Any], stack_name: str) -> Any:
        delete(physical_id, old)
        return create("updated", new, stack_name)

    return {"create": create, "update": update, "delete": delete}


def _eip_create(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    from ministack.services import ec2

    ec2._allocate_address({"Domain": ["vpc"]})
    address = list(ec2._addresses.values())[-1]
    return address["PublicIp"], {"AllocationId": address["AllocationId"], "PublicIp": address["PublicIp"]}


def _eip_delete(physical_id: str, props: dict[str, Any]) -> None:
    from ministack.services import ec2

    for key in [key for key, address in ec2._addresses.items() if address["PublicIp"] == physical_id]:
        ec2._addresses.pop(key)


def _nat_create(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    from ministack.services import ec2

    before = set(ec2._nat_gateways)
    ec2._create_nat_gateway({"SubnetId": [props["SubnetId"]], "AllocationId": [props["AllocationId"]]})
    made = next(iter(set(ec2._nat_gateways) - before))
    return made, {"NatGatewayId": made}


def _nat_delete(physical_id: str, props: dict[str, Any]) -> None:
    from ministack.services import ec2

    ec2._nat_gateways.pop(physical_id, None)
