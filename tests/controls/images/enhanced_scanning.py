from hardened_eks.controls.images import enhanced_scanning
from tests.controls.cases import Bad, Case, change, drop, hide, template
from tests.controls.images.base import SCANNING, rule

CONTINUOUS = template({"Scanning": (SCANNING, {"ScanType": "ENHANCED", "Rules": [rule("*")]})})

CASE = Case(
    enhanced_scanning,
    CONTINUOUS,
    bad={
        "basic": Bad(change(SCANNING, "ScanType", "BASIC"), "ScanType"),
        "basic by default": Bad(drop(SCANNING, "ScanType"), "ScanType"),
        "type hidden": Bad(hide(SCANNING, "ScanType"), "ScanType"),
        "on push": Bad(change(SCANNING, "Rules.0.ScanFrequency", "SCAN_ON_PUSH"), "Rules"),
        "frequency hidden": Bad(hide(SCANNING, "Rules.0.ScanFrequency"), "Rules"),
        "no rules": Bad(drop(SCANNING, "Rules"), "Rules"),
        "empty": Bad(change(SCANNING, "Rules", []), "Rules"),
        "rules hidden": Bad(hide(SCANNING, "Rules"), "Rules"),
        "some repositories": Bad(
            change(SCANNING, "Rules", [rule("prod-*"), rule("*", frequency="SCAN_ON_PUSH")]), "Rules"
        ),
        "no filter": Bad(change(SCANNING, "Rules", [rule()]), "Rules"),
        "filter hidden": Bad(hide(SCANNING, "Rules.0.RepositoryFilters.0.Filter"), "Rules"),
        "malformed": Bad(
            change(SCANNING, "Rules", ["CONTINUOUS_SCAN", {"ScanFrequency": ["CONTINUOUS_SCAN"]}]), "Rules"
        ),
    },
    edge={
        "some on push": change(SCANNING, "Rules", [rule("dev", frequency="SCAN_ON_PUSH"), rule("*")]),
        "several filters": change(SCANNING, "Rules", [rule("prod", "**")]),
    },
)
