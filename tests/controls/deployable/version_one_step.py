from hardened_eks.controls.deployable import version_one_step
from tests.controls.cases import Case, at, change, drop, hide, template
from tests.controls.deployable.base import CL, cluster

CASE = Case(
    version_one_step,
    cluster(Version="1.35"),
    bad=at(
        "Version",
        {
            "two up": change(CL, "Version", "1.36"),
            "four up": change(CL, "Version", "1.38"),
            "two down": change(CL, "Version", "1.32"),
        },
    ),
    edge={
        "same": change(CL, "Version", "1.34"),
        "one down": change(CL, "Version", "1.33"),
        "hidden": hide(CL, "Version"),
        "left out": drop(CL, "Version"),
        "another cluster": template({"New": (CL, {"Version": "1.37"})}),
    },
    previous=cluster(Version="1.34"),
)
