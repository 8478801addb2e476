from hardened_eks.controls.logs import trail_multi_region
from tests.controls.cases import Bad, Case, at, change, drop, hide
from tests.controls.logs.base import ADVANCED, TRAIL, TRAILS, advanced, second

CASE = Case(
    trail_multi_region,
    TRAILS,
    bad={
        **at(
            "IsMultiRegionTrail",
            {
                "one Region": change(TRAIL, "IsMultiRegionTrail", False),
                "left out": drop(TRAIL, "IsMultiRegionTrail"),
                "hidden": hide(TRAIL, "IsMultiRegionTrail"),
            },
        ),
        "not logging": Bad(change(TRAIL, "IsLogging", False), "IsLogging"),
        "no global services": Bad(change(TRAIL, "IncludeGlobalServiceEvents", False), "IncludeGlobalServiceEvents"),
        **at(
            "EventSelectors",
            {
                "writes only": change(TRAIL, "EventSelectors", [{"ReadWriteType": "WriteOnly"}]),
                "not the use of keys": change(
                    TRAIL, "EventSelectors", [{"ExcludeManagementEventSources": ["kms.amazonaws.com"]}]
                ),
                "no management events": change(TRAIL, "EventSelectors", [{"IncludeManagementEvents": False}]),
                "data events only": advanced(ADVANCED[1]),
                "selectors hidden": hide(TRAIL, "EventSelectors"),
            },
        ),
    },
    edge={
        "no selectors": drop(TRAIL, "EventSelectors"),
        "advanced": advanced(*ADVANCED),
        "not the noise of RDS": change(
            TRAIL, "EventSelectors", [{"ExcludeManagementEventSources": ["rdsdata.amazonaws.com"]}]
        ),
        "nothing left out": change(TRAIL, "EventSelectors", [{"ExcludeManagementEventSources": []}]),
        "a narrower one beside it": second(IsLogging=True, EventSelectors=[{"IncludeManagementEvents": False}]),
    },
)
