from hardened_eks.controls.functions import state_machine_logged
from tests.controls.cases import Bad, Case, at, change, drop, hide, template

MACHINE = "AWS::StepFunctions::StateMachine"

MACHINES = template(
    {
        "Machine": (
            MACHINE,
            {
                "LoggingConfiguration": {
                    "Level": "ALL",
                    "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": "arn:x"}}],
                },
                "TracingConfiguration": {"Enabled": True},
            },
        )
    }
)

CASE = Case(
    state_machine_logged,
    MACHINES,
    bad={
        **at(
            "LoggingConfiguration.Level",
            {
                "left out": drop(MACHINE, "LoggingConfiguration"),
                "errors only": change(MACHINE, "LoggingConfiguration.Level", "ERROR"),
                "hidden": hide(MACHINE, "LoggingConfiguration.Level"),
            },
        ),
        "nowhere": Bad(drop(MACHINE, "LoggingConfiguration.Destinations"), "LoggingConfiguration.Destinations"),
        "not traced": Bad(drop(MACHINE, "TracingConfiguration"), "TracingConfiguration.Enabled"),
    },
    edge={"text": change(MACHINE, "TracingConfiguration.Enabled", "true")},
)
