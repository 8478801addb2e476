from hardened_eks.controls.control_plane import entry_types
from tests.controls import self_managed
from tests.controls.access.base import ROLE, TRUST, admits, document, with_resources
from tests.controls.cases import Bad, Case, at, both, change, hide
from tests.controls.control_plane.roles import CLUSTER, ENTRY, NODEGROUP, ONE, OTHER, ROLES, arn, taken_by

PATH = "PrincipalArn"


def entry(kind, principal):
    return both(change(ENTRY, "Type", kind), change(ENTRY, PATH, principal))


CASE = Case(
    entry_types,
    ROLES,
    bad={
        **at(
            PATH,
            {
                "a foreign node": entry("EC2_LINUX", OTHER),
                "a foreign hybrid node": entry("HYBRID_LINUX", ONE),
                "a foreign node of Auto Mode": entry("EC2", ONE),
                "in small letters": entry("ec2_linux", ONE),
                "a type of the future": entry("MARS_LINUX", arn("PodRole")),
                "a pod as a node": entry("EC2_LINUX", arn("PodRole")),
                "a machine as a hybrid node": entry("HYBRID_LINUX", arn("NodeRole")),
                "a machine that people take": both(
                    entry("EC2_LINUX", arn("NodeRole")),
                    change(ROLE, TRUST, document(admits({"AWS": ONE}), admits({"Service": "ec2.amazonaws.com"}))),
                ),
                "a machine whose trust is hidden": both(entry("EC2_LINUX", arn("NodeRole")), hide(ROLE, TRUST)),
                "a node's role": change(ENTRY, PATH, arn("NodeRole")),
                "the role of self-managed nodes": lambda _: both(
                    change(ENTRY, "Type", "STANDARD"), change("AWS::IAM::Role", "ManagedPolicyArns", [])
                )(self_managed.NODES),
                "a node's role, said": entry("STANDARD", arn("NodeRole")),
                "the role of Auto Mode": both(
                    change(CLUSTER, "ComputeConfig.NodeRoleArn", arn("PodRole")), change(ENTRY, PATH, arn("PodRole"))
                ),
                "Fargate's role": change(ENTRY, PATH, arn("FargateRole")),
                "a node's role by name": both(
                    with_resources(
                        change(NODEGROUP, "NodeRole", arn("Named")),
                        {"Named": (ROLE, {**taken_by("ec2.amazonaws.com")[1], "RoleName": "nodes"})},
                    ),
                    change(ENTRY, PATH, "arn:aws:iam::111122223333:role/team/nodes"),
                ),
            },
        ),
        "hidden": Bad(hide(ENTRY, "Type"), "Type"),
    },
    edge={
        "a node": entry("EC2_LINUX", arn("NodeRole")),
        "a Windows node": entry("EC2_WINDOWS", arn("NodeRole")),
        "a hybrid node": with_resources(entry("HYBRID_LINUX", arn("Edge")), {"Edge": taken_by("ssm.amazonaws.com")}),
        "a hybrid node by certificate": with_resources(
            entry("HYBRID_LINUX", arn("Edge")), {"Edge": taken_by("rolesanywhere.amazonaws.com")}
        ),
        "Fargate's": entry("FARGATE_LINUX", arn("FargateRole")),
        "a pod": change(ENTRY, PATH, arn("PodRole")),
        "a stranger, who is no node": change(ENTRY, PATH, OTHER),
    },
)
