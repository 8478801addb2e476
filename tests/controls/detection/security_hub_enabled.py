from hardened_eks.controls.detection import security_hub_enabled
from tests.controls.cases import Bad, Case, add, both, change, hide, template

HUB = "AWS::SecurityHub::Hub"

CASE = Case(
    security_hub_enabled,
    template({"Hub": (HUB, {})}),
    bad={
        "no standard": Bad(change(HUB, "EnableDefaultStandards", False), "EnableDefaultStandards"),
        "hidden": Bad(hide(HUB, "EnableDefaultStandards"), "EnableDefaultStandards"),
        "new controls stay off": Bad(change(HUB, "AutoEnableControls", False), "AutoEnableControls"),
        "switched off by policy": Bad(
            add(
                Policy=(
                    "AWS::SecurityHub::ConfigurationPolicy",
                    {"ConfigurationPolicy": {"SecurityHub": {"ServiceEnabled": False}}},
                )
            ),
            "ConfigurationPolicy.SecurityHub.ServiceEnabled",
        ),
    },
    edge={
        "standards written": both(
            change(HUB, "EnableDefaultStandards", False), add(Standard=("AWS::SecurityHub::Standard", {}))
        )
    },
)
