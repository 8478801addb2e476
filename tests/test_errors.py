"""Errors cross processes: a pool of workers pickles them."""

import copy
import pickle
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from hardened_eks.baseline.reading import SettingsError, SettingsProblem
from hardened_eks.errors import ConfigurationError, InputProblem, UnusableInputError, repeated

ERRORS = [
    ConfigurationError("Cluster 'Payments/Cluster'", ["version: '1.2' is not supported", "no zones"]),
    UnusableInputError([InputProblem("a.json", "not valid JSON", 3), InputProblem("b.json", "the file is empty")]),
    SettingsError([SettingsProblem("settings.yaml", "unknown key 'x'", 2, 1)]),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("again", [lambda one: pickle.loads(pickle.dumps(one)), copy.copy, copy.deepcopy])
def test_an_error_stays_what_it_is(error: Any, again: Callable[[Any], Any]) -> None:
    found = again(error)
    assert type(found) is type(error)
    assert str(found) == str(error)
    assert found.problems == error.problems
    assert getattr(found, "subject", None) == getattr(error, "subject", None)


@pytest.mark.parametrize(
    ("values", "expected"),
    [([], []), (["a", "b"], []), (["b", "a", "b", "a", "b"], ["b", "a"]), ((["x"], "y", ["x"]), [["x"]])],
    ids=["none", "each once", "in order", "not hashable"],
)
def test_values_that_are_repeated(values: Sequence[object], expected: list[object]) -> None:
    assert repeated(values) == expected
