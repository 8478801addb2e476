"""Permissions of the creator role for functions with uploaded code: those of `Kubectl` and `ClusterRules`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks import _aws
from hardened_eks.access import _actions
from hardened_eks.access._creator_reach import both, here, named

if TYPE_CHECKING:
    from hardened_eks.access._creator_reach import Reach

WILDCARDS: Final = {
    "ConfigRules": "describing Config rules and their compliance takes no resource ARN; limited to the stack's region"
}
"""Sid of each statement that names every resource, and why it cannot be narrower."""


def kubectl_parts(prefix: str) -> list[dict[str, Any]]:
    """Return the statement on layers."""
    # `Cluster.add_kubectl` names the layers: names chosen by CloudFormation would not contain the stack's name.
    return [{"Action": named("lambda", _actions.LAYERS), "Resource": _aws.arn("lambda", f"layer:{prefix}*")}]


def config_rule_parts(prefix: str) -> list[dict[str, Any]]:
    """Return the statements on Config rules, whose ARNs AWS Config chooses, and on permissions to call functions."""
    return [
        {"Action": named("config", _actions.CONFIG_RULES), "Resource": _aws.arn("config", "config-rule/*")},
        {
            "Sid": "ConfigRules",
            "Action": named("config", _actions.CONFIG_RULES_SEEN),
            "Resource": "*",
            "Condition": here(),
        },
        {"Action": named("lambda", _actions.PERMITTED), "Resource": _aws.arn("lambda", f"function:{prefix}*")},
    ]


def uploaded_code() -> list[dict[str, Any]]:
    """Return the statement on the code that the CDK uploads to the bootstrap bucket."""
    bucket = f"cdk-*-assets-{_aws.account()}-{_aws.region()}"
    return [
        {
            "Action": "s3:GetObject",
            "Resource": f"arn:{_aws.partition()}:s3:::{bucket}/*",
            "Condition": {"StringEquals": {"aws:ResourceAccount": _aws.account()}},
        }
    ]


def variable_keys(reach: Reach) -> list[dict[str, Any]]:
    """Return the statement on the key of the functions' variables.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
    """
    through_lambda = _aws.through("lambda")
    return [
        {
            "Action": named("kms", _actions.VARIABLES_KEY_USE),
            "Resource": _aws.arn("kms", "key/*"),
            "Condition": both(reach.owned(), through_lambda),
        }
    ]
