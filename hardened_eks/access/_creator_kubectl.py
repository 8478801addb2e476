"""What the role that creates clusters may do for a kubectl handler: its functions, their layers, their key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardened_eks import _aws
from hardened_eks.access import _actions
from hardened_eks.access._creator_reach import both, named

if TYPE_CHECKING:
    from hardened_eks.access._creator_reach import Reach


def kubectl_parts(prefix: str) -> list[dict[str, Any]]:
    """Return the statements on layers, and on the code that the CDK uploads to the bootstrap bucket."""
    bucket = f"cdk-*-assets-{_aws.account()}-{_aws.region()}"
    return [
        # `Cluster.add_kubectl` names the layers: CloudFormation would call them as every other stack's.
        {"Action": named("lambda", _actions.LAYERS), "Resource": _aws.arn("lambda", f"layer:{prefix}*")},
        {
            "Action": "s3:GetObject",
            "Resource": f"arn:{_aws.partition()}:s3:::{bucket}/*",
            "Condition": {"StringEquals": {"aws:ResourceAccount": _aws.account()}},
        },
    ]


def kubectl_keys(reach: Reach) -> list[dict[str, Any]]:
    """Return the statement on the key of the functions' variables.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
    """
    through_lambda = {"StringEquals": {"kms:ViaService": f"lambda.{_aws.region()}.amazonaws.com"}}
    return [
        {
            "Action": named("kms", _actions.VARIABLES_KEY_USE),
            "Resource": _aws.arn("kms", "key/*"),
            "Condition": both(reach.owned(), through_lambda),
        }
    ]
