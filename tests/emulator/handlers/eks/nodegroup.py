from __future__ import annotations

from typing import Any

from ministack.services import ec2, eks

from hardened_eks.data import instances
from tests.emulator.handlers import _look
from tests.emulator.handlers._shapes import as_api
from tests.emulator.handlers.eks._common import SERVICE, children, cluster_of, require, set_tags
from tests.emulator.handlers.model import Created, Properties, Request, ResourceType

IN_VERSION_UPDATE = {"Version", "ReleaseVersion", "LaunchTemplate", "ForceUpdateEnabled"}
NEEDED_BY_NODES = ("vpc-cni", "kube-proxy")


class Nodegroup(ResourceType):
    type = "AWS::EKS::Nodegroup"

    def create(self, properties: Properties, request: Request) -> Created:
        cluster = cluster_of(properties)
        name = properties.get("NodegroupName") or request.name(63)
        key = f"{cluster['name']}/{name}"
        require(key not in eks._nodegroups, f"NodeGroup already exists with name {name} and cluster name "
                                            f"{cluster['name']}", "AlreadyExists")
        _check(properties, cluster)
        _check_ready(cluster)
        arn = eks._nodegroup_arn(cluster["name"], name)
        record: Properties = {
            "nodegroupName": name,
            "nodegroupArn": arn,
            "clusterName": cluster["name"],
            "createdAt": eks._now(),
            "status": "ACTIVE",
            "health": {"issues": []},
            "resources": {"autoScalingGroups": [{"name": f"eks-{name}-{_look.hex_id('', 8)}"}]},
            "version": cluster["version"],
            "releaseVersion": "emulated",
        }
        eks._nodegroups[key] = record
        _apply(record, properties)
        return Created(key, {"Id": key, "Arn": arn, "ClusterName": cluster["name"], "NodegroupName": name})

    def update(self, id: str, old: Properties, new: Properties, request: Request) -> Properties:
        record = eks._nodegroups[id]
        changed = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)} - {"Tags"}
        if changed & {"Version", "ReleaseVersion"}:
            require(changed <= IN_VERSION_UPDATE, "Version and ReleaseVersion updates cannot be combined with other "
                                                  "updates")
        _check(new, cluster_of(new))
        _apply(record, new)
        return {"Id": id, "Arn": record["nodegroupArn"], "ClusterName": record["clusterName"],
                "NodegroupName": record["nodegroupName"]}

    def delete(self, id: str, properties: Properties) -> None:
        cluster, _, name = id.partition("/")
        eks._delete_nodegroup(cluster, name)


def _apply(record: Properties, properties: Properties) -> None:
    shaped = as_api("eks", "Nodegroup", {name: value for name, value in properties.items() if name != "Tags"})
    defaults: Properties = {
        "amiType": "AL2023_x86_64_STANDARD",
        "capacityType": "ON_DEMAND",
        "labels": {},
        "taints": [],
        "scalingConfig": {"minSize": 1, "maxSize": 2, "desiredSize": 2},
        "updateConfig": {"maxUnavailable": 1},
    }
    if "LaunchTemplate" not in properties:
        defaults |= {"diskSize": 20, "instanceTypes": ["t3.medium"]}
    for mutable in ("launchTemplate", "nodeRepairConfig", "warmPoolConfig"):
        record.pop(mutable, None)
    record.update(defaults | shaped)
    if "launchTemplate" in record:
        template = _template(properties["LaunchTemplate"])
        record["launchTemplate"] |= {"id": template["LaunchTemplateId"], "name": template["LaunchTemplateName"]}
    record["modifiedAt"] = eks._now()
    set_tags(record, record["nodegroupArn"], properties.get("Tags"))


def _check(properties: Properties, cluster: Properties) -> None:
    _look.role(properties["NodeRole"], SERVICE, trusted="ec2.amazonaws.com")
    found = _look.subnets(properties["Subnets"], SERVICE)
    require(found[0]["VpcId"] == cluster["resourcesVpcConfig"]["vpcId"], "Subnets are not tagged or not in the "
                                                                         "cluster's VPC")
    scaling = properties.get("ScalingConfig", {})
    least, most = scaling.get("MinSize", 1), scaling.get("MaxSize", 2)
    wanted = scaling.get("DesiredSize", least)
    require(least <= wanted, f"Minimum capacity {least} can't be greater than desired size {wanted}")
    require(wanted <= most, f"desired capacity {wanted} can't be greater than max size {most}")
    minor, nodes = str(cluster["version"]).split(".")[1], str(properties.get("Version", cluster["version"])).split(".")[1]
    require(int(nodes) <= int(minor), "Nodegroup Kubernetes version must not be newer than the cluster's")
    _check_architecture(properties)
    if "LaunchTemplate" in properties:
        _check_template(properties)


def _check_architecture(properties: Properties) -> None:
    ami = properties.get("AmiType", "AL2023_x86_64_STANDARD")
    if ami == "CUSTOM":
        return
    wanted = "arm64" if "ARM_64" in ami else "x86_64"
    for name in properties.get("InstanceTypes", []):
        known = instances.lookup(name)
        require(known is not None, f"The following supplied instance types do not exist: [{name}]")
        require(wanted in str(known.architecture), f"[{name}] is not a valid instance type for requested amiType {ami}")


def _check_template(properties: Properties) -> None:
    data = _version(_template(properties["LaunchTemplate"]), properties["LaunchTemplate"])
    require("DiskSize" not in properties, "Disk size must be specified within the launch template.")
    require("RemoteAccess" not in properties, "Remote access configuration cannot be specified with a launch template.")
    require(not ("InstanceType" in data and properties.get("InstanceTypes")),
            "Cannot specify instance types in launch template and API request")
    require("IamInstanceProfile" not in data, "Launch template should not specify an instance profile. The noderole in "
                                              "your request will be used to construct an instance profile.")
    require("ImageId" not in data or properties.get("AmiType", "CUSTOM") == "CUSTOM",
            "You cannot specify an AMI Type when using a launch template with a custom AMI.")
    for interface in data.get("NetworkInterfaces", []):
        require("SubnetId" not in interface, "Launch template should not specify a subnet.")


def _template(reference: Properties) -> Properties:
    found: Any = None
    if "Id" in reference:
        found = ec2._launch_templates.get(reference["Id"])
    else:
        templates = ec2._launch_templates.values()
        found = next((item for item in templates if item["LaunchTemplateName"] == reference.get("Name")), None)
    require(found is not None, f"Launch template {reference} not found", "NotFound")
    template: Properties = found
    return template


def _version(template: Properties, reference: Properties) -> Properties:
    number = str(reference.get("Version", template["DefaultVersionNumber"]))
    found = [item for item in template["Versions"] if str(item["VersionNumber"]) == number]
    require(bool(found), f"Launch template {template['LaunchTemplateId']} version {number} not found", "NotFound")
    data: Properties = found[0]["LaunchTemplateData"]
    return data


def _check_ready(cluster: Properties) -> None:
    """Nodes never become ready on a cluster that nobody gave a network."""
    if cluster["_bootstrap_self_managed_addons"]:
        return
    present = {addon["addonName"] for addon in children(eks._addons, cluster["name"])}
    missing = [name for name in NEEDED_BY_NODES if name not in present]
    require(not missing, f"NodeCreationFailure: Unhealthy nodes in the kubernetes cluster (no {', '.join(missing)})",
            "NotStabilized")
