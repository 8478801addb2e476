"""Controllers that write records of Route 53: ExternalDNS and cert-manager."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardened_eks._kinds import HOSTED_ZONE, list_problems
from hardened_eks.addons._arguments import addon_problems
from hardened_eks.addons._controller import AddonController

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_route53 as route53

    from hardened_eks._cluster_like import ClusterLike


class ExternalDns(AddonController):
    """ExternalDNS as an EKS add-on: records for Services and Ingresses, in the zones that you name.

    AWS maintains the add-on's life cycle, and the community its software. AWS proposes AmazonRoute53FullAccess for it;
    here it changes records of these zones, and lists the account's zones, which no policy can limit.
    """

    def __init__(
        self,
        cluster: ClusterLike,
        *,
        zones: Sequence[route53.IHostedZone],
        id: str = "ExternalDns",
        version: str | None = None,
        configuration: Mapping[str, Any] | None = None,
    ) -> None:
        """Create the role, its policy and the add-on.

        Args:
            cluster: the cluster that it runs in.
            zones: the hosted zones whose records it may change.
            id: construct id.
            version: of the add-on. Default: EKS's default for the cluster's version, at creation.
            configuration: of the add-on, as ``aws eks describe-addon-configuration --addon-name external-dns`` lists
                it. Default: EKS's own.

        Raises:
            ConfigurationError: naming every mistake in the arguments; the cluster has the add-on already; or nothing
                leads out of its network, and Route 53 has no VPC endpoint.
        """
        self._prepare(
            "external-dns",
            cluster,
            None,
            id,
            namespace=None,
            service_accounts=["external-dns"],
            problems=[
                *addon_problems("external-dns", version, configuration),
                *list_problems(HOSTED_ZONE, zones=zones),
                *([] if zones else ["zones needs at least one hosted zone (aws_route53.IHostedZone), got none"]),
            ],
            far=True,
        )
        self._allow(["external-dns"], [], {"zones": [zone.hosted_zone_arn for zone in zones]})
        self._install(version, configuration)


class CertManager(AddonController):
    """cert-manager as an EKS add-on: certificates, and the DNS-01 challenges of ACME in the zones that you name.

    It writes ``TXT`` records of ``_acme-challenge`` names, and no other record: it can take over no address. Name the
    zone in the issuer, too (``hostedZoneID``).
    """

    def __init__(
        self,
        cluster: ClusterLike,
        *,
        zones: Sequence[route53.IHostedZone] = (),
        id: str = "CertManager",
        service_account: str = "cert-manager",
        version: str | None = None,
        configuration: Mapping[str, Any] | None = None,
    ) -> None:
        """Create the role, its policy and the add-on.

        Args:
            cluster: the cluster that it runs in.
            zones: the hosted zones in which it answers DNS-01 challenges. Default: none; then it gets no role, which
                is enough for certificates of an authority in the cluster, or of AWS Private CA.
            id: construct id.
            service_account: its service account, which takes the role.
            version: of the add-on. Default: EKS's default for the cluster's version, at creation.
            configuration: of the add-on, as ``aws eks describe-addon-configuration --addon-name cert-manager`` lists
                it. Default: EKS's own.

        Raises:
            ConfigurationError: naming every mistake in the arguments; the cluster has the add-on already; or zones are
                named, nothing leads out of the network, and Route 53 has no VPC endpoint.
        """
        accounts = [service_account] if zones else []
        self._prepare(
            "cert-manager",
            cluster,
            None,
            id,
            namespace=None,
            service_accounts=[service_account],
            problems=[
                *addon_problems("cert-manager", version, configuration),
                *list_problems(HOSTED_ZONE, zones=zones),
            ],
            far=bool(zones),
        )
        self._allow(accounts, ["zones"] if zones else [], {"zones": [zone.hosted_zone_arn for zone in zones]})
        self._install(version, configuration)
