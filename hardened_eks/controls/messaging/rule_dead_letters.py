from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="MQ-09",
    title="Targets of event rules have a dead-letter queue",
    requirement="events.rule_dlq",
    types=("AWS::Events::Rule",),
    needs="resource",
    severity=Severity.LOW,
    why=(
        "If a target rejects an event, EventBridge retries for a day and then drops the event, so nobody ever sees "
        "the alert."
    ),
    fix="Give each target a DeadLetterConfig with the ARN of a queue (dead_letter_queue= of the CDK's targets).",
    source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html",
    blind="Whether the queue's policy lets EventBridge write, and whether anybody reads it.",
    enforced_by="BreakGlassRole",
)
def rule_dead_letters(rule: Resource, assembly: Assembly) -> Iterator[Problem]:
    for index in range(len(rule.items("Targets"))):
        if rule.get(f"Targets.{index}.DeadLetterConfig.Arn", "") == "":
            yield Problem(
                "events that the target rejects are dropped (no dead-letter queue)", f"Targets.{index}.DeadLetterConfig"
            )
