from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.alarm_path import alarm_of
from hardened_eks.evidence.views.break_glass import admin_roles


@control(
    id="IA-19",
    title="The alert on a cluster administrator role can be followed to its end",
    requirement="iam.break_glass.alarm",
    types=("AWS::IAM::Role",),
    severity=Severity.LOW,
    why=(
        "A topic or key that is known only by its ARN may reject the alert, and then nobody is notified when the role "
        "is used."
    ),
    fix=(
        "Evaluate the stack that creates the topic or key together with this one. If that is not possible, assume the "
        "role once, confirm that the alert arrives, and waive this finding with the date of the test."
    ),
    source="https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
    blind="IA-13 covers alerts that are known to be broken.",
    needs="assembly",
    enforced_by="BreakGlassRole",
)
def break_glass_alarm_seen(role: Resource, assembly: Assembly) -> Iterator[Problem]:
    if role in admin_roles(assembly):
        alarm = alarm_of(role, assembly)
        if not alarm.heard and not alarm.broken:
            yield Problem(
                f"whether anybody is alerted when the role is assumed is not known: {'; '.join(alarm.faults[:3])}"
            )
