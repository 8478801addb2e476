"""The garbage collector is paused or slowed while much is read, and is as it was afterwards."""

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


def test_it_collects_seldom_while_much_is_read() -> None:
    before = gc.get_threshold()
    with _startup.seldom():
        assert gc.get_threshold() == (20_000, *before[1:])
        assert gc.isenabled()
    assert gc.get_threshold() == before


def test_it_collects_as_before_after_a_failure() -> None:
    before = gc.get_threshold()
    with pytest.raises(RuntimeError), _startup.seldom():
        raise RuntimeError
    assert gc.get_threshold() == before
