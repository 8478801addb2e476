from hardened_eks.controls.deployable import access_entries_unique
from tests.controls.cases import Bad, Case, change, template
from tests.controls.deployable.base import CL, ENTRIES, ENTRY, ROLE

CASE = Case(
    access_entries_unique,
    ENTRIES,
    bad={
        "second": Bad(template({"A": ENTRIES["Resources"]["One"], "B": ENTRIES["Resources"]["One"]}), "PrincipalArn"),
        "policies on nodes": Bad(change(ENTRY, "Type", "EC2_LINUX"), "AccessPolicies", "KubernetesGroups"),
        "reserved group": Bad(change(ENTRY, "KubernetesGroups", ["system:masters"]), "KubernetesGroups.0"),
        "cluster without entries": Bad(
            template(
                {
                    "One": ENTRIES["Resources"]["One"],
                    "Cluster": (CL, {"Name": "prod", "AccessConfig": {"AuthenticationMode": "CONFIG_MAP"}}),
                }
            ),
            "ClusterName",
        ),
        "cluster with the default mode": Bad(
            template({"One": ENTRIES["Resources"]["One"], "Cluster": (CL, {"Name": "prod"})}), "ClusterName"
        ),
    },
    edge={
        "another principal": template(
            {"A": ENTRIES["Resources"]["One"], "B": (ENTRY, {"ClusterName": "prod", "PrincipalArn": f"{ROLE}-2"})}
        ),
        "another cluster": template(
            {"A": ENTRIES["Resources"]["One"], "B": (ENTRY, {"ClusterName": "test", "PrincipalArn": ROLE})}
        ),
        "both modes": template(
            {
                "One": ENTRIES["Resources"]["One"],
                "Cluster": (CL, {"Name": "prod", "AccessConfig": {"AuthenticationMode": "API_AND_CONFIG_MAP"}}),
            }
        ),
    },
)
