"""The Auto Scaling group of self-managed nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import aws_autoscaling as autoscaling

from hardened_eks._l1 import create
from hardened_eks._nag import acknowledge
from hardened_eks.compute._nodes import node_subnet_ids
from hardened_eks.compute._settings import Scaling
from hardened_eks.compute.termination import MANAGED_TAG

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2
    from constructs import Construct

    from hardened_eks.compute._self_managed_arguments import SelfManagedArguments

_DAY = 86_400
_GRACE = 300  # seconds for a node to boot before its health counts
# A new node starts before an old one is terminated, for one tenth of the group at a time:
# https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-instance-maintenance-policy.html
_MAINTENANCE = {"minHealthyPercentage": 100, "maxHealthyPercentage": 110}

_IN_TEMPLATE = "the packs do not read the launch template of a mixed instances policy; this one {}"
_ACKNOWLEDGED = {
    "AwsSolutions::AwsSolutions-AS3": "an EventBridge rule tells the group's alert channel of every scaling event",
    "AwsSolutions::AwsSolutions-EC26": _IN_TEMPLATE.format("encrypts all volumes with a customer key"),
    **{
        f"{pack}::{pack}-EC2IMDSv2Enabled": _IN_TEMPLATE.format("takes IMDSv2 only")
        for pack in ("NIST.800.53.R5", "HIPAA.Security")
    },
}


def auto_scaling_group(
    scope: Construct, given: SelfManagedArguments, *, template: ec2.CfnLaunchTemplate, hook_name: str
) -> autoscaling.CfnAutoScalingGroup:
    """Create the group.

    Args:
        scope: the parent construct.
        given: the arguments of `SelfManagedNodeGroup`.
        template: the launch template of its nodes.
        hook_name: name of the lifecycle hook that keeps a node until it is drained.
    """
    sizes = given.scaling or Scaling()
    made = create(
        autoscaling.CfnAutoScalingGroup,
        scope,
        "Resource",
        min_size=str(sizes.min),
        max_size=str(sizes.max),
        # Set only on request: CloudFormation would overwrite the number that an autoscaler set (aws-cdk#5215).
        desired_capacity=None if sizes.desired is None else str(sizes.desired),
        vpc_zone_identifier=node_subnet_ids(given),
        mixed_instances_policy={
            "launchTemplate": {
                "launchTemplateSpecification": {
                    "launchTemplateId": template.ref,
                    "version": template.attr_latest_version_number,
                },
                "overrides": [{"instanceType": name} for name in given.instance_types],
            },
            "instancesDistribution": _distribution(spot=given.spot),
        },
        capacity_rebalance=given.spot,
        max_instance_lifetime=given.max_lifetime_days * _DAY,
        instance_maintenance_policy=_MAINTENANCE,
        health_check_type="EBS",  # in addition to that of EC2, which cannot be switched off
        health_check_grace_period=_GRACE,
        default_instance_warmup=_GRACE,
        lifecycle_hook_specification_list=[
            {
                "lifecycleHookName": hook_name,
                "lifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING",
                "heartbeatTimeout": given.drain_seconds,
                "defaultResult": "CONTINUE",
            }
        ],
        metrics_collection=[{"granularity": "1Minute"}],
        tags=[
            {"key": key, "value": value, "propagateAtLaunch": True}
            for key, value in (
                (f"kubernetes.io/cluster/{given.cluster.name}", "owned"),
                (MANAGED_TAG, given.cluster.name),
            )
        ],
    )
    acknowledge(made, _ACKNOWLEDGED)
    return made


def _distribution(*, spot: bool) -> dict[str, Any]:
    if spot:
        return {"onDemandPercentageAboveBaseCapacity": 0, "spotAllocationStrategy": "price-capacity-optimized"}
    return {"onDemandPercentageAboveBaseCapacity": 100, "onDemandAllocationStrategy": "prioritized"}
