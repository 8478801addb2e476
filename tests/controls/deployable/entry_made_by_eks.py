from hardened_eks.controls.deployable import entry_made_by_eks
from tests.controls.cases import Case, at, change, template
from tests.controls.deployable.base import CL, ENTRY, ROLE, depend

ROLES = {"AWS::EKS::Nodegroup": "NodeRole", "AWS::EKS::FargateProfile": "PodExecutionRoleArn"}
IAM = "AWS::IAM::Role"
CLUSTER = (CL, {"Name": "prod", "AccessConfig": {"AuthenticationMode": "API"}})


def beside(user, *, cluster=None, after=()):
    """Return an entry and what has the role of its principal."""
    of, role = {"ClusterName": {"Ref": "Cluster"}}, {"Fn::GetAtt": ["Role", "Arn"]}
    made = template(
        {
            "Role": (IAM, {}),
            "Cluster": CLUSTER,
            "Entry": (ENTRY, {**of, "PrincipalArn": role, "Type": "EC2_LINUX"}),
            "User": (user, {"ClusterName": cluster or of["ClusterName"], ROLES[user]: role}),
        }
    )
    return depend("User", *after)(made)


NODES = "AWS::EKS::Nodegroup"


def of_the_nodes(body):
    """Let the entries be for the role of the node group."""
    group = next(one for one in body["Resources"].values() if one["Type"] == NODES)
    return change(ENTRY, "PrincipalArn", group["Properties"]["NodeRole"])(body)


CASE = Case(
    entry_made_by_eks,
    change(ENTRY, "PrincipalArn", ROLE)(beside(NODES)),
    bad=at(
        "PrincipalArn",
        {
            "managed group": of_the_nodes,
            "after the group": depend("Entry", "User")(beside(NODES)),
            "fargate": beside("AWS::EKS::FargateProfile"),
            "cluster by name": change(NODES, "ClusterName", "old")(change(ENTRY, "ClusterName", "old")(beside(NODES))),
        },
    ),
    edge={
        "before the group": beside(NODES, after=["Entry"]),
        "another cluster": beside(NODES, cluster="other"),
    },
)
