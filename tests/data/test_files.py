"""An entry of a data file is decoded without the rest of the file, and is what the file has."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from hardened_eks.data import _files

SECTIONS = {"condition_keys.json": "services", "instance_types.json": "families", "instance_regions.json": "lacks"}
each = pytest.mark.parametrize("file", SECTIONS)


def whole(file: str) -> dict[str, object]:
    document: dict[str, object] = json.loads(files("hardened_eks.data").joinpath(file).read_text("utf-8"))
    return document


@pytest.fixture(autouse=True)
def _unread() -> None:
    for cached in (_files.text, _files.document, _files.entry, _files.head):
        cached.cache_clear()


@each
def test_every_entry_is_found_alone(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    section = whole(file)[SECTIONS[file]]
    assert isinstance(section, dict)
    monkeypatch.delattr(_files, "document")
    assert {key: _files.entry(file, SECTIONS[file], key) for key in section} == section


@each
def test_the_head_is_found_alone(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    document = whole(file)
    monkeypatch.delattr(_files, "document")
    for key in document.keys() - {SECTIONS[file]}:
        assert _files.head(file, key) == document[key]


@each
@pytest.mark.parametrize("key", ["nothing", "", "source", "keys", 'm7g": {', "eks\n", "EKS", "\N{SNOWMAN}"])
def test_what_a_section_does_not_have_is_none(file: str, key: str) -> None:
    assert _files.entry(file, SECTIONS[file], key) is None


def test_a_file_of_another_layout_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_files, "text", lambda file: '{"read": "today", "families": {"m7g": {"a": 1}}}')
    assert _files.entry("any.json", "families", "m7g") == {"a": 1}
    assert _files.head("any.json", "read") == "today"
    _files.document.cache_clear()
