"""Cases of the control-plane area."""

from hardened_eks.controls import control_plane as c
from tests.controls.cases import Case, change, drop, hide, template

CLUSTER = "AWS::EKS::Cluster"

CASES = [
    Case(
        c.private_endpoint,
        good=template({"Cluster": (CLUSTER, {"ResourcesVpcConfig": {"EndpointPublicAccess": False}})}),
        bad={
            "on": change(CLUSTER, "ResourcesVpcConfig.EndpointPublicAccess", True),
            "left out": drop(CLUSTER, "ResourcesVpcConfig.EndpointPublicAccess"),
            "hidden": hide(CLUSTER, "ResourcesVpcConfig.EndpointPublicAccess"),
        },
        edge={"text": change(CLUSTER, "ResourcesVpcConfig.EndpointPublicAccess", "false")},
    ),
]
