from hardened_eks.controls.deployable import nodegroup_scaling
from tests.controls.cases import Bad, Case, at, change, template
from tests.controls.deployable.base import NG, NODES

CASE = Case(
    nodegroup_scaling,
    NODES,
    bad={
        "min above max": Bad(change(NG, "ScalingConfig.MinSize", 5), "ScalingConfig.MinSize"),
        "desired above max": Bad(change(NG, "ScalingConfig.DesiredSize", 9), "ScalingConfig.DesiredSize"),
        "desired below min": Bad(change(NG, "ScalingConfig.DesiredSize", 0), "ScalingConfig.MinSize"),
        "max zero": Bad(change(NG, "ScalingConfig", {"MinSize": 0, "MaxSize": 0}), "ScalingConfig.MaxSize"),
        **at(
            "ScalingConfig.MinSize",
            {
                "negative": change(NG, "ScalingConfig.MinSize", -1),
                "as text": change(NG, "ScalingConfig.MinSize", "5"),
                "a word": change(NG, "ScalingConfig.MinSize", "one"),
                "a half": change(NG, "ScalingConfig.MinSize", 1.5),
            },
        ),
        "Auto Scaling group": Bad(
            template({"A": ("AWS::AutoScaling::AutoScalingGroup", {"MinSize": "5", "MaxSize": "3"})}), "MinSize"
        ),
    },
    edge={"from zero": change(NG, "ScalingConfig", {"MinSize": 0, "DesiredSize": 0, "MaxSize": 1})},
)
