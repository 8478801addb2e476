from hardened_eks.controls.network import no_auto_public_ip
from tests.controls.cases import Case, at, change, drop, hide, template
from tests.controls.network.base import SUBNET

CASE = Case(
    no_auto_public_ip,
    template({"A": (SUBNET, {"MapPublicIpOnLaunch": False})}),
    bad=at(
        "MapPublicIpOnLaunch",
        {
            "on": change(SUBNET, "MapPublicIpOnLaunch", True),
            "on as text": change(SUBNET, "MapPublicIpOnLaunch", "true"),
            "hidden": hide(SUBNET, "MapPublicIpOnLaunch"),
        },
    ),
    edge={
        "left out": drop(SUBNET, "MapPublicIpOnLaunch"),
        "off as text": change(SUBNET, "MapPublicIpOnLaunch", "false"),
    },
)
