from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="FN-08",
    title="State machines log all events and have tracing",
    requirement="sfn.logging",
    types=("AWS::StepFunctions::StateMachine",),
    needs="resource",
    severity=Severity.LOW,
    why=(
        "Without logs, the history of a run is gone after 90 days, and for express workflows at once. It shows why "
        "the run failed and what it changed in the cluster."
    ),
    fix="Set LoggingConfiguration with Level ALL and a log group, and TracingConfiguration.Enabled to true.",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/stepfunctions-controls.html#stepfunctions-1",
    blind="The state machine that the CDK's older aws_eks.Cluster creates for its kubectl handlers is a finding.",
    enforced_by="Detection",
)
def state_machine_logged(machine: Resource, assembly: Assembly) -> Iterator[Problem]:
    level = machine.get("LoggingConfiguration.Level", "OFF")
    if level != "ALL":
        yield Problem(f"it does not log all events (Level is {level})", "LoggingConfiguration.Level")
    elif not machine.items("LoggingConfiguration.Destinations"):
        yield Problem("its log has no destination", "LoggingConfiguration.Destinations")
    traced = machine.flag("TracingConfiguration.Enabled", default=False)
    if traced is not True:
        yield Problem(f"it is not traced (Enabled is {traced})", "TracingConfiguration.Enabled")
