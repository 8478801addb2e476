"""EKS: clusters and their resources in the service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardened_eks.sources.account.asking import Refusal, mark
from hardened_eks.sources.account.found import Found, Wanted
from hardened_eks.sources.account.iam import SERVICE_LINKED
from hardened_eks.sources.account.shape import own_tags, pascal, plain, tag_map, with_tags, without

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hardened_eks.sources.account.asking import Asker

_STATES = ("status", "createdAt", "modifiedAt", "health", "tags")


def names(asker: Asker) -> list[str]:
    """Return the names of the clusters of the Region."""
    return sorted(asker.pages("eks:ListClusters", "clusters"))


def cluster(asker: Asker, name: str) -> Iterator[Found | Wanted]:
    """Yield a cluster, and the resources to read next."""
    told = asker.ask("eks:DescribeCluster", name=name)
    if not told:
        return
    entry = told["cluster"]
    yield Found("AWS::EKS::Cluster", name, _cluster(entry), entry.get("arn", ""), tag_map(entry.get("tags")))
    parts = ("nodegroups", "profiles", "addons", "entries", "associations", "providers", "capabilities",
             "cluster-nodes", "cluster-volumes", "cluster-logs")  # fmt: skip
    yield from (Wanted(part, name) for part in parts)
    vpc = entry.get("resourcesVpcConfig", {}).get("vpcId")
    if vpc:
        yield Wanted("vpc", vpc)
    issuer = entry.get("identity", {}).get("oidc", {}).get("issuer", "")
    yield Wanted("cluster-roles", issuer.removeprefix("https://"))


def _cluster(entry: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("name", "arn", "version", "roleArn", "resourcesVpcConfig", "kubernetesNetworkConfig", "encryptionConfig",
            "accessConfig", "upgradePolicy", "zonalShiftConfig", "remoteNetworkConfig", "computeConfig",
            "storageConfig", "deletionProtection", "outpostConfig", "controlPlaneScalingConfig", "kubeApiServerConfig",
            "kubeSchedulerConfig", "kubeControllerManagerConfig")  # fmt: skip
    shaped: dict[str, Any] = pascal(plain({key: entry[key] for key in kept if entry.get(key) not in (None, [], {})}))
    network = shaped.get("ResourcesVpcConfig", {})
    network.pop("VpcId", "")  # the VPC of the subnets
    group = network.pop("ClusterSecurityGroupId", "")
    if group:
        shaped["ClusterSecurityGroupId"] = group
    if shaped.get("ComputeConfig", {}).get("Enabled") is True:
        shaped["BootstrapSelfManagedAddons"] = (
            False  # no response contains it, and it has no effect once Auto Mode is on
        )
    enabled = [
        {"Type": type_}
        for part in entry.get("logging", {}).get("clusterLogging", ())
        if part.get("enabled")
        for type_ in part.get("types", ())
    ]
    if enabled:
        shaped["Logging"] = {"ClusterLogging": {"EnabledTypes": enabled}}
    issuer = entry.get("identity", {}).get("oidc", {}).get("issuer")
    if issuer:
        shaped["OpenIdConnectIssuerUrl"] = issuer
    return with_tags(shaped, entry.get("tags"))


def nodegroups(asker: Asker, name: str) -> Iterator[Found | Wanted]:
    """Yield the managed node groups of a cluster."""
    for group in asker.pages("eks:ListNodegroups", "nodegroups", clusterName=name):
        yield Wanted("nodegroup", f"{name}|{group}")


def nodegroup(asker: Asker, id: str) -> Iterator[Found | Wanted]:
    """Yield one managed node group, and its launch template in the version it uses."""
    name, group = id.split("|", 1)
    told = asker.ask("eks:DescribeNodegroup", clusterName=name, nodegroupName=group)
    if not told:
        return
    entry = told["nodegroup"]
    shaped: dict[str, Any] = pascal(plain(without(entry, (*_STATES, "nodegroupArn", "resources"))))
    shaped = {key: value for key, value in shaped.items() if value not in (None, [], {})}
    shaped["Arn"] = entry.get("nodegroupArn", "")
    template = shaped.get("LaunchTemplate")
    if template:
        template.pop("Name", None) if template.get("Id") else None
        yield Wanted("launch-template", f"{template.get('Id', template.get('Name'))}|{template.get('Version', '')}")
    tags = own_tags(entry.get("tags"))
    properties = {**shaped, **({"Tags": tags} if tags else {})}
    yield Found("AWS::EKS::Nodegroup", id.replace("|", "/"), properties, shaped["Arn"], tag_map(entry.get("tags")))


def profiles(asker: Asker, name: str) -> Iterator[Found]:
    """Yield the Fargate profiles of a cluster."""
    for profile in asker.pages("eks:ListFargateProfiles", "fargateProfileNames", clusterName=name):
        told = asker.ask("eks:DescribeFargateProfile", clusterName=name, fargateProfileName=profile)
        if told:
            entry = told["fargateProfile"]
            found = _plain("AWS::EKS::FargateProfile", f"{name}|{profile}", entry, "fargateProfileArn")
            for selector in found.properties.get("Selectors", ()):
                if "Labels" in selector:
                    selector["Labels"] = [{"Key": k, "Value": v} for k, v in selector["Labels"].items()]
            yield found


def addons(asker: Asker, name: str) -> Iterator[Found]:
    """Yield the add-ons of a cluster with their Pod Identity associations."""
    for addon in asker.pages("eks:ListAddons", "addons", clusterName=name):
        told = asker.ask("eks:DescribeAddon", clusterName=name, addonName=addon)
        if not told:
            continue
        entry = told["addon"]
        found = _plain("AWS::EKS::Addon", f"{name}|{addon}", entry, "addonArn")
        arns = found.properties.pop("PodIdentityAssociations", ())
        given = [_association(asker, name, arn.rpartition("/")[2]) for arn in arns]
        refused = next((one for one in given if isinstance(one, Refusal)), None)
        roles = [{"ServiceAccount": one["serviceAccount"], "RoleArn": one["roleArn"]} for one in given if one]
        if refused is not None:
            found.properties["PodIdentityAssociations"] = mark(refused)
        elif roles:
            found.properties["PodIdentityAssociations"] = roles
        for dropped in ("Owner", "Publisher", "MarketplaceInformation"):
            found.properties.pop(dropped, None)
        yield found


def entries(asker: Asker, name: str) -> Iterator[Found]:
    """Yield the access entries of a cluster with their policies, except that of the EKS service-linked role."""
    for principal in asker.pages("eks:ListAccessEntries", "accessEntries", clusterName=name):
        if SERVICE_LINKED in principal:
            continue
        told = asker.ask("eks:DescribeAccessEntry", clusterName=name, principalArn=principal)
        if not told:
            continue
        found = _plain("AWS::EKS::AccessEntry", f"{principal}|{name}", told["accessEntry"], "accessEntryArn")
        found.properties["AccessEntryArn"] = found.properties.pop("Arn", "")
        policies = asker.whole(
            "eks:ListAssociatedAccessPolicies", "associatedAccessPolicies", clusterName=name, principalArn=principal
        )
        if isinstance(policies, dict):
            found.properties["AccessPolicies"] = policies
        elif policies:
            found.properties["AccessPolicies"] = [
                {
                    "PolicyArn": one["policyArn"],
                    "AccessScope": {key: value for key, value in pascal(one.get("accessScope", {})).items() if value},
                }
                for one in policies
            ]
        yield found


def associations(asker: Asker, name: str) -> Iterator[Found]:
    """Yield the Pod Identity associations of a cluster, except those of add-ons, which are listed with the add-on."""
    for one in asker.pages("eks:ListPodIdentityAssociations", "associations", clusterName=name):
        if one.get("ownerArn"):
            continue
        entry = _association(asker, name, one["associationId"])
        if entry:
            found = _plain("AWS::EKS::PodIdentityAssociation", entry["associationArn"], entry, "associationArn")
            found.properties["AssociationArn"] = found.properties.pop("Arn", "")
            yield found


def _association(asker: Asker, name: str, id: str) -> Mapping[str, Any] | Refusal | None:
    told = asker.ask("eks:DescribePodIdentityAssociation", clusterName=name, associationId=id)
    return told if isinstance(told, Refusal) or not told else told["association"]


def providers(asker: Asker, name: str) -> Iterator[Found]:
    """Yield the identity providers of a cluster."""
    for one in asker.pages("eks:ListIdentityProviderConfigs", "identityProviderConfigs", clusterName=name):
        told = asker.ask("eks:DescribeIdentityProviderConfig", clusterName=name, identityProviderConfig=one)
        entry = told["identityProviderConfig"].get("oidc", {}) if told else {}
        if not entry:
            continue
        shaped = pascal(plain(without(entry, (*_STATES, "identityProviderConfigArn", "clusterName"))))
        config = shaped.pop("IdentityProviderConfigName", one["name"])
        claims = [{"Key": key, "Value": value} for key, value in entry.get("requiredClaims", {}).items()]
        oidc = {**shaped, **({"RequiredClaims": claims} if claims else {})}
        properties = {"ClusterName": name, "IdentityProviderConfigName": config, "Type": one["type"], "Oidc": oidc,
                      "IdentityProviderConfigArn": entry.get("identityProviderConfigArn", "")}  # fmt: skip
        yield Found(
            "AWS::EKS::IdentityProviderConfig", f"{config}/{name}/{one['type']}",
            with_tags(properties, entry.get("tags")), entry.get("identityProviderConfigArn", ""),
            tag_map(entry.get("tags")),
        )  # fmt: skip


def capabilities(asker: Asker, name: str) -> Iterator[Found]:
    """Yield the EKS capabilities of a cluster."""
    for one in asker.pages("eks:ListCapabilities", "capabilities", clusterName=name):
        told = asker.ask("eks:DescribeCapability", clusterName=name, capabilityName=one["capabilityName"])
        if told:
            yield _plain("AWS::EKS::Capability", f"{name}|{one['capabilityName']}", told["capability"], "arn")


def _plain(type_: str, id: str, entry: Mapping[str, Any], arn: str) -> Found:
    """Return a resource whose format differs from the response only in the case of its keys."""
    shaped = pascal(plain(without(entry, (*_STATES, arn))))
    kept = {key: value for key, value in shaped.items() if value not in (None, "", [], {})}
    properties = with_tags({**kept, "Arn": entry.get(arn, "")}, entry.get("tags"))
    return Found(type_, id, properties, entry.get(arn, ""), tag_map(entry.get("tags")))
