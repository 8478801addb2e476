from hardened_eks.controls.logs import log_group_retention
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.logs.base import GROUP, LOGS

CASE = Case(
    log_group_retention,
    LOGS,
    bad=at(
        "RetentionInDays",
        {
            "a quarter": change(GROUP, "RetentionInDays", 90),
            "left out": drop(GROUP, "RetentionInDays"),
            "hidden": hide(GROUP, "RetentionInDays"),
            "as text": change(GROUP, "RetentionInDays", "30"),
            "a week in tests": change(GROUP, "RetentionInDays", {"Fn::If": ["Production", 731, 7]}),
        },
    ),
    edge={
        "longer": change(GROUP, "RetentionInDays", 3653),
        "as text": change(GROUP, "RetentionInDays", "400"),
        "two years or one": change(GROUP, "RetentionInDays", {"Fn::If": ["Production", 731, "365"]}),
    },
)
