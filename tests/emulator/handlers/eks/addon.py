from __future__ import annotations

import json

from ministack.services import eks

from hardened_eks.data import addons
from tests.emulator.handlers import _look
from tests.emulator.handlers.eks._common import SERVICE, children, cluster_of, refuse, require, set_tags
from tests.emulator.handlers.eks.access import associate
from tests.emulator.handlers.model import Created, Properties, Request, ResourceType

NEED_NODES = {"coredns", "metrics-server", "aws-ebs-csi-driver"}
"""Deployments: without nodes they stay degraded, and CloudFormation gives up."""


class Addon(ResourceType):
    type = "AWS::EKS::Addon"

    def create(self, properties: Properties, request: Request) -> Created:
        cluster = cluster_of(properties)
        name = properties["AddonName"]
        key = f"{cluster['name']}/{name}"
        require(key not in eks._addons, f"Addon already exists with name: {name}", "AlreadyExists")
        require(name in addons.ADDONS, f"Addon {name} specified is not supported in {cluster['version']} "
                                       "kubernetes version")
        _check(properties)
        if name in NEED_NODES and not children(eks._nodegroups, cluster["name"]):
            raise refuse(f"Addon {name} is DEGRADED: InsufficientNumberOfReplicas", "NotStabilized")
        arn = eks._addon_arn(cluster["name"], name)
        record: Properties = {
            "addonName": name,
            "clusterName": cluster["name"],
            "addonArn": arn,
            "status": "ACTIVE",
            "addonVersion": "v1.0.0-eksbuild.1",
            "createdAt": eks._now(),
            "health": {"issues": []},
            "owner": "aws",
            "publisher": "eks",
            "podIdentityAssociations": [],
        }
        eks._addons[key] = record
        _apply(record, properties)
        return Created(f"{cluster['name']}|{name}", {"Arn": arn})

    def update(self, id: str, old: Properties, new: Properties, request: Request) -> Properties:
        record = eks._addons[id.replace("|", "/", 1)]
        _check(new)
        _apply(record, new)
        return {"Arn": record["addonArn"]}

    def delete(self, id: str, properties: Properties) -> None:
        cluster, _, name = id.partition("|")
        record = eks._addons.get(f"{cluster}/{name}")
        if record is not None:
            _drop_associations(record)
            eks._delete_addon(cluster, name)


def _check(properties: Properties) -> None:
    if "ConfigurationValues" in properties:
        try:
            configuration = json.loads(properties["ConfigurationValues"])
        except ValueError:
            raise refuse("ConfigurationValue provided in request is not supported: no JSON") from None
        require(isinstance(configuration, dict), "ConfigurationValue provided in request is not supported: no object")
    if "ServiceAccountRoleArn" in properties:
        _look.role(properties["ServiceAccountRoleArn"], SERVICE)


def _apply(record: Properties, properties: Properties) -> None:
    for name in ("addonVersion", "configurationValues", "serviceAccountRoleArn"):
        given = properties.get(name[0].upper() + name[1:])
        if given is not None:
            record[name] = given
        elif name != "addonVersion":
            record.pop(name, None)
    _drop_associations(record)
    known = addons.ADDONS[record["addonName"]]
    for wanted in properties.get("PodIdentityAssociations", []):
        made = associate(record["clusterName"], known.namespace or "kube-system", wanted["ServiceAccount"],
                         {"RoleArn": wanted["RoleArn"]}, owner=record["addonArn"])
        record["podIdentityAssociations"].append(made["associationArn"])
    record["modifiedAt"] = eks._now()
    set_tags(record, record["addonArn"], properties.get("Tags"))


def _drop_associations(record: Properties) -> None:
    for association in children(eks._pod_identity_associations, record["clusterName"]):
        if association["associationArn"] in record["podIdentityAssociations"]:
            eks._delete_pod_identity_association(record["clusterName"], association["associationId"])
    record["podIdentityAssociations"] = []
