"""Load balancers of Ingresses and Services: internal, over TLS 1.2 or newer with post-quantum keys, with access logs.

The AWS Load Balancer Controller reads these objects and annotations. EKS Auto Mode has its own kinds for them.

Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html,
https://docs.aws.amazon.com/eks/latest/userguide/auto-configure-alb.html and
https://docs.aws.amazon.com/eks/latest/userguide/auto-configure-nlb.html (November 2026).
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
"""Name of the IngressClass of the AWS Load Balancer Controller, and of its parameters."""
AUTO_MODE_CLASS: Final = "hardened-auto-mode"
"""Name of the IngressClass of EKS Auto Mode, and of its parameters."""
_NOTE: Final = "service.beta.kubernetes.io/aws-load-balancer"


def ingress_class(
    bucket: str, *, fips: bool = False, auto_mode: bool = False, default: bool = True
) -> list[dict[str, Any]]:
    """Return an IngressClass and its parameters, which annotations of an Ingress cannot change.

    The parameters of Auto Mode have no TLS policy (https://github.com/aws/containers-roadmap/issues/2715), so the
    admission policy `ingress` requires the annotation ``alb.ingress.kubernetes.io/ssl-policy`` in this class.

    Args:
        bucket: name of the bucket of the access logs.
        fips: use FIPS-validated cryptography. Default: no.
        auto_mode: for load balancers of EKS Auto Mode instead of the AWS Load Balancer Controller. Default: no.
        default: make it the class of Ingresses that name no class. Default: yes.
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
    spec: dict[str, Any] = {
        "loadBalancerAttributes": [{"key": key, "value": value} for key, value in attributes.items()],
        "scheme": "internal",
    }
    if auto_mode:
        name, group, version, controller = AUTO_MODE_CLASS, "eks.amazonaws.com", "v1", "eks.amazonaws.com/alb"
    else:
        name, group, version, controller = CLASS, "elbv2.k8s.aws", "v1beta1", "ingress.k8s.aws/alb"
        spec["sslPolicy"] = FIPS_TLS_POLICY if fips else TLS_POLICY
    reference = {"apiGroup": group, "kind": "IngressClassParams", "name": name}
    return [
        thing(f"{group}/{version}", "IngressClassParams", name, spec=spec),
        thing(
            "networking.k8s.io/v1",
            "IngressClass",
            name,
            annotations={"ingressclass.kubernetes.io/is-default-class": "true"} if default else None,
            spec={"controller": controller, "parameters": reference},
        ),
    ]


def service_annotations(
    *,
    bucket: str,
    certificate_arn: str,
    ports: Sequence[int | str] = (),
    fips: bool = False,
    auto_mode: bool = False,
) -> dict[str, str]:
    """Return the annotations that give a Service of type LoadBalancer an internal network load balancer.

    Args:
        bucket: name of the bucket of the access logs.
        certificate_arn: ARN of the certificate, in AWS Certificate Manager.
        ports: ports, or their names, that are served over TLS. Default: all.
        fips: use FIPS-validated cryptography. Default: no.
        auto_mode: for load balancers of EKS Auto Mode, which uses ``spec.loadBalancerClass`` instead of a type.
            Default: no.
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
    }
    if not auto_mode:
        notes["type"] = "external"  # by the AWS Load Balancer Controller, not by the controller in the control plane
    if ports:
        notes["ssl-ports"] = ",".join(map(str, ports))
    return {f"{_NOTE}-{key}": value for key, value in notes.items()}
