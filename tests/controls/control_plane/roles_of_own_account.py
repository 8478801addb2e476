from hardened_eks.controls.control_plane import roles_of_own_account
from tests.controls.access.base import either
from tests.controls.cases import Bad, Case, both, change
from tests.controls.control_plane.roles import (
    ADDON, ASSOCIATION, CAPABILITY, CLUSTER, ENTRY, FARGATE, NODEGROUP, ONE, OTHER, OWN, ROLES,
)  # fmt: skip


def two(type_, path, other_type=CLUSTER, other_path="RoleArn"):
    """Name roles of two accounts in one template: one of them is foreign."""
    return Bad(both(change(other_type, other_path, ONE), change(type_, path, OTHER)), path, other_path)


CASE = Case(
    roles_of_own_account,
    ROLES,
    bad={
        "of an entry": two(ENTRY, "PrincipalArn"),
        "of a node group": two(NODEGROUP, "NodeRole"),
        "of Auto Mode": two(CLUSTER, "ComputeConfig.NodeRoleArn"),
        "of Fargate": two(FARGATE, "PodExecutionRoleArn"),
        "of an add-on": two(ADDON, "ServiceAccountRoleArn"),
        "of an add-on's pods": two(ADDON, "PodIdentityAssociations.0.RoleArn"),
        "of pods": two(ASSOCIATION, "RoleArn"),
        "of pods, in the end": two(ASSOCIATION, "TargetRoleArn"),
        "of a capability": two(CAPABILITY, "RoleArn"),
        "of an entry beside nodes": two(ENTRY, "PrincipalArn", NODEGROUP, "NodeRole"),
        "on a condition": Bad(
            both(change(CLUSTER, "RoleArn", ONE), change(ENTRY, "PrincipalArn", either(OWN, OTHER))),
            "PrincipalArn",
            "RoleArn",
        ),
    },
    edge={
        "all of one account": both(change(ENTRY, "PrincipalArn", ONE), change(CLUSTER, "RoleArn", ONE)),
        "one role alone": change(ENTRY, "PrincipalArn", OTHER),
        "a parameter": change(ENTRY, "PrincipalArn", {"Ref": "Who"}),
        "malformed": both(
            change(ENTRY, "PrincipalArn", 5),
            change(ADDON, "PodIdentityAssociations", [5, {}]),
            change(CLUSTER, "RoleArn", []),
        ),
    },
)
