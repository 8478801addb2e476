"""Auto Scaling groups: what ministack drops, and what EC2 Auto Scaling refuses."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

_GROUP = "AWS::AutoScaling::AutoScalingGroup"
_KEPT = ("CapacityRebalance", "MaxInstanceLifetime", "InstanceMaintenancePolicy", "MixedInstancesPolicy")


class RefusedError(ValueError):
    """What EC2 Auto Scaling says to a request that its schema lets through."""


def handlers(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    _describe()
    return {_GROUP: _group(dict(table[_GROUP]))}


def _group(theirs: dict[str, Any]) -> dict[str, Any]:
    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        _refuse(props)
        result = theirs["create"](logical_id, props, stack_name)
        _enrich(result[0], props)
        return result

    def update(physical_id: str, old: dict[str, Any], new: dict[str, Any], *rest: Any, **more: Any) -> Any:
        _refuse(new)
        result = theirs["update"](physical_id, old, new, *rest, **more)
        _enrich(result[0], new)
        return result

    return {**theirs, "create": create, "update": update}


def _refuse(props: dict[str, Any]) -> None:
    from ministack.services import ec2

    if int(props["MinSize"]) > int(props["MaxSize"]):
        raise RefusedError("Max bound must be greater than or equal to min bound (Service: AutoScaling, 400)")
    mixed = props.get("MixedInstancesPolicy", {}).get("LaunchTemplate", {}).get("LaunchTemplateSpecification", {})
    template = mixed or props.get("LaunchTemplate") or {}
    if not template and not props.get("LaunchConfigurationName"):
        raise RefusedError("Valid requests must contain either LaunchTemplate, LaunchConfigurationName ... (400)")
    id_ = template.get("LaunchTemplateId")
    if id_ and id_ not in ec2._launch_templates:
        raise RefusedError(f"The specified launch template, with template ID {id_}, does not exist. (400)")
    lifetime = int(props.get("MaxInstanceLifetime") or 0)
    if 0 < lifetime < 86_400:
        raise RefusedError("MaxInstanceLifetime must be 0 or at least 86400 seconds (Service: AutoScaling, 400)")


def _enrich(name: str, props: dict[str, Any]) -> None:
    from ministack.services import autoscaling

    autoscaling._asgs[name]["_more"] = {key: props[key] for key in _KEPT if key in props}
    for key in [key for key, hook in autoscaling._hooks.items() if hook["AutoScalingGroupName"] == name]:
        autoscaling._hooks.pop(key, None)
    for hook in props.get("LifecycleHookSpecificationList", ()):
        hook_name = hook["LifecycleHookName"]
        autoscaling._hooks[f"{name}/{hook_name}"] = autoscaling._hook_record(name, hook_name, hook)


def _describe() -> None:
    """Let the group's description say what ministack leaves out."""
    from ministack.services import autoscaling

    theirs = autoscaling._ACTION_MAP["DescribeAutoScalingGroups"]

    def describe(parameters: dict[str, Any]) -> Any:
        status, headers, body = theirs(parameters)
        text = body.decode() if isinstance(body, bytes) else body
        for name, group in autoscaling._asgs.items():
            place = f"<AutoScalingGroupName>{name}</AutoScalingGroupName>"
            more = "".join(f"<{key}>{_xml(value)}</{key}>" for key, value in group.get("_more", {}).items())
            text = text.replace(place, place + more)
        return status, headers, text.encode() if isinstance(body, bytes) else text

    autoscaling._ACTION_MAP["DescribeAutoScalingGroups"] = describe


def _xml(value: Any) -> str:
    if isinstance(value, dict):
        return "".join(f"<{key}>{_xml(item)}</{key}>" for key, item in value.items())
    if isinstance(value, list):
        return "".join(f"<member>{_xml(item)}</member>" for item in value)
    return escape(str(value).lower() if isinstance(value, bool) else str(value))
