"""Karpenter's objects as data: EC2NodeClass, NodePool and the values of its Helm chart.

Source: https://karpenter.sh/docs/concepts/nodeclasses/ and https://karpenter.sh/docs/concepts/nodepools/ (v1)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.baseline.objects import thing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

GROUP: Final = "karpenter.k8s.aws"
DISCOVERY: Final = "karpenter.sh/discovery"
"""Prefix of the tag keys by which a NodeClass finds subnets and security groups. Each cluster has its own key, because
a subnet can serve two clusters and has each key only once."""
_SYSTEM_GIB: Final = 4
BOTTLEROCKET_SETTINGS: Final = """\
[settings.host-containers.admin]
enabled = false
[settings.host-containers.control]
enabled = false
[settings.kubernetes]
seccomp-default = true
[settings.kernel]
lockdown = "integrity"
"""
"""Default settings of nodes: no host containers for access, the runtime's seccomp profile, kernel lockdown."""


def discovery_key(cluster_name: str) -> str:
    """Return the key of a cluster's discovery tag."""
    return f"{DISCOVERY}/{cluster_name}"


def node_class(
    name: str,
    *,
    instance_profile: str,
    volumes_key_arn: str,
    subnets: Sequence[Mapping[str, Any]],
    security_groups: Sequence[Mapping[str, Any]],
    bottlerocket_version: str,
    disk_gib: int,
    user_data: str,
    kubelet: Mapping[str, Any],
    tags: Mapping[str, str],
) -> dict[str, Any]:
    """Return the EC2NodeClass: IMDSv2 with one hop, encrypted volumes, no public address, a pinned image.

    Args:
        name: name of the object.
        instance_profile: name of the instance profile. With the node role instead, Karpenter would create profiles,
            for which it would need IAM, and IAM has no VPC endpoint.
        volumes_key_arn: ARN of the KMS key of the volumes.
        subnets: terms that select the subnets.
        security_groups: terms that select the security groups.
        bottlerocket_version: release of Bottlerocket, such as ``1.66.0``.
        disk_gib: size of the data volume, in GiB.
        user_data: settings of Bottlerocket, to which Karpenter adds those that join the cluster.
        kubelet: settings of the kubelet that Karpenter needs to plan the capacity of nodes.
        tags: tags of instances and volumes.
    """
    volumes = {"/dev/xvda": _SYSTEM_GIB, "/dev/xvdb": disk_gib}
    spec: dict[str, Any] = {
        "amiSelectorTerms": [{"alias": f"bottlerocket@v{bottlerocket_version}"}],
        "associatePublicIPAddress": False,
        "blockDeviceMappings": [
            {
                "deviceName": device,
                "ebs": {
                    "deleteOnTermination": True,
                    "encrypted": True,
                    "kmsKeyID": volumes_key_arn,
                    "volumeSize": f"{size}Gi",
                    "volumeType": "gp3",
                },
            }
            for device, size in volumes.items()
        ],
        "detailedMonitoring": True,
        "instanceProfile": instance_profile,
        "metadataOptions": {
            "httpEndpoint": "enabled",
            "httpProtocolIPv6": "disabled",
            "httpPutResponseHopLimit": 1,
            "httpTokens": "required",
        },
        "securityGroupSelectorTerms": [dict(term) for term in security_groups],
        "subnetSelectorTerms": [dict(term) for term in subnets],
        "userData": user_data,
    }
    if kubelet:
        spec["kubelet"] = dict(kubelet)
    if tags:
        spec["tags"] = dict(tags)
    return thing(f"{GROUP}/v1", "EC2NodeClass", name, spec=spec)


def node_pool(
    name: str,
    *,
    node_class: str,
    families: Sequence[str],
    architectures: Sequence[str],
    spot: bool,
    cpus: int,
    lifetime_hours: int,
    labels: Mapping[str, str],
    taints: Sequence[Mapping[str, str]],
) -> dict[str, Any]:
    """Return a NodePool, the nodes that Karpenter may start: Nitro, encrypted in transit, replaced regularly.

    Args:
        name: name of the object.
        node_class: name of the EC2NodeClass.
        families: instance families.
        architectures: architectures of the families, as in Kubernetes: ``arm64``, ``amd64``.
        spot: allow Spot capacity, which Karpenter then prefers.
        cpus: maximum of vCPUs of all nodes of the pool together.
        lifetime_hours: lifetime of a node, in hours. After it, the node is drained for up to a day and removed.
        labels: labels of the nodes.
        taints: taints of the nodes, with the keys of Kubernetes.
    """
    requirements = {
        "kubernetes.io/os": ["linux"],
        "kubernetes.io/arch": list(architectures),
        "karpenter.sh/capacity-type": ["spot", "on-demand"] if spot else ["on-demand"],
        f"{GROUP}/instance-family": list(families),
        f"{GROUP}/instance-hypervisor": ["nitro"],
        f"{GROUP}/instance-encryption-in-transit-supported": ["true"],
    }
    template: dict[str, Any] = {
        "spec": {
            "expireAfter": f"{lifetime_hours}h",
            "nodeClassRef": {"group": GROUP, "kind": "EC2NodeClass", "name": node_class},
            "requirements": [{"key": key, "operator": "In", "values": values} for key, values in requirements.items()],
            # Without it, a pod disruption budget that allows no eviction would keep an old node forever.
            "terminationGracePeriod": "24h",
        }
    }
    if labels:
        template["metadata"] = {"labels": dict(labels)}
    if taints:
        # The API server refuses an empty value.
        template["spec"]["taints"] = [{key: text for key, text in taint.items() if text} for taint in taints]
    spec = {
        "disruption": {
            "budgets": [{"nodes": "10%"}],
            "consolidateAfter": "5m",
            "consolidationPolicy": "WhenEmptyOrUnderutilized",
        },
        "limits": {"cpu": str(cpus)},
        "template": template,
    }
    return thing("karpenter.sh/v1", "NodePool", name, spec=spec)


def helm_values(
    *,
    cluster_name: str,
    endpoint: str,
    queue_name: str,
    service_account: str,
    isolated: bool,
    image: str,
    pod_subnets: bool = False,
) -> dict[str, Any]:
    """Return values of Karpenter's chart with which its pods meet the restricted Pod Security Standard.

    Args:
        cluster_name: name of the cluster.
        endpoint: URL of the Kubernetes API.
        queue_name: name of the interruption queue.
        service_account: service account whose pods get the role through Pod Identity.
        isolated: whether the VPC has no internet access. Karpenter then does not look up prices.
        image: repository of the controller's image. Empty: that of the chart.
        pod_subnets: whether pods have their own subnets. The first network interface of a node then has no addresses
            for pods, so Karpenter must not count it (https://karpenter.sh/docs/reference/settings/). Default: no.
    """
    amounts = {"cpu": "1", "memory": "1Gi"}
    controller: dict[str, Any] = {"resources": {"requests": amounts, "limits": dict(amounts)}}
    if image:
        controller["image"] = {"repository": image}
    return {
        "controller": controller,
        "hostNetwork": False,
        "podSecurityContext": {"fsGroup": 65532, "runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "replicas": 2,
        "serviceAccount": {"create": True, "name": service_account},
        "settings": {
            "clusterEndpoint": endpoint,
            "clusterName": cluster_name,
            "interruptionQueue": queue_name,
            "isolatedVPC": isolated,
            **({"reservedENIs": "1"} if pod_subnets else {}),
        },
    }
