from hardened_eks.controls.network import load_balancers_internal
from tests.controls.cases import Case, at, change, drop, hide, template

NEW = "AWS::ElasticLoadBalancingV2::LoadBalancer"
CLASSIC = "AWS::ElasticLoadBalancing::LoadBalancer"

INTERNAL = template({"Balancer": (NEW, {"Scheme": "internal"}), "Old": (CLASSIC, {"Scheme": "internal"})})

CASE = Case(
    load_balancers_internal,
    INTERNAL,
    bad=at(
        "Scheme",
        {
            "facing the internet": change(NEW, "Scheme", "internet-facing"),
            "left out": drop(NEW, "Scheme"),
            "hidden": hide(NEW, "Scheme"),
            "a classic one": change(CLASSIC, "Scheme", "internet-facing"),
            "a classic one, left out": drop(CLASSIC, "Scheme"),
        },
    ),
    edge={"for appliances": template({"Balancer": (NEW, {"Type": "gateway"})})},
)
