"""The garbage collector is paused while much is made, and not longer."""

import gc

import pytest

from hardened_eks import _startup
from hardened_eks.evidence import Assembly
from hardened_eks.judging import evaluation


def test_it_collects_again_afterwards_also_after_an_error() -> None:
    with pytest.raises(ValueError), _startup.undisturbed():
        assert not gc.isenabled()
        raise ValueError
    assert gc.isenabled()


def test_it_stays_off_where_it_was_off() -> None:
    gc.disable()
    try:
        with _startup.undisturbed():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_evaluation_is_not_disturbed(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    monkeypatch.setattr(evaluation, "_cautions", lambda *_: seen.append(gc.isenabled()) or ())
    evaluation.evaluate(Assembly([]), ())
    assert seen == [False]
    assert gc.isenabled()
