"""The app whose clusters the commands of the guides are about."""

import os
import sys

import aws_cdk as cdk

import hardened_eks as hardened
from hardened_eks.data.kubernetes import NEWEST

app = cdk.App(outdir=next(iter(sys.argv[1:]), None), context={"hardened-eks:dns_firewall": "block"})
cdk.Tags.of(app).add("application", "payments")
clusters = {"Payments": "payments", "HardenedEks-Cluster": "hardened"}
for name in os.environ.get("GUIDES_STACKS", " ".join(clusters)).split():
    stack = cdk.Stack(app, name)
    # The newest version, because all others leave standard support, and the checks then report them.
    # A short id: the emulator makes the id of a domain list of it, which has 64 characters at most.
    cluster = hardened.Cluster(stack, "C", version=NEWEST, name=clusters[name])
    cluster.add_node_group("general", instance_types=["m7g.large"])
    cluster.add_break_glass_role(trusted=["arn:aws:iam::123456789012:user/ana"])
cdk.Validations.of(app).add_plugins(hardened.Checks())
app.synth()
