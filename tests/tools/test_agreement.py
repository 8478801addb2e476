"""Other checkers agree with our controls, or it is known why not.

What they say is on record (`python -m tools.agreement` asks them); what ours say is asked here.
"""

import re

import pytest

from tools.agreement import cfnguard, checkov, nag, record, shared
from tools.agreement.pairs import FILE, PEERS, Comparison, Pair, compare, load
from hardened_eks.controls import CATALOGUE

AGAIN = "run `python -m tools.agreement`, then `make docs`"
PAIRS = load()
RECORD = record.read()
BODIES = shared.templates()
OURS = shared.our_verdicts(BODIES)
LIVE = ("images_not_public/good", "images_not_public/everybody but one", "log_group_retention/good",
        "log_group_retention/left out", "key_rotation/good", "key_rotation/off")  # fmt: skip
each_pair = pytest.mark.parametrize("pair", PAIRS, ids=[f"{p.peer}-{p.control}" for p in PAIRS])


def judged(pair: Pair) -> dict[str, bool]:
    return {n: fails for n, fails in pair.judged(RECORD.verdicts[pair.peer]).items() if n in BODIES}


def compared(pair: Pair, theirs: dict[str, bool] | None = None) -> Comparison:
    return compare(pair, judged(pair) if theirs is None else theirs, OURS)


def test_the_record_is_of_the_templates_of_today() -> None:
    today = {name: shared.digest(body) for name, body in BODIES.items()}
    changed = [name for name in today.keys() | RECORD.templates.keys() if today.get(name) != RECORD.templates.get(name)]
    assert sorted(changed) == [], AGAIN


def test_the_record_is_of_the_pinned_versions() -> None:
    for judge, peer in ((checkov, "checkov"), (cfnguard, "cfn-guard"), (nag, "cdk-nag")):
        assert RECORD.versions[peer] == judge.version(), AGAIN


def test_the_record_holds_every_paired_rule() -> None:
    for pair in PAIRS:
        assert [rule for rule in pair.rules if rule not in RECORD.verdicts[pair.peer]] == [], AGAIN


def test_pairs_are_written_once_and_name_controls() -> None:
    assert {pair.peer for pair in PAIRS} == set(PEERS)
    assert {pair.control for pair in PAIRS} - {control.name for control in CATALOGUE} == set()
    written = re.findall(r"^  \w+:$", FILE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(written) == len(PAIRS), "a control stands twice below one checker"


@each_pair
def test_verdicts_are_equal_or_the_difference_is_explained(pair: Pair) -> None:
    assert judged(pair), "no rule of the pair evaluates any shared template"
    open_ = {n: f"ours {'fails' if OURS[n] else 'passes'} it, {pair.rules} not" for n in compared(pair).unexplained}
    assert open_ == {}, f"fix the control, or explain why in {FILE.name}"


@each_pair
def test_every_explanation_explains_a_difference(pair: Pair) -> None:
    assert sorted(compared(pair).outdated) == [], f"no difference any more: remove it from {FILE.name}"
    assert all(len(difference.why) > 20 for difference in pair.differs)
    assert sum(len(difference.templates) for difference in pair.differs) == len(pair.explained), "explained twice"


@each_pair
def test_every_flipped_verdict_is_noticed(pair: Pair) -> None:
    theirs = judged(pair)
    for name, fails in theirs.items():
        result = compared(pair, theirs | {name: not fails})
        assert result.unexplained | result.outdated == {name}


@each_pair
def test_both_fail_something_or_they_ask_for_something_else(pair: Pair) -> None:
    assert any(OURS[name] for name in compared(pair).equal)


def test_cdk_nag_still_says_what_is_on_record() -> None:
    now = nag.judge({name: BODIES[name] for name in LIVE})
    for pair in (pair for pair in PAIRS if pair.peer == "cdk-nag"):
        found, recorded = pair.judged(now), judged(pair)
        assert found == {name: recorded[name] for name in found}, AGAIN
    assert {fails for found in now.values() for fails in found.values()} == {True, False}
