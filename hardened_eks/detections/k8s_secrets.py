"""Detections on Kubernetes secrets. EKS logs who reads a secret, but never its content."""

from hardened_eks.detections.clauses import DONE, PERSON, UNDO_ENTRY, audit, none_of, one_of, records
from hardened_eks.detections.model import Detection, Severity

_REQUIRES = ("alerts.audit_surge", "k8s.secrets.audited", "k8s.rbac.secrets_access")
_SECRETS = '$.objectRef.resource = "secrets"'

K8S_SECRETS = (
    Detection(
        id="k8s-secrets-listed-everywhere",
        title="All secrets of the cluster were listed",
        severity=Severity.CRITICAL,
        default=True,
        why="One request returns every password, key and token of every namespace.",
        first=(
            records(
                "objectRef.resource = 'secrets' and verb in ['list', 'watch'] and not ispresent(objectRef.namespace)"
            ),
            UNDO_ENTRY,
            "A service account: isolate its pod, and delete the bindings that let it read secrets.",
            "Treat all secrets as compromised: rotate those for systems outside the cluster first, then the rest.",
        ),
        expressions=(
            audit(
                _SECRETS,
                one_of("verb", "list", "watch"),
                "$.objectRef.namespace NOT EXISTS",
                DONE,
                none_of(
                    "user.username", "system:kube-controller-manager", "system:apiserver", "eks:*", "<secret_readers>"
                ),
            ),
        ),
        false_positives=(
            "cert-manager, external-secrets, kube-state-metrics and other operators: add their user names to "
            "secret_readers."
        ),
        technique="T1552.007",
        anchors=("panther", "elastic", "stratus", "sigma"),
        requirements=_REQUIRES,
        blind="A watch is recorded only when it ends, after minutes.",
    ),
    Detection(
        id="k8s-secret-read-by-person",
        title="A person read or listed secrets",
        severity=Severity.HIGH,
        default=True,
        why="Secrets are for workloads. A person who has read a secret can use it until it is rotated.",
        first=(
            records(
                "objectRef.resource = 'secrets' and verb in ['get', 'list', 'watch'] and user.username not like "
                "/^(system|eks):/"
            ),
            "Ask the person whether there is a ticket. " + UNDO_ENTRY,
            "If it was not intended, rotate the secrets that were read.",
        ),
        expressions=(audit(_SECRETS, one_of("verb", "get", "list", "watch"), DONE, PERSON),),
        false_positives="helm list and helm upgrade, whose releases are secrets; GitOps with an IAM role.",
        technique="T1552.007",
        anchors=("panther", "elastic", "sigma", "splunk", "guardduty"),
        requirements=_REQUIRES,
    ),
)
