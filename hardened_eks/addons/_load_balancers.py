"""The AWS Load Balancer Controller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks import _aws
from hardened_eks._kinds import cluster_problems, flag_problems
from hardened_eks.addons._charted import ChartedController
from hardened_eks.addons._controller import arn_problems, text_problems
from hardened_eks.baseline.load_balancers import TLS_POLICY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from hardened_eks._cluster_like import ClusterLike


class LoadBalancerController(ChartedController):
    """The AWS Load Balancer Controller: load balancers for Services, Ingresses and Gateways of this cluster only.

    It creates, changes and deletes load balancers, listeners, rules, target groups and security groups with the tag
    ``elbv2.k8s.aws/cluster`` of this cluster, and changes the rules of the node security group. The policy that its
    project publishes requires that tag only for some actions, and with any value.

    A listener whose object names no TLS policy accepts only TLS 1.2 and newer.

    Auto Mode has its own controller, so its clusters do not need this one.
    """

    def __init__(
        self,
        cluster: ClusterLike,
        *,
        scope: Construct | None = None,
        id: str = "LoadBalancerController",
        namespace: str | None = None,
        service_account: str = "aws-load-balancer-controller",
        image_repository: str | None = None,
        certificates: bool = True,
        cognito: bool = False,
        waf: bool = False,
        shield: bool = False,
        target_group_arns: Sequence[str] = (),
    ) -> None:
        """Create the role, its policies and the VPC endpoints, and the values of the chart.

        Args:
            cluster: the cluster in which the controller runs.
            scope: the parent construct. Default: the cluster.
            id: construct ID. Default: ``LoadBalancerController``.
            namespace: Kubernetes namespace. Default: ``aws-load-balancer-controller``, that of its profile in the
                baseline (``addons: [load-balancer-controller]``).
            service_account: Kubernetes service account of the controller, which gets the role. Default:
                ``aws-load-balancer-controller``.
            image_repository: repository of the controller's image. Default: that of the chart; in an isolated network,
                ``aws-load-balancer-controller`` in the account's ECR, to which you copy the image.
            certificates: let it find the certificate of a host name in ACM. Default: yes.
            cognito: let Ingresses authenticate people with Amazon Cognito. Default: no.
            waf: let Ingresses attach a web ACL of AWS WAF. Default: no.
            shield: let Ingresses switch on AWS Shield Advanced. Default: no.
            target_group_arns: ARNs of target groups that exist outside the cluster and that TargetGroupBindings name.
                Default: none.

        Raises:
            ConfigurationError: an argument is invalid; or the cluster already has the controller, or has no Pod
                Identity agent. The error lists all mistakes.
        """
        flags = {"certificates": certificates, "cognito": cognito, "waf": waf, "shield": shield}
        self._prepare(
            "load-balancer-controller",
            cluster,
            scope,
            id,
            namespace=namespace,
            service_accounts=[service_account],
            problems=[
                *cluster_problems(cluster, "node_security_group"),
                *text_problems(image_repository=image_repository),
                *flag_problems(**flags),
                *arn_problems("elasticloadbalancing", target_group_arns=target_group_arns),
            ],
        )
        network = cluster.network
        parts = [part for part, on in flags.items() if on]
        self._allow(
            [service_account],
            [*parts, *(["target_groups"] if target_group_arns else [])],
            {
                "vpc": network.vpc_id,
                "vpc_account": _aws.account() if network.cidrs else "*",  # another account may share an adopted VPC
                "node_group": cluster.node_security_group_id,
                "target_groups": list(target_group_arns),
            },
        )
        image = self._image(image_repository, "aws-load-balancer-controller")
        self._with(
            {
                "clusterName": cluster.name,
                "region": _aws.region(),
                "vpcId": network.vpc_id,  # pods cannot reach instance metadata, its other source for the ID
                "serviceAccount": {"create": True, "name": service_account},
                "enableWaf": False,
                "enableWafv2": waf,
                "enableShield": shield,
                # for listeners whose Service, Ingress or Gateway names no policy; the chart's default takes TLS 1.0
                "defaultSSLPolicy": TLS_POLICY,
                **({"image": {"repository": image}} if image else {}),
            }
        )
