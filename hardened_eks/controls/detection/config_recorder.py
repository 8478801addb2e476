from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_RECORDER: Final = "AWS::Config::ConfigurationRecorder"
_AGGREGATOR: Final = "AWS::Config::ConfigurationAggregator"


@control(
    id="DT-11",
    title="AWS Config records all resource types in all Regions with its service-linked role",
    requirement="config.recorder",
    types=(_RECORDER, _AGGREGATOR),
    absence="there is no configuration recorder",
    needs="assembly",
    severity=Severity.CRITICAL,
    why=(
        "Rules evaluate only what is recorded. A type or Region that is not recorded is never evaluated, and its "
        "history is unknown."
    ),
    fix=(
        "Set RecordingGroup.AllSupported and IncludeGlobalResourceTypes, use AWSServiceRoleForConfig, add a delivery "
        "channel, and aggregate all Regions."
    ),
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/config-controls.html#config-1",
    blind=(
        "Recorders of other Regions and of a landing zone: an assembly without a recorder is evaluated only if it is "
        "complete (--complete). Global types need to be recorded in one Region only: waive the finding in the others."
    ),
    enforced_by="ConfigRecorder",
)
def config_recorder(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == _AGGREGATOR:
        yield from _aggregator(resource)
        return
    everything = resource.flag("RecordingGroup.AllSupported", default=resource.get("RecordingGroup") is None)
    if everything is not True:
        yield Problem(f"it does not record all types (AllSupported is {everything})", "RecordingGroup.AllSupported")
    elif resource.flag("RecordingGroup.IncludeGlobalResourceTypes", default=False) is not True:
        yield Problem("it does not record IAM", "RecordingGroup.IncludeGlobalResourceTypes")
    role = str(resource.get("RoleARN", ""))
    if not role.endswith("aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"):
        linked = assembly.target(resource.get("RoleARN"), "AWS::IAM::ServiceLinkedRole", near=resource)
        if linked is None or linked.get("AWSServiceName") != "config.amazonaws.com":
            yield Problem(f"it does not use the service-linked role ({role or 'not set'})", "RoleARN")
    if not assembly.of("AWS::Config::DeliveryChannel"):
        yield Problem("without a delivery channel the recorder is never started")


def _aggregator(aggregator: Resource) -> Iterator[Problem]:
    paths = [f"AccountAggregationSources.{i}" for i in range(len(aggregator.items("AccountAggregationSources")))]
    if aggregator.get("OrganizationAggregationSource") is not None:
        paths.append("OrganizationAggregationSource")
    if not paths:
        yield Problem("it aggregates no source", "AccountAggregationSources")
    for path in paths:
        if aggregator.flag(f"{path}.AllAwsRegions", default=False) is not True:
            yield Problem("it does not aggregate all Regions", f"{path}.AllAwsRegions")
