from collections.abc import Iterator
from typing import Any

from hardened_eks.controls._unseen import launch_not_seen
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.launch import entries
from hardened_eks.evidence.views.launch_source import launch_template
from hardened_eks.evidence.worst import as_far_as_known, at_worst


@control(
    id="ND-20",
    title="Standalone instances are in a VPC, EBS-optimized and protected from termination",
    requirement="node.instance.hardening",
    types=("AWS::EC2::Instance",),
    needs="assembly",
    severity=Severity.LOW,
    why="If anybody can terminate the bastion host, it may be missing in the emergency for which it exists.",
    fix="Set DisableApiTermination, EbsOptimized and a subnet of your own VPC.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_ChangingDisableAPITermination.html",
    enforced_by="AdminHost",
)
def instance_hardening(instance: Resource, assembly: Assembly) -> Iterator[Problem]:
    for name in ("DisableApiTermination", "EbsOptimized"):
        yield from _off(instance, assembly, name)
    if instance.get("SubnetId") is not None:
        return
    unseen = list(launch_not_seen(instance, assembly, "NetworkInterfaces"))
    template = launch_template(instance, assembly)
    interfaces = list(entries(instance, "NetworkInterfaces"))
    if not interfaces and template is not None:
        interfaces = list(entries(template, "LaunchTemplateData.NetworkInterfaces"))
    if unseen:
        yield from unseen
    elif not any(_placed(interface) for _, interface in interfaces):
        message = "no subnet is set, so it is launched in the default VPC"
        yield Problem(as_far_as_known(message, *(interface for _, interface in interfaces)), "SubnetId")


def _off(instance: Resource, assembly: Assembly, name: str) -> Iterator[Problem]:
    """Yield a problem if a setting of the instance, or of its launch template, is not on."""
    unseen = list(launch_not_seen(instance, assembly, name))
    if unseen:
        yield from unseen
        return
    template = launch_template(instance, assembly)
    inherited = template.flag(f"LaunchTemplateData.{name}") if template is not None else None
    if instance.flag(name, default=inherited) is not True:
        hidden = inherited if instance.get(name) is None else None
        yield Problem(at_worst(f"{name} is off", f"{name} of the launch template", hidden), name)


def _placed(interface: Any) -> bool:
    return isinstance(interface, dict) and bool({"SubnetId", "NetworkInterfaceId"} & interface.keys())
