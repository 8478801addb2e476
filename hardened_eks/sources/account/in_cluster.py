"""Objects of a cluster, read from its Kubernetes API as resources for controls. Nothing is written.

These are omitted: Secrets, because their values are not needed; Endpoints and EndpointSlices, which controllers write;
objects that another object created, such as the pods of a Deployment; and the default RBAC objects of Kubernetes and
EKS.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hardened_eks.evidence import objects
from hardened_eks.evidence.resource import ARN
from hardened_eks.sources.kubernetes import Api, ApiError
from hardened_eks.sources.saved import Environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hardened_eks.sources.account.asking import Asker, Refusal
    from hardened_eks.sources.account.kubeconfig import Kubeconfig


class Listing(NamedTuple):
    """A list request to the Kubernetes API."""

    group: str
    """The API group; empty for the one without a name."""
    kind: str
    plural: str
    one: str = ""
    """``namespace/name`` to read a single object. Default: all objects."""

    @property
    def type(self) -> str:
        """The type of the resources."""
        return f"{objects.PREFIX}{self.group or 'core'}::{self.kind}"

    def path(self, version: str) -> str:
        """Return the path of the list in an API version."""
        root = f"/apis/{self.group}/{version}" if self.group else f"/api/{version}"
        if not self.one:
            return f"{root}/{self.plural}"
        namespace, _, name = self.one.partition("/")
        return f"{root}/namespaces/{namespace}/{self.plural}/{name}"


LISTINGS: Final = (
    Listing("", "ConfigMap", "configmaps", "kube-system/aws-auth"),
    Listing("", "Namespace", "namespaces"),
    Listing("", "PersistentVolume", "persistentvolumes"),
    Listing("", "Pod", "pods"),
    Listing("", "PodTemplate", "podtemplates"),
    Listing("", "ReplicationController", "replicationcontrollers"),
    Listing("", "Service", "services"),
    Listing("admissionregistration.k8s.io", "ValidatingAdmissionPolicy", "validatingadmissionpolicies"),
    Listing("aga.k8s.aws", "GlobalAccelerator", "globalaccelerators"),
    Listing("apps", "DaemonSet", "daemonsets"),
    Listing("apps", "Deployment", "deployments"),
    Listing("apps", "ReplicaSet", "replicasets"),
    Listing("apps", "StatefulSet", "statefulsets"),
    Listing("batch", "CronJob", "cronjobs"),
    Listing("batch", "Job", "jobs"),
    Listing("eks.amazonaws.com", "LoadBalancerConfiguration", "loadbalancerconfigurations"),
    Listing("eks.amazonaws.com", "NodeClass", "nodeclasses"),
    Listing("gateway.k8s.aws", "LoadBalancerConfiguration", "loadbalancerconfigurations"),
    Listing("gateway.networking.k8s.io", "GRPCRoute", "grpcroutes"),
    Listing("gateway.networking.k8s.io", "Gateway", "gateways"),
    Listing("gateway.networking.k8s.io", "HTTPRoute", "httproutes"),
    Listing("gateway.networking.k8s.io", "ListenerSet", "listenersets"),
    Listing("gateway.networking.k8s.io", "TCPRoute", "tcproutes"),
    Listing("gateway.networking.k8s.io", "UDPRoute", "udproutes"),
    Listing("gateway.networking.x-k8s.io", "XListenerSet", "xlistenersets"),
    Listing("karpenter.k8s.aws", "EC2NodeClass", "ec2nodeclasses"),
    Listing("karpenter.sh", "NodePool", "nodepools"),
    Listing("networking.k8s.aws", "ApplicationNetworkPolicy", "applicationnetworkpolicies"),
    Listing("networking.k8s.aws", "ClusterNetworkPolicy", "clusternetworkpolicies"),
    Listing("networking.k8s.io", "Ingress", "ingresses"),
    Listing("networking.k8s.io", "NetworkPolicy", "networkpolicies"),
    Listing("rbac.authorization.k8s.io", "ClusterRole", "clusterroles"),
    Listing("rbac.authorization.k8s.io", "ClusterRoleBinding", "clusterrolebindings"),
    Listing("rbac.authorization.k8s.io", "Role", "roles"),
    Listing("rbac.authorization.k8s.io", "RoleBinding", "rolebindings"),
    Listing("storage.k8s.io", "StorageClass", "storageclasses"),
)
"""All lists that an audit reads."""
_KINDS: Final = frozenset(one.kind for one in LISTINGS)
_NO_API: Final = 404
_ANSWERED: Final = frozenset({403, 404, 410})
"""HTTP statuses that concern only one list, so that the others are still read."""
_PAUSE: Final = 1.0
"""The maximum number of seconds between attempts, which is short because access was not just granted."""
_BROUGHT: Final = {"kubernetes.io/bootstrapping": "rbac-defaults"}
_BROUGHT_NAMES: Final = ("admin", "cluster-admin", "edit", "view")
_EKS_LABEL: Final = "eks.amazonaws.com/component"


def read(asker: Asker, cluster: str, token: Callable[[], str], *, kubeconfig: Kubeconfig | None = None) -> Environment:
    """Return the objects of a cluster as separate evidence, because names have a different meaning in each cluster.

    A list that is denied or fails is not seen.

    Args:
        asker: the asker of the account and Region.
        cluster: the name of the cluster.
        token: a function that returns a bearer token.
        kubeconfig: a kubeconfig with the address and the token. Default: the endpoint from EKS, and `token`.
    """
    told = asker.ask("eks:DescribeCluster", name=cluster)
    resources: dict[str, Any] = {}
    try:
        described = _described(told)
        if kubeconfig is not None:
            server, token = kubeconfig.access(described)
            described = {**described, "endpoint": server}
        api = Api.of_cluster(described, token=token, sleep=lambda seconds: time.sleep(min(seconds, _PAUSE)))
        versions = _versions(api)
    except ApiError as error:
        unseen = {one.type: str(error) for one in LISTINGS}
    else:
        unseen = _listed(api, versions, described["arn"], resources)
        api.close()
    name = f"kubernetes:{cluster}"
    notes = tuple(f"Kubernetes of {cluster} in {asker.region}: {why}" for why in dict.fromkeys(unseen.values()))
    return Environment(
        asker.account, asker.region, (cluster,), (), notes, tuple(sorted(unseen)), {name: {"Resources": resources}},
        {name: {}},
    )  # fmt: skip


def _described(told: Mapping[str, Any] | Refusal | None) -> Mapping[str, Any]:
    if not told:
        raise ApiError("the cluster no longer exists" if told is None else str(told))
    found: Mapping[str, Any] = told["cluster"]
    return found


def _versions(api: Api) -> dict[str, str]:
    """Return the preferred version of each API group of the cluster."""
    try:
        groups = api.get("/apis").get("groups") or []
        found = {one["name"]: one["preferredVersion"]["version"] for one in groups}
    except (KeyError, TypeError) as error:
        raise ApiError(f"/apis: the response is not understood: {type(error).__name__}: {error}") from error
    return {"": "v1", **found}


def _listed(api: Api, versions: Mapping[str, str], arn: str, resources: dict[str, Any]) -> dict[str, str]:
    """Add all objects to `resources`, and return the types that could not be listed, with the reasons."""
    unseen: dict[str, str] = {}
    broken = ""
    for one in LISTINGS:
        if one.group not in versions:
            continue  # the cluster does not have this API
        if broken:  # the API does not respond at all, so reading the rest would take minutes
            unseen[one.type] = broken
            continue
        try:
            for item in _objects(api, one, versions[one.group]):
                id_ = objects.unused(objects.name_of(item), resources)
                resources[id_] = {"Type": one.type, "Properties": item, "Metadata": {ARN: arn}}
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            unseen[one.type] = f"{one.plural}: the response is not understood: {type(error).__name__}: {error}"
        except ApiError as error:
            if error.status == _NO_API:
                continue
            unseen[one.type] = str(error)
            broken = "" if error.status in _ANSWERED else str(error)
    return unseen


def _objects(api: Api, one: Listing, version: str) -> Iterator[dict[str, Any]]:
    group = f"{one.group}/{version}" if one.group else version
    kept: list[dict[str, Any]] = []

    def take(found: list[dict[str, Any]], page: list[dict[str, Any]]) -> None:
        found.extend(_essence(item, group, one.kind) for item in page if not _left_out(item, one.kind))

    if one.one:
        take(kept, [api.get(one.path(version))])
        yield from kept
        return
    yield from api.fold(one.path(version), kept.copy, take)


def _essence(item: Mapping[str, Any], group: str, kind: str) -> dict[str, Any]:
    """Return an object as in a manifest: with the kind that list items lack, and without its status."""
    metadata = {key: value for key, value in (item.get("metadata") or {}).items() if key != "managedFields"}
    rest = {key: value for key, value in item.items() if key != "status"}
    return {**rest, "apiVersion": group, "kind": kind, "metadata": metadata}


def _left_out(item: Mapping[str, Any], kind: str) -> bool:
    metadata = item.get("metadata") or {}
    owners = metadata.get("ownerReferences") or []
    if any(owner.get("controller") and owner.get("kind") in _KINDS for owner in owners):
        return True  # the object that created it is evaluated
    name, labels = str(metadata.get("name")), metadata.get("labels") or {}
    if "Role" not in kind:
        return False
    if name.startswith("eks:"):
        return _EKS_LABEL in labels
    return (name.startswith("system:") or name in _BROUGHT_NAMES) and _BROUGHT.items() <= labels.items()
