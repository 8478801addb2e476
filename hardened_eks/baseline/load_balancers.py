"""Load balancers of Ingresses and Services: internal, over TLS 1.2 or newer with post-quantum keys, with access logs.

The AWS Load Balancer Controller reads these objects and annotations.

Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html (November 2026).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.baseline.objects import thing

if TYPE_CHECKING:
    from collections.abc import Sequence

TLS_POLICY: Final = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
"""TLS 1.3 and 1.2 with forward secrecy, and hybrid post-quantum key exchange (ML-KEM) for clients that have it; AWS
recommends it for application and network load balancers."""
FIPS_TLS_POLICY: Final = "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09"
"""The same with FIPS-validated cryptography."""
PREFIX: Final = "load-balancers"
"""The prefix of the logs in the bucket; `hardened_eks.AccessLogs` lets load balancers write there."""
CLASS: Final = "hardened"
"""Name of the IngressClass and its parameters."""
_CONTROLLER: Final = "ingress.k8s.aws/alb"
_NOTE: Final = "service.beta.kubernetes.io/aws-load-balancer"


def ingress_class(bucket: str, *, fips: bool = False) -> list[dict[str, Any]]:
    """Return the IngressClass that Ingresses get by default, and its parameters, which their annotations cannot change.

    Args:
        bucket: name of the bucket of the access logs.
        fips: use FIPS-validated cryptography.
    """
    attributes = {
        "access_logs.s3.bucket": bucket,
        "access_logs.s3.enabled": "true",
        "access_logs.s3.prefix": PREFIX,
        "connection_logs.s3.bucket": bucket,
        "connection_logs.s3.enabled": "true",
        "connection_logs.s3.prefix": PREFIX,
        "routing.http.desync_mitigation_mode": "defensive",
        "routing.http.drop_invalid_header_fields.enabled": "true",
    }
    spec = {
        "loadBalancerAttributes": [{"key": key, "value": value} for key, value in attributes.items()],
        "scheme": "internal",
        "sslPolicy": FIPS_TLS_POLICY if fips else TLS_POLICY,
    }
    group = "elbv2.k8s.aws"
    reference = {"apiGroup": group, "kind": "IngressClassParams", "name": CLASS}
    return [
        thing(f"{group}/v1beta1", "IngressClassParams", CLASS, spec=spec),
        thing(
            "networking.k8s.io/v1",
            "IngressClass",
            CLASS,
            annotations={"ingressclass.kubernetes.io/is-default-class": "true"},
            spec={"controller": _CONTROLLER, "parameters": reference},
        ),
    ]


def service_annotations(
    *, bucket: str, certificate_arn: str, ports: Sequence[int | str] = (), fips: bool = False
) -> dict[str, str]:
    """Return the annotations of a Service of type LoadBalancer, which then gets an internal network load balancer.

    Args:
        bucket: name of the bucket of the access logs.
        certificate_arn: ARN of the certificate, in AWS Certificate Manager.
        ports: ports, or their names, that are served over TLS. Default: all.
        fips: use FIPS-validated cryptography.
    """
    attributes = {
        "access_logs.s3.enabled": "true",
        "access_logs.s3.bucket": bucket,
        "access_logs.s3.prefix": PREFIX,
    }
    notes = {
        "attributes": ",".join(f"{key}={value}" for key, value in attributes.items()),
        "nlb-target-type": "ip",
        "scheme": "internal",
        "ssl-cert": certificate_arn,
        "ssl-negotiation-policy": FIPS_TLS_POLICY if fips else TLS_POLICY,
        "type": "external",  # the AWS Load Balancer Controller, not the one in the control plane
    }
    if ports:
        notes["ssl-ports"] = ",".join(map(str, ports))
    return {f"{_NOTE}-{key}": value for key, value in notes.items()}
