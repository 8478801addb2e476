"""Queries of the control-plane log for user, address and object: saved queries and Contributor Insights rules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs

from hardened_eks._l1 import create
from hardened_eks._patterns import regex
from hardened_eks.detection._names import camel
from hardened_eks.detections.expressions import fill_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs import Construct

    from hardened_eks.detections import Detection, Parameters

_QUERY: Final = regex(r"`(fields @timestamp[^`]*)`")
REFUSED: Final = (
    "filter @logStream like 'kube-apiserver-audit' and (responseStatus.code = 401 or responseStatus.code = 403 "
    "and stage = 'ResponseComplete') | stats count(*) as refused, max(@timestamp) as last "
    "by user.username, sourceIPs.0, userAgent, objectRef.resource, responseStatus.code "
    "| sort refused desc | limit 50"
)
"""The query for denied principals, their addresses and programs."""


def query_of(detection: Detection, parameters: Parameters) -> str | None:
    """Return the query in the runbook of a detection on the control-plane log, or None."""
    for step in detection.first:
        found = _QUERY.search(step)
        if found:
            return fill_text(found[1], parameters)
    return None


def save(
    scope: Construct, cluster_name: str, log_group_name: str, detections: Sequence[Detection], parameters: Parameters
) -> dict[str, str]:
    """Save the query of each detection that has one, and one for refused calls. Return the queries by ID."""
    queries = {d.id: query for d in detections if (query := query_of(d, parameters)) is not None}
    for id_, query in {**queries, "refused": REFUSED}.items():
        create(
            logs.CfnQueryDefinition,
            scope,
            camel(id_),
            name=f"hardened-eks/{cluster_name}/{id_}",
            query_string=query,
            log_group_names=[log_group_name],
        )
    return queries


def contributors(scope: Construct, cluster_name: str, log_group_name: str) -> str:
    """Create the rules that rank denied principals and readers of secrets. Return the name of the first rule."""
    complete = {"Match": "$.stage", "In": ["ResponseComplete"]}
    rules: Mapping[str, tuple[Sequence[str], Sequence[Any]]] = {
        "refused": (
            ("$.sourceIPs[0]", "$.user.username", "$.userAgent"),
            # No stage: a 401 has only ResponseStarted. A watch that RBAC denies has two records. `In` takes strings:
            # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/ContributorInsights-RuleSyntax.html
            (
                {"Match": "$.responseStatus.code", "GreaterThan": 400},
                {"Match": "$.responseStatus.code", "LessThan": 404},
            ),
        ),
        "secret-readers": (
            ("$.user.username", "$.sourceIPs[0]", "$.objectRef.namespace"),
            (complete, {"Match": "$.objectRef.resource", "In": ["secrets"]}),
        ),
    }
    for id_, (keys, filters) in rules.items():
        body = {
            "Schema": {"Name": "CloudWatchLogRule", "Version": 1},
            "LogGroupNames": [log_group_name],
            "LogFormat": "JSON",
            "Contribution": {"Keys": list(keys), "Filters": list(filters)},
            "AggregateOn": "Count",
        }
        create(
            cloudwatch.CfnInsightRule,
            scope,
            camel(id_),
            rule_name=_rule_name(cluster_name, id_),
            rule_state="ENABLED",
            rule_body=json.dumps(body),
        )
    return _rule_name(cluster_name, "refused")


def _rule_name(cluster_name: str, id_: str) -> str:
    return f"hardened-eks-{cluster_name}-{id_}"


def counted(condition: str) -> str:
    """Return a query that counts the lines of a condition by user and object."""
    return (
        f"filter {condition} | stats count(*) as number by user.username, verb, objectRef.namespace, "
        "objectRef.resource | sort number desc | limit 20"
    )
