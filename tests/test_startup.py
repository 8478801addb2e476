"""The garbage collector leaves much that is read alone, and is as it was afterwards."""

import gc

import pytest

from hardened_eks import _startup


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
