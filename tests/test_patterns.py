"""A regular expression of ours is that of `re`, compiled when it is first used."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


@given(st.text("ab:*?[]!-\n", max_size=8), st.text("ab:*?[]!-\n", max_size=6))
@settings(max_examples=300, deadline=None)
def test_a_pattern_of_iam_matches_as_a_regular_expression_does(text: str, pattern: str) -> None:
    expression = "".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern)
    assert _patterns.like(text, pattern) == bool(re.fullmatch(expression, text, re.DOTALL))


@pytest.mark.parametrize(
    ("text", "pattern", "matches"),
    [
        ("ecr:CreatePullThroughCacheRule", "ecr:*PullThroughCache*", True),
        ("ecr:CreatePullThroughCacheRule", "ecr:*Cache*Pull*", False),
        ("ecr:Put", "ecr:Put*Put", False),  # the two ends may not overlap
        ("ecr:PutPut", "ecr:Put*Put", True),
        ("aba", "*ab*ba*", False),
        ("", "", True),
        ("", "**", True),
        ("a", "", False),
    ],
)
def test_the_parts_of_a_pattern_follow_each_other(text: str, pattern: str, matches: bool) -> None:
    assert _patterns.like(text, pattern) is matches
