from hardened_eks.controls.images import scan_on_push
from tests.controls.cases import Case, add, at, both, change, drop, hide
from tests.controls.images.base import GOOD, REPOSITORY, SCANNING, rule

SCAN = "ImageScanningConfiguration.ScanOnPush"


def registry_scans(*rules, kind="ENHANCED", **more):
    """Leave scanning to the registry."""
    return both(
        drop(REPOSITORY, "ImageScanningConfiguration"),
        add(Scanning=(SCANNING, {"ScanType": kind, "Rules": list(rules), **more})),
    )


def named(name):
    return change(REPOSITORY, "RepositoryName", name)


CASE = Case(
    scan_on_push,
    GOOD,
    bad=at(
        "ImageScanningConfiguration.ScanOnPush",
        {
            "off": change(REPOSITORY, SCAN, False),
            "off as text": change(REPOSITORY, SCAN, "false"),
            "left out": drop(REPOSITORY, SCAN),
            "nothing said": drop(REPOSITORY, "ImageScanningConfiguration"),
            "hidden": hide(REPOSITORY, SCAN),
            "malformed": change(REPOSITORY, "ImageScanningConfiguration", True),
            "registry without rules": registry_scans(),
            "registry scans others": both(named("payments"), registry_scans(rule("prod-*"))),
            "registry scans who knows whom": registry_scans(rule("payments")),
            "registry without filters": registry_scans({"ScanFrequency": "CONTINUOUS_SCAN"}),
            "registry by hand": registry_scans(rule("*", frequency="MANUAL")),
            "registry with a basic scan cannot scan continuously": registry_scans(rule("*"), kind="BASIC"),
            "rules hidden": both(registry_scans(), hide(SCANNING, "Rules")),
            "rules malformed": registry_scans("*", {"ScanFrequency": "SCAN_ON_PUSH", "RepositoryFilters": ["*", {}]}),
            "enhanced registry ignores the repository": both(
                named("payments"), add(Scanning=(SCANNING, {"ScanType": "ENHANCED", "Rules": [rule("prod")]}))
            ),
        },
    ),
    edge={
        "text": change(REPOSITORY, SCAN, "true"),
        "registry": registry_scans(rule("*")),
        "registry, on push": registry_scans(rule("*", frequency="SCAN_ON_PUSH")),
        "registry, basic": registry_scans(rule("*", frequency="SCAN_ON_PUSH"), kind="BASIC"),
        "registry, basic by default": both(
            registry_scans(rule("*", frequency="SCAN_ON_PUSH")), drop(SCANNING, "ScanType")
        ),
        "registry, by name": both(named("team/payments"), registry_scans(rule("team/*"))),
        "registry, by part of the name": both(named("team/payments"), registry_scans(rule("pay"))),
        "both": add(Scanning=(SCANNING, {"ScanType": "ENHANCED", "Rules": [rule("*")]})),
        "basic registry for others": both(
            named("payments"),
            add(Scanning=(SCANNING, {"Rules": [rule("prod", frequency="SCAN_ON_PUSH")]})),
        ),
    },
)
