from __future__ import annotations

from hardened_eks.baseline.policies.model import Match, Policy, Validation

POLICY = Policy(
    id="endpoint-slices",
    title="Only controllers write endpoints",
    why="With endpoints, an attacker sends the traffic of a Service or load balancer into another namespace"
    " (CVE-2021-25740).",
    matches=(Match("", ("endpoints",)), Match("discovery.k8s.io", ("endpointslices",))),
    admins=True,
    validations=(
        Validation(
            "has(request.userInfo) && has(request.userInfo.username)"
            " && (request.userInfo.username == 'system:kube-controller-manager'"
            " || request.userInfo.username.startsWith('system:serviceaccount:kube-system:'))",
            "endpoints are written by the controllers of Kubernetes: use a Service with a selector, or an ExternalName",
        ),
    ),
)
