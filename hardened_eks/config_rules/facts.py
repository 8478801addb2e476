"""Properties that DescribeCluster returns, but that are not in AWS Config's configuration items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.config_rules.evaluations import Compliance, Evaluation
from hardened_eks.evidence import Assembly, Template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hardened_eks.controls.model import Control

_PATHS: Final = {
    "CP-08": "UpgradePolicy.SupportType",
    "CP-10": "DeletionProtection",
    "CP-11": "AccessConfig.AuthenticationMode",
}
"""The property that each control evaluates. CP-08 also evaluates versions, with dates that age in a function."""


def verdict(described: Mapping[str, Any], cluster: str, control: Control) -> Evaluation:
    """Return the verdict on a cluster.

    Args:
        described: ``cluster`` of the response to DescribeCluster.
        cluster: name of the cluster.
        control: one of CP-08, CP-10 and CP-11.
    """
    path = _PATHS[control.id]
    value: Any = described
    for step in path.split("."):
        value = value.get(step[0].lower() + step[1:]) if isinstance(value, dict) else None
    if value is None:
        return Evaluation(cluster, Compliance.NOT_JUDGED, f"DescribeCluster does not return {path}")
    first, *rest = reversed(path.split("."))
    properties: dict[str, Any] = {first: value}
    for step in rest:
        properties = {step: properties}
    template = Template("live", {"Resources": {"Cluster": {"Type": "AWS::EKS::Cluster", "Properties": properties}}})
    problems = [one for one in control(template.resources["Cluster"], Assembly([template])) if one.path == path]
    said = f"{control.id} [{control.severity}]"
    if problems:
        return Evaluation(cluster, Compliance.BAD, f"{said} {problems[0].message}")
    return Evaluation(cluster, Compliance.GOOD, f"{said} {path} is {value}")
