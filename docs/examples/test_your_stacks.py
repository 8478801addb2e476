import aws_cdk as cdk

import hardened_eks as hardened
from hardened_eks.testing import assert_hardened  # in pytest, use the fixture of this name instead


def payments() -> cdk.App:
    app = cdk.App(context={"hardened-eks:dns_firewall": "block"})  # a test does not read cdk.json
    stack = cdk.Stack(app, "Payments")
    cdk.Tags.of(stack).add("application", "payments")
    hardened.Cluster(stack, "Cluster", version="1.37").add_node_group("general", instance_types=["m7g.large"])
    return app


def test_payments_is_hardened() -> None:
    outcome = assert_hardened(payments())
    assert outcome.resources > 0


test_payments_is_hardened()
