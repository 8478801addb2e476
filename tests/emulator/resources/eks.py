"""EKS: ministack's own records, with the properties it drops and the refusals it lacks."""

from __future__ import annotations

import json
from typing import Any

CLUSTER_LOG_GROUP = "/aws/eks/{}/cluster"


class RefusedError(ValueError):
    """What EKS says to a request that its schema lets through."""


def handlers(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    cluster, nodegroup = dict(table["AWS::EKS::Cluster"]), dict(table["AWS::EKS::Nodegroup"])
    return {
        "AWS::EKS::Cluster": _cluster(cluster),
        "AWS::EKS::Nodegroup": _nodegroup(nodegroup),
        "AWS::EKS::Addon": {"create": _addon_create, "update": _addon_update, "delete": _addon_delete},
        "AWS::EKS::AccessEntry": {"create": _entry_create, "update": _entry_update, "delete": _entry_delete},
        "AWS::EKS::PodIdentityAssociation": {"create": _pod_create, "update": _pod_update, "delete": _pod_delete},
    }


def _flag(value: Any) -> bool:
    return value is True or str(value).lower() == "true"


def _cluster(theirs: dict[str, Any]) -> dict[str, Any]:
    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        from ministack.services import cloudwatch_logs, ec2, eks

        _auto_mode(props)
        vpc = props.get("ResourcesVpcConfig", {})
        zones = {ec2._subnets[s]["AvailabilityZone"] for s in vpc.get("SubnetIds", ()) if s in ec2._subnets}
        if len(zones) < 2:
            raise RefusedError(
                f"Subnets specified must be in at least two different AZs (Service: Eks, Status Code: 400), got {sorted(zones)}"
            )
        logging = props.get("Logging", {}).get("ClusterLogging", {}).get("EnabledTypes", ())
        group = CLUSTER_LOG_GROUP.format(props.get("Name"))
        if logging and group not in cloudwatch_logs._log_groups:
            # EKS makes the group itself, bare; a later AWS::Logs::LogGroup then fails with AlreadyExists.
            cloudwatch_logs._create_log_group({"logGroupName": group})
        result = theirs["create"](logical_id, props, stack_name)
        _enrich(eks._clusters[result[0]], props)
        _own_group(eks._clusters[result[0]])
        return result

    def update(physical_id: str, old: dict[str, Any], new: dict[str, Any], *rest: Any, **more: Any) -> Any:
        from ministack.services import eks

        _auto_mode(new)
        result = theirs["update"](physical_id, old, new, *rest, **more)
        _enrich(eks._clusters[result[0]], new)
        return result

    def delete(physical_id: str, props: dict[str, Any]) -> None:
        from ministack.services import ec2, eks

        cluster = eks._clusters.get(physical_id)
        if cluster and cluster.get("deletionProtection"):
            raise RefusedError(
                f"Cluster {physical_id} has deletion protection enabled (Service: Eks, Status Code: 400)"
            )
        theirs["delete"](physical_id, props)
        if cluster:
            ec2._security_groups.pop(cluster["resourcesVpcConfig"]["clusterSecurityGroupId"], None)

    return {**theirs, "create": create, "update": update, "delete": delete}


def _own_group(cluster: dict[str, Any]) -> None:
    """Create the security group that EKS creates for a cluster; ministack makes up its ID alone."""
    from ministack.services import ec2

    vpc = cluster["resourcesVpcConfig"]
    ec2._security_groups[vpc["clusterSecurityGroupId"]] = {
        "GroupId": vpc["clusterSecurityGroupId"],
        "GroupName": f"eks-cluster-sg-{cluster['name']}",
        "Description": "EKS created security group",
        "VpcId": vpc["vpcId"],
        "OwnerId": "123456789012",
        "IpPermissions": [],
        "IpPermissionsEgress": [],
    }


def _enrich(cluster: dict[str, Any], props: dict[str, Any]) -> None:
    from ministack.services import ec2

    access = props.get("AccessConfig", {})
    network = props.get("KubernetesNetworkConfig", {})
    vpc = props.get("ResourcesVpcConfig", {})
    first = next((ec2._subnets[s] for s in vpc.get("SubnetIds", ()) if s in ec2._subnets), {})
    cluster["resourcesVpcConfig"]["vpcId"] = first.get("VpcId", "")
    if not cluster["resourcesVpcConfig"].get("endpointPublicAccess", True):
        cluster["resourcesVpcConfig"]["publicAccessCidrs"] = []
    cluster["resourcesVpcConfig"]["controlPlaneEgressMode"] = vpc.get("ControlPlaneEgressMode", "AWS_MANAGED")
    cluster["encryptionConfig"] = [
        {"resources": c["Resources"], "provider": {"keyArn": c["Provider"]["KeyArn"]}}
        for c in props.get("EncryptionConfig", ())
    ]
    cluster["deletionProtection"] = _flag(props.get("DeletionProtection", False))
    cluster["upgradePolicy"] = {"supportType": props.get("UpgradePolicy", {}).get("SupportType", "EXTENDED")}
    cluster["zonalShiftConfig"] = {"enabled": _flag(props.get("ZonalShiftConfig", {}).get("Enabled", False))}
    cluster["accessConfig"] = {
        "authenticationMode": access.get("AuthenticationMode", "CONFIG_MAP"),
        "bootstrapClusterCreatorAdminPermissions": _flag(access.get("BootstrapClusterCreatorAdminPermissions", True)),
    }
    compute, storage, balancing = _auto_mode(props)
    cluster["computeConfig"] = {
        "enabled": compute,
        "nodePools": props.get("ComputeConfig", {}).get("NodePools", []),
    }
    cluster["storageConfig"] = {"blockStorage": {"enabled": storage}}
    cluster["kubernetesNetworkConfig"]["elasticLoadBalancing"] = {"enabled": balancing}
    if network.get("ServiceIpv4Cidr"):
        cluster["kubernetesNetworkConfig"]["serviceIpv4Cidr"] = network["ServiceIpv4Cidr"]


def _auto_mode(props: dict[str, Any]) -> tuple[bool, bool, bool]:
    """Return the three parts of Auto Mode, which EKS takes together only."""
    parts = (
        _flag(props.get("ComputeConfig", {}).get("Enabled", False)),
        _flag(props.get("StorageConfig", {}).get("BlockStorage", {}).get("Enabled", False)),
        _flag(props.get("KubernetesNetworkConfig", {}).get("ElasticLoadBalancing", {}).get("Enabled", False)),
    )
    if len(set(parts)) > 1:
        raise RefusedError(
            "For EKS Auto Mode, please ensure that all required configs, including computeConfig, "
            "kubernetesNetworkConfig, and blockStorage are all either fully enabled or fully disabled. "
            "(Service: Eks, Status Code: 400)"
        )
    return parts


def _nodegroup(theirs: dict[str, Any]) -> dict[str, Any]:
    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        from ministack.services import ec2, eks

        if props.get("ClusterName") not in eks._clusters:
            raise RefusedError(
                f"No cluster found for name: {props.get('ClusterName')}. (Service: Eks, Status Code: 404)"
            )
        template = props.get("LaunchTemplate", {})
        if template and (props.get("DiskSize") or props.get("RemoteAccess")):
            raise RefusedError(
                "Disk size and remote access must be specified within the launch template (Service: Eks, Status Code: 400)"
            )
        if template.get("Id") and template["Id"] not in ec2._launch_templates:
            raise RefusedError(f"Launch template {template['Id']} does not exist (Service: Eks, Status Code: 400)")
        _refuse_nodes(props)
        result = theirs["create"](logical_id, props, stack_name)
        _enrich_nodes(result[0], props)
        return result

    def update(physical_id: str, old: dict[str, Any], new: dict[str, Any], *rest: Any, **more: Any) -> Any:
        _refuse_nodes(new)
        result = theirs["update"](physical_id, old, new, *rest, **more)
        _enrich_nodes(result[0], new)
        return result

    return {**theirs, "create": create, "update": update}


def _launched(props: dict[str, Any]) -> dict[str, Any]:
    """Return the data of the version of the launch template that a node group names."""
    from ministack.services import ec2

    named = props.get("LaunchTemplate", {})
    versions = ec2._launch_templates.get(named.get("Id"), {}).get("Versions", ())
    wanted = str(named.get("Version", "1"))
    found: dict[str, Any] = next(
        (one["LaunchTemplateData"] for one in versions if str(one["VersionNumber"]) == wanted), {}
    )
    return found


def _refuse_nodes(props: dict[str, Any]) -> None:
    """Refuse what EKS does of node groups and their launch templates.

    https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html and
    https://docs.aws.amazon.com/eks/latest/userguide/capacity-blocks-mng.html
    """
    data = _launched(props)
    why = []
    if data.get("ImageId") and any(props.get(name) for name in ("AmiType", "Version", "ReleaseVersion")):
        why.append("You cannot specify an AMI Type, version or release version when a custom AMI is in the template")
    if data.get("InstanceType") and props.get("InstanceTypes"):
        why.append("You cannot specify instance types in both the launch template and the request")
    market = data.get("InstanceMarketOptions", {}).get("MarketType")
    if (props.get("CapacityType") == "CAPACITY_BLOCK") != (market == "capacity-block"):
        why.append("CapacityType CAPACITY_BLOCK and the market type capacity-block go together")
    if market and market != "capacity-block":
        why.append("Instance market options are not supported in a launch template")
    pool = props.get("WarmPoolConfig", {})
    if pool and props.get("CapacityType") in {"SPOT", "CAPACITY_BLOCK"}:
        why.append("Warm pools are not supported with Spot Instances and Capacity Blocks")
    if why:
        raise RefusedError(f"{'; '.join(why)} (Service: Eks, Status Code: 400)")


def _enrich_nodes(physical_id: str, props: dict[str, Any]) -> None:
    from ministack.services import eks

    group = eks._nodegroups[f"{props['ClusterName']}/{physical_id.rsplit('/', 1)[-1]}"]
    template, repair, pace = (props.get(name, {}) for name in ("LaunchTemplate", "NodeRepairConfig", "UpdateConfig"))
    if template:
        group["launchTemplate"] = {"id": template.get("Id"), "version": str(template.get("Version", "1"))}
        group.pop("diskSize", None)
    group["nodeRepairConfig"] = {"enabled": _flag(repair.get("Enabled", False))}
    group["updateConfig"] = {
        key[0].lower() + key[1:]: int(value) if str(value).isdecimal() else value for key, value in pace.items()
    }
    data = _launched(props)
    group["capacityType"] = props.get("CapacityType", "ON_DEMAND")
    if data.get("ImageId"):
        group["amiType"] = "CUSTOM"
    if data.get("InstanceType"):
        group["instanceTypes"] = []
    pool = props.get("WarmPoolConfig", {})
    if pool:
        flags = ("Enabled", "ReuseOnScaleIn")
        group["warmPoolConfig"] = {
            key[0].lower() + key[1:]: _flag(value) if key in flags else int(value) if str(value).isdecimal() else value
            for key, value in pool.items()
        }
    else:
        group.pop("warmPoolConfig", None)
    group["taints"] = [{k.lower(): v for k, v in taint.items()} for taint in props.get("Taints", ())]


def _call(response: tuple[int, Any, Any]) -> dict[str, Any]:
    status, _, body = response
    answer = json.loads(body) if body else {}
    if status >= 400:
        raise RefusedError(f"{answer.get('message', answer)} (Service: Eks, Status Code: {status})")
    return answer


def _tags(props: dict[str, Any]) -> dict[str, str]:
    tags = props.get("Tags") or []
    return dict(tags) if isinstance(tags, dict) else {tag["Key"]: tag["Value"] for tag in tags}


def _addon_body(props: dict[str, Any]) -> dict[str, Any]:
    values = props.get("ConfigurationValues", "")
    if values:
        try:
            json.loads(values)
        except ValueError as error:
            raise RefusedError(
                f"ConfigurationValue is not in valid JSON format: {error} (Service: Eks, Status Code: 400)"
            ) from error
    return {
        "addonName": props["AddonName"],
        "addonVersion": props.get("AddonVersion", ""),
        "configurationValues": values,
        "serviceAccountRoleArn": props.get("ServiceAccountRoleArn", ""),
        "tags": _tags(props),
    }


def _addon_create(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    from ministack.services import eks

    cluster = props["ClusterName"]
    addon = _call(eks._create_addon(cluster, _addon_body(props)))["addon"]
    _associate(cluster, props)
    return f"{cluster}|{props['AddonName']}", {"Arn": addon["addonArn"]}


def _associate(cluster: str, props: dict[str, Any]) -> None:
    """An add-on's Pod Identity associations are associations like others, owned by the add-on."""
    from ministack.services import eks

    record = eks._addons[f"{cluster}/{props['AddonName']}"]
    for arn in record.get("podIdentityAssociations", []):
        eks._pod_identity_associations.pop(eks._pia_key(cluster, arn.rsplit("/", 1)[1]), None)
    made = []
    for entry in props.get("PodIdentityAssociations", ()):
        body = {"namespace": "kube-system", "serviceAccount": entry["ServiceAccount"], "roleArn": entry["RoleArn"]}
        association = _call(eks._create_pod_identity_association(cluster, body))["association"]
        eks._pod_identity_associations[eks._pia_key(cluster, association["associationId"])]["ownerArn"] = record[
            "addonArn"
        ]
        made.append(association["associationArn"])
    record["podIdentityAssociations"] = made


def _addon_update(
    physical_id: str, old: dict[str, Any], new: dict[str, Any], stack_name: str
) -> tuple[str, dict[str, Any]]:
    from ministack.services import eks

    if (old["ClusterName"], old["AddonName"]) != (new["ClusterName"], new["AddonName"]):
        return _addon_create("", new, stack_name)  # the engine deletes the old one when the update has succeeded
    _call(eks._update_addon(new["ClusterName"], new["AddonName"], _addon_body(new)))
    _associate(new["ClusterName"], new)
    return physical_id, {"Arn": eks._addons[physical_id.replace("|", "/")]["addonArn"]}


def _addon_delete(physical_id: str, props: dict[str, Any]) -> None:
    from ministack.services import eks

    cluster, name = physical_id.split("|", 1)
    record = eks._addons.get(f"{cluster}/{name}")
    for arn in (record or {}).get("podIdentityAssociations", []):
        eks._pod_identity_associations.pop(eks._pia_key(cluster, arn.rsplit("/", 1)[1]), None)
    eks._delete_addon(cluster, name)


def _entry_create(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    from ministack.services import eks

    cluster, principal = props["ClusterName"], props["PrincipalArn"]
    body = {
        "principalArn": principal,
        "type": props.get("Type", "STANDARD"),
        "kubernetesGroups": props.get("KubernetesGroups", []),
        "username": props.get("Username", principal),
        "tags": _tags(props),
    }
    eks._VALID_ACCESS_ENTRY_TYPES = ("STANDARD", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "EC2", "HYBRID_LINUX")
    entry = _call(eks._create_access_entry(cluster, body))["accessEntry"]
    _set_policies(cluster, principal, props)
    return f"{principal}|{cluster}", {"AccessEntryArn": entry["accessEntryArn"]}


def _set_policies(cluster: str, principal: str, props: dict[str, Any]) -> None:
    from ministack.services import eks

    prefix = f"{cluster}\x00{principal}\x00"
    for key in [key for key in eks._access_policies if key.startswith(prefix)]:
        del eks._access_policies[key]
    for policy in props.get("AccessPolicies", ()):
        scope = policy["AccessScope"]
        body = {
            "policyArn": policy["PolicyArn"],
            "accessScope": {"type": scope["Type"], "namespaces": scope.get("Namespaces", [])},
        }
        entry = eks._access_entries[eks._ae_key(cluster, principal)]
        kind = entry["type"]
        if kind == "EC2" and policy["PolicyArn"].endswith("/AmazonEKSAutoNodePolicy"):
            entry["type"] = "STANDARD"  # ministack knows no policy for nodes of Auto Mode
        try:
            _call(eks._associate_access_policy(cluster, principal, body))
        finally:
            entry["type"] = kind


def _entry_update(
    physical_id: str, old: dict[str, Any], new: dict[str, Any], stack_name: str
) -> tuple[str, dict[str, Any]]:
    from ministack.services import eks

    if (old["ClusterName"], old["PrincipalArn"], old.get("Type")) != (
        new["ClusterName"],
        new["PrincipalArn"],
        new.get("Type"),
    ):
        return _entry_create("", new, stack_name)  # the engine deletes the old one when the update has succeeded
    _set_policies(new["ClusterName"], new["PrincipalArn"], new)
    return physical_id, {"AccessEntryArn": eks._access_entry_arn(new["ClusterName"], new["PrincipalArn"])}


def _entry_delete(physical_id: str, props: dict[str, Any]) -> None:
    from ministack.services import eks

    principal, cluster = physical_id.split("|", 1)
    _set_policies(cluster, principal, {})
    eks._delete_access_entry(cluster, principal)


def _pod_create(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    from ministack.services import eks

    body = {
        "namespace": props["Namespace"],
        "serviceAccount": props["ServiceAccount"],
        "roleArn": props["RoleArn"],
        "tags": _tags(props),
        "targetRoleArn": props.get("TargetRoleArn"),
    }
    made = _call(eks._create_pod_identity_association(props["ClusterName"], body))["association"]
    return f"{props['ClusterName']}|{made['associationId']}", {
        "AssociationArn": made["associationArn"],
        "AssociationId": made["associationId"],
    }


def _pod_update(
    physical_id: str, old: dict[str, Any], new: dict[str, Any], stack_name: str
) -> tuple[str, dict[str, Any]]:
    from ministack.services import eks

    if any(old[name] != new[name] for name in ("ClusterName", "Namespace", "ServiceAccount")):
        return _pod_create("", new, stack_name)  # the engine deletes the old one when the update has succeeded
    cluster, id_ = physical_id.split("|", 1)
    body = {"roleArn": new["RoleArn"], "targetRoleArn": new.get("TargetRoleArn")}
    made = _call(eks._update_pod_identity_association(cluster, id_, body))["association"]
    return physical_id, {"AssociationArn": made["associationArn"], "AssociationId": id_}


def _pod_delete(physical_id: str, props: dict[str, Any]) -> None:
    from ministack.services import eks

    eks._delete_pod_identity_association(*physical_id.split("|", 1))
