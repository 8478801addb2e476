from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.graph import precedes

_CHANNEL = "AWS::Config::DeliveryChannel"


@control(
    id="DP-110",
    title="The AWS Config recorder and its delivery channel do not depend on each other",
    types=("AWS::Config::ConfigurationRecorder",),
    needs="stack",
    evidence="template",
    severity=Severity.MEDIUM,
    family=Family.DEPLOYABLE,
    why=(
        "A recorder starts only if a delivery channel exists, and a delivery channel is created only if a recorder "
        "exists. If one waits for the other, the stack fails after half an hour."
    ),
    fix=(
        "Remove DependsOn and references between the two, and make the delivery channel depend only on the bucket "
        "policy."
    ),
    source="https://github.com/aws/aws-cdk/issues/3577",
    enforced_by="ConfigRecorder",
)
def config_recorder_apart(recorder: Resource, assembly: Assembly) -> Iterator[Problem]:
    for channel in assembly.of(_CHANNEL):
        if channel.template is not recorder.template:
            continue
        for first, later in ((recorder, channel), (channel, recorder)):
            if precedes(first, later):
                yield Problem(f"{later.logical_id} depends on {first.logical_id}", "DependsOn")
