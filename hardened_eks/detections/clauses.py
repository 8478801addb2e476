"""Pieces of expressions that many detections share."""

from __future__ import annotations

from typing import Any, Final

CLOUDFORMATION: Final = "cloudformation.amazonaws.com"
EKS: Final = ("eks.amazonaws.com", "eks-nodegroup.amazonaws.com")
"""`invokedBy` of what EKS does itself, with its service-linked roles or for the caller: node access entries, for one."""
GUARDDUTY: Final = "guardduty.amazonaws.com"
ABSENT: Final = {"exists": False}


def api_call(service: str, *names: Any, by: dict[str, Any] | None = None, **detail: Any) -> dict[str, Any]:
    """Pattern of successful calls `names` (default: all) of an API, made `by` somebody, with more of `detail`."""
    pattern: dict[str, Any] = {"eventSource": [f"{service}.amazonaws.com"]}
    if names:
        pattern["eventName"] = list(names)
    pattern |= {"errorCode": [ABSENT], **detail}
    if by is not None:
        pattern["userIdentity"] = by
    return {"source": [f"aws.{service}"], "detail-type": ["AWS API Call via CloudTrail"], "detail": pattern}


def untrusted(*services: str, roles: str = "") -> dict[str, Any]:
    """`userIdentity` of anybody but trusted automation, and but AWS `services` that act on their own.

    CloudFormation alone is no reason to trust: the issuer of its session must be one of ``<trusted_automation>``.
    `roles` names a list parameter of further roles, trusted for calls that they make themselves.
    """
    stranger = {"arn": [ABSENT, {"anything-but": ["<trusted_automation>"]}]}
    direct: dict[str, Any] = {"invokedBy": [ABSENT, {"anything-but": [CLOUDFORMATION, *services]}]}
    if roles:
        direct["sessionContext"] = {"sessionIssuer": {"arn": [ABSENT, {"anything-but": [f"<{roles}>"]}]}}
    through: dict[str, Any] = {"sessionContext": {"sessionIssuer": stranger}}
    if services or roles:
        through["invokedBy"] = [CLOUDFORMATION]
    return {"$or": [direct, through]}


def matching(*clauses: str) -> str:
    """Metric-filter pattern of JSON records for which all `clauses` hold."""
    return "{ " + " && ".join(clauses) + " }"


def one_of(field: str, *values: str) -> str:
    """Clause: the field is one of `values`, each of which may have wildcards."""
    clause = " || ".join(f'$.{field} = "{value}"' for value in values)
    return f"({clause})" if len(values) > 1 else clause


def none_of(field: str, *values: str) -> str:
    """Clause: the field is there and none of `values`."""
    return " && ".join(f'$.{field} != "{value}"' for value in values)


def any_of(*clauses: str) -> str:
    """Clause: one of `clauses` holds."""
    return f"({' || '.join(clauses)})"


COMPLETE: Final = '$.stage = "ResponseComplete"'
"""One record per call: a watch or an exec has two, a token request that starts as well."""
ALLOWED: Final = "$.responseStatus.code < 300"
DONE: Final = f"{COMPLETE} && {ALLOWED}"
WRITES: Final = one_of("verb", "create", "update", "patch", "delete", "deletecollection")
SETS: Final = one_of("verb", "create", "update", "patch")
EKS_ROLE: Final = "arn:*:sts::*:assumed-role/AWSServiceRoleForAmazonEKS*"
PERSON: Final = none_of("user.username", "system:*", "eks:*", EKS_ROLE)
"""Neither a workload nor a part of Kubernetes or EKS."""
OURS: Final = none_of("user.username", "system:apiserver", "eks:*")
"""Not the control plane's own upkeep."""


def records(condition: str) -> str:
    """Runbook line: how to find the records of the audit log."""
    return (
        "See who, from where and what: in Logs Insights, on /aws/eks/<cluster>/cluster, run "
        "`fields @timestamp, user.username, sourceIPs.0, userAgent, verb, requestURI, responseStatus.code "
        f"| filter @logStream like 'kube-apiserver-audit' and {condition} | sort @timestamp desc | limit 50`."
    )


UNDO_ENTRY: Final = (
    "If nobody vouches for it within minutes, take the identity's way in: "
    "`aws eks delete-access-entry --cluster-name <cluster> --principal-arn ROLE_ARN`."
)
ISOLATE: Final = (
    "If nobody vouches for it, isolate the pod with a NetworkPolicy that denies all traffic, keep it for evidence, and "
    "cordon its node: `kubectl cordon NODE`."
)
WHO: Final = (
    "Read userIdentity, sourceIPAddress and userAgent in the event, and ask that person or the owner of that role "
    "by phone, not by chat."
)
