from __future__ import annotations

import base64
import re
from typing import Any

from ministack.core.responses import get_region
from ministack.services import cloudwatch_logs, ec2, eks

from hardened_eks.data import kubernetes
from tests.emulator.handlers import _look
from tests.emulator.handlers._shapes import as_api
from tests.emulator.handlers.eks._common import SERVICE, children, refuse, require, set_tags
from tests.emulator.handlers.model import Created, Properties, Request, ResourceType

LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")
REFUSED_ZONES = {"use1-az3", "usw1-az2", "cac1-az3"}
MUTABLE = (
    "ComputeConfig",
    "ControlPlaneScalingConfig",
    "DeletionProtection",
    "KubeApiServerConfig",
    "KubeControllerManagerConfig",
    "KubeSchedulerConfig",
    "RemoteNetworkConfig",
    "StorageConfig",
    "UpgradePolicy",
    "ZonalShiftConfig",
)
ENCRYPTED_KEY_USE = "ENCRYPT_DECRYPT"


class Cluster(ResourceType):
    type = "AWS::EKS::Cluster"

    def create(self, properties: Properties, request: Request) -> Created:
        name = properties.get("Name") or request.name(100)
        require(name not in eks._clusters, f"Cluster already exists with name: {name}", "AlreadyExists")
        _check(properties)
        _look.role(properties["RoleArn"], SERVICE, trusted="eks.amazonaws.com")
        _check_encryption(properties)
        record = _new_record(name, properties)
        eks._clusters[name] = record
        _make_cluster_security_group(record)
        _apply(record, properties)
        _make_log_group(record)
        return Created(name, _attributes(record))

    def update(self, id: str, old: Properties, new: Properties, request: Request) -> Properties:
        record = eks._clusters[id]
        _check(new)
        _check_version_step(str(record["version"]), new.get("Version"))
        vpc = ec2._subnets[new["ResourcesVpcConfig"]["SubnetIds"][0]]["VpcId"]
        require(vpc == record["resourcesVpcConfig"]["vpcId"], "Provided subnets belong to another VPC than the cluster")
        egress = "ControlPlaneEgressMode"
        leaves = record["resourcesVpcConfig"].get("controlPlaneEgressMode") == "CUSTOMER_ROUTED"
        require(
            not leaves or new["ResourcesVpcConfig"].get(egress) == "CUSTOMER_ROUTED",
            "Control plane egress mode cannot be changed back from CUSTOMER_ROUTED",
        )
        _apply(record, new)
        _make_log_group(record)
        return _attributes(record)

    def delete(self, id: str, properties: Properties) -> None:
        record = eks._clusters.get(id)
        if record is None:
            return
        refuse_deletion(record)
        ec2._security_groups.pop(record["resourcesVpcConfig"]["clusterSecurityGroupId"], None)
        eks._delete_cluster(id)


def refuse_deletion(record: Properties) -> None:
    """Refuse as DeleteCluster does.

    Raises:
        Refused: for a protected cluster, and for one that still has node groups.
    """
    name = record["name"]
    if record.get("deletionProtection"):
        raise refuse(f"Cluster {name} cannot be deleted while deletion protection is enabled. Disable it first")
    if children(eks._nodegroups, name):
        raise refuse("Cluster has nodegroups attached", "ResourceConflict")


def _check(properties: Properties) -> None:
    version = properties.get("Version")
    known = kubernetes.VERSIONS
    require(version is None or str(version) in known, f"unsupported Kubernetes version {version}", "InvalidRequest")
    network = properties["ResourcesVpcConfig"]
    found = _look.subnets(network["SubnetIds"], SERVICE, zones=2)
    bad = {subnet.get("AvailabilityZoneId") for subnet in found} & REFUSED_ZONES
    if bad and get_region() != "us-east-1":
        raise refuse(f"Cannot create cluster because {sorted(bad)} do not support it", "UnsupportedAvailabilityZone")
    _look.security_groups(network.get("SecurityGroupIds", []), found[0]["VpcId"], SERVICE)
    private, public = network.get("EndpointPrivateAccess", False), network.get("EndpointPublicAccess", True)
    require(private or public, "Private and public endpoint access cannot be false")
    require(public or not network.get("PublicAccessCidrs"), "publicAccessCidrs needs endpointPublicAccess")


def _check_encryption(properties: Properties) -> None:
    for entry in properties.get("EncryptionConfig", []):
        key = _look.key(entry["Provider"]["KeyArn"], SERVICE)
        usage = key.get("KeyUsage", ENCRYPTED_KEY_USE)
        require(usage == ENCRYPTED_KEY_USE and key.get("KeySpec", "SYMMETRIC_DEFAULT") == "SYMMETRIC_DEFAULT",
                "The KMS key must be symmetric and able to encrypt and decrypt data")


def _check_version_step(current: str, wanted: Any) -> None:
    if wanted is None or str(wanted) == current:
        return
    old, new = (int(re.sub(r"^1\.", "", str(text))) for text in (current, wanted))
    require(new > old, f"Unsupported Kubernetes minor version update from {current} to {wanted}")
    require(new == old + 1, f"Unsupported Kubernetes minor version update from {current} to {wanted}: "
                            "one minor version at a time")


