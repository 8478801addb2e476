import json

from hardened_eks.controls.control_plane import aws_auth_nodes_only
from tests.controls.cases import Case, at, change, drop, hide, template

MAP = "Kubernetes::core::ConfigMap"
NODES = ["system:bootstrappers", "system:nodes"]


def roles(*groups, arn="arn:aws:iam::111122223333:role/ops", **more):
    return json.dumps([{"rolearn": arn, "username": "ops", "groups": list(groups), **more}])


def users(*groups):
    return json.dumps([{"userarn": "arn:aws:iam::111122223333:user/ana", "username": "ana", "groups": list(groups)}])


AUTH = template(
    {
        "ConfigMap/kube-system/aws-auth": (
            MAP,
            {
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": {"name": "aws-auth", "namespace": "kube-system"},
                "data": {
                    "mapRoles": roles(*NODES, username="system:node:{{EC2PrivateDNSName}}"),
                    "mapUsers": "[]",
                    "mapAccounts": "[]",
                },
            },
        )
    }
)
YAML = """
- rolearn: ${Role.Arn}
  username: ops
  groups:
  - system:masters
"""

GROWING = "- &a0 [x]\n" + "".join(f"- &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
"""Lists that take gigabytes if they are written out."""


CASE = Case(
    aws_auth_nodes_only,
    AUTH,
    bad={
        **at(
            "data.mapRoles",
            {
                "an administrator": change(MAP, "data.mapRoles", roles("system:masters")),
                "an administrator in YAML": change(MAP, "data.mapRoles", YAML),
                "an administrator who is a node": change(MAP, "data.mapRoles", roles(*NODES, "system:masters")),
                "an administrator of another account": change(
                    MAP, "data.mapRoles", roles("system:masters", arn="arn:aws:iam::999999999999:role/vendor")
                ),
                "one group": change(MAP, "data.mapRoles", json.dumps([{"rolearn": "arn", "groups": "system:masters"}])),
                "a group of people": change(MAP, "data.mapRoles", roles("ops")),
                "no groups": change(MAP, "data.mapRoles", roles()),
                "no mapping": change(MAP, "data.mapRoles", '["arn:aws:iam::111122223333:role/ops"]'),
                "no list": change(MAP, "data.mapRoles", "{}"),
                "lists that grow with each line": change(MAP, "data.mapRoles", GROWING),
                "no YAML": change(MAP, "data.mapRoles", "[{"),
                "aliases": change(MAP, "data.mapRoles", "- &who {rolearn: arn, groups: [system:nodes]}\n- *who\n"),
                "a day that does not exist": change(MAP, "data.mapRoles", "- rolearn: 2026-13-45\n"),
                "lists in lists": change(MAP, "data.mapRoles", "[" * 100_000),
                "hidden": hide(MAP, "data.mapRoles"),
            },
        ),
        **at(
            "data.mapUsers",
            {
                "a user who is an administrator": change(MAP, "data.mapUsers", users("system:masters")),
                "a user": change(MAP, "data.mapUsers", users("ops")),
                "a user as a node": change(MAP, "data.mapUsers", users(*NODES)),
            },
        ),
        **at(
            "data.mapAccounts",
            {
                "an account": change(MAP, "data.mapAccounts", '["111122223333"]'),
                "hidden accounts": hide(MAP, "data.mapAccounts"),
            },
        ),
    },
    edge={
        "Windows nodes": change(MAP, "data.mapRoles", roles(*NODES, "eks:kube-proxy-windows")),
        "Fargate": change(MAP, "data.mapRoles", roles(*NODES, "system:node-proxier")),
        "no entries": change(MAP, "data.mapRoles", ""),
        "no data": drop(MAP, "data"),
        "another ConfigMap": change(MAP, "metadata.name", "team"),
        "a name that is not known": change(MAP, "metadata", "x"),
    },
)
