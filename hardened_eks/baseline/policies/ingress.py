from __future__ import annotations

from typing import Final

from hardened_eks.baseline.load_balancers import AUTO_MODE_CLASS, TLS_POLICY
from hardened_eks.baseline.policies._pods import OBJECT_CHANGES, SPEC
from hardened_eks.baseline.policies.model import Match, Policy, Validation
from hardened_eks.baseline.policies.service import MODERN_TLS

_ALB: Final = "alb.ingress.kubernetes.io"
_NGINX: Final = "nginx.ingress.kubernetes.io"


def _note(key: str) -> str:
    """Return a CEL expression: the value of an annotation, or an empty string."""
    return f"('{key}' in variables.notes ? variables.notes['{key}'] : '')"


_COVERED: Final = (
    "variables.tls.exists(t, !has(t.hosts) || t.hosts == null || t.hosts.size() == 0"
    " || has(r.host) && r.host != '' && t.hosts.exists(h, h == r.host"
    " || h.startsWith('*.') && r.host.contains('.')"
    " && h.substring(1) == r.host.substring(r.host.indexOf('.'))))"
)

POLICY = Policy(
    id="ingress",
    title="Ingresses and routes are served over TLS only",
    why="Plain HTTP shows sessions and data to everybody on the path, and lets them be changed.",
    matches=(
        Match("networking.k8s.io", ("ingresses",)),
        Match("networking.k8s.io", ("ingresses/status",), ("UPDATE",)),
        Match(
            "gateway.networking.k8s.io",
            ("gateways", "httproutes", "grpcroutes", "tcproutes", "udproutes", "listenersets"),
            versions=("*",),
        ),
        Match("gateway.networking.x-k8s.io", ("xlistenersets",), versions=("*",)),
    ),
    conditions=(OBJECT_CHANGES,),
    variables=(
        SPEC,
        (
            "notes",
            (
                "has(object.metadata) && object.metadata != null && has(object.metadata.annotations)"
                " && object.metadata.annotations != null"
                " ? object.metadata.annotations : {}"
            ),
        ),
        ("ingress", 'request.kind.kind == "Ingress"'),
        ("tls", "has(variables.spec.tls) && variables.spec.tls != null ? variables.spec.tls : []"),
        ("rules", "has(variables.spec.rules) && variables.spec.rules != null ? variables.spec.rules : []"),
        ("certificate", f"{_note(f'{_ALB}/certificate-arn')}.matches('^arn:aws[a-z-]*:(acm|iam):')"),
        (
            "parents",
            "has(variables.spec.parentRefs) && variables.spec.parentRefs != null ? variables.spec.parentRefs : []",
        ),
        (
            "redirects",
            (
                "variables.rules.size() > 0 && variables.rules.all(r, has(r.filters) && r.filters != null"
                " && r.filters.exists(f, has(f.requestRedirect) && f.requestRedirect != null"
                " && has(f.requestRedirect.scheme) && f.requestRedirect.scheme == 'https'))"
            ),
        ),
        (
            "listeners",
            "has(variables.spec.listeners) && variables.spec.listeners != null ? variables.spec.listeners : []",
        ),
    ),
    validations=(
        Validation(
            "!variables.ingress || variables.certificate || variables.tls.size() > 0"
            f" && variables.rules.all(r, {_COVERED})",
            "the Ingress is served without TLS: cover every host in spec.tls, or set the annotation"
            f" {_ALB}/certificate-arn",
        ),
        Validation(
            f"{_note(f'{_ALB}/ssl-policy')} == '' || {_note(f'{_ALB}/ssl-policy')}.matches('{MODERN_TLS}')",
            f"the Ingress takes TLS before 1.2: set the annotation {_ALB}/ssl-policy to a policy of TLS 1.2 or newer,"
            f" such as {TLS_POLICY}",
        ),
        Validation(
            "!has(variables.spec.ingressClassName)"
            f" || variables.spec.ingressClassName != '{AUTO_MODE_CLASS}' || {_note(f'{_ALB}/ssl-policy')} != ''",
            f"the class has no TLS policy of its own, and load balancers take TLS 1.0 by default: set the annotation"
            f" {_ALB}/ssl-policy to a policy of TLS 1.2 or newer, such as {TLS_POLICY}",
        ),
        Validation(
            # In JSON, "\u0048TTP" is HTTP too.
            f"!{_note(f'{_ALB}/listen-ports')}.matches('(?i)\"HTTP\"')"
            f" && !{_note(f'{_ALB}/listen-ports')}.contains('\\\\')"
            f" || {_note(f'{_ALB}/ssl-redirect')}.matches('^[0-9]+$')",
            f"the Ingress listens on plain HTTP: list only HTTPS in {_ALB}/listen-ports, or set {_ALB}/ssl-redirect",
        ),
        Validation(
            f"!({_note(f'{_NGINX}/ssl-redirect')} in ['false', 'False', 'FALSE', 'f', 'F', '0']"
            f" || {_note(f'{_NGINX}/force-ssl-redirect')} in ['false', 'False', 'FALSE', 'f', 'F', '0']"
            f" || {_note('kubernetes.io/ingress.allow-http')} == 'true')",
            "the Ingress serves plain HTTP beside TLS: remove the annotation that switches the redirect off",
        ),
        Validation(
            "!(request.kind.kind in ['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'UDPRoute']) || variables.redirects"
            " || variables.parents.size() > 0 && variables.parents.all(p,"
            " has(p.kind) && p.kind == 'Service' || (has(p.sectionName) || has(p.port))"
            " && (!has(p.sectionName) || p.sectionName.matches('(?i)https|tls'))"
            " && (!has(p.port) || p.port in [443, 8443]))",
            "the route may be served without TLS: name an HTTPS listener in sectionName or port 443 of each parentRef",
        ),
        Validation(
            "variables.listeners.all(l,"
            " has(l.protocol) && l.protocol in ['HTTPS', 'TLS']"
            " || !(has(l.port) && l.port in [443, 8443]) && !(has(l.name) && l.name.matches('(?i)https|tls')))",
            "a listener claims TLS by its name or port, but its protocol is neither HTTPS nor TLS",
        ),
    ),
)
