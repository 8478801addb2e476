from hardened_eks.controls.deployable import self_managed_start
from tests.controls.cases import Bad, Case, at, both, change, drop, without
from tests.controls.self_managed import ASG, IMAGE, LT, NODES, TAG

GROUPS = "LaunchTemplateData.NetworkInterfaces.0.Groups"
CASE = Case(
    self_managed_start,
    NODES,
    bad={
        **at(
            "MixedInstancesPolicy",
            {
                "no instance profile": drop(LT, "LaunchTemplateData.IamInstanceProfile"),
                "no security group": drop(LT, GROUPS),
                "no interface": drop(LT, "LaunchTemplateData.NetworkInterfaces"),
                "no group in the list": change(LT, GROUPS, []),
            },
        ),
        **at(
            "Tags",
            {
                "no tag": drop(ASG, "Tags"),
                "another tag": change(ASG, "Tags", [{"Key": "team", "Value": "a", "PropagateAtLaunch": True}]),
                "a tag that stays": change(ASG, "Tags", [{**TAG, "PropagateAtLaunch": False}]),
                "a tag that stays, as text": change(ASG, "Tags", [{**TAG, "PropagateAtLaunch": "false"}]),
            },
        ),
        "neither role nor group": Bad(
            both(drop(LT, "LaunchTemplateData.IamInstanceProfile"), drop(LT, "LaunchTemplateData.NetworkInterfaces")),
            "MixedInstancesPolicy",
        ),
    },
    edge={
        "security groups of the template": both(
            drop(LT, "LaunchTemplateData.NetworkInterfaces"),
            change(LT, "LaunchTemplateData.SecurityGroupIds", [{"Ref": "Group"}]),
        ),
        "an interface that exists": change(
            LT, "LaunchTemplateData.NetworkInterfaces", [{"NetworkInterfaceId": "eni-1"}]
        ),
        "a template elsewhere": without("Template"),
        "no nodes": both(
            drop(ASG, "Tags"),
            both(change(LT, IMAGE, "ami-1"), both(drop(LT, GROUPS), drop(LT, "LaunchTemplateData.UserData"))),
        ),
    },
)
