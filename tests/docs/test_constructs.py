"""The reference of the constructs says everything that `tests/public_names.txt` promises."""

import re
from pathlib import Path

import griffe
import pytest

from docs.constructs import entries, package, page
from tests.docs import docstrings

FROZEN = Path(__file__).parents[1] / "public_names.txt"
PAGE = page("")


def public() -> dict[str, str]:
    """Each public name and member -> its line in the list."""
    found, owner = {}, ""
    for line in FROZEN.read_text(encoding="utf-8").splitlines():
        member = re.match(r"(?P<inside>  )?\.?(?P<name>[\w.]+)", line)
        assert member, line
        owner = owner if member["inside"] else member["name"]
        found[f"{owner}.{member['name']}" if member["inside"] else owner] = line.strip()
    return found


def test_every_public_name_and_member_has_an_entry() -> None:
    assert sorted(set(public()) - entries(PAGE)) == []


def test_every_entry_says_something() -> None:
    silent = [
        parts[1] for parts in (block.split("`", 2) for block in re.split(r"^(?=###? )", PAGE, flags=re.M)[1:])
        if not re.sub(r"```.*?```", "", parts[2], flags=re.S).strip()
    ]  # fmt: skip
    assert silent == []


def test_every_parameter_stands_on_a_line_of_its_own_with_its_default() -> None:
    blocks = dict(re.findall(r"```text\nhardened\.([\w.]+)\((.*?)^\)", PAGE, flags=re.M | re.S))
    for name, line in public().items():
        if name not in blocks or "(" not in line:
            continue
        for parameter in re.findall(r"(\w+)(=?)(?:,|\)|$)", line.partition("(")[2]):
            found = re.search(rf"^    \**{parameter[0]}: .+,$", blocks[name], flags=re.M)
            assert found, f"{name}: {parameter[0]}"
            assert bool(parameter[1]) == (" = " in found[0]), f"{name}: the default of {parameter[0]}"


def test_every_name_with_parameters_has_its_signature() -> None:
    """A data class has one only if it is made by the standard library: tools that read files know no other."""
    shown = set(re.findall(r"```text\nhardened\.([\w.]+)\(", PAGE))
    wanted = set(re.findall(r"^([\w.]+)\(\S", FROZEN.read_text(encoding="utf-8"), flags=re.M))
    assert "VaultLock" in wanted
    assert sorted(name for name in wanted - shown if not name.endswith("Options")) == []  # those are typed dictionaries


def test_annotations_are_not_broken_inside_brackets() -> None:
    for block in re.findall(r"```text\n(.*?)```", PAGE, flags=re.S):
        for line in block.splitlines()[1:-1]:
            assert line.count("[") == line.count("]"), line


def test_every_public_docstring_is_complete() -> None:
    checked = dict(docstrings.public(package()))
    assert {"Cluster", "alerts.Topic", "controls.control"} <= set(checked)
    assert [problem for name, found in checked.items() for problem in docstrings.problems(name, found)] == []


COMPLETE = '''
def fence(scope, *, height: Literal["high", "low"], zones=None, **more):
    """Fence a scope.

    Args:
        scope: the scope.
        height: ``high`` or ``low``.
        zones: the zones. Default: all zones.
        **more: more.

    Raises:
        ConfigurationError: a zone is unknown.
    """
    _require(zones)


def _require(zones):
    raise ConfigurationError("fence", zones)


class Fence:
    """A fence."""

    height: int
    """Height in meters."""

    def __init__(self, height: int = 2, wood: str = "oak", parts: tuple[str, ...] = ("a",)) -> None:
        """Build it.

        Args:
            height: height in meters. Default: 2.
            wood: name of a tree. Default: ``oak``.
            parts: names of parts. Default: ``a``.
        """

    @property
    def long(self) -> bool:
        """Whether it is long."""


@dataclass
class Gate:
    """A gate.

    Raises:
        ConfigurationError: it is locked.
    """

    key: str
    """The key."""
    color: Literal["red", "green"]
    """``green`` or ``red``."""
    locked: bool = False
    """Whether it is locked. Default: False."""

    def __post_init__(self) -> None:
        if self.locked:
            raise ConfigurationError("gate", ["locked"])
'''


@pytest.mark.parametrize(("said", "instead", "problem"), [
    ("", "", None),
    ('    """A fence."""', "", "Fence: no docstring"),
    ("        scope: the scope.\n", "", "fence: scope is not in Args"),
    ("        **more: more.\n", "", "fence: more is not in Args"),
    ("        scope: the", "        stack: the stack.\n        scope: the", "fence: stack is in Args and is not an argument"),
    (" Default: all zones.", "", "fence: zones has a default that its description does not state"),
    ("ConfigurationError: a zone", "ValueError: a zone", "fence: raises ConfigurationError and has no Raises"),
    (" Default: 2.", "", "Fence: height has a default that its description does not state"),
    (" or ``low``", "", "fence: height can be 'low', which its description does not list"),
    (" or ``red``", "", "Gate: color can be 'red', which its description does not list"),
    (" Default: 2.", " Default: 12.", "Fence: height is 2 by default, its description states another value"),
    (" Default: False.", " Default: yes.", "Gate: locked is False by default, its docstring states another value"),
    (" Default: ``oak``.", " Default: ``ash``.", "Fence: wood is 'oak' by default, its description states another value"),
    (" Default: ``a``.", " Default: ``b``.", "Fence: parts is ('a',) by default, its description states another value"),
    ('    """Height in meters."""', "", "Fence.height: no docstring"),
    ('        """Whether it is long."""', "        ...", "Fence.long: no docstring"),
    ('    """The key."""', "", "Gate.key: no docstring"),
    (" Default: False.", "", "Gate: locked has a default that its docstring does not state"),
    ("ConfigurationError: it is", "ValueError: it is", "Gate: raises ConfigurationError and has no Raises"),
])  # fmt: skip
def test_what_a_docstring_lacks_is_found(said: str, instead: str, problem: str | None) -> None:
    assert said in COMPLETE
    with griffe.temporary_visited_module(
        "from dataclasses import dataclass\nfrom typing import Literal\n" + COMPLETE.replace(said, instead, 1)
    ) as module:
        found = [
            one
            for name in ("fence", "Fence", "Gate")
            for one in docstrings.problems(name, docstrings.final(module[name]))
        ]
    assert found == ([] if problem is None else [problem])
