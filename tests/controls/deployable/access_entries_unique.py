from hardened_eks.controls.deployable import access_entries_unique
from tests.controls.cases import Bad, Case, both, change, drop, template
from tests.controls.deployable.base import CL, ENTRIES, ENTRY, ROLE


def policy(name):
    arn = {"Fn::Sub": f"arn:${{AWS::Partition}}:eks::aws:cluster-access-policy/{name}"}
    return {"PolicyArn": arn, "AccessScope": {"Type": "cluster"}}


AUTO, ADMIN = policy("AmazonEKSAutoNodePolicy"), policy("AmazonEKSClusterAdminPolicy")


def auto(*policies):
    return both(
        change(ENTRY, "Type", "EC2"),
        change(ENTRY, "AccessPolicies", list(policies)),
        drop(ENTRY, "KubernetesGroups"),
    )


CASE = Case(
    access_entries_unique,
    ENTRIES,
    bad={
        "second": Bad(template({"A": ENTRIES["Resources"]["One"], "B": ENTRIES["Resources"]["One"]}), "PrincipalArn"),
        "policies on nodes": Bad(change(ENTRY, "Type", "EC2_LINUX"), "AccessPolicies", "KubernetesGroups"),
        "nodes of Auto Mode without their policy": Bad(auto(), "AccessPolicies"),
        "nodes of Auto Mode with another policy": Bad(auto(AUTO, ADMIN), "AccessPolicies.1"),
        "groups of Auto Mode": Bad(both(auto(AUTO), change(ENTRY, "KubernetesGroups", ["nodes"])), "KubernetesGroups"),
        "reserved user name": Bad(change(ENTRY, "Username", "system:admin"), "Username"),
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
        "nodes of Auto Mode": auto(AUTO),
        "nodes of Auto Mode by a parameter": auto({"PolicyArn": {"Ref": "P"}, "AccessScope": {"Type": "cluster"}}),
        "another principal": template(
            {"A": ENTRIES["Resources"]["One"], "B": (ENTRY, {"ClusterName": "prod", "PrincipalArn": f"{ROLE}-2"})}
        ),
        "another cluster": template(
            {"A": ENTRIES["Resources"]["One"], "B": (ENTRY, {"ClusterName": "test", "PrincipalArn": ROLE})}
        ),
        "user name of its own": change(ENTRY, "Username", "payments:{{SessionName}}"),
        "both modes": template(
            {
                "One": ENTRIES["Resources"]["One"],
                "Cluster": (CL, {"Name": "prod", "AccessConfig": {"AuthenticationMode": "API_AND_CONFIG_MAP"}}),
            }
        ),
    },
)
