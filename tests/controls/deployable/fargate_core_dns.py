from hardened_eks.controls.deployable import fargate_core_dns
from tests.controls.cases import Bad, Case, add, at, both, change, drop, hide
from tests.controls.self_managed import ADDON, CL, FARGATE, FARGATE_ONLY, NODES

CLUSTER = {"ClusterName": {"Ref": "Cluster"}}


CASE = Case(
    fargate_core_dns,
    FARGATE_ONLY,
    bad={
        **at(
            "ConfigurationValues",
            {
                "no configuration": drop(ADDON, "ConfigurationValues"),
                "on nodes": change(ADDON, "ConfigurationValues", '{"computeType": "ec2"}'),
                "something else": change(ADDON, "ConfigurationValues", '{"replicaCount": 2}'),
                "not an object": change(ADDON, "ConfigurationValues", "[]"),
                "YAML": change(ADDON, "ConfigurationValues", "replicaCount: 2"),
            },
        ),
        **at(
            "AddonName",
            {
                "not selected": change(FARGATE, "Selectors", [{"Namespace": "apps-*"}]),
                "no selector": drop(FARGATE, "Selectors"),
            },
        ),
        "nodes of another cluster": Bad(
            both(
                drop(ADDON, "ConfigurationValues"),
                add(Nodes=("AWS::EKS::Nodegroup", {"ClusterName": "two"})),
            ),
            "ConfigurationValues",
        ),
    },
    edge={
        "YAML that says it": change(ADDON, "ConfigurationValues", "computeType: Fargate"),
        "hidden": hide(ADDON, "ConfigurationValues"),
        "a selector that is hidden": hide(FARGATE, "Selectors.0.Namespace"),
        "a pattern": change(FARGATE, "Selectors", [{"Namespace": "kube-*"}]),
        "a managed group": both(drop(ADDON, "ConfigurationValues"), add(Nodes=("AWS::EKS::Nodegroup", CLUSTER))),
        "self-managed nodes": both(
            drop(ADDON, "ConfigurationValues"),
            lambda body: {**body, "Resources": {**NODES["Resources"], **body["Resources"]}},
        ),
        "Auto Mode": both(drop(ADDON, "ConfigurationValues"), change(CL, "ComputeConfig.Enabled", True)),
        "no Fargate": both(drop(ADDON, "ConfigurationValues"), drop(FARGATE, "")),
        "another add-on": both(drop(ADDON, "ConfigurationValues"), change(ADDON, "AddonName", "metrics-server")),
        "a cluster elsewhere": both(drop(ADDON, "ConfigurationValues"), change(ADDON, "ClusterName", "two")),
    },
)
