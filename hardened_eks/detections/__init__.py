"""The detections as data: one explicit tuple of all of them.

They need neither the CDK nor an AWS client. Constructs deploy them, and `hardened-eks detections` prints them.
"""

from hardened_eks.detections.account import ACCOUNT
from hardened_eks.detections.benchmark import BENCHMARK
from hardened_eks.detections.detectors import DETECTORS
from hardened_eks.detections.eks_access import EKS_ACCESS
from hardened_eks.detections.eks_changes import EKS_CHANGES
from hardened_eks.detections.eks_cluster import EKS_CLUSTER
from hardened_eks.detections.eks_nodes import EKS_NODES
from hardened_eks.detections.findings import FINDINGS
from hardened_eks.detections.health import HEALTH
from hardened_eks.detections.identities import IDENTITIES
from hardened_eks.detections.images import IMAGES
from hardened_eks.detections.k8s_callers import K8S_CALLERS
from hardened_eks.detections.k8s_changes import K8S_CHANGES
from hardened_eks.detections.k8s_credentials import K8S_CREDENTIALS
from hardened_eks.detections.k8s_delivery import K8S_DELIVERY
from hardened_eks.detections.k8s_exec import K8S_EXEC
from hardened_eks.detections.k8s_pods import K8S_PODS
from hardened_eks.detections.k8s_rights import K8S_RIGHTS
from hardened_eks.detections.k8s_secrets import K8S_SECRETS
from hardened_eks.detections.keys import KEYS
from hardened_eks.detections.model import (
    ANCHORS,
    Detection,
    EventPattern,
    Expression,
    MetricAlarm,
    MetricFilter,
    Severity,
    Source,
)
from hardened_eks.detections.network import NETWORK
from hardened_eks.detections.parameters import PARAMETERS, Parameter, Parameters, read
from hardened_eks.detections.sessions import SESSIONS
from hardened_eks.detections.watchers import WATCHERS

DETECTIONS: tuple[Detection, ...] = (
    *EKS_CHANGES,
    *EKS_CLUSTER,
    *EKS_ACCESS,
    *EKS_NODES,
    *KEYS,
    *WATCHERS,
    *DETECTORS,
    *IDENTITIES,
    *ACCOUNT,
    *SESSIONS,
    *NETWORK,
    *IMAGES,
    *FINDINGS,
    *K8S_CALLERS,
    *K8S_EXEC,
    *K8S_SECRETS,
    *K8S_RIGHTS,
    *K8S_CREDENTIALS,
    *K8S_PODS,
    *K8S_CHANGES,
    *K8S_DELIVERY,
    *BENCHMARK,
    *HEALTH,
)

__all__ = [
    "ANCHORS",
    "DETECTIONS",
    "PARAMETERS",
    "Detection",
    "EventPattern",
    "Expression",
    "MetricAlarm",
    "MetricFilter",
    "Parameter",
    "Parameters",
    "Severity",
    "Source",
    "read",
]
