from hardened_eks.controls.logs import trail_s3_data_events
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.logs.base import ADVANCED, TRAIL, TRAILS, advanced, second

WRITES = {"Field": "readOnly", "Equals": ["false"]}

CASE = Case(
    trail_s3_data_events,
    TRAILS,
    bad=at(
        "EventSelectors",
        {
            "left out": drop(TRAIL, "EventSelectors"),
            "reads only": change(TRAIL, "EventSelectors.0.ReadWriteType", "ReadOnly"),
            "one bucket": change(TRAIL, "EventSelectors.0.DataResources.0.Values", ["arn:aws:s3:::mine/"]),
            "another type": change(TRAIL, "EventSelectors.0.DataResources.0.Type", "AWS::Lambda::Function"),
            "hidden": hide(TRAIL, "EventSelectors"),
            "advanced, writes only": advanced({"FieldSelectors": [*ADVANCED[1]["FieldSelectors"], WRITES]}),
        },
    ),
    edge={"advanced": advanced(*ADVANCED), "another trail does it": second(IsLogging=True)},
)
