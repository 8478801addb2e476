"""Stages of one app, deployed one after the other by CDK Pipelines; every synthesis is checked."""

import aws_cdk as cdk
from aws_cdk import pipelines

import hardened_eks as hardened

TOOLS, DEV, PROD = "111122223333", "222233334444", "333344445555"


class Payments(cdk.Stage):
    """All stacks of one environment."""

    def __init__(self, scope: cdk.App, id: str, *, account: str, instance_types: list[str]) -> None:
        """Create the stacks."""
        super().__init__(scope, id, env=cdk.Environment(account=account, region="eu-west-1"))
        stack = cdk.Stack(self, "Cluster")
        cluster = hardened.Cluster(stack, "Cluster", version="1.37")
        cluster.add_node_group("general", instance_types=instance_types)
        cdk.Tags.of(self).add("application", "payments")
        cdk.Validations.of(self).add_plugins(hardened.Checks())  # not of(app), which also has the pipeline


app = cdk.App()
tools = cdk.Stack(app, "Pipeline", env=cdk.Environment(account=TOOLS, region="eu-west-1"))
source = pipelines.CodePipelineSource.connection(
    "acme/payments", "main", connection_arn=f"arn:aws:codeconnections:eu-west-1:{TOOLS}:connection/1111"
)
pipeline = pipelines.CodePipeline(
    tools,
    "Pipeline",
    cross_account_keys=True,
    synth=pipelines.ShellStep(
        "Synth", input=source, commands=["npm ci", "python -m pip install -r requirements.txt", "npx cdk synth"]
    ),
)
pipeline.add_stage(Payments(app, "Dev", account=DEV, instance_types=["m7g.large"]))
pipeline.add_stage(
    Payments(app, "Prod", account=PROD, instance_types=["m7g.2xlarge"]),
    pre=[pipelines.ManualApprovalStep("Release")],
)
app.synth()
