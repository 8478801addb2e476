"""Every line of every policy is needed: without it, one of the recorded cases is decided otherwise."""

import inspect
from collections import Counter
from functools import cache
from itertools import product

import pytest

from hardened_eks.baseline.policies import POLICIES
from tests.baseline import test_objects, test_pods
from tests.baseline.admission import Cluster, decide
from tests.baseline.equivalents import EQUIVALENT
from tests.baseline.mutants import mutants


def calls(function):
    """Yield the keyword arguments of each case of a test."""
    axes = []
    for mark in getattr(function, "pytestmark", ()):
        names, values = mark.args
        names = [names] if isinstance(names, str) else list(names)
        axes.append([dict(zip(names, v if len(names) > 1 else [v], strict=True)) for v in values])
    for combination in product(*axes):
        yield {k: v for part in combination for k, v in part.items()}


@cache
def recorded():
    """Policy -> what the tests of this folder ask, and the answer; requests that differ most come first."""
    Cluster.record = []
    try:
        for module in (test_pods, test_objects):
            for name, function in inspect.getmembers(module, inspect.isfunction):
                if name.startswith("test_"):
                    for arguments in calls(function):
                        function(**arguments)
        questions = Cluster.record
    finally:
        Cluster.record = None
    found: dict[str, list] = {}
    seen: dict[str, set] = {}
    later: dict[str, list] = {}
    for policy, *question in questions:
        settings, maps, request, _ = question
        content = repr((request.object, request.user, request.user_info))
        fresh = content not in seen.setdefault(policy, set())
        seen[policy].add(content)
        (found if fresh else later).setdefault(policy, []).append((settings, maps, request, question[3]))
    return {policy: found[policy] + later.get(policy, []) for policy in found}


_MUTANTS: dict[tuple[str, int], dict] = {}


def all_mutants(policy, settings):
    key = (policy.id, id(settings))
    if key not in _MUTANTS:
        _MUTANTS[key] = dict(mutants(policy.render(settings)))
    return _MUTANTS[key]


def killed(policy, what: str, questions) -> bool:
    """Return whether a question is answered otherwise by the mutant, or by an error."""
    rendered: dict[int, tuple] = {}
    for settings, maps, request, denied in questions:
        if id(settings) not in rendered:
            changed = all_mutants(policy, settings).get(what)
            if changed is None:  # a list of other settings has other items
                changed = policy.render(settings)
            rendered[id(settings)] = (changed, policy.bind(settings))
        changed, binding = rendered[id(settings)]
        verdict = decide(changed, binding, maps, request)
        if verdict.denied != denied or verdict.error:
            return True
    return False


def usual(questions):
    """Return the settings that most questions are asked under."""
    count = Counter(id(settings) for settings, *_ in questions)
    return next(settings for settings, *_ in questions if id(settings) == count.most_common(1)[0][0])


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
def test_no_line_can_be_removed(policy, record_property, capsys) -> None:
    questions = recorded()[policy.id]
    names = list(all_mutants(policy, usual(questions)))
    alive = [what for what in names if not killed(policy, what, questions)]
    with capsys.disabled():
        print(f"\n{policy.id}: {len(names) - len(alive)} of {len(names)} mutants killed by {len(questions)} questions")
    assert alive == [what for id_, what in EQUIVALENT if id_ == policy.id]


def test_few_mutants_are_equivalent_and_each_has_its_reason() -> None:
    assert len(EQUIVALENT) <= 10
    assert all(EQUIVALENT.values())
