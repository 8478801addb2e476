"""What an account has once: a second one is refused, and the argument for one that exists leads on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

import hardened_eks as hardened
from tests.emulator.conftest import Account, StackFailed
from tests.emulator.service import ACCOUNT, REGION

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
DECLARATIVE = "DECLARATIVE_POLICY_EC2"
DETECTOR, HUB = "AWS::GuardDuty::Detector", "AWS::SecurityHub::Hub"


def synthesized(make: Callable[[cdk.Stack], object]) -> dict[str, Any]:
    stack = cdk.Stack(cdk.App(), "Singletons", env=cdk.Environment(account=ACCOUNT, region=REGION))
    make(stack)
    found: dict[str, Any] = Template.from_stack(stack).to_json()
    return found


@pytest.fixture(scope="module")
def both() -> dict[str, Any]:
    return synthesized(lambda stack: hardened.ManagedDetectors(stack, "Managed", security_hub=True))


def without(template: dict[str, Any], type_: str) -> dict[str, Any]:
    return {"Resources": {i: r for i, r in template["Resources"].items() if r["Type"] != type_}}


@pytest.mark.parametrize(
    ("gone", "words"), [(HUB, "detector already exists"), (DETECTOR, "already subscribed to Security Hub")]
)
def test_a_second_one_is_refused(account: Account, both: dict[str, Any], gone: str, words: str) -> None:
    account.deploy("first", both)
    with pytest.raises(StackFailed, match=words):
        account.deploy("second", without(both, gone))


def test_a_detector_outlives_its_stack_and_is_brought_to_the_next_one(account: Account, both: dict[str, Any]) -> None:
    made = without(both, HUB)
    physical = account.deploy("first", made)
    (detector,) = (physical[i] for i, r in made["Resources"].items() if r["Type"] == DETECTOR)
    account.delete("first")
    with pytest.raises(StackFailed, match="detector already exists"):
        account.deploy("again", made)
    account.delete("again")
    account.deploy("again", synthesized(lambda stack: hardened.ManagedDetectors(stack, "Managed", detector=detector)))


def test_what_the_organization_declares_no_stack_of_the_account_sets(account: Account) -> None:
    client = account.client("organizations")
    (root,) = client.list_roots()["Roots"]
    client.enable_policy_type(RootId=root["Id"], PolicyType=DECLARATIVE)
    account.deploy(
        "declared", synthesized(lambda stack: hardened.OrganizationDefaults(stack, "D", target_ids=[ACCOUNT]))
    )
    with pytest.raises(StackFailed, match="DeclarativePolicyViolation"):
        account.deploy("defaults", synthesized(lambda stack: hardened.AccountDefaults(stack, "Defaults")))
    account.delete("defaults")
    without = synthesized(lambda stack: hardened.AccountDefaults(stack, "Defaults", snapshots=False))
    account.deploy("defaults", without)
