from hardened_eks.controls.nodes import managed_nodes
from tests.controls.cases import Case, at, change, drop, hide
from tests.controls.nodes.base import ASG, GOOD, SCALED, chosen, instance

CASE = Case(
    managed_nodes,
    SCALED,
    bad=at(
        "Tags",
        {
            "tagged": change(ASG, "Tags", [{"Key": "kubernetes.io/cluster/one", "Value": "owned"}]),
            "name joined": change(ASG, "Tags.0.Key", {"Fn::Sub": "kubernetes.io/cluster/${Cluster}"}),
            "among others": change(ASG, "Tags", [{"Key": "a"}, "odd", {"Key": "kubernetes.io/cluster/one"}]),
            "sometimes": change(ASG, "Tags", [chosen({"Key": "kubernetes.io/cluster/one", "Value": "owned"})]),
            "all tags sometimes": change(ASG, "Tags", chosen([{"Key": "kubernetes.io/cluster/one"}], [])),
            "single instance": instance(Tags=[{"Key": "kubernetes.io/cluster/one", "Value": "owned"}]),
        },
    ),
    edge={
        "no tags": drop(ASG, "Tags"),
        "similar": change(ASG, "Tags.0.Key", "kubernetes.io/role"),
        "malformed": change(ASG, "Tags", {"kubernetes.io": 1}),
        "tags hidden": hide(ASG, "Tags"),
        "managed": GOOD,
    },
)
