"""The word list: what it finds, what it leaves alone, and that no file breaks a rule."""

from pathlib import Path

import pytest

from tools import words

FOUND = [
    ("text", "Needs a text of 64 characters."),
    ("is-no", "The name is no role."),
    ("are-none", "Versions that are none."),
    ("on-record", "A family on record."),
    ("at-synth", "It warns at synth."),
    ("whoever", "Whoever has it may do that."),
    ("what-is-said", "Nothing else said."),
    ("made", "The role is made first."),
    ("wants", "EKS wants a number."),
    ("judge", "It judges templates."),
    ("says-why", "The report says why."),
    ("tells-of", "It tells of changes."),
    ("stands", "The reason stands in the file."),
    ("for-ever", "It is kept for ever."),
    ("lifts", "A waiver lifts findings."),
    ("what-sentence", "It waits. What fails is repeated."),
    ("spelling", "The catalogue has it."),
]


def found(text: str, name: str = "page.md") -> list[str]:
    return [finding.rule.id for finding in words.findings(Path("/elsewhere") / name, text)]


@pytest.mark.parametrize(("rule", "sentence"), FOUND)
def test_a_sentence_that_breaks_a_rule_is_found(rule: str, sentence: str) -> None:
    assert found(sentence) == [rule]
    assert found(f'MESSAGE = "{sentence} It is long enough."\n', "module.py") == [rule]


@pytest.mark.parametrize("sentence", [
    "There is no role.", "It is no longer used.", "The `text` is read by `judge()`.", "Open it in a text editor.",
    "The table is made of rows.", "[Read](whoever.md) it.", "```\nwhoever judges texts\n```",
])  # fmt: skip
def test_good_sentences_and_code_are_left_alone(sentence: str) -> None:
    assert found(sentence) == []


@pytest.mark.parametrize(("rule", "line"), [
    ("say-whether", "Say whether it is on."), ("fragment", "Of the VPC."), ("make-first", "Make the role."),
    ("what-subject", "Who may take the role."),
])  # fmt: skip
def test_the_first_line_of_a_docstring_stands_alone(rule: str, line: str) -> None:
    assert rule in found(f'def f() -> None:\n    """{line}\n\n    More.\n    """\n', "module.py")
    assert rule in found(f'name: str\n"""{line}"""\n', "module.py")
    assert rule not in found(line)


def test_names_of_arguments_are_identifiers() -> None:
    assert (
        found(
            'def f(judged: int) -> None:\n    """Return it.\n\n    Args:\n        judged: the number.\n    """\n',
            "a.py",
        )
        == []
    )
    assert (
        found('def f(x: int) -> None:\n    """Return it.\n\n    Args:\n        x: what is judged.\n    """\n', "a.py")
        != []
    )


def test_an_exception_is_written_beside_the_sentence() -> None:
    assert found("<!-- words: allow whoever -->\nWhoever comes.") == []
    assert found("<!-- words: allow made -->\nWhoever comes.") == ["whoever"]


def test_no_file_breaks_a_rule() -> None:
    assert [str(finding) for path in words.files() for finding in words.findings(path)] == []


def test_pages_that_are_generated_are_read_in_the_code() -> None:
    names = {str(path.relative_to(words.ROOT)) for path in words.files()}
    assert "docs/reference/controls/nodes.md" not in names
    assert {"README.md", "docs/tutorial/first-cluster.md", "hardened_eks/cluster/_cluster.py"} <= names


def test_fragments_of_the_changelog_are_read_before_a_release_moves_them() -> None:
    names = {str(path.relative_to(words.ROOT)) for path in words.files()}
    assert {"CHANGELOG.md", "changes/README.md", "examples/README.md"} <= names
