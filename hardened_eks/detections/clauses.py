"""Building blocks of expressions that many detections share."""

from __future__ import annotations

from typing import Any, Final

from hardened_eks.detections.model import EventPattern, MetricFilter, Source

CLOUDFORMATION: Final = "cloudformation.amazonaws.com"
EKS: Final = ("eks.amazonaws.com", "eks-nodegroup.amazonaws.com")
"""`invokedBy` of calls that EKS makes itself, for example for access entries of node roles."""
GUARDDUTY: Final = "guardduty.amazonaws.com"
RUNNERS: Final = ("states.amazonaws.com", "scheduler.amazonaws.com")
"""`invokedBy` of services that make any call on behalf of their user."""
ABSENT: Final = {"exists": False}
SURGE: Final = ("alerts.audit_surge",)
"""The requirement that every detection on the audit log covers."""


def api_call(
    service: str, *names: Any, by: dict[str, Any] | None = None, either: list[Any] | None = None, **detail: Any
) -> dict[str, Any]:
    """Pattern of successful calls of an API.

    Args:
        service: The service as in `eventSource`: ``eks``.
        names: The calls, as strings or matchers. Default: all.
        by: Pattern of `userIdentity`. Default: anybody.
        either: Patterns of the detail, one of which must match.
        detail: More of the detail.
    """
    pattern: dict[str, Any] = {"eventSource": [f"{service}.amazonaws.com"]}
    if names:
        pattern["eventName"] = list(names)
    pattern |= {"errorCode": [ABSENT], **detail}
    if by:
        pattern["userIdentity"] = by
    if either:
        pattern["$or"] = either
    return {"source": [f"aws.{service}"], "detail-type": ["AWS API Call via CloudTrail"], "detail": pattern}


def on_call(service: str, *names: Any, **more: Any) -> EventPattern:
    """Expression on the event bus, with the arguments of `api_call`."""
    return EventPattern(pattern=api_call(service, *names, **more))


def untrusted(*services: str, but: dict[str, Any] | None = None) -> dict[str, Any]:
    """Pattern of `userIdentity`: anybody except trusted automation and AWS `services` that act themselves.

    CloudFormation alone is not trusted: the role of its session must be one of ``<trusted_automation>``.

    Args:
        services: `invokedBy` of services whose calls are excluded.
        but: Matcher of the role ARN for calls outside CloudFormation, for example
            ``{"anything-but": ["<load_balancer_roles>"]}``.
    """
    direct: dict[str, Any] = {"invokedBy": [ABSENT, {"anything-but": [CLOUDFORMATION, *services]}]}
    if but:
        direct["sessionContext"] = _issuer(but)
    stack: dict[str, Any] = {"sessionContext": _issuer({"anything-but": ["<trusted_automation>"]})}
    if services or but:
        stack["invokedBy"] = [CLOUDFORMATION]
    return {"$or": [direct, stack]}


def by_hand() -> dict[str, Any]:
    """Pattern of `userIdentity`: calls that no AWS service makes itself, and untrusted calls through CloudFormation."""
    stack = {
        "invokedBy": [CLOUDFORMATION],
        "sessionContext": _issuer({"anything-but": ["<trusted_automation>"]}),
    }
    return {"$or": [{"invokedBy": [ABSENT, *RUNNERS, "ssm.amazonaws.com"]}, stack]}


def _issuer(matcher: dict[str, Any]) -> dict[str, Any]:
    return {"sessionIssuer": {"arn": [ABSENT, matcher]}}


def matching(*clauses: str) -> str:
    """Metric filter pattern for JSON records that meet all `clauses`."""
    return "{ " + " && ".join(clauses) + " }"


def audit(*clauses: str, threshold: int = 1, period: int = 60, anomaly: bool = False) -> MetricFilter:
    """Expression on the audit log for records that meet all `clauses`."""
    return MetricFilter(
        source=Source.AUDIT_LOG, pattern=matching(*clauses), threshold=threshold, period=period, anomaly=anomaly
    )


def trail(service: str, *clauses: str, threshold: int = 1, period: int = 60) -> MetricFilter:
    """Expression on the log group of a trail for records of an API that meet all `clauses`.

    It is not part of the default set, because not every account has such a log group.
    """
    of_service = (f'$.eventSource = "{service}.amazonaws.com"',) if service else ()
    pattern = matching(*of_service, *clauses)
    return MetricFilter(source=Source.TRAIL_LOG, pattern=pattern, threshold=threshold, period=period, default=False)


def one_of(field: str, *values: str) -> str:
    """Clause: the field is one of `values`, each of which may have wildcards."""
    clause = " || ".join(f'$.{field} = "{value}"' for value in values)
    return f"({clause})" if len(values) > 1 else clause


def none_of(field: str, *values: str) -> str:
    """Clause: the field exists and has none of `values`."""
    return " && ".join(f'$.{field} != "{value}"' for value in values)


def any_of(*clauses: str) -> str:
    """Clause: one of `clauses` holds."""
    return f"({' || '.join(clauses)})"


SUCCEEDED: Final = "$.errorCode NOT EXISTS"
STRANGER: Final = any_of(
    "$.userIdentity.invokedBy NOT EXISTS",
    none_of("userIdentity.invokedBy", CLOUDFORMATION),
    "$.userIdentity.sessionContext.sessionIssuer.arn NOT EXISTS",
    none_of("userIdentity.sessionContext.sessionIssuer.arn", "<trusted_automation>"),
)
"""`untrusted` for the log group of a trail."""
COMPLETE: Final = '$.stage = "ResponseComplete"'
"""Clause: one record per call, because a watch, an exec or a token request has two."""
ALLOWED: Final = "$.responseStatus.code < 300"
DONE: Final = f"{COMPLETE} && {ALLOWED}"
WRITES: Final = one_of("verb", "create", "update", "patch", "delete", "deletecollection")
SETS: Final = one_of("verb", "create", "update", "patch")
EKS_ROLE: Final = "*:assumed-role/AWSServiceRoleForAmazonEKS*"
PERSON: Final = none_of("user.username", "system:*", "eks:*", EKS_ROLE)
"""Clause: the user is neither a workload nor a part of Kubernetes or EKS."""
OURS: Final = none_of("user.username", "system:apiserver", "eks:*")
"""Clause: the request is not maintenance by the control plane itself."""


def records(condition: str) -> str:
    """Runbook line that explains how to find the records of the audit log."""
    condition = f"({condition})" if " or " in condition else condition
    return (
        "Find out who did what, and from where: in Logs Insights, on `/aws/eks/<cluster>/cluster`, run "
        "`fields @timestamp, user.username, sourceIPs.0, userAgent, verb, requestURI, responseStatus.code "
        f"| filter @logStream like 'kube-apiserver-audit' and {condition} | sort @timestamp desc | limit 50`."
    )


UNDO_ENTRY: Final = (
    "If nobody confirms it within minutes, remove the identity's access: "
    "`aws eks delete-access-entry --cluster-name <cluster> --principal-arn ROLE_ARN`."
)
ISOLATE: Final = (
    "If nobody confirms that it was intended, isolate the pod with a NetworkPolicy that denies all traffic, keep it "
    "for evidence, and cordon its node: `kubectl cordon NODE`."
)
WHO: Final = (
    "Read userIdentity, sourceIPAddress and userAgent in the event, and ask that person or the owner of that role "
    "by phone, not by chat."
)
NEXT: Final = (
    "Intruders turn monitoring off before they act: in CloudTrail, read all calls of this identity since then."
)
