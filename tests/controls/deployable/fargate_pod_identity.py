from hardened_eks.controls.deployable import fargate_pod_identity
from tests.controls.cases import Case, at, both, change, hide, template
from tests.controls.self_managed import CL, FARGATE

ASSOCIATION = "AWS::EKS::PodIdentityAssociation"
CLUSTER = {"ClusterName": {"Ref": "Cluster"}}
CASE = Case(
    fargate_pod_identity,
    template(
        {
            "Cluster": (CL, {"Name": "one"}),
            "Profile": (FARGATE, {**CLUSTER, "Selectors": [{"Namespace": "apps-*"}]}),
            "Pods": (ASSOCIATION, {**CLUSTER, "Namespace": "payments", "ServiceAccount": "api"}),
        }
    ),
    bad=at(
        "Namespace",
        {
            "by a pattern": change(ASSOCIATION, "Namespace", "apps-one"),
            "by name": change(FARGATE, "Selectors", [{"Namespace": "x"}, {"Namespace": "payments"}]),
            "by one letter": change(FARGATE, "Selectors", [{"Namespace": "payment?"}]),
        },
    ),
    edge={
        "some of the pods": change(
            FARGATE, "Selectors", [{"Namespace": "payments", "Labels": [{"Key": "on", "Value": "fargate"}]}]
        ),
        "a namespace that is hidden": hide(ASSOCIATION, "Namespace"),
        "a selector that is hidden": hide(FARGATE, "Selectors.0.Namespace"),
        "selectors that are hidden": hide(FARGATE, "Selectors"),
        "pods of another cluster": both(
            change(ASSOCIATION, "Namespace", "apps-one"), change(ASSOCIATION, "ClusterName", "two")
        ),
        "a profile of another cluster": both(
            change(ASSOCIATION, "Namespace", "apps-one"), change(FARGATE, "ClusterName", "two")
        ),
    },
)