def _new_record(name: str, properties: Properties) -> Properties:
    network = {key: value for key, value in properties.get("KubernetesNetworkConfig", {}).items()}
    access = properties.get("AccessConfig", {})
    return {
        "name": name,
        "arn": eks._cluster_arn(name),
        "createdAt": eks._now(),
        "version": str(properties.get("Version") or max(kubernetes.VERSIONS, key=lambda v: int(v.split(".")[1]))),
        "endpoint": f"https://{_look.hex_id('', 32).upper()}.gr7.{get_region()}.eks.amazonaws.com",
        "roleArn": properties["RoleArn"],
        "status": "ACTIVE",
        "health": {"issues": []},
        "platformVersion": "eks.1",
        "identity": {"oidc": {"issuer": f"https://oidc.eks.{get_region()}.amazonaws.com/id/{eks._new_oidc_id()}"}},
        "certificateAuthority": {"data": base64.b64encode(b"an emulated certificate").decode()},
        "encryptionConfig": as_api("eks", "EncryptionConfigList", properties.get("EncryptionConfig", [])),
        "kubernetesNetworkConfig": {
            "ipFamily": network.get("IpFamily", "ipv4"),
            "serviceIpv4Cidr": network.get("ServiceIpv4Cidr", "10.100.0.0/16"),
            "elasticLoadBalancing": {"enabled": False},
        },
        "accessConfig": {
            "bootstrapClusterCreatorAdminPermissions": access.get("BootstrapClusterCreatorAdminPermissions", True),
            "authenticationMode": "CONFIG_MAP",
        },
        "resourcesVpcConfig": {},
        "tags": {},
        "_docker_id": None,
        "_bootstrap_self_managed_addons": properties.get("BootstrapSelfManagedAddons", True),
    }


def _apply(record: Properties, properties: Properties) -> None:
    """What UpdateClusterConfig and UpdateClusterVersion can change, with EKS's defaults for what is left out."""
    network = properties["ResourcesVpcConfig"]
    vpc = record["resourcesVpcConfig"]
    vpc.update({
        "subnetIds": network["SubnetIds"],
        "securityGroupIds": network.get("SecurityGroupIds", []),
        "vpcId": ec2._subnets[network["SubnetIds"][0]]["VpcId"],
        "endpointPublicAccess": network.get("EndpointPublicAccess", True),
        "endpointPrivateAccess": network.get("EndpointPrivateAccess", False),
        "controlPlaneEgressMode": network.get("ControlPlaneEgressMode", "AWS_MANAGED"),
    })
    vpc["publicAccessCidrs"] = network.get("PublicAccessCidrs", ["0.0.0.0/0"]) if vpc["endpointPublicAccess"] else []
    enabled = [entry["Type"] for entry in
               properties.get("Logging", {}).get("ClusterLogging", {}).get("EnabledTypes", [])]
    groups = (([name for name in LOG_TYPES if name in enabled], True),
              ([name for name in LOG_TYPES if name not in enabled], False))
    record["logging"] = {"clusterLogging": [{"types": types, "enabled": on} for types, on in groups if types]}
    mode = properties.get("AccessConfig", {}).get("AuthenticationMode", "CONFIG_MAP")
    order = ("CONFIG_MAP", "API_AND_CONFIG_MAP", "API")
    current = record["accessConfig"]["authenticationMode"]
    require(order.index(mode) >= order.index(current), f"Unsupported authentication mode update from {current} to {mode}")
    record["accessConfig"]["authenticationMode"] = mode
    if "Version" in properties:
        record["version"] = str(properties["Version"])
    defaults: Properties = {
        "UpgradePolicy": {"SupportType": "EXTENDED"},
        "ZonalShiftConfig": {"Enabled": False},
        "DeletionProtection": False,
    }
    shape = {name: properties.get(name, defaults.get(name)) for name in MUTABLE}
    record.update(as_api("eks", "Cluster", {name: value for name, value in shape.items() if value is not None}))
    set_tags(record, record["arn"], properties.get("Tags"))


def _make_cluster_security_group(record: Properties) -> None:
    """EKS makes this group and puts it on the control plane's interfaces."""
    id = ec2._new_sg_id()
    record["resourcesVpcConfig"]["clusterSecurityGroupId"] = id


def _make_log_group(record: Properties) -> None:
    """EKS makes a missing log group itself: without a key, and never expiring."""
    enabled = any(entry["enabled"] for entry in record["logging"]["clusterLogging"])
    name = f"/aws/eks/{record['name']}/cluster"
    if enabled and name not in cloudwatch_logs._log_groups:
        cloudwatch_logs._create_log_group({"logGroupName": name})
    _complete_security_group(record)


def _complete_security_group(record: Properties) -> None:
    id, vpc = record["resourcesVpcConfig"]["clusterSecurityGroupId"], record["resourcesVpcConfig"]["vpcId"]
    if id in ec2._security_groups:
        return
    own = [{"GroupId": id, "UserId": record["arn"].split(":")[4]}]
    rule: Properties = {"IpProtocol": "-1", "IpRanges": [], "Ipv6Ranges": [], "PrefixListIds": []}
    ec2._security_groups[id] = {
        "GroupId": id,
        "GroupName": f"eks-cluster-sg-{record['name']}",
        "Description": "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes",
        "VpcId": vpc,
        "OwnerId": record["arn"].split(":")[4],
        "IpPermissions": [{**rule, "UserIdGroupPairs": own}],
        "IpPermissionsEgress": [{**rule, "IpRanges": [{"CidrIp": "0.0.0.0/0"}], "UserIdGroupPairs": []}],
    }


def _attributes(record: Properties) -> Properties:
    encryption = record.get("encryptionConfig") or [{}]
    return {
        "Arn": record["arn"],
        "Id": record["name"],
        "Endpoint": record["endpoint"],
        "CertificateAuthorityData": record["certificateAuthority"]["data"],
        "ClusterSecurityGroupId": record["resourcesVpcConfig"]["clusterSecurityGroupId"],
        "EncryptionConfigKeyArn": encryption[0].get("provider", {}).get("keyArn", ""),
        "OpenIdConnectIssuerUrl": record["identity"]["oidc"]["issuer"],
        "KubernetesNetworkConfig.ServiceIpv6Cidr": "",
    }
