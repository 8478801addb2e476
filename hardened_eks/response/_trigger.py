"""The event pattern that starts a response: that of a detection, for one cluster, without the responses' own calls."""

from __future__ import annotations

import copy
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.detections import DETECTIONS, EventPattern, Parameters, Source
from hardened_eks.detections.clauses import ABSENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_BY_ID: Final = {detection.id: detection for detection in DETECTIONS}


def pattern(
    detection: str,
    *,
    cluster: str,
    trusted: Sequence[str],
    own: Sequence[str],
    parameters: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> dict[str, Any]:
    """Return the EventBridge pattern that starts a response.

    Args:
        detection: ID of a detection that has a pattern.
        cluster: name of the cluster. Calls of the EKS API on other clusters do not match. Findings do not always name
            the cluster, so the response itself checks their resource.
        trusted: ARNs of roles whose changes through CloudFormation start no response.
        own: ARNs of the roles of responses, whose calls start no response.
        parameters: further values of the expression. Default: none.
    """
    expression = _BY_ID[detection].expression(Source.EVENTBRIDGE)
    if not isinstance(expression, EventPattern):
        raise TypeError(f"{detection} has no event pattern")
    values = {**parameters, "cluster": cluster, "trusted_automation": (*trusted, *own)}
    found: dict[str, Any] = copy.deepcopy(expression.filled(Parameters(values)))
    detail = found["detail"]
    if found["source"] == ["aws.eks"]:
        of_cluster = [one for one in detail.get("$or", ()) if "requestParameters" in one] or [detail]
        for one in of_cluster:
            one["requestParameters"] = {"name": [cluster], **one.get("requestParameters", {})}
        _leave_out(detail.setdefault("userIdentity", {}), own)
    return found


def _leave_out(identity: dict[str, Any], own: Sequence[str]) -> None:
    """Exclude the sessions of roles, in each alternative that does not name the sessions to match."""
    for one in identity.get("$or", [identity]):
        if "sessionContext" not in one:
            one["sessionContext"] = {"sessionIssuer": {"arn": [ABSENT, {"anything-but": list(own)}]}}
