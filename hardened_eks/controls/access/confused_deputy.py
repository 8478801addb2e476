from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.policies import Statement
from hardened_eks.evidence.views.iam import bare, every_resource, required, trust

# Services that send the source with sts:AssumeRole; EC2, Lambda and Pod Identity do not.
_SENDS_SOURCE = ("eks", "eks-fargate-pods", "vpc-flow-logs", "events", "scheduler", "pipes", "states", "firehose",
                 "ssm", "codebuild", "cloudtrail", "logs")  # fmt: skip


@control(
    id="IA-08",
    title="Roles that services take say for whom",
    requirement="iam.role.confused_deputy",
    types=("AWS::IAM::Role",),
    needs="resource",
    severity=Severity.HIGH,
    why="A service that acts for many customers can be talked into using your role for somebody else.",
    fix="Add aws:SourceAccount and aws:SourceArn conditions to the trust.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    blind="Services that do not send the source; a trust that is not known at all is IA-07's.",
    enforced_by="Cluster",
)
def confused_deputy(role: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path, statement in trust(role):
        services = [
            name for kind, name in statement.principals if kind == "Service" and name.split(".")[0] in _SENDS_SOURCE
        ]
        if statement.allows and services and not _sourced(statement):
            yield Problem(f"{services[0]} may use the role for anybody (no aws:SourceAccount or aws:SourceArn)", path)


def _sourced(statement: Statement) -> bool:
    return any(
        not any(_anybody(value) for value in values)
        for key in ("aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths")
        for values in required(statement, key)
    )


def _anybody(source: str) -> bool:
    """Say whether a source is of any account: a star, or an ARN that names no account."""
    parts = bare(source).split(":", 5)
    account = parts[4] if len(parts) > 5 else ""
    return "*" in account or (not account and every_resource(source))
