from collections.abc import Iterator

from hardened_eks.controls.detection._guardduty import BLIND, DETECTOR
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="DT-05",
    title="GuardDuty is enabled",
    requirement="guardduty.enabled",
    types=(DETECTOR,),
    absence="there is no GuardDuty detector",
    needs="resource",
    severity=Severity.HIGH,
    why=(
        "GuardDuty detects stolen credentials, crypto miners and connections to known malicious addresses, without "
        "any software to install."
    ),
    fix="Set Enable to true; let the organization's administrator enable it for all accounts and Regions.",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/guardduty-controls.html#guardduty-1",
    blind=BLIND,
    enforced_by="ManagedDetectors",
)
def guardduty_enabled(detector: Resource, assembly: Assembly) -> Iterator[Problem]:
    enabled = detector.flag("Enable", default=False)
    if enabled is not True:
        yield Problem(f"the detector is suspended (Enable is {enabled})", "Enable")
