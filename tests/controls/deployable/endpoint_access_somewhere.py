from hardened_eks.controls.deployable import endpoint_access_somewhere
from tests.controls.cases import Bad, Case, at, change, drop
from tests.controls.deployable.base import CL, cluster

CASE = Case(
    endpoint_access_somewhere,
    cluster(ResourcesVpcConfig={"EndpointPrivateAccess": True, "EndpointPublicAccess": False}),
    bad={
        "both off": Bad(
            change(CL, "ResourcesVpcConfig.EndpointPrivateAccess", False), "ResourcesVpcConfig.EndpointPrivateAccess"
        ),
        "private left out": Bad(
            drop(CL, "ResourcesVpcConfig.EndpointPrivateAccess"), "ResourcesVpcConfig.EndpointPrivateAccess"
        ),
        "list without endpoint": Bad(
            change(CL, "ResourcesVpcConfig.PublicAccessCidrs", ["198.51.100.0/24"]),
            "ResourcesVpcConfig.PublicAccessCidrs",
        ),
        **at(
            "ResourcesVpcConfig.PublicAccessCidrs.0",
            {
                "private list": change(
                    CL, "ResourcesVpcConfig", {"EndpointPublicAccess": True, "PublicAccessCidrs": ["10.0.0.0/8"]}
                ),
                "address": change(
                    CL, "ResourcesVpcConfig", {"EndpointPublicAccess": True, "PublicAccessCidrs": ["198.51.100.1"]}
                ),
                "no block": change(
                    CL, "ResourcesVpcConfig", {"EndpointPublicAccess": True, "PublicAccessCidrs": ["office"]}
                ),
            },
        ),
    },
    edge={
        "list": change(
            CL, "ResourcesVpcConfig", {"EndpointPublicAccess": True, "PublicAccessCidrs": ["198.51.100.0/24"]}
        )
    },
)
