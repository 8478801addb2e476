"""OIDC identity providers of clusters, with the refusals of EKS.

https://docs.aws.amazon.com/eks/latest/userguide/authenticate-oidc-identity-provider.html
"""

from __future__ import annotations

from typing import Any

from tests.emulator.resources import generic
from tests.emulator.resources.eks import RefusedError

TYPE = "AWS::EKS::IdentityProviderConfig"


def handlers(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {TYPE: {"create": _create, "update": _update, "delete": _delete}}


def _create(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    from ministack.services import eks

    cluster, name, oidc = props["ClusterName"], props["IdentityProviderConfigName"], props["Oidc"]
    if cluster not in eks._clusters:
        raise RefusedError(f"No cluster found for name: {cluster}. (Service: Eks, Status Code: 404)")
    if (TYPE, cluster) in generic.STORE:
        raise RefusedError("Identity provider config limit exceeded (Service: Eks, Status Code: 400)")
    if not oidc["IssuerUrl"].startswith("https://") or "?" in oidc["IssuerUrl"]:
        raise RefusedError(f"Invalid issuer URL {oidc['IssuerUrl']} (Service: Eks, Status Code: 400)")
    if any(oidc.get(prefix, "").startswith("system:") for prefix in ("UsernamePrefix", "GroupsPrefix")):
        raise RefusedError("system: is reserved (Service: Eks, Status Code: 400)")
    generic.STORE[TYPE, cluster] = props
    return f"{name}|{cluster}|oidc", {"IdentityProviderConfigArn": _arn(props)}


def _update(physical_id: str, old: dict[str, Any], new: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    if any(old.get(key) != new.get(key) for key in ("ClusterName", "IdentityProviderConfigName", "Oidc", "Type")):
        _delete(physical_id, old)  # the schema's replacementStrategy is delete_then_create
        return _create("", new, stack_name)
    generic.STORE[TYPE, new["ClusterName"]] = new
    return physical_id, {"IdentityProviderConfigArn": _arn(new)}


def _delete(physical_id: str, props: dict[str, Any]) -> None:
    name, cluster, _ = physical_id.split("|")
    if generic.STORE.get((TYPE, cluster), {}).get("IdentityProviderConfigName") == name:
        del generic.STORE[TYPE, cluster]


def _arn(props: dict[str, Any]) -> str:
    name = f"{props['ClusterName']}/oidc/{props['IdentityProviderConfigName']}/0a1b2c3d"
    return f"arn:aws:eks:eu-central-1:123456789012:identityproviderconfig/{name}"
