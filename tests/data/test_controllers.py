"""What was read of controllers exists: actions, endpoints, add-ons, profiles; and the page names every controller."""

import re
from pathlib import Path

import pytest
from cfnlint.data import AdditionalSpecs
from cfnlint.helpers import load_resource

from hardened_eks.baseline.addons import PROFILES
from hardened_eks.data.actions import without_resources
from hardened_eks.data.addons import ADDONS
from hardened_eks.data.controllers import CONTROLLERS, READ, Controller
from hardened_eks.data.endpoints import INTERFACE

ACTIONS = {
    service: {name.lower() for name in entry["Actions"]}
    for service, entry in load_resource(AdditionalSpecs, "Policies.json").items()
}
EACH = pytest.mark.parametrize("known", CONTROLLERS.values(), ids=list(CONTROLLERS))


@EACH
def test_each_action_exists_and_is_no_pattern(known: Controller) -> None:
    for action in (action for rule in known.rules for action in rule.actions):
        service, _, name = action.partition(":")
        assert name.lower() in ACTIONS[service], action


@EACH
def test_every_resource_is_named_only_where_no_other_can_be(known: Controller) -> None:
    for rule in known.rules:
        if "*" in rule.resources:
            assert [action for action in rule.actions if not without_resources(action)] == [], known.name


@EACH
def test_what_it_names_is_known(known: Controller) -> None:
    assert known.source.startswith("https://") and READ.year >= 2026
    assert {*known.endpoints, *(one for more in known.part_endpoints.values() for one in more)} <= {*INTERFACE}
    assert set(known.part_endpoints) <= {rule.part for rule in known.rules}
    assert known.addon is None or known.chart is None
    if known.profile is None:
        assert known.addon is None and known.chart is None, "it runs where a team says"
        return
    assert known.profile in PROFILES
    assert (known.addon is None) != (known.chart is None)
    if known.addon is not None:
        assert known.addon in ADDONS
        assert ADDONS[known.addon].namespace in {None, PROFILES[known.profile].namespace}
    if known.chart is not None:
        assert re.fullmatch(r"\d+\.\d+\.\d+", known.chart.version)
        assert known.chart.repository.startswith("https://")


def test_the_page_tells_of_each() -> None:
    page = (Path(__file__).parents[2] / "docs/how-to/controllers.md").read_text(encoding="utf-8")
    import hardened_eks as hardened

    assert {name for name in hardened.addons.__all__ if f"| `{name}` |" not in page} == set()
    assert len(hardened.addons.__all__) == len(CONTROLLERS)
