from hardened_eks.controls.control_plane import private_access
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.control_plane.base import CLUSTER, GOOD, VPC

CASE = Case(
    private_access,
    GOOD,
    bad=at(
        "ResourcesVpcConfig.EndpointPrivateAccess",
        {
            "off": change(CLUSTER, f"{VPC}.EndpointPrivateAccess", False),
            "left out": drop(CLUSTER, f"{VPC}.EndpointPrivateAccess"),
            "hidden": hide(CLUSTER, f"{VPC}.EndpointPrivateAccess"),
            "no network settings": drop(CLUSTER, VPC),
        },
    ),
    edge={"text": change(CLUSTER, f"{VPC}.EndpointPrivateAccess", "true")},
)
