from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import hardened_eks as hardened
from hardened_eks.controls.network import no_internet_gateway_route
from stacks.base import ReferenceStack

if TYPE_CHECKING:
    from constructs import Construct

    from stacks.settings import Settings


class FoundationStack(ReferenceStack):
    """The network and the keys, which outlive a cluster."""

    def __init__(self, scope: Construct, id: str, *, settings: Settings) -> None:
        """Create the network and the keys of `settings`."""
        super().__init__(scope, id, settings=settings)
        self.keys = hardened.Keys(self, "Keys")
        self.network = hardened.Network(
            self,
            "Network",
            availability_zones=settings.availability_zones or 3,
            egress=hardened.Egress(settings.egress),
            logs_key=self.keys.logs,
        )
        if settings.egress == "nat":
            hardened.waive(
                self.network,
                no_internet_gateway_route,
                reason="NAT is configured: the subnets with this route contain only NAT gateways",
                until=date(2027, 10, 31),
            )
