from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control


@control(
    id="IA-13",
    title="Use of a cluster administrator's role raises an alert",
    requirement="iam.break_glass.alarm",
    types=("AWS::IAM::Role",),
    severity=Severity.HIGH,
    why="The break-glass role is the one door past all other controls: opening it must be heard.",
    fix="Let an EventBridge rule on sts:AssumeRole of the role notify a topic (hardened_eks.BreakGlassRole does).",
    source="https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_permissions_emergency_process.html",
    blind=(
        "Roles that are not cluster administrators by an access entry of the assembly; alerts made elsewhere, "
        "for example in the security account."
    ),
)
def break_glass_alarm(role: Resource, assembly: Assembly) -> Iterator[Problem]:
    admin = any(
        "AmazonEKSClusterAdminPolicy" in str(policy)
        for entry in assembly.referring(role, "AWS::EKS::AccessEntry")
        if assembly.target(entry.get("PrincipalArn")) is role
        for policy in entry.items("AccessPolicies")
    )
    watchers = ("AWS::Events::Rule", "AWS::Logs::MetricFilter", "AWS::CloudWatch::Alarm")
    if admin and not any(True for _ in assembly.referring(role, *watchers)):
        yield Problem("nobody is told when the role is taken: no rule, filter or alarm of the assembly mentions it")
