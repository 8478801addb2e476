"""Tags of two stages, and tags by which Karpenter finds subnets and the security group of the nodes."""

import aws_cdk as cdk

import hardened_eks as hardened


class Payments(cdk.Stage):
    """All stacks of one environment."""

    def __init__(self, scope: cdk.App, id: str) -> None:
        """Create the stacks and tag them."""
        super().__init__(scope, id)
        stack = cdk.Stack(self, "Cluster")
        cluster = hardened.Cluster(stack, "Cluster", version="1.37")
        cluster.add_node_group("general", instance_types=["m7g.large"])
        cdk.Tags.of(self).add("application", "payments")
        cdk.Tags.of(self).add("release", "2026-11-29", exclude_resource_types=["AWS::EC2::LaunchTemplate"])
        for discovered in (cluster.node_security_group, *cluster.network.node_subnets):
            cdk.Tags.of(discovered).add("karpenter.sh/discovery", cluster.name)


app = cdk.App()
Payments(app, "Dev")
Payments(app, "Prod")
app.synth()
