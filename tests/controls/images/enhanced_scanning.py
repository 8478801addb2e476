from hardened_eks.controls.images import enhanced_scanning
from tests.controls.cases import Case, at, change, drop, hide, template
from tests.controls.images.base import SCANNING, rule

CONTINUOUS = template({"Scanning": (SCANNING, {"ScanType": "ENHANCED", "Rules": [rule("*")]})})

CASE = Case(
    enhanced_scanning,
    CONTINUOUS,
    bad={
        **at(
            "ScanType",
            {
                "basic": change(SCANNING, "ScanType", "BASIC"),
                "basic by default": drop(SCANNING, "ScanType"),
                "type hidden": hide(SCANNING, "ScanType"),
            },
        ),
        **at(
            "Rules",
            {
                "on push": change(SCANNING, "Rules.0.ScanFrequency", "SCAN_ON_PUSH"),
                "frequency hidden": hide(SCANNING, "Rules.0.ScanFrequency"),
                "no rules": drop(SCANNING, "Rules"),
                "empty": change(SCANNING, "Rules", []),
                "rules hidden": hide(SCANNING, "Rules"),
                "some repositories": change(SCANNING, "Rules", [rule("prod-*"), rule("*", frequency="SCAN_ON_PUSH")]),
                "no filter": change(SCANNING, "Rules", [rule()]),
                "filter hidden": hide(SCANNING, "Rules.0.RepositoryFilters.0.Filter"),
                "malformed": change(SCANNING, "Rules", ["CONTINUOUS_SCAN", {"ScanFrequency": ["CONTINUOUS_SCAN"]}]),
            },
        ),
    },
    edge={
        "some on push": change(SCANNING, "Rules", [rule("dev", frequency="SCAN_ON_PUSH"), rule("*")]),
        "several filters": change(SCANNING, "Rules", [rule("prod", "**")]),
    },
)
