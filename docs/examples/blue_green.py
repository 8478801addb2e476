"""Two clusters, blue and green, that share a network and keys."""

import aws_cdk as cdk

import hardened_eks as hardened

app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
shared = cdk.Stack(app, "PaymentsShared")
keys = hardened.Keys(shared, "Keys")
network = hardened.Network(shared, "Network", cidr="10.20.0.0/19", logs_key=keys.logs)

for color, version in (("blue", "1.36"), ("green", "1.37")):
    stack = cdk.Stack(app, f"Payments-{color}")
    cluster = hardened.Cluster(stack, "Cluster", name=f"payments-{color}", version=version, network=network, keys=keys)
    cluster.add_node_group("general", instance_types=["m7g.large"])
app.synth()
