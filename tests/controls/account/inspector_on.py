from hardened_eks.controls.account import inspector_on
from tests.controls.cases import Bad, Case, change, drop, hide, template

SETTING = "AWS::InspectorV2::AccountStatus"
SCANNED = ("Ec2", "Ecr", "Lambda")

CASE = Case(
    inspector_on,
    template({"Setting": (SETTING, {"State": "ENABLED", **dict.fromkeys(SCANNED, "ENABLED")})}),
    bad={
        **{f"{name} off": Bad(change(SETTING, name, "DISABLED"), name) for name in SCANNED},
        **{f"{name} left out": Bad(drop(SETTING, name), name) for name in SCANNED},
        "hidden": Bad(hide(SETTING, "Ecr"), "Ecr"),
        "suspended": Bad(change(SETTING, "Ec2", "SUSPENDED"), "Ec2"),
    },
    edge={
        "coming": change(SETTING, "Ec2", "ENABLING"),
    },
)
