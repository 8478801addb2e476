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

    AWS maintains the add-on, and the community its software. AWS proposes AmazonRoute53FullAccess for it. This role may
    only change records of these zones and list the account's zones, which no policy can limit.
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
            cluster: the cluster in which the controller runs.
            zones: the hosted zones whose records ExternalDNS may change, at least one.
            id: construct ID. Default: ``ExternalDns``.
            version: version of the add-on. Default: EKS's default for the cluster's version when the add-on is created.
            configuration: settings of the add-on, as ``aws eks describe-addon-configuration --addon-name external-dns``
                lists it. Default: those of EKS.

        Raises:
            ConfigurationError: an argument is invalid; the cluster already has the add-on; or its network has no
                internet access, since Route 53 has no VPC endpoint. The error lists all mistakes.
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

    It writes only ``TXT`` records of ``_acme-challenge`` names, so it cannot redirect any host name. Name the zone in
    the issuer, too (``hostedZoneID``).
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
            cluster: the cluster in which the controller runs.
            zones: the hosted zones in which cert-manager answers DNS-01 challenges. Default: none; cert-manager then
                gets no role, which is enough for certificates of a certificate authority in the cluster, or of AWS
                Private CA.
            id: construct ID. Default: ``CertManager``.
            service_account: Kubernetes service account of the controller, which gets the role. Default:
                ``cert-manager``.
            version: version of the add-on. Default: EKS's default for the cluster's version when the add-on is created.
            configuration: settings of the add-on, as ``aws eks describe-addon-configuration --addon-name cert-manager``
                lists it. Default: those of EKS.

        Raises:
            ConfigurationError: an argument is invalid; the cluster already has the add-on; or zones are given and the
                network has no internet access, since Route 53 has no VPC endpoint. The error lists all mistakes.
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
