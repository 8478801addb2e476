from hardened_eks.controls.control_plane import private_endpoint
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.control_plane.base import CLUSTER, GOOD

CASE = Case(
    private_endpoint,
    GOOD,
    bad=at(
        "ResourcesVpcConfig.EndpointPublicAccess",
        {
            "on": change(CLUSTER, "ResourcesVpcConfig.EndpointPublicAccess", True),
            "left out": drop(CLUSTER, "ResourcesVpcConfig.EndpointPublicAccess"),
            "hidden": hide(CLUSTER, "ResourcesVpcConfig.EndpointPublicAccess"),
        },
    ),
    edge={"text": change(CLUSTER, "ResourcesVpcConfig.EndpointPublicAccess", "false")},
)
