from hardened_eks.controls.deployable import version_goes_back
from tests.controls.cases import Case, at, change, hide
from tests.controls.deployable.base import CL, cluster

CASE = Case(
    version_goes_back,
    cluster(Version="1.36"),
    bad=at("Version", {"one down": change(CL, "Version", "1.34")}),
    edge={
        "same": change(CL, "Version", "1.35"),
        "two down": change(CL, "Version", "1.33"),
        "hidden": hide(CL, "Version"),
    },
    previous=cluster(Version="1.35"),
)
