"""Detections on credentials for the cluster: aws-auth, service account tokens and client certificates."""

from hardened_eks.detections.clauses import (
    ALLOWED,
    DONE,
    SETS,
    SURGE,
    UNDO_ENTRY,
    WRITES,
    audit,
    none_of,
    records,
)
from hardened_eks.detections.model import Detection, Severity

K8S_CREDENTIALS = (
    Detection(
        id="k8s-aws-auth-changed",
        title="The aws-auth ConfigMap was changed",
        severity=Severity.HIGH,
        default=True,
        why="It can make IAM identities administrators, and neither IAM nor access entries show it.",
        first=(
            records("objectRef.name = 'aws-auth'"),
            "Read it: `kubectl get configmap aws-auth -n kube-system -o yaml`; remove unknown lines.",
            "Set the authentication mode to API; the ConfigMap then has no effect.",
        ),
        expressions=(
            audit(
                '$.objectRef.resource = "configmaps"',
                '$.objectRef.name = "aws-auth"',
                '$.objectRef.namespace = "kube-system"',
                WRITES,
                ALLOWED,
                '$.user.username != "eks:*"',
            ),
        ),
        false_positives="eksctl. The identities of EKS itself are excluded.",
        technique="T1098.006",
        anchors=("elastic", "stratus", "eks-best-practices"),
        requirements=(*SURGE, "k8s.rbac.aws_auth"),
    ),
    Detection(
        id="k8s-token-requested",
        title="Somebody requested a service account token",
        severity=Severity.HIGH,
        default=True,
        why="The token works outside the cluster with the rights of the workload, for the requested duration.",
        first=(
            records("objectRef.resource = 'serviceaccounts' and objectRef.subresource = 'token'"),
            "Delete the service account and create it again to invalidate all its tokens, then restart its pods.",
            UNDO_ENTRY,
        ),
        expressions=(
            audit(
                '$.objectRef.resource = "serviceaccounts"',
                '$.objectRef.subresource = "token"',
                '$.verb = "create"',
                DONE,
                none_of(
                    "user.username", "system:node:*", "system:kube-controller-manager", "eks:*", "<token_requesters>"
                ),
            ),
        ),
        false_positives="external-secrets, Vault: add their user names to token_requesters.",
        technique="T1528",
        anchors=("panther", "elastic", "stratus"),
        requirements=(*SURGE, "k8s.rbac.token_create", "eks.auth.iam_identities"),
        blind="Secrets of type service-account-token: EKS logs secrets without their contents.",
    ),
    Detection(
        id="k8s-client-certificate",
        title="A certificate was requested or approved by a person or workload",
        severity=Severity.HIGH,
        default=False,
        why="A client certificate cannot be revoked; it is valid until it expires.",
        first=(
            records("objectRef.resource = 'certificatesigningrequests'"),
            (
                "Deny it if it is pending: `kubectl certificate deny NAME`. If it was signed, note the user and "
                "groups in it, and remove their bindings."
            ),
            UNDO_ENTRY,
        ),
        expressions=(
            audit(
                '$.objectRef.resource = "certificatesigningrequests"',
                SETS,
                DONE,
                none_of(
                    "user.username",
                    "system:node:*",
                    "system:bootstrap:*",
                    "system:kube-controller-manager",
                    "eks:*",
                    "system:serviceaccount:kube-system:*",
                ),
            ),
        ),
        false_positives="Approvers of kubelet serving certificates that run outside kube-system.",
        technique="T1649",
        anchors=("panther", "elastic", "stratus"),
        requirements=(*SURGE, "k8s.rbac.csr_approve", "eks.auth.iam_identities"),
    ),
)
