from __future__ import annotations

import re

from ministack.core.responses import get_account_id, new_uuid
from ministack.services import eks, iam

from hardened_eks.data import access_policies
from tests.emulator.handlers import _look
from tests.emulator.handlers._shapes import as_api
from tests.emulator.handlers.eks._common import SERVICE, children, cluster_of, require, set_tags
from tests.emulator.handlers.model import Created, Properties, Request, ResourceType

AGENT = "pods.eks.amazonaws.com"
POLICY = re.compile(r"arn:aws[a-z-]*:eks::aws:cluster-access-policy/(\w+)")


class AccessEntry(ResourceType):
    type = "AWS::EKS::AccessEntry"

    def create(self, properties: Properties, request: Request) -> Created:
        cluster = cluster_of(properties)
        principal, kind = properties["PrincipalArn"], properties.get("Type", "STANDARD")
        mode = cluster["accessConfig"]["authenticationMode"]
        require(mode != "CONFIG_MAP", "The cluster's authentication mode must be set to one of [API, "
                                      "API_AND_CONFIG_MAP] to perform this operation.")
        key = eks._ae_key(cluster["name"], principal)
        require(key not in eks._access_entries, "The specified access entry resource is already in use on this "
                                                "cluster.", "AlreadyExists")
        _check_principal(principal)
        _check(properties, kind)
        record: Properties = {
            "clusterName": cluster["name"],
            "principalArn": principal,
            "accessEntryArn": eks._access_entry_arn(cluster["name"], principal),
            "createdAt": eks._now(),
            "type": kind,
        }
        eks._access_entries[key] = record
        _apply(record, properties)
        return Created(f"{principal}|{cluster['name']}", {"AccessEntryArn": record["accessEntryArn"]})

    def update(self, id: str, old: Properties, new: Properties, request: Request) -> Properties:
        principal, _, cluster = id.rpartition("|")
        record = eks._access_entries[eks._ae_key(cluster, principal)]
        _check(new, record["type"])
        _apply(record, new)
        return {"AccessEntryArn": record["accessEntryArn"]}

    def delete(self, id: str, properties: Properties) -> None:
        principal, _, cluster = id.rpartition("|")
        eks._delete_access_entry(cluster, principal)


def _check_principal(principal: str) -> None:
    if f"::{get_account_id()}:" not in principal:
        return
    known = {item["Arn"] for store in (iam._roles, iam._users) for item in store.values()}
    root = principal.endswith(":root")
    require(root or principal in known, "The specified principalArn is invalid: invalid principal.", "InvalidRequest")
    require(":assumed-role/" not in principal, "The specified principalArn is invalid: a session is no principal.")


def _check(properties: Properties, kind: str) -> None:
    policies = properties.get("AccessPolicies", [])
    require(kind == "STANDARD" or not policies, "Access policies can only be associated with STANDARD access entries.")
    for name in properties.get("KubernetesGroups", []):
        require(not name.startswith("system:"), f"The kubernetes group name {name} is invalid, it cannot start with "
                                                "system:")
    for policy in policies:
        match = POLICY.fullmatch(policy["PolicyArn"])
        require(match is not None and match[1] in access_policies.NAMES, "The policyArn parameter format is not valid "
                                                                        "or the policy does not exist")
        scope = policy["AccessScope"]
        need = scope["Type"] == "namespace"
        require(need == bool(scope.get("Namespaces")), "accessScope of type namespace needs namespaces, of type "
                                                       "cluster none")


def _apply(record: Properties, properties: Properties) -> None:
    cluster, principal = record["clusterName"], record["principalArn"]
    record["kubernetesGroups"] = properties.get("KubernetesGroups", [])
    record["username"] = properties.get("Username", principal)
    record["modifiedAt"] = eks._now()
    prefix = eks._ap_key(cluster, principal, "")
    for key in [key for key in eks._access_policies if str(key).startswith(prefix)]:
        eks._access_policies.pop(key, None)
    for policy in properties.get("AccessPolicies", []):
        eks._associate_access_policy(cluster, principal, as_api("eks", "AssociateAccessPolicyRequest", policy))
    set_tags(record, record["accessEntryArn"], properties.get("Tags"))


