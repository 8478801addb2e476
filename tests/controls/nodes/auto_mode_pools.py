from hardened_eks.controls.nodes import auto_mode_pools
from tests.controls.cases import Bad, Case, change, drop, hide, template

CL = "AWS::EKS::Cluster"
AUTO = template({"Cluster": (CL, {"ComputeConfig": {"Enabled": True, "NodePools": []}})})

CASE = Case(
    auto_mode_pools,
    AUTO,
    bad={
        "both": Bad(
            change(CL, "ComputeConfig.NodePools", ["general-purpose", "system"]),
            "ComputeConfig.NodePools.0",
            "ComputeConfig.NodePools.1",
        ),
        "hidden": Bad(hide(CL, "ComputeConfig.NodePools"), "ComputeConfig.NodePools"),
    },
    edge={
        "left out": drop(CL, "ComputeConfig.NodePools"),
        "no Auto Mode": drop(CL, "ComputeConfig"),
        "off": change(CL, "ComputeConfig", {"Enabled": False, "NodePools": ["system"]}),
    },
)
