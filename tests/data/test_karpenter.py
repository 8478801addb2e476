"""What Karpenter's template was read for exists, and says from where and when."""

import re
from datetime import date

import pytest
from cfnlint.data import AdditionalSpecs
from cfnlint.helpers import load_resource

from hardened_eks.data import karpenter

ACTIONS = {
    service: {name.lower() for name in entry["Actions"]}
    for service, entry in load_resource(AdditionalSpecs, "Policies.json").items()
}


@pytest.mark.parametrize("action", [*karpenter.DESCRIBE, *karpenter.QUEUE])
def test_the_action_exists(action: str) -> None:
    service, _, name = action.partition(":")
    assert name.lower() in ACTIONS[service]


def test_the_source_names_the_release() -> None:
    minor = karpenter.RELEASE.rpartition(".")[0]
    assert re.search(rf"/blob/[0-9a-f]{{40}}/.*/v{re.escape(minor)}/", karpenter.SOURCE)
    assert date.fromisoformat(karpenter._DOCUMENT["read"]) >= date(2026, 11, 29)


def test_five_events_interrupt_nodes() -> None:
    assert len(set(karpenter.EVENTS.values())) == 5
    assert {source for source, _ in karpenter.EVENTS.values()} == {"aws.ec2", "aws.health"}
