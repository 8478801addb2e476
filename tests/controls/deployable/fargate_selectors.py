from hardened_eks.controls.deployable import fargate_selectors
from tests.controls.cases import Bad, Case, change, hide, template

PROFILE = "AWS::EKS::FargateProfile"


def selectors(number, labels=0):
    tags = [{"Key": f"k{n}", "Value": "v"} for n in range(labels)]
    return [{"Namespace": f"team-{n}", "Labels": tags} for n in range(number)]


CASE = Case(
    fargate_selectors,
    template({"Profile": (PROFILE, {"Selectors": selectors(5, 5)})}),
    bad={
        "six": Bad(change(PROFILE, "Selectors", selectors(6)), "Selectors"),
        "none": Bad(change(PROFILE, "Selectors", []), "Selectors"),
        "a name of EKS": Bad(change(PROFILE, "FargateProfileName", "eks-mine"), "FargateProfileName"),
        "six labels": Bad(change(PROFILE, "Selectors", selectors(1, 6)), "Selectors.0.Labels"),
    },
    edge={
        "a name": change(PROFILE, "FargateProfileName", "mine-eks"),
        "hidden": hide(PROFILE, "Selectors"),
        "one hidden": change(PROFILE, "Selectors", [*selectors(5), {"Ref": "AWS::NoValue"}]),
        "by wildcard": change(PROFILE, "Selectors", [{"Namespace": "team-*"}]),
    },
)
