"""Permissions of the cluster creator role in EC2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardened_eks import _aws
from hardened_eks.access import _actions
from hardened_eks.access._creator_reach import both, named

if TYPE_CHECKING:
    from hardened_eks.access._creator_reach import Reach


def _ec2(*kinds: str) -> list[str]:
    return [_aws.arn("ec2", f"{kind}/*") for kind in kinds]


def _of_any_account(account: str, *kinds: str) -> list[str]:
    return [f"arn:{_aws.partition()}:ec2:{_aws.region()}:{account}:{kind}/*" for kind in kinds]


def network_statements(reach: Reach) -> list[dict[str, Any]]:
    """Return the statements on networks and launch templates."""
    lent = _of_any_account("*", "subnet", "vpc")
    return [
        {
            "Sid": "Describe",
            "Action": ["ec2:Describe*", "autoscaling:Describe*", "ssm:ListAssociations"],
            "Resource": "*",
        },
        *(
            {"Action": named("ec2", actions), "Resource": _ec2(*kinds), "Condition": reach.born()}
            for actions, kinds in (
                (_actions.NEW, _actions.NEW_TYPES),
                (_actions.NEW_PARTS, _actions.NEW_PARTS_TYPES),
                (("CreateNatGateway",), ("natgateway",)),
                (("CreateVpc",), ("vpc",)),
            )
        ),
        {
            "Action": named("ec2", (*_actions.IN_OWN, *_actions.NETWORK)),
            "Resource": _aws.arn("ec2", "*"),
            "Condition": reach.owned(),
        },
        {
            "Action": named("ec2", _actions.LENT),
            "Resource": lent,
            "Condition": {"StringNotEquals": {"aws:ResourceAccount": _aws.account()}},
        },
        {"Action": named("ec2", _actions.RULES_OF_GROUPS), "Resource": _ec2("security-group-rule")},
        # A role that may tag any resource could make itself its owner. So it may tag only resources that the same call
        # creates, and resources that already have its tag.
        {
            "Action": "ec2:CreateTags",
            "Resource": _aws.arn("ec2", "*"),
            "Condition": {"StringEquals": {"ec2:CreateAction": list(_actions.TAGGING)}, **reach.kept()},
        },
        {
            "Action": "ec2:CreateTags",
            "Resource": _aws.arn("ec2", "*"),
            "Condition": both(reach.owned(), reach.kept()),
        },
        # The private DNS name of an interface endpoint is in a hosted zone that AWS owns.
        {
            "Action": "route53:AssociateVPCWithHostedZone",
            "Resource": [f"arn:{_aws.partition()}:route53:::hostedzone/*", *_ec2("vpc")],
        },
    ]


def host_statements(reach: Reach) -> list[dict[str, Any]]:
    """Return the statements on instances."""
    return [
        # Only with a launch template of its own stacks. Reservations and placement groups are lent by their tag.
        {
            "Action": "ec2:RunInstances",
            "Resource": [
                *_ec2("capacity-reservation", "launch-template", "placement-group", "security-group", "subnet"),
                _aws.arn("resource-groups", "group/*"),
            ],
            "Condition": reach.owned(),
        },
        {
            "Action": "ec2:RunInstances",
            "Resource": _ec2("instance", "network-interface", "volume"),
            "Condition": {"ArnLike": {"ec2:LaunchTemplate": _aws.arn("ec2", "launch-template/*")}},
        },
        {"Action": "ec2:RunInstances", "Resource": _of_any_account("", "image", "snapshot")},
        # EC2 Auto Scaling checks whether the caller itself may perform the actions of a group.
        {
            "Action": named("autoscaling", _actions.SCALING),
            "Resource": _aws.arn("autoscaling", f"autoScalingGroup:*:autoScalingGroupName/{reach.prefix}*"),
        },
        {"Action": named("ec2", _actions.HOSTS), "Resource": _ec2("instance"), "Condition": reach.owned()},
        {
            "Action": "ssm:DescribeAssociation",
            "Resource": [_aws.arn("ssm", "association/*"), *_ec2("instance")],
        },
    ]
