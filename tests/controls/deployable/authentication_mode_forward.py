from hardened_eks.controls.deployable import authentication_mode_forward
from tests.controls.cases import Case, at, both, change, drop, hide, template
from tests.controls.deployable.base import CL

MODE = "AccessConfig.AuthenticationMode"


def modes(api="API", between="API_AND_CONFIG_MAP", first=None):
    """Three clusters that are deployed with the modes in the order of EKS, the first without a word."""
    named = {"Api": api, "Between": between, "First": first}
    return template(
        {
            name: (CL, {"Name": name, **({"AccessConfig": {"AuthenticationMode": mode}} if mode else {})})
            for name, mode in named.items()
        }
    )


CASE = Case(
    authentication_mode_forward,
    modes(),
    bad=at(
        MODE,
        {
            "back to both": modes(api="API_AND_CONFIG_MAP"),
            "back to the map": modes(api="CONFIG_MAP"),
            "left out": drop(CL, MODE),
            "all of it left out": drop(CL, "AccessConfig"),
            "back from both": modes(between="CONFIG_MAP"),
            "two steps at once": modes(first="API"),
        },
    ),
    edge={
        "one step": modes(between="API", first="API_AND_CONFIG_MAP"),
        "the default in words": modes(first="CONFIG_MAP"),
        "hidden": hide(CL, MODE),
        "no mode of EKS": change(CL, MODE, "api"),
        "another cluster in its place": both(change(CL, "Name", "other"), change(CL, MODE, "CONFIG_MAP")),
    },
    previous=modes(),
)
