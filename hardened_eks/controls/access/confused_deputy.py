from collections.abc import Iterator

from hardened_eks.controls.access._documents import trust
from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control

# Services that send the source with sts:AssumeRole; EC2, Lambda and Pod Identity do not.
_SENDS_SOURCE = ("eks", "vpc-flow-logs", "events", "scheduler", "pipes", "states", "firehose", "ssm",
                 "codebuild", "cloudtrail", "logs")  # fmt: skip


@control(
    id="IA-08",
    title="Roles that services take say for whom",
    requirement="iam.role.confused_deputy",
    types=("AWS::IAM::Role",),
    severity=Severity.HIGH,
    why="A service that acts for many customers can be talked into using your role for somebody else.",
    fix="Add aws:SourceAccount and aws:SourceArn conditions to the trust.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
)
def confused_deputy(role: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path, statement in trust(role):
        services = [
            name for kind, name in statement.principals if kind == "Service" and name.split(".")[0] in _SENDS_SOURCE
        ]
        sourced = any(statement.condition(key) for key in ("aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID"))
        if statement.allows and services and not sourced and "pods.eks" not in services[0]:
            yield Problem(f"{services[0]} may use the role for anybody (no aws:SourceAccount or aws:SourceArn)", path)
