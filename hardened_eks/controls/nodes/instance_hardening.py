from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control


@control(
    id="ND-20",
    title="Single instances are in a VPC, EBS-optimised and protected against termination",
    requirement="node.instance.hardening",
    types=("AWS::EC2::Instance",),
    severity=Severity.LOW,
    why="A bastion that anybody can terminate is gone in the emergency it was made for.",
    fix="Set DisableApiTermination and EbsOptimized, and a subnet of your own.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_ChangingDisableAPITermination.html",
)
def instance_hardening(instance: Resource, assembly: Assembly) -> Iterator[Problem]:
    template = assembly.target(instance.get("LaunchTemplate.LaunchTemplateId"), "AWS::EC2::LaunchTemplate")
    for name in ("DisableApiTermination", "EbsOptimized"):
        inherited = template.flag(f"LaunchTemplateData.{name}") if template is not None else None
        if instance.flag(name, default=inherited or False) is not True:
            yield Problem(f"{name} is off", name)
    interfaces = template.items("LaunchTemplateData.NetworkInterfaces") if template is not None else []
    placed = instance.get("SubnetId") is not None or instance.items("NetworkInterfaces")
    if not placed and not any(isinstance(i, dict) and i.get("SubnetId") is not None for i in interfaces):
        yield Problem("no subnet is named, so it lands in the default VPC", "SubnetId")
