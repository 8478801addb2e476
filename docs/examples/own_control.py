from collections.abc import Iterator

import aws_cdk as cdk

import hardened_eks as hardened
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="ACME-01",
    title="Node groups name the team that pays for them",
    types=["AWS::EKS::Nodegroup"],
    severity=Severity.MEDIUM,
    why="The bill of a node group without a team goes to the platform team.",
    fix="Set the label 'team'.",
    source="https://wiki.example.com/eks/teams",
)
def team_label(group: Resource, assembly: Assembly) -> Iterator[Problem]:
    if not isinstance(group.get("Labels.team"), str):
        yield Problem("the label 'team' is not set", "Labels")


app = cdk.App()
stack = cdk.Stack(app, "Payments")
cdk.Tags.of(stack).add("application", "payments")
cluster = hardened.Cluster(stack, "Cluster", version="1.37")
cluster.add_node_group("general", instance_types=["m7g.large"], labels={"team": "payments"})
old = cluster.add_node_group("old", instance_types=["m7g.large"])
hardened.waive(old, team_label, reason="moves to team payments, ACME-77", until="2099-12-31")
cdk.Validations.of(app).add_plugins(hardened.Checks(extra=[team_label]))
app.synth()
