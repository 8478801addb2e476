"""IAM, sign-in and the organization: seen in us-east-1, told in the Region of the cluster."""

from __future__ import annotations

import aws_cdk as cdk
import pytest

import hardened_eks as hardened
from hardened_eks.detections import Source
from tests.detections.test_events import CASES
from tests.emulator.conftest import Account
from tests.emulator.observing import Inbox, eventually, observe
from tests.emulator.service import ACCOUNT, REGION

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
GROUP, CLUSTER = "/aws/eks/payments/cluster", "eu-central-1"


@pytest.fixture(scope="module")
def regions(emulator: str) -> tuple[Account, Account]:
    app = cdk.App()
    for name, region in (("Watch", CLUSTER), ("Global", REGION)):
        stack = cdk.Stack(app, name, env=cdk.Environment(account=ACCOUNT, region=region))
        topic = hardened.alerts.Topic(stack, "Alerts")
        if region == REGION:
            hardened.GlobalEvents(stack, "Global", region=CLUSTER, alerts=topic)
        else:
            cluster = hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="payments")
            hardened.Detection(
                stack, "Detection", cluster=cluster, alerts=topic, trail="elsewhere", global_events="us-east-1",
                level="full", watched_roles=["ledger-node"],
            )  # fmt: skip
    templates = {stack.stack_name: stack.template for stack in app.synth().stacks}
    there, here = Account(emulator, CLUSTER), Account(emulator)
    here.reset()
    there.client("logs").create_log_group(logGroupName=GROUP)
    there.deploy("Watch", templates["Watch"])
    here.deploy("Global", templates["Global"])
    return there, here


@pytest.mark.parametrize("id_", ["iam-role-changed", "console-login-no-mfa", "root-used", "organization-changed"])
def test_they_are_told_where_the_cluster_is(regions: tuple[Account, Account], id_: str) -> None:
    there, here = regions
    (topic,) = [t["TopicArn"] for t in there.client("sns").list_topics()["Topics"]]
    inbox = Inbox(there, topic)
    observe(here, CASES[id_, Source.EVENTBRIDGE].fires[0])
    told = eventually(lambda: inbox.saying(id_))
    assert "EKS cluster payments" in told[0]


def test_what_is_local_stays_there(regions: tuple[Account, Account]) -> None:
    there, here = regions
    (topic,) = [t["TopicArn"] for t in there.client("sns").list_topics()["Topics"]]
    inbox = Inbox(there, topic)
    observe(here, CASES["sg-opened-to-world", Source.EVENTBRIDGE].fires[0])
    observe(here, CASES["organization-changed", Source.EVENTBRIDGE].fires[0])
    eventually(lambda: inbox.saying("organization-changed"))
    assert inbox.saying("sg-opened-to-world") == []
