from collections.abc import Iterator
from typing import Any

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.launch import entries, launched_from


@control(
    id="ND-20",
    title="Single instances are in a VPC, EBS-optimised and protected against termination",
    requirement="node.instance.hardening",
    types=("AWS::EC2::Instance",),
    needs="assembly",
    severity=Severity.LOW,
    why="A bastion that anybody can terminate is gone in the emergency it was made for.",
    fix="Set DisableApiTermination and EbsOptimized, and a subnet of your own.",
    blind="Launch templates that are not in the assembly count as saying nothing.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_ChangingDisableAPITermination.html",
    enforced_by="AdminHost",
)
def instance_hardening(instance: Resource, assembly: Assembly) -> Iterator[Problem]:
    template = launched_from(instance, assembly)
    for name in ("DisableApiTermination", "EbsOptimized"):
        inherited = template.flag(f"LaunchTemplateData.{name}") if template is not None else None
        if instance.flag(name, default=inherited) is not True:
            yield Problem(f"{name} is off", name)
    interfaces = list(entries(instance, "NetworkInterfaces"))
    if not interfaces and template is not None:
        interfaces = list(entries(template, "LaunchTemplateData.NetworkInterfaces"))
    if instance.get("SubnetId") is None and not any(_placed(interface) for _, interface in interfaces):
        yield Problem("no subnet is named, so it lands in the default VPC", "SubnetId")


def _placed(interface: Any) -> bool:
    return isinstance(interface, dict) and bool({"SubnetId", "NetworkInterfaceId"} & interface.keys())
