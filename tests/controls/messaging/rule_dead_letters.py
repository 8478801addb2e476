from hardened_eks.controls.messaging import rule_dead_letters
from tests.controls.cases import Bad, Case, change, drop, hide, template
from tests.controls.messaging.base import ARN, QUEUE, RULE

RULES = template(
    {
        "Rule": (
            RULE,
            {
                "EventPattern": {"source": ["aws.eks"]},
                "Targets": [{"Id": "1", "Arn": "arn:x", "DeadLetterConfig": {"Arn": ARN}}],
            },
        ),
        "Dead": (QUEUE, {}),
    }
)

CASE = Case(
    rule_dead_letters,
    RULES,
    bad={
        "left out": Bad(drop(RULE, "Targets.0.DeadLetterConfig"), "Targets.0.DeadLetterConfig"),
        "empty": Bad(change(RULE, "Targets.0.DeadLetterConfig", {}), "Targets.0.DeadLetterConfig"),
        "second target": Bad(
            change(RULE, "Targets", [{"Id": "1", "DeadLetterConfig": {"Arn": "arn:x"}}, {"Id": "2"}]),
            "Targets.1.DeadLetterConfig",
        ),
    },
    edge={"in a parameter": hide(RULE, "Targets.0.DeadLetterConfig.Arn"), "no target": drop(RULE, "Targets")},
)
