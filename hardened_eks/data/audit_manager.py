"""AWS Audit Manager controls for EKS as input of CreateControl, because CloudFormation has no type for them.

CloudTrail keywords are ``<service>_<event>``, for write management events
(https://docs.aws.amazon.com/audit-manager/latest/userguide/control-data-sources-cloudtrail.html). AWS Config keywords
are identifiers of managed rules, and ``Custom_<name>`` for rules of a function
(https://docs.aws.amazon.com/audit-manager/latest/userguide/control-data-sources-config.html).
"""

from __future__ import annotations

from typing import Any, Final

CLOSED: Final = (
    "AWS Audit Manager has accepted no new customers since 2026-04-30: accounts that used it before can continue, but "
    "no account, Region or organization can be added (https://docs.aws.amazon.com/audit-manager/latest/userguide/"
    "audit-manager-availability-change.html)"
)
SET: Final = "PCI DSS 1.3"
"""The name of the control set of `CONTROLS`."""


def _source(kind: str, name: str, keyword: str) -> dict[str, Any]:
    return {
        "sourceName": name,
        "sourceSetUpOption": "System_Controls_Mapping",
        "sourceType": kind,
        "sourceKeyword": {"keywordInputType": "SELECT_FROM_LIST", "keywordValue": keyword},
    }


CONTROLS: Final[tuple[dict[str, Any], ...]] = (
    {
        "name": "PCI DSS 1.3: changes of EKS clusters",
        "description": (
            "Network access to and from the cardholder data environment is restricted. Who created a cluster, or "
            "changed the endpoints, logs or access of one, is recorded and reviewed."
        ),
        "testingInformation": "Each event has an approved change. No event opens the public endpoint.",
        "actionPlanTitle": "Review changes of clusters",
        "actionPlanInstructions": "Compare each event with the change records, and close any endpoint that was opened.",
        "controlMappingSources": [
            _source("AWS_Cloudtrail", "Clusters created", "eks_CreateCluster"),
            _source("AWS_Cloudtrail", "Clusters changed", "eks_UpdateClusterConfig"),
        ],
    },
    {
        "name": "PCI DSS 1.3: networks of EKS clusters",
        "description": (
            "Network access to and from the cardholder data environment is restricted. The Kubernetes API is not "
            "reachable from the internet, and each namespace has network policies that deny what is not allowed."
        ),
        "testingInformation": "Both Config rules are compliant for every cluster in scope.",
        "actionPlanTitle": "Restrict access to clusters and namespaces",
        "actionPlanInstructions": (
            "Turn off the public endpoint, and add a NetworkPolicy that selects all pods, for ingress and egress."
        ),
        "controlMappingSources": [
            _source("AWS_Config", "Private endpoints", "EKS_ENDPOINT_NO_PUBLIC_ACCESS"),
            _source("AWS_Config", "Network policies", "Custom_eks-netPolCheck-rule"),
        ],
    },
)
"""The inputs of CreateControl. The second needs the rule of `hardened_eks.ClusterRules` in the account."""
