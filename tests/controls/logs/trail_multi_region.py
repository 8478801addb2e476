from hardened_eks.controls.logs import trail_multi_region
from tests.controls.cases import Bad, Case, change, drop, hide
from tests.controls.logs.base import ADVANCED, TRAIL, TRAILS, advanced, second

CASE = Case(
    trail_multi_region,
    TRAILS,
    bad={
        "one Region": Bad(change(TRAIL, "IsMultiRegionTrail", False), "IsMultiRegionTrail"),
        "left out": Bad(drop(TRAIL, "IsMultiRegionTrail"), "IsMultiRegionTrail"),
        "hidden": Bad(hide(TRAIL, "IsMultiRegionTrail"), "IsMultiRegionTrail"),
        "not logging": Bad(change(TRAIL, "IsLogging", False), "IsLogging"),
        "no global services": Bad(change(TRAIL, "IncludeGlobalServiceEvents", False), "IncludeGlobalServiceEvents"),
        "writes only": Bad(change(TRAIL, "EventSelectors", [{"ReadWriteType": "WriteOnly"}]), "EventSelectors"),
        "no management events": Bad(
            change(TRAIL, "EventSelectors", [{"IncludeManagementEvents": False}]), "EventSelectors"
        ),
        "data events only": Bad(advanced(ADVANCED[1]), "EventSelectors"),
        "selectors hidden": Bad(hide(TRAIL, "EventSelectors"), "EventSelectors"),
    },
    edge={
        "no selectors": drop(TRAIL, "EventSelectors"),
        "advanced": advanced(*ADVANCED),
        "a narrower one beside it": second(IsLogging=True, EventSelectors=[{"IncludeManagementEvents": False}]),
    },
)
