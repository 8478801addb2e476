from collections.abc import Iterator

from hardened_eks.controls.detection._guardduty import BLIND, DETECTOR, agent_managed, feature
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="DT-07",
    title="GuardDuty monitors the runtime activity of nodes",
    requirement="guardduty.eks_runtime",
    types=(DETECTOR,),
    absence="no GuardDuty detector monitors the runtime activity of nodes",
    needs="assembly",
    severity=Severity.HIGH,
    why=(
        "Only an agent on the node detects a reverse shell or a container escape. Intruders stay on nodes without an "
        "agent."
    ),
    fix=(
        "Enable RUNTIME_MONITORING with EKS_ADDON_MANAGEMENT, or manage the aws-guardduty-agent add-on in the "
        "cluster's stack."
    ),
    source="https://docs.aws.amazon.com/guardduty/latest/ug/runtime-monitoring.html",
    blind=BLIND,
    enforced_by="ManagedDetectors",
)
def guardduty_eks_runtime(detector: Resource, assembly: Assembly) -> Iterator[Problem]:
    names = ("RUNTIME_MONITORING", "EKS_RUNTIME_MONITORING")
    if not any(feature(detector, name) for name in names):
        yield Problem("runtime monitoring is off (RUNTIME_MONITORING is not enabled)", "Features")
        return
    by_guardduty = any(agent_managed(detector, name, "EKS_ADDON_MANAGEMENT") for name in names)
    if not by_guardduty and not any(
        a.get("AddonName") == "aws-guardduty-agent" for a in assembly.of("AWS::EKS::Addon")
    ):
        yield Problem("the agent is not installed on EKS nodes (EKS_ADDON_MANAGEMENT is not enabled)", "Features")
