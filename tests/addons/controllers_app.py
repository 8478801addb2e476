"""Clusters with every controller that their network lets work."""

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_ssm as ssm

import hardened_eks as hardened

ACCOUNT, REGION, NAME = "111122223333", "eu-west-1", "payments"
REGISTRY = f"oci://{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/charts"
ZONE, SECRET = "Z0123456789ABC", f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:payments/db-AbCdEf"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
TARGET = f"arn:aws:iam::{ACCOUNT}:role/argo-target"
GROUP = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:targetgroup/theirs/0123456789abcdef"
WORKSPACE = f"arn:aws:aps:{REGION}:{ACCOUNT}:workspace/ws-11111111-2222-3333-4444-555555555555"
KINDS = ("fsx-csi-driver", "adot-collector", "load-balancer-controller", "external-dns", "cert-manager", "external-secrets", "cluster-autoscaler", "argo-cd",
         "fluent-bit")  # fmt: skip


def cluster_in(stack: cdk.Stack, *, egress: hardened.Egress, name: str = NAME, **arguments: Any) -> hardened.Cluster:
    network = hardened.Network(stack, "Network", egress=egress)
    cluster = hardened.Cluster(stack, "Cluster", name=name, version="1.36", network=network, **arguments)
    cluster.add_node_group("general", instance_types=["m7g.large"])
    return cluster


def a_stack(name: str) -> cdk.Stack:
    app = cdk.App(context={"hardened-eks:dns_firewall": "block"})
    stack = cdk.Stack(app, name, env=cdk.Environment(account=ACCOUNT, region=REGION))
    cdk.Tags.of(stack).add("application", "payments")
    return stack


def everything(
    egress: hardened.Egress, stack: cdk.Stack | None = None, *, name: str = NAME
) -> tuple[cdk.Stack, dict[str, Any]]:
    """A cluster with every controller that its network lets work: all of them, with a way out."""
    if stack is None:
        stack = a_stack("Open" if egress is hardened.Egress.NAT else "Closed")
    cluster = cluster_in(stack, egress=egress, name=name)
    zone = route53.HostedZone.from_hosted_zone_attributes(stack, "Zone", hosted_zone_id=ZONE, zone_name="example.com")
    secret = secretsmanager.Secret.from_secret_attributes(
        stack, "Secret", secret_complete_arn=SECRET, encryption_key=kms.Key.from_key_arn(stack, "Key", KEY)
    )
    partial = secretsmanager.Secret.from_secret_name_v2(stack, "Partial", "payments/api")
    parameter = ssm.StringParameter.from_string_parameter_name(stack, "Parameter", "/payments/url")
    group = logs.LogGroup.from_log_group_name(stack, "Group", "/payments/containers")
    addons = hardened.addons
    made: dict[str, Any] = {
        "load-balancer-controller": addons.LoadBalancerController(
            cluster, cognito=True, waf=True, shield=True, target_group_arns=[GROUP]
        ),
        "external-secrets": addons.ExternalSecrets(cluster, secrets=[secret, partial], parameters=[parameter]),
        "cluster-autoscaler": addons.ClusterAutoscaler(cluster, image_tag="v1.36.0"),
        "argo-cd": addons.ArgoCd(cluster, target_roles=[iam.Role.from_role_arn(stack, "Target", TARGET)]),
        "fluent-bit": addons.FluentBit(cluster, log_group=group),
        "fsx-csi-driver": addons.FsxCsiDriver(cluster, create=True),
        "adot-collector": addons.AdotCollector(
            cluster, namespace="payments", service_account="collector", workspace_arns=[WORKSPACE], traces=True
        ),
    }
    if egress is hardened.Egress.NAT:
        made["external-dns"] = addons.ExternalDns(cluster, zones=[zone])
        made["cert-manager"] = addons.CertManager(cluster, zones=[zone])
    return stack, made
