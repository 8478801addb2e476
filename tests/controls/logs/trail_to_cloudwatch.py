from hardened_eks.controls.logs import trail_to_cloudwatch
from tests.controls.cases import Bad, Case, change, drop, hide
from tests.controls.logs.base import TRAIL, TRAILS

CASE = Case(
    trail_to_cloudwatch,
    TRAILS,
    bad={
        "no group": Bad(drop(TRAIL, "CloudWatchLogsLogGroupArn"), "CloudWatchLogsLogGroupArn"),
        "no role": Bad(drop(TRAIL, "CloudWatchLogsRoleArn"), "CloudWatchLogsRoleArn"),
        "empty": Bad(change(TRAIL, "CloudWatchLogsLogGroupArn", ""), "CloudWatchLogsLogGroupArn"),
    },
    edge={"in a parameter": hide(TRAIL, "CloudWatchLogsLogGroupArn")},
)
