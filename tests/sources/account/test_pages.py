"""No answer is truncated: what comes in pages is asked for to its end, by the tokens that the models of botocore name."""

from __future__ import annotations

import re
from pathlib import Path

import botocore.session
import pytest

from hardened_eks.sources import account

SESSION = botocore.session.get_session()
CALL = re.compile(r'\.(ask|value|pages|whole|shared|answers)\(\s*"([\w-]+):(\w+)"(?:,\s*"([\w.]+)")?')
TOKENS = {"nextToken": "nextToken", "NextToken": "NextToken", "Marker": "Marker", "NextMarker": "Marker"}
"""Of an answer -> of the next question."""
ONCE = {
    ("backup", "ListTags"): "a resource has 50 tags, a page 100",
    ("ec2", "DescribeVpcEncryptionControls"): "a VPC has one",
}
"""Calls that answer in pages and are asked once, and why."""


def made() -> set[tuple[bool, str, str, str]]:
    """Return whether all pages are asked for, service, operation and key, for each call in the collectors."""
    text = "".join(file.read_text() for file in Path(account.__file__).parent.glob("*.py"))
    return {
        (how in {"pages", "whole", "shared", "answers"}, service, operation, key)
        for how, service, operation, key in CALL.findall(text)
    }


@pytest.mark.parametrize(("service", "operation"), sorted({(one[1], one[2]) for one in made() if not one[0]}))
def test_what_is_asked_once_has_one_page(service: str, operation: str) -> None:
    shape = SESSION.get_service_model(service).operation_model(operation).output_shape
    tokens = set(TOKENS) & set(shape.members if shape else ())
    assert not tokens or (service, operation) in ONCE


@pytest.mark.parametrize(("service", "operation", "key"), sorted(one[1:] for one in made() if one[0]))
def test_the_tokens_are_those_that_are_followed(service: str, operation: str, key: str) -> None:
    model = SESSION.get_service_model(service).operation_model(operation)
    assert not key or key in model.output_shape.members
    tokens = set(TOKENS) & set(model.output_shape.members)
    if tokens:
        assert {TOKENS[one] for one in tokens} <= set(model.input_shape.members)
    other = {name for name in model.output_shape.members if re.search(r"(?i)token|marker|next", name)}
    assert other == tokens
