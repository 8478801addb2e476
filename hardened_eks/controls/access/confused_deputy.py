from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, conditions
from hardened_eks.evidence.views.iam import trust

# Services that send the source with sts:AssumeRole; EC2, Lambda and Pod Identity do not.
_SENDS_SOURCE = ("eks", "eks-fargate-pods", "vpc-flow-logs", "events", "scheduler", "pipes", "states", "firehose",
                 "ssm", "codebuild", "cloudtrail", "logs")  # fmt: skip

_SOURCES = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths")


@control(
    id="IA-08",
    title="Trust policies for services name the resource or account that the service acts for",
    requirement="iam.role.confused_deputy",
    types=("AWS::IAM::Role",),
    needs="resource",
    severity=Severity.HIGH,
    why=(
        "A service that acts for many customers can be tricked into using your role for somebody else (the confused "
        "deputy problem)."
    ),
    fix="Add aws:SourceAccount and aws:SourceArn conditions to the trust policy.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    blind="Services that do not send the source. IA-07 covers trust policies whose content is not known.",
    enforced_by="Cluster",
)
def confused_deputy(role: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path, statement in trust(role):
        services = [
            name for kind, name in statement.principals if kind == "Service" and name.split(".")[0] in _SENDS_SOURCE
        ]
        if statement.allows and services and not conditions.tied(statement.conditions, _SOURCES):
            yield Problem(
                f"{services[0]} may use the role on behalf of anybody (no aws:SourceAccount or aws:SourceArn)", path
            )
