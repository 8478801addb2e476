from __future__ import annotations

from typing import Final

from hardened_eks.baseline.load_balancers import TLS_POLICY
from hardened_eks.baseline.policies._pods import OBJECT_CHANGES, SPEC
from hardened_eks.baseline.policies.model import Match, Policy, Validation

MODERN_TLS: Final = "^ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)-"
"""Names of the security policies of load balancers that accept only TLS 1.2 and newer.

Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/describe-ssl-policies.html
"""
_AWS: Final = "service.beta.kubernetes.io/aws-load-balancer"
LOGGED: Final = "access_logs.s3.enabled"
CLOSED: Final = "ipv6.deny_all_igw_traffic"
"""A default of internal load balancers; without it, an internet gateway reaches them over IPv6."""


def _note(suffix: str) -> str:
    """Return a CEL expression: the value of an annotation of the AWS load balancer controller, or an empty string."""
    key = f"{_AWS}-{suffix}"
    return f"('{key}' in variables.notes ? variables.notes['{key}'] : '')"


POLICY = Policy(
    id="service",
    title="Services are internal, encrypted and logged",
    why="A public or plain load balancer exposes a workload; external IPs take over the traffic of its neighbors.",
    matches=(Match("", ("services",)), Match("", ("services/status",), ("UPDATE",))),
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
        ("serviceType", 'has(variables.spec.type) ? variables.spec.type : "ClusterIP"'),
        ("other", 'variables.serviceType != "LoadBalancer"'),
        # Without a class or such a type, the controller in the control plane creates the load balancer. It reads
        # neither the scheme nor the attributes, and its load balancers are public by default:
        # https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/nlb/
        (
            "controller",
            (
                "has(variables.spec.loadBalancerClass) && variables.spec.loadBalancerClass != null"
                " && variables.spec.loadBalancerClass != ''"
                f" || {_note('type')} in ['external', 'nlb-ip']"
            ),
        ),
        ("ports", "has(variables.spec.ports) && variables.spec.ports != null ? variables.spec.ports : []"),
        ("encrypted", f"{_note('ssl-ports')}.split(',').map(p, p.trim())"),
        ("attributes", f"{_note('attributes')}.split(',').map(a, a.split('=').map(part, part.trim()))"),
    ),
    validations=(
        Validation(
            "!has(variables.spec.externalIPs) || variables.spec.externalIPs == null"
            " || variables.spec.externalIPs.size() == 0",
            "externalIPs take over the traffic to these addresses (CVE-2020-8554): remove them",
        ),
        Validation(
            'variables.serviceType != "NodePort"',
            "a NodePort is open on every node, without TLS and logs: use ClusterIP, or an internal LoadBalancer",
        ),
        Validation(
            'variables.serviceType != "ExternalName" || has(variables.spec.externalName)'
            " && !variables.spec.externalName.matches("
            "'(?i)^(localhost|.*[.]localhost|(.*[.])?(svc|cluster[.]local|internal)|[0-9.]+|[0-9a-f:]*:[0-9a-f:.]*)[.]?$')",
            "externalName must be the name of a host outside of the cluster, not an address or an internal name",
        ),
        Validation(
            f"variables.other || {_note('scheme')} == 'internal' && {_note('internal')} in ['', 'true']"
            f" || {_note('scheme')} == '' && {_note('internal')} == 'true'",
            f"the load balancer may face the internet: set the annotation {_AWS}-scheme to internal",
        ),
        Validation(
            f"variables.other || variables.controller || {_note('internal')} == 'true'",
            "the control plane creates the load balancer and reads no scheme, so it may face the internet: set"
            " spec.loadBalancerClass to service.k8s.aws/nlb, or in EKS Auto Mode to eks.amazonaws.com/nlb",
        ),
        Validation(
            f"variables.other || variables.attributes.all(a, a[0] != '{CLOSED}' || a == ['{CLOSED}', 'true'])",
            f"an internet gateway reaches the load balancer over IPv6: remove {CLOSED} from the annotation"
            f" {_AWS}-attributes",
        ),
        Validation(
            f"variables.other || {_note('ssl-cert')}.matches('^arn:aws[a-z-]*:(acm|iam):')",
            f"the load balancer has no certificate: set the annotation {_AWS}-ssl-cert to the ARN of one",
        ),
        Validation(
            f"variables.other || {_note('ssl-negotiation-policy')} == ''"
            f" || {_note('ssl-negotiation-policy')}.matches('{MODERN_TLS}')",
            f"the load balancer takes TLS before 1.2: set the annotation {_AWS}-ssl-negotiation-policy to a policy of"
            f" TLS 1.2 or newer, such as {TLS_POLICY}",
        ),
        Validation(
            "variables.other || variables.ports.all(p, (!has(p.protocol) || p.protocol == null || p.protocol == 'TCP')"
            " && variables.encrypted.exists(e, e == '' && variables.encrypted.size() == 1 || e == '*'"
            " || has(p.port) && e == string(p.port) || has(p.name) && e == p.name))",
            f"a port of the load balancer is not encrypted: list it in the annotation {_AWS}-ssl-ports, or remove that"
            " annotation, and use TCP",
        ),
        Validation(
            f"variables.other || variables.controller"
            f" && variables.attributes.exists(a, a == ['{LOGGED}', 'true'])"
            f" && variables.attributes.all(a, a[0] != '{LOGGED}' || a == ['{LOGGED}', 'true'])"
            f" || (!variables.controller || {_note('attributes')} == '') && {_note('access-log-enabled')} == 'true'",
            "the load balancer writes no access logs: add access_logs.s3.enabled=true to the annotation"
            f" {_AWS}-attributes",
        ),
    ),
)
