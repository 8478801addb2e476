from hardened_eks.controls.deployable import retention_exists
from tests.controls.cases import Case, at, change, drop
from tests.controls.deployable.base import KEYED

CASE = Case(
    retention_exists,
    KEYED,
    bad=at(
        "RetentionInDays",
        {
            "100": change("AWS::Logs::LogGroup", "RetentionInDays", 100),
            "a year and a day": change("AWS::Logs::LogGroup", "RetentionInDays", 366),
            "text": change("AWS::Logs::LogGroup", "RetentionInDays", "364"),
        },
    ),
    edge={"never": drop("AWS::Logs::LogGroup", "RetentionInDays")},
)
