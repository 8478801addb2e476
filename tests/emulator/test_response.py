"""Each response against the emulated account: what it changes, what it leaves, what it says; and what starts it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.emulator.conftest import Account
from tests.emulator.service import ACCOUNT, REGION
from tests.response import stacks

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"]


@pytest.fixture(scope="module")
def templates() -> dict[str, dict[str, Any]]:
    assembly = stacks.app().synth()
    return {name: assembly.get_stack_by_name(name).template for name in stacks.STACKS}


class Responses:
    """The responses of a deployed stack, and an inbox with all their reports."""

    def __init__(self, account: Account, templates: dict[str, dict[str, Any]]) -> None:
        self.account = account
        self.ids = {name: account.deploy(name, template) for name, template in templates.items()}
        queue = account.client("sqs").create_queue(QueueName="inbox")["QueueUrl"]
        self.queue = queue
        arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:inbox"
        pattern = json.dumps({"source": ["hardened-eks"]})
        account.client("events").put_rule(Name="inbox", EventPattern=pattern)
        account.client("events").put_targets(Rule="inbox", Targets=[{"Id": "q", "Arn": arn}])

    def machine(self, stack: str, action: str) -> str:
        (found,) = [v for k, v in self.ids[stack].items() if k.startswith(f"Response{action}Machine")]
        return found

    def start(self, response: str, action: str, **given: Any) -> str:
        sfn = self.account.client("stepfunctions")
        arn = self.machine(response, action)
        return sfn.start_execution(stateMachineArn=arn, input=json.dumps(given))["executionArn"]  # type: ignore[no-any-return]

    def end(self, execution: str) -> dict[str, Any]:
        sfn = self.account.client("stepfunctions")
        deadline = time.monotonic() + 30
        while (found := sfn.describe_execution(executionArn=execution))["status"] == "RUNNING":
            assert time.monotonic() < deadline, sfn.get_execution_history(executionArn=execution)["events"][-4:]
            time.sleep(0.05)
        return found

    def run(self, response: str, action: str, **given: Any) -> dict[str, Any]:
        """Start a response, wait, and return its one report."""
        self.reports()
        found = self.end(self.start(response, action, **given))
        assert found["status"] == "SUCCEEDED", (found.get("error"), found.get("cause"))
        (report,) = self.reports()
        return report

    def reports(self) -> list[dict[str, Any]]:
        sqs, found = self.account.client("sqs"), []
        while messages := sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages", []):
            for message in messages:
                found.append(json.loads(message["Body"])["detail"])
                sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
        return found

    def executions(self, response: str, action: str) -> list[dict[str, Any]]:
        listed = self.account.client("stepfunctions").list_executions(stateMachineArn=self.machine(response, action))
        return listed["executions"]  # type: ignore[no-any-return]

    def cluster(self) -> dict[str, Any]:
        found = self.account.client("eks").describe_cluster(name=stacks.CLUSTER)["cluster"]
        return {key: value for key, value in found.items() if key != "createdAt"}

    def update(self, **change: Any) -> None:
        eks = self.account.client("eks")
        eks.update_cluster_config(name=stacks.CLUSTER, **change)
        deadline = time.monotonic() + 10
        while self.cluster()["status"] != "ACTIVE":
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.fixture(scope="module")
def responses(emulator: str, templates: dict[str, dict[str, Any]]) -> Iterator[Responses]:
    account = Account(emulator)
    account.reset()
    yield Responses(account, templates)


def opened(responses: Responses) -> dict[str, Any]:
    if not responses.cluster()["resourcesVpcConfig"]["endpointPublicAccess"]:
        responses.update(resourcesVpcConfig={"endpointPublicAccess": True, "publicAccessCidrs": ["0.0.0.0/0"]})
    return responses.cluster()


class TestCloseEndpoint:
    def test_dry_run(self, responses: Responses) -> None:
        before = opened(responses)
        report = responses.run("Dry", "CloseEndpoint")
        assert report["severity"] == "medium" and report["text"].startswith("Dry run. It would close the public")
        assert responses.cluster() == before

    def test_a_dry_run_asked_for(self, responses: Responses) -> None:
        before = opened(responses)
        for asked in (True, "yes", "False", None):
            report = responses.run("Settings", "CloseEndpoint", dryRun=asked)
            assert "Dry run" in report["text"], asked
        assert responses.cluster() == before

    def test_run_and_again(self, responses: Responses) -> None:
        before = opened(responses)
        report = responses.run("Settings", "CloseEndpoint", reason="game day", dryRun=False)
        assert (report["severity"], report["cluster"], report["detection"]) == ("high", "ledger", "manual")
        assert "The public endpoint of ledger is closed. Started by hand: game day" in report["text"]
        before["resourcesVpcConfig"] |= {"endpointPublicAccess": False}
        assert responses.cluster() == before
        updates = responses.account.client("eks").list_updates(name="ledger")["updateIds"]
        report = responses.run("Settings", "CloseEndpoint")
        assert (report["severity"], report["title"][-13:]) == ("low", "nothing to do")
        assert responses.account.client("eks").list_updates(name="ledger")["updateIds"] == updates

    def test_it_waits_for_an_update_that_runs(self, responses: Responses) -> None:
        opened(responses)
        responses.account.client("eks").update_cluster_config(
            name="ledger", zonalShiftConfig={"enabled": not responses.cluster()["zonalShiftConfig"]["enabled"]}
        )
        responses.run("Settings", "CloseEndpoint")
        assert responses.cluster()["resourcesVpcConfig"]["endpointPublicAccess"] is False


class TestRestoreLogging:
    @pytest.mark.parametrize("off", [["audit"], LOGS])
    def test_run_and_again(self, responses: Responses, off: list[str]) -> None:
        before = responses.cluster()
        responses.update(logging={"clusterLogging": [{"types": off, "enabled": False}]})
        changed = responses.cluster()
        assert "switch these control-plane logs" in responses.run("Dry", "RestoreLogging")["text"]
        assert responses.cluster() == changed != before
        responses.run("Settings", "RestoreLogging")
        assert responses.cluster() == before
        assert responses.run("Settings", "RestoreLogging")["severity"] == "low"
        assert before["logging"]["clusterLogging"] == [{"types": LOGS, "enabled": True}]
