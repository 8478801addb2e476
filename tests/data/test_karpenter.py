"""What Karpenter's template was read for exists, and says from where and when."""

import re
from datetime import date
from pathlib import Path

import pytest
from cfnlint.data import AdditionalSpecs
from cfnlint.helpers import load_resource

from hardened_eks.data import karpenter, kubernetes

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


def test_the_image_is_that_of_the_release() -> None:
    assert re.fullmatch(
        rf"public\.ecr\.aws/[a-z/]+:{re.escape(karpenter.RELEASE)}@sha256:[0-9a-f]{{64}}", karpenter.IMAGE
    )


def test_the_page_names_what_was_read() -> None:
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "run-karpenter.md").read_text(encoding="utf-8")
    assert (
        set(re.findall(r"karpenter/karpenter --version ([\d.]+)", page)) == {karpenter.RELEASE}
        and karpenter.IMAGE in page
    )
    assert f"Kubernetes up to {karpenter.NEWEST_KUBERNETES}." in page.replace("\n", " ")


def test_the_release_runs_on_every_version_that_clusters_may_have() -> None:
    newest, known = (tuple(map(int, one.split("."))) for one in (karpenter.NEWEST_KUBERNETES, kubernetes.NEWEST))
    assert newest >= known


def test_five_events_interrupt_nodes() -> None:
    assert len(set(karpenter.EVENTS.values())) == 5
    assert {source for source, _ in karpenter.EVENTS.values()} == {"aws.ec2", "aws.health"}
