"""The tests of the mutants can fail: a control that names another property, or says something else, is noticed."""

import dataclasses
from collections.abc import Callable

import pytest

from hardened_eks.controls.model import Problem
from tests.controls import test_catalogue
from tests.controls.cases import Bad, Case

Garble = Callable[[Problem], Problem]
WHERE = test_catalogue.test_bad_is_caught_where_it_is_wrong
WORDS = test_catalogue.test_bad_is_told_in_the_frozen_words


def garbled(case: Case, garble: Garble) -> Case:
    check = case.control.check
    control = dataclasses.replace(case.control, check=lambda *given: map(garble, check(*given)))
    return dataclasses.replace(case, control=control)


def unnoticed(test: Callable[[Case, str], None], garble: Garble) -> list[str]:
    passed = []
    for case in test_catalogue.CASES:
        name = next(iter(case.bad))
        try:
            test(garbled(case, garble), name)
        except AssertionError:
            continue
        passed.append(f"{case.control.id} {name}")
    return passed


@pytest.mark.parametrize("path", ["{}.Other", "Properties.{}", "Other"])
def test_another_path_is_noticed(path: str) -> None:
    def garble(problem: Problem) -> Problem:
        return Problem(problem.message, path.format(problem.path))

    assert unnoticed(WHERE, garble) == []


@pytest.mark.parametrize("message", ["{} ", "something is wrong"])
def test_another_message_is_noticed(message: str) -> None:
    def garble(problem: Problem) -> Problem:
        return Problem(message.format(problem.message), problem.path)

    assert unnoticed(WORDS, garble) == []


def test_what_is_not_garbled_passes() -> None:
    assert len(unnoticed(WHERE, lambda problem: problem)) == len(test_catalogue.CASES)
    assert len(unnoticed(WORDS, lambda problem: problem)) == len(test_catalogue.CASES)


def test_a_mutant_without_a_path_is_refused() -> None:
    with pytest.raises(
        TypeError, match=r'Bad needs the path that the finding names: Bad\(change\(...\), "Some.Property"\)'
    ):
        Bad({})
