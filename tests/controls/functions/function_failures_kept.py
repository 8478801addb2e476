from hardened_eks.controls.functions import function_failures_kept
from tests.controls.cases import Bad, Case, add, both, drop, hide
from tests.controls.functions.base import CUSTOM, FN, FRAMEWORK, FUNCTIONS, HOOK

EVERY_DAY = (
    "AWS::Events::Rule",
    {"ScheduleExpression": "rate(1 day)", "Targets": [{"Arn": {"Fn::GetAtt": ["Function", "Arn"]}, "Id": "f"}]},
)

CASE = Case(
    function_failures_kept,
    FUNCTIONS,
    bad={
        "no dead letters": Bad(drop(FN, "DeadLetterConfig"), "DeadLetterConfig"),
        "no limit": Bad(drop(FN, "ReservedConcurrentExecutions"), "ReservedConcurrentExecutions"),
        "behind a custom resource, and every day": Bad(
            both(add(**FRAMEWORK, Rule=EVERY_DAY), drop(FN, "DeadLetterConfig")), "DeadLetterConfig"
        ),
        "a destination for success only": Bad(
            both(
                drop(FN, "DeadLetterConfig"),
                add(
                    Calls=(
                        "AWS::Lambda::EventInvokeConfig",
                        {
                            "FunctionName": {"Ref": "Function"},
                            "DestinationConfig": {"OnSuccess": {"Destination": "arn:x"}},
                        },
                    )
                ),
            ),
            "DeadLetterConfig",
        ),
    },
    edge={
        "a hook of CloudFormation": both(drop(FN, "DeadLetterConfig"), add(Hook=HOOK)),
        "a destination": both(
            drop(FN, "DeadLetterConfig"),
            add(
                Calls=(
                    "AWS::Lambda::EventInvokeConfig",
                    {
                        "FunctionName": {"Ref": "Function"},
                        "DestinationConfig": {"OnFailure": {"Destination": "arn:x"}},
                    },
                )
            ),
        ),
        "custom resource": both(drop(FN, "DeadLetterConfig"), add(Custom=CUSTOM)),
        "behind a custom resource": both(add(**FRAMEWORK), drop(FN, "DeadLetterConfig")),
        "limit in a parameter": hide(FN, "ReservedConcurrentExecutions"),
        "custom resource without a limit": both(drop(FN, "ReservedConcurrentExecutions"), add(Custom=CUSTOM)),
    },
)