class PodIdentityAssociation(ResourceType):
    type = "AWS::EKS::PodIdentityAssociation"

    def create(self, properties: Properties, request: Request) -> Created:
        cluster = cluster_of(properties)
        record = associate(cluster["name"], properties["Namespace"], properties["ServiceAccount"], properties)
        set_tags(record, record["associationArn"], properties.get("Tags"))
        return Created(record["associationArn"], _attributes(record))

    def update(self, id: str, old: Properties, new: Properties, request: Request) -> Properties:
        found = children(eks._pod_identity_associations, new["ClusterName"])
        record = next(item for item in found if item["associationArn"] == id)
        _describe(record, new)
        set_tags(record, id, new.get("Tags"))
        return _attributes(record)

    def delete(self, id: str, properties: Properties) -> None:
        eks._delete_pod_identity_association(properties["ClusterName"], id.rpartition("/")[2])


def associate(
    cluster: str, namespace: str, service_account: str, properties: Properties, owner: str = ""
) -> Properties:
    """Bind a role to a service account.

    Raises:
        Refused: when the account has one already, or the role does not trust EKS's agent.
    """
    for item in children(eks._pod_identity_associations, cluster):
        taken = item["namespace"] == namespace and item["serviceAccount"] == service_account
        require(not taken, f"Association already exists: {item['associationId']}", "AlreadyExists")
    id = _look.hex_id("a-", 16)
    record: Properties = {
        "clusterName": cluster,
        "namespace": namespace,
        "serviceAccount": service_account,
        "associationArn": eks._pod_identity_association_arn(cluster, id),
        "associationId": id,
        "createdAt": eks._now(),
        "ownerArn": owner,
        "tags": {},
    }
    _describe(record, properties)
    eks._pod_identity_associations[eks._pia_key(cluster, id)] = record
    return record


def _describe(record: Properties, properties: Properties) -> None:
    _look.role(properties["RoleArn"], SERVICE, trusted=AGENT)
    record["roleArn"] = properties["RoleArn"]
    record["disableSessionTags"] = properties.get("DisableSessionTags", False)
    for name in ("targetRoleArn", "policy"):
        record.pop(name, None)
        given = properties.get(name[0].upper() + name[1:])
        if given:
            record[name] = given
    if "targetRoleArn" in record:
        record.setdefault("externalId", new_uuid())
    record["modifiedAt"] = eks._now()


def _attributes(record: Properties) -> Properties:
    return {
        "AssociationArn": record["associationArn"],
        "AssociationId": record["associationId"],
        "ExternalId": record.get("externalId", ""),
    }


class IdentityProviderConfig(ResourceType):
    type = "AWS::EKS::IdentityProviderConfig"

    def create(self, properties: Properties, request: Request) -> Created:
        cluster = cluster_of(properties)
        name = properties.get("IdentityProviderConfigName") or request.name(100)
        taken = any(str(key).startswith(f"{cluster['name']}\x00") for key in eks._idp_configs)
        require(not taken, f"Cluster {cluster['name']} already has an OIDC identity provider", "AlreadyExists")
        arn = _look.arn("eks", f"identityproviderconfig/{cluster['name']}/oidc/{name}/{new_uuid()}")
        oidc = as_api("eks", "OidcIdentityProviderConfigRequest", properties["Oidc"])
        oidc["requiredClaims"] = {item["Key"]: item["Value"] for item in properties["Oidc"].get("RequiredClaims", [])}
        record: Properties = {"oidc": {**oidc, "identityProviderConfigName": name}, "status": "ACTIVE", "arn": arn}
        set_tags(record, arn, properties.get("Tags"))
        eks._idp_configs[f"{cluster['name']}\x00{name}"] = record
        return Created(f"{name}|{cluster['name']}|oidc", {"IdentityProviderConfigArn": arn})

    def update(self, id: str, old: Properties, new: Properties, request: Request) -> Properties:
        name, cluster, _ = id.split("|")
        record = eks._idp_configs[f"{cluster}\x00{name}"]
        set_tags(record, record["arn"], new.get("Tags"))
        return {"IdentityProviderConfigArn": record["arn"]}

    def delete(self, id: str, properties: Properties) -> None:
        name, cluster, _ = id.split("|")
        eks._idp_configs.pop(f"{cluster}\x00{name}", None)
