from hardened_eks.controls.control_plane import roles_seen
from tests.controls.access.base import ROLE, either, sub
from tests.controls.cases import Case, Bad, at, both, change, drop, hide
from tests.controls.control_plane.roles import (
    ADDON, ASSOCIATION, CAPABILITY, CLUSTER, ENTRY, FARGATE, NODEGROUP, ONE, OWN, ROLES, arn,
)  # fmt: skip


def by_arn(type_, path, value=ONE):
    return Bad(change(type_, path, value), path)


CASE = Case(
    roles_seen,
    ROLES,
    bad={
        "of nodes": by_arn(NODEGROUP, "NodeRole"),
        "of nodes, of this account": by_arn(NODEGROUP, "NodeRole", OWN),
        "of Auto Mode": by_arn(CLUSTER, "ComputeConfig.NodeRoleArn"),
        "of the cluster": by_arn(CLUSTER, "RoleArn"),
        "of Fargate": by_arn(FARGATE, "PodExecutionRoleArn"),
        "of an add-on": by_arn(ADDON, "ServiceAccountRoleArn"),
        "of an add-on's pods": by_arn(ADDON, "PodIdentityAssociations.0.RoleArn"),
        "of all of an add-on's pods": Bad(hide(ADDON, "PodIdentityAssociations"), "PodIdentityAssociations"),
        "of pods": by_arn(ASSOCIATION, "RoleArn"),
        "of pods, in the end": by_arn(ASSOCIATION, "TargetRoleArn"),
        "of a capability": by_arn(CAPABILITY, "RoleArn"),
        "of pods by parameter": Bad(hide(ASSOCIATION, "RoleArn"), "RoleArn"),
        "of pods on a condition": by_arn(ASSOCIATION, "RoleArn", either(arn("PodRole"), ONE)),
        "no role at all": by_arn(ASSOCIATION, "RoleArn", arn("NotARole")),
        **at(
            "PrincipalArn",
            {
                "of an entry by parameter": hide(ENTRY, "PrincipalArn"),
                "of an entry of an account that nobody knows": change(ENTRY, "PrincipalArn", ONE),
                "of an entry in an account by parameter": change(
                    ENTRY, "PrincipalArn", sub("arn:aws:iam::${Who}:role/dev")
                ),
            },
        ),
    },
    edge={
        "by name": both(
            change(ROLE, "RoleName", "mine"),
            change(ASSOCIATION, "RoleArn", sub("arn:aws:iam::${AWS::AccountId}:role/mine")),
        ),
        "of pods by import": change(ASSOCIATION, "RoleArn", {"Fn::ImportValue": "role"}),
        "of an entry by import": change(ENTRY, "PrincipalArn", {"Fn::ImportValue": "role"}),
        "no role": both(drop(CLUSTER, "RoleArn"), drop(ADDON, "PodIdentityAssociations")),
        "an entry of the template": change(ENTRY, "PrincipalArn", arn("PodRole")),
        "either of two": change(ASSOCIATION, "RoleArn", either(arn("PodRole"), arn("CapabilityRole"))),
    },
)
