from collections.abc import Iterator

from hardened_eks.controls.detection._guardduty import BLIND, DETECTOR, missing
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="DT-09",
    title="GuardDuty monitors S3 and Lambda",
    requirement="guardduty.s3_lambda",
    types=(DETECTOR,),
    absence="no GuardDuty detector monitors S3 and Lambda",
    needs="resource",
    severity=Severity.HIGH,
    why=(
        "Attackers use credentials stolen from a pod to read buckets. Only network activity logs show a function that "
        "connects to an attacker."
    ),
    fix="Enable the features S3_DATA_EVENTS and LAMBDA_NETWORK_LOGS.",
    source="https://docs.aws.amazon.com/guardduty/latest/ug/s3-protection.html",
    blind=BLIND,
    enforced_by="ManagedDetectors",
)
def guardduty_s3_lambda(detector: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from missing(detector, "S3_DATA_EVENTS", "S3 protection", legacy="S3Logs.Enable")
    yield from missing(detector, "LAMBDA_NETWORK_LOGS", "Lambda protection")
