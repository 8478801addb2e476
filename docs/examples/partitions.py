"""The same cluster in the commercial partition, in GovCloud and in China."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

import hardened_eks as hardened

WHERE = {
    "Europe": ("111122223333", "eu-west-1", "aws"),
    "GovCloud": ("222233334444", "us-gov-west-1", "aws-us-gov"),
    "China": ("333344445555", "cn-northwest-1", "aws-cn"),
}

app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
for name, (account, region, partition) in WHERE.items():
    stack = cdk.Stack(app, f"Payments-{name}", env=cdk.Environment(account=account, region=region))
    fips = partition == "aws-us-gov"
    # FIPS images pull from ECR's FIPS endpoint, to which an isolated network has no route.
    network = hardened.Network(stack, "Network", egress=hardened.Egress.NAT if fips else hardened.Egress.NONE)
    cluster = hardened.Cluster(stack, "Cluster", version="1.37", network=network)
    cluster.add_node_group("general", instance_types=["m7g.large"], fips=fips)
    auditors = iam.Role.from_role_arn(stack, "Auditors", f"arn:{partition}:iam::{account}:role/auditors")
    cluster.grant_view(auditors)
app.synth()
