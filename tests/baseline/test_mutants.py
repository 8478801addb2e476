"""Every line of every policy is needed: without it, one of the recorded cases is decided otherwise."""

import inspect
from collections import Counter
from functools import cache
from itertools import product

import pytest

from hardened_eks.baseline.policies import POLICIES
from tests.baseline import test_objects, test_pods
from tests.baseline.admission import Cluster, decide, matches
from tests.baseline.cel import CelError, evaluate
from tests.baseline.equivalents import EQUIVALENT
from tests.baseline.mutants import mutants

ERROR = object()


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
    later: dict[str, list] = {}
    seen: set = set()
    for policy, settings, request, denied in questions:
        content = (policy, repr((request.object, request.user, request.user_info)))
        (later if content in seen else found).setdefault(policy, []).append((settings, request, denied))
        seen.add(content)
    return {policy: found[policy] + later.get(policy, []) for policy in found}


def value(expression: str, data: dict):
    try:
        return evaluate(expression, data)
    except CelError:
        return ERROR


class Question:
    """A question with the answers of all expressions, so that a mutant costs what it changes."""

    def __init__(self, policy: dict, request, denied: bool) -> None:
        self.spec, self.request, self.denied = policy["spec"], request, denied
        self.matched = matches(self.spec["matchConstraints"], request)
        if self.matched:
            self.data = {**request.data(), "variables": {}}
            self.conditions = [value(c["expression"], self.data) for c in self.spec.get("matchConditions", ())]
            self.variables: dict | None = None

    def _compute(self) -> None:
        """Evaluate variables and validations, also of what conditions let pass: a mutant may not."""
        if self.variables is None:
            self.variables = {}
            for variable in self.spec.get("variables", ()):
                self.variables[variable["name"]] = value(variable["expression"], self._with(self.variables))
            self.validations = [value(v["expression"], self._with(self.variables)) for v in self.spec["validations"]]

    def _with(self, variables: dict) -> dict:
        return {**self.data, "variables": {k: v for k, v in variables.items() if v is not ERROR}}

    def answers(self, part: str, index: int, expression: str | None):
        """Return whether the mutant denies; ERROR when an expression fails."""
        conditions = list(self.conditions)
        if part == "matchConditions":
            conditions[index : index + 1] = [] if expression is None else [value(expression, self.data)]
        if False in conditions:
            return False
        if ERROR in conditions:
            return ERROR
        self._compute()
        validations = list(self.validations)
        if part == "validations":
            validations[index : index + 1] = (
                [] if expression is None else [value(expression, self._with(self.variables or {}))]
            )
        elif part == "variables":
            validations = self._variable(index, expression)
        return ERROR if ERROR in validations else any(v is not True for v in validations)

    def _variable(self, index: int, expression: str | None) -> list:
        variables = dict(self.variables or {})
        changed = set()
        for position, variable in enumerate(self.spec["variables"]):
            name = variable["name"]
            if position == index:
                variables[name] = ERROR if expression is None else value(expression, self._with(variables))
                changed.add(name)
            elif any(f"variables.{other}" in variable["expression"] for other in changed):
                variables[name] = value(variable["expression"], self._with(variables))
                changed.add(name)
        if all(variables[name] is not ERROR and variables[name] == (self.variables or {})[name] for name in changed):
            return self.validations
        if any(variables[name] is ERROR for name in changed):
            return [ERROR]
        return [
            value(v["expression"], self._with(variables))
            if any(f"variables.{name}" in v["expression"] for name in changed)
            else known
            for v, known in zip(self.spec["validations"], self.validations, strict=True)
        ]

    def tells(self, mutant) -> bool:
        """Return whether the mutant answers otherwise."""
        if mutant.part is None:
            if matches(mutant.policy["spec"]["matchConstraints"], self.request) == self.matched:
                return False
            verdict = decide(mutant.policy, self.request)
            return verdict.denied != self.denied or bool(verdict.error)
        return self.matched and self.answers(mutant.part, mutant.index, mutant.expression) is not self.denied


def usual(questions):
    """Return the settings that most questions are asked under: a mutant is a mutant of one rendering."""
    count = Counter(id(settings) for settings, *_ in questions)
    return next(settings for settings, *_ in questions if id(settings) == count.most_common(1)[0][0])


def survivors(policy):
    questions = recorded()[policy.id]
    renderings = {id(settings): settings for settings, *_ in questions}
    rendered = {key: policy.render(settings) for key, settings in renderings.items()}
    asked = [Question(rendered[id(settings)], request, denied) for settings, request, denied in questions]
    all_mutants = {key: {m.what: m for m in mutants(document)} for key, document in rendered.items()}
    keys = [id(settings) for settings, *_ in questions]
    names = list(all_mutants[id(usual(questions))])
    alive = [
        what
        for what in names
        if not any(
            what in all_mutants[key] and question.tells(all_mutants[key][what])
            for key, question in zip(keys, asked, strict=True)
        )
    ]
    return names, alive, len(asked)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
def test_no_line_can_be_removed(policy, capsys) -> None:
    names, alive, questions = survivors(policy)
    with capsys.disabled():
        print(f"\n{policy.id}: {len(names) - len(alive)} of {len(names)} mutants die of {questions} questions")
    assert alive == [what for id_, what in EQUIVALENT if id_ == policy.id]


def test_few_mutants_are_equivalent_and_each_has_its_reason() -> None:
    assert len(EQUIVALENT) <= 10
    assert all(EQUIVALENT.values())
    assert {id_ for id_, _ in EQUIVALENT} <= {policy.id for policy in POLICIES}
