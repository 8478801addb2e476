from __future__ import annotations

from typing import Final

from hardened_eks.baseline.policies._pods import BASE, CHANGES, PODS, VOLUMES
from hardened_eks.baseline.policies.model import Match, Policy, Validation

AUDIENCES: Final = '["pods.eks.amazonaws.com", "sts.amazonaws.com", "sts.amazonaws.com.cn"]'
"""Audiences of tokens that AWS accepts and Kubernetes does not (Pod Identity, IRSA)."""

POLICY = Policy(
    id="automount-token",
    title="No pod has a token of the default service account, and every token expires",
    why="A token in a pod that needs none gives an intruder the Kubernetes API; a token in a Secret never expires.",
    matches=(*PODS, Match("", ("secrets",))),
    conditions=(
        CHANGES,
        (
            "is-not-housekeeping-of-an-old-token",
            (
                "!(oldObject != null && has(object.type) && has(oldObject.type) && object.type == oldObject.type"
                " && has(request.userInfo) && has(request.userInfo.username)"
                ' && (request.userInfo.username == "system:kube-controller-manager"'
                ' || request.userInfo.username.startsWith("system:serviceaccount:kube-system:")))'
            ),
        ),
    ),
    variables=(
        *BASE,
        VOLUMES,
        (
            "account",
            (
                "has(variables.pod.serviceAccountName) && variables.pod.serviceAccountName != null"
                ' && variables.pod.serviceAccountName != "" ? variables.pod.serviceAccountName'
                " : has(variables.pod.serviceAccount) && variables.pod.serviceAccount != null"
                ' && variables.pod.serviceAccount != "" ? variables.pod.serviceAccount : "default"'
            ),
        ),
        ("named", 'variables.account != "default"'),
    ),
    validations=(
        Validation(
            "variables.named || !has(variables.pod.automountServiceAccountToken)"
            " || variables.pod.automountServiceAccountToken != true",
            "the pod asks for the token of the default service account: name a service account of its own, or set"
            " automountServiceAccountToken to false",
        ),
        Validation(
            "variables.named || variables.containers.all(c, !has(c.volumeMounts) || c.volumeMounts == null"
            " || c.volumeMounts.all(m, !has(m.mountPath)"
            " || !m.mountPath.matches('^/(var/)?run/secrets/kubernetes[.]io/serviceaccount/*$')))",
            "the pod got the token of the default service account: name a service account of its own, or set"
            " automountServiceAccountToken to false",
        ),
        Validation(
            "variables.named || variables.volumes.all(v, !has(v.projected) || v.projected == null"
            " || !has(v.projected.sources) || v.projected.sources == null"
            " || v.projected.sources.all(s, !has(s.serviceAccountToken) || s.serviceAccountToken == null"
            f" || has(s.serviceAccountToken.audience) && s.serviceAccountToken.audience in {AUDIENCES}))",
            "a volume holds a token of the default service account: name a service account of its own",
        ),
        # https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/#pod-certificate-requests
        Validation(
            "variables.named || variables.volumes.all(v, !has(v.projected) || v.projected == null"
            " || !has(v.projected.sources) || v.projected.sources == null"
            " || v.projected.sources.all(s, !has(s.podCertificate) || s.podCertificate == null"
            " || has(s.podCertificate.signerName) && !s.podCertificate.signerName.startsWith('kubernetes.io/')))",
            "a volume holds a certificate of the default service account, which the Kubernetes API accepts: name a"
            " service account of its own",
        ),
        Validation(
            '!has(object.type) || object.type != "kubernetes.io/service-account-token"',
            "the Secret would hold a token that never expires: use a projected volume or the TokenRequest API",
        ),
    ),
)
