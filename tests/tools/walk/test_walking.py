"""A page is followed in a terminal: files, commands, a question, a second terminal, and what does not fit the page."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tools.walk.blocks import Block, WalkError
from tools.walk.terminal import environment
from tools.walk.walking import Walk

SERVER = "echo listens on http://127.0.0.1:1; while [ ! -f asked ]; do sleep 0.05; done; echo e-mail; cat"


@pytest.fixture
def follow(tmp_path: Path) -> Callable[[list[Block]], str]:
    def followed(blocks: list[Block]) -> str:
        said: list[str] = []
        walk = Walk(tmp_path, environment(tmp_path / "home"), said.append)
        try:
            walk.follow(blocks)
        finally:
            walk.close()
        return "\n".join(said)

    return followed


def test_it_types_what_the_page_says(follow: Callable[[list[Block]], str], tmp_path: Path) -> None:
    said = follow(
        [
            Block("sh", "", "mkdir app && cd app\nexport WHO=ana\n"),
            Block("yaml", "", "# a.yaml\nx: 1\ny: 2\n"),
            Block("yaml", "a.yaml, before y: 2", "z: 3\n"),
            Block("console", "", "$ cat a.yaml\n...\nz: 3\ny: 2\n$ echo $WHO\nana\n"),
            Block("sh", "", 'read -p "deploy (y/n) " x && [ "$x" = y ]\n'),
            Block("sh", "second terminal", f"{SERVER}\n"),
            Block("sh", "", "touch asked\n"),
            Block("text", "second terminal", "e-mail\n"),
        ]
    )
    assert (tmp_path / "app" / "a.yaml").read_text() == "# a.yaml\nx: 1\nz: 3\ny: 2\n"
    assert "[0." in said
    assert "e-mail" in said


@pytest.mark.parametrize(
    ("block", "words"),
    [
        (Block("sh", "", "false\n"), "false ended with 1"),
        (Block("console", "", "$ echo a\nb\n"), "do not show 'b'"),
        (Block("text", "", "what is this"), "nobody knows what to do with this block"),
        (Block("text", "second terminal", "mail"), "does not open"),
    ],
)
def test_it_stops_at_what_is_not_so(follow: Callable[[list[Block]], str], block: Block, words: str) -> None:
    with pytest.raises(WalkError, match=words):
        follow([block])


def test_the_environment_is_empty(follow: Callable[[list[Block]], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mine")
    follow([Block("console", "", '$ echo "[$AWS_PROFILE$VIRTUAL_ENV]"; echo $HOME\n[]\n')])
