"""A regular expression of ours is that of `re`, compiled when it is first used."""

import re

import pytest

from hardened_eks import _patterns


def test_it_does_what_a_compiled_pattern_does() -> None:
    ours, theirs = _patterns.regex(r"(?P<name>\w+)-(\d+)", re.IGNORECASE), re.compile(r"(?P<name>\w+)-(\d+)", re.I)
    match = ours.fullmatch("a-1")
    assert match is not None
    assert match["name"] == "a"
    assert ours.sub("x", "a-1 b-2") == theirs.sub("x", "a-1 b-2") == "x x"
    assert ours.findall("a-1 b-2") == theirs.findall("a-1 b-2")
    assert (ours.pattern, ours.flags, ours.groups) == (theirs.pattern, theirs.flags, theirs.groups)


def test_it_is_compiled_once_and_when_used(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    compile_ = re.compile
    monkeypatch.setattr(re, "compile", lambda *args: compiled.append(args[0]) or compile_(*args))
    ours = _patterns.regex("a+")
    assert compiled == []
    for _ in range(2):
        assert ours.search("caat")
    assert compiled == ["a+"]


def test_what_a_pattern_does_not_have_is_told() -> None:
    with pytest.raises(AttributeError):
        _patterns.regex("a").nothing  # type: ignore[attr-defined]
