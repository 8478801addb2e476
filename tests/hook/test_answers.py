"""Limits of messages and annotations."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.session import get_session

from hardened_eks.controls import CATALOGUE
from hardened_eks.hook.function.answers import _cut
from hardened_eks.hook.function.requests import Target
from tests.hook import events
from tests.hook.asking import OPEN, ask, payload

SHAPE: Any = get_session().get_service_model("cloudformation").shape_for("Annotation")


@pytest.mark.parametrize("target", list(Target))
@pytest.mark.parametrize("lines", [
    ["x"], ["x" * 5000], ["head", "y" * 5000], ["head", *(["z" * 100] * 100)], ["head", *["w" * 1018]], ["h" * 1020, "w"],
    ["h" * 4090, "w" * 10, "v"],
])  # fmt: skip
def test_a_message_is_never_longer_than_cloudformation_takes(target: Target, lines: list[str]) -> None:
    room = 1024 if target is Target.CLOUD_CONTROL else 4096
    text = _cut(lines, target)
    assert 0 < len(text) <= room
    shown = text.split("\n")
    if shown[-1].startswith("and "):
        assert int(shown[-1].split(" ")[1]) == len(lines) - len(shown) + 1
    elif sum(map(len, lines)) + len(lines) <= room:
        assert shown == lines


def test_annotations_are_as_cloudformation_takes_them() -> None:
    """By the model of its API: GetHookResult returns them."""
    members = SHAPE.members
    found = ask(events.stack(), payload(**{f"Cluster{n}{'x' * 200}": OPEN for n in range(120)}))
    assert found.annotations
    for one in found.annotations:
        assert {name[0].upper() + name[1:] for name in one} == set(members)
        for name, value in one.items():
            shape = members[name[0].upper() + name[1:]]
            if shape.enum:
                assert value in shape.enum
            else:
                assert 1 <= len(value) <= shape.metadata["max"]


def test_each_control_has_one_annotation_with_fix_and_link() -> None:
    found = ask(events.stack(), payload(One=OPEN, Two=OPEN))
    names = [one["annotationName"] for one in found.annotations]
    assert len(names) == len(set(names))
    controls = {control.id: control for control in CATALOGUE}
    for one in found.annotations:
        control = controls[one["annotationName"].split(" ")[0]]
        assert one["annotationName"] == f"{control.id} {control.title}"
        assert (one["remediationMessage"], one["remediationLink"]) == (control.fix, control.source)
    (public,) = [one for one in found.annotations if one["annotationName"].startswith("CP-01")]
    assert public["severityLevel"] == "HIGH"
    assert "One." in public["statusMessage"] and "Two." in public["statusMessage"]


def test_the_worst_comes_first() -> None:
    found = ask(events.stack(), payload(Cluster=OPEN))
    order = ["CRITICAL", "HIGH", "MEDIUM", "LOW"]
    levels = [order.index(one["severityLevel"]) for one in found.annotations if one["status"] == "FAILED"]
    assert levels == sorted(levels) and len(set(levels)) > 1


def test_what_others_wrote_steers_no_terminal() -> None:
    name = "Cluster\x1b[31m\nFAKE"
    found = ask(events.stack(), payload(**{name: OPEN}))
    assert "\x1b" not in found.message and "\nFAKE" not in found.message
    assert not any("\x1b" in one["statusMessage"] or "\n" in one["statusMessage"] for one in found.annotations)
