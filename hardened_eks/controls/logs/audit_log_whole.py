from collections.abc import Iterator
from typing import Final

from hardened_eks.controls._unseen import name_not_seen
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.destinations import foreign
from hardened_eks.evidence.views.log_groups import is_control_plane

_TRANSFORMER: Final = "AWS::Logs::Transformer"


@control(
    id="LG-10",
    title="The cluster's audit log is neither transformed nor sent to other accounts",
    requirement=("logs.audit.managed", "logs.group.not_public"),
    types=("AWS::Logs::SubscriptionFilter", _TRANSFORMER),
    severity=Severity.HIGH,
    why=(
        "A transformer can drop or rename the fields that detections search for. A subscription sends every request, "
        "with its user, object and address, to its destination."
    ),
    fix=(
        "Transform copies instead of the audit log itself, and subscribe only destinations of your own account that "
        "the stack creates."
    ),
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Transformation.html",
    blind=(
        "Account-wide policies (AWS::Logs::AccountPolicy), and what a destination of the account does with the "
        "records. A central destination of the organization belongs to another account: waive it by name."
    ),
    detective="No construct subscribes to the audit log: detections read it through metric filters.",
)
def audit_log_whole(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    path = "LogGroupIdentifier" if resource.type == _TRANSFORMER else "LogGroupName"
    if not is_control_plane(resource.get(path), resource, assembly):
        yield from name_not_seen(resource, assembly, path, "AWS::Logs::LogGroup")
        return
    if resource.type == _TRANSFORMER:
        yield Problem("it transforms the audit log before anything reads it", path)
        return
    other = foreign(resource.get("DestinationArn"), resource, assembly)
    if other:
        yield Problem(f"the audit log is sent elsewhere: {other}", "DestinationArn")
