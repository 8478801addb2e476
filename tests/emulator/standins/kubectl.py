"""A stand-in for the CDK's kubectl handler: a recording one. It applies to no cluster, and notes what it would apply.

Added: Custom::AWSCDK-EKS-KubernetesResource. As kubectl and an API server would, it fails where the handler is not in the
VPC of the cluster, has no access entry, or lacks a right by RBAC (the objects that an administrator has applied before
are `bootstrap`), where a namespace is missing, and where an admission policy of this record denies. What was applied is
an object of the bucket `RECORD` a request. Not here: kubectl, Helm, the API server, the functions' network.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

RECORD = "kubectl-record"
SYSTEM = {"default", "kube-node-lease", "kube-public", "kube-system"}
_TYPE = "Custom::AWSCDK-EKS-KubernetesResource"
_RIGHTS = ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding")


class KubectlError(ValueError):
    """What kubectl prints."""


def install() -> None:
    """Nothing of ministack's own changes."""


def handlers(table: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {_TYPE: {"create": _create, "update": _update, "delete": _delete}}


def _create(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    _apply("Create", logical_id, props)
    return f"{stack_name}-{logical_id}-{uuid.uuid4().hex[:8]}", {}


def _update(physical_id: str, old: dict[str, Any], new: dict[str, Any], stack_name: str) -> tuple[str, dict[str, Any]]:
    _apply("Update", physical_id, new)
    return physical_id, {}


def _delete(physical_id: str, props: dict[str, Any]) -> None:
    _note("Delete", physical_id, props, "", json.loads(props["Manifest"]))


def _apply(request: str, name: str, props: dict[str, Any]) -> None:
    user = _who(props)
    objects = json.loads(props["Manifest"])
    known = {_key(o): o for o in _bootstrap(props["ClusterName"])}
    for record in _records(props["ClusterName"]):
        known |= {_key(o): o for o in record["objects"] if record["request"] != "Delete"}
    for item in objects:
        _namespace(item, known)
        _authorize(item, known, user)
        _admit(item, known, user)
        if request == "Create" and str(props.get("Overwrite")).lower() != "true" and _key(item) in known:
            raise KubectlError(f"Error from server (AlreadyExists): {item['kind']} {item['metadata']['name']}")
        known[_key(item)] = item
    _note(request, name, props, user, objects)


def _who(props: dict[str, Any]) -> str:
    """Return the username of the handler: its function has to be in the VPC and its role in an access entry."""
    from ministack.services import ec2, eks, lambda_svc

    called = props["ServiceToken"].rsplit(":", 1)[-1]
    functions = lambda_svc._functions
    variables = functions[called]["config"]["Environment"]["Variables"]
    handler = functions[variables["USER_ON_EVENT_FUNCTION_ARN"].rsplit(":", 1)[-1]]["config"]
    vpc = eks._clusters[props["ClusterName"]]["resourcesVpcConfig"]["vpcId"]
    for function in (functions[called]["config"], handler):
        subnets = function.get("VpcConfig", {}).get("SubnetIds", [])
        if not subnets or any(ec2._subnets[s]["VpcId"] != vpc for s in subnets):
            raise KubectlError(f"dial tcp: i/o timeout: {function['FunctionName']} is not in {vpc}")
    cluster = props["ClusterName"]
    entry = next(
        (
            e
            for e in eks._access_entries.values()
            if e["clusterName"] == cluster and e["principalArn"] == handler["Role"]
        ),
        None,
    )
    if entry is None:
        raise KubectlError("error: You must be logged in to the server (Unauthorized)")
    if entry["kubernetesGroups"] != ["hardened-eks:delivery"]:
        raise KubectlError(f"the stand-in knows one group, got {entry['kubernetesGroups']}")
    return str(entry["username"]).replace("{{SessionName}}", handler["FunctionName"])


def _namespace(item: dict[str, Any], known: dict[Any, Any]) -> None:
    namespace = item["metadata"].get("namespace")
    if namespace and namespace not in SYSTEM and ("Namespace", None, namespace) not in known:
        raise KubectlError(f'Error from server (NotFound): namespaces "{namespace}" not found')


def _authorize(item: dict[str, Any], known: dict[Any, Any], user: str) -> None:
    from tests.baseline.rbac import applied, can

    rights = [o for o in known.values() if o["kind"] in _RIGHTS]
    for (verb, api, resource), where in applied(item, exists=_key(item) in known):
        if not can(rights, "hardened-eks:delivery", verb, api, resource, **where):
            raise KubectlError(
                f'Error from server (Forbidden): {resource} "{item["metadata"]["name"]}" is forbidden: User "{user}" '
                f'cannot {verb} resource "{resource}" in API group "{api}"'
            )


def _admit(item: dict[str, Any], known: dict[Any, Any], user: str) -> None:
    """Ask every policy that a binding of the record makes the API server ask; the default account comes by itself."""
    from hardened_eks.baseline.admission import Request, decide
    from tests.baseline.rbac import PLURALS

    api, _, version = item["apiVersion"].rpartition("/")
    request = Request(
        kind=item["kind"], resource=PLURALS[item["kind"]], group=api, version=version, object=item, user=user,
        namespace=item["metadata"].get("namespace"), groups=("hardened-eks:delivery", "system:authenticated"),
    )  # fmt: skip
    for binding in [o for o in known.values() if o["kind"] == "ValidatingAdmissionPolicyBinding"]:
        policy = known["ValidatingAdmissionPolicy", None, binding["spec"]["policyName"]]
        verdict = decide(policy, request)
        if verdict.denied and "Deny" in binding["spec"]["validationActions"]:
            raise KubectlError(f"Error from server (Forbidden): {binding['metadata']['name']}: {verdict.messages}")


def _key(item: dict[str, Any]) -> tuple[str, str | None, str]:
    return item["kind"], item["metadata"].get("namespace"), item["metadata"]["name"]


def _bootstrap(cluster: str) -> list[dict[str, Any]]:
    from ministack.services import s3

    found = (s3._ensure_bucket(RECORD) or {"objects": {}})["objects"].get(f"{cluster}/bootstrap.json")
    return json.loads(found["body"]) if found else []


def _records(cluster: str) -> list[dict[str, Any]]:
    from ministack.services import s3

    objects = (s3._ensure_bucket(RECORD) or {"objects": {}})["objects"]
    return [json.loads(objects[key]["body"]) for key in sorted(objects) if key.startswith(f"{cluster}/applied/")]


def _note(request: str, name: str, props: dict[str, Any], user: str, objects: list[dict[str, Any]]) -> None:
    from ministack.services import s3

    if s3._ensure_bucket(RECORD) is None:
        s3._create_bucket(RECORD, b"")
    cluster = props["ClusterName"]
    body = {"request": request, "name": name, "user": user, "objects": objects}
    key = f"{cluster}/applied/{len(_records(cluster)):06}.json"
    status, *_ = s3._put_object(RECORD, key, json.dumps(body).encode(), {})
    assert status == 200, status
