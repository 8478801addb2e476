"""Settings of the control plane."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hardened_eks._patterns import regex
from hardened_eks._tokens import is_number_token, is_text_token
from hardened_eks.errors import Problems

_DURATION = regex(r"[1-9][0-9]*[hms]")  # a single unit, as the EKS API requires


class ControlPlaneEgress(StrEnum):
    """The route of the control plane's outbound traffic, for example to webhooks and OIDC providers.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/control-plane-egress.html
    """

    AWS_MANAGED = "AWS_MANAGED"
    """Through networks that AWS runs, the default of EKS."""
    CUSTOMER_ROUTED = "CUSTOMER_ROUTED"
    """Through your control-plane subnets, with your routes, firewalls and flow logs. You must provide routes to
    webhooks and OIDC providers outside the cluster. A cluster cannot be changed back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KubeApiServer:
    """Settings of the Kubernetes API server that EKS lets you change. They do not affect security.

    Raises:
        ConfigurationError: the duration or the port range is malformed. The error lists all mistakes.
    """

    event_ttl: str | None = None
    """Retention of Kubernetes events, for example ``30m`` or ``2h``. Default: one hour, as in Kubernetes."""
    service_node_port_range: tuple[int, int] | None = None
    """First and last port of services of type NodePort. Default: 30000 to 32767."""

    def __post_init__(self) -> None:
        """Check the values."""
        problems = Problems("KubeApiServer")
        if self.event_ttl is not None and not is_text_token(self.event_ttl):
            problems.require(
                isinstance(self.event_ttl, str) and _DURATION.fullmatch(self.event_ttl),
                f"event_ttl needs a duration in one unit such as '30m' or '2h', got {self.event_ttl!r}",
            )
        if self.service_node_port_range is not None:
            problems.require(
                _is_port_range(self.service_node_port_range),
                "service_node_port_range needs two ports, 1 <= first < last <= 65535, such as (30000, 32767), "
                f"got {self.service_node_port_range!r}",
            )
        problems.raise_any()


def _is_port_range(value: object) -> bool:
    if not isinstance(value, tuple | list) or len(value) != 2:
        return False
    known = [port for port in value if not is_number_token(port)]
    if not all(isinstance(port, int) and not isinstance(port, bool) and 1 <= port <= 65535 for port in known):
        return False
    return len(known) < len(value) or value[0] < value[1]
