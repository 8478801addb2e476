"""The reference of the constructs says everything that `tests/public_names.txt` promises."""

import re
from pathlib import Path

from docs.constructs import entries, page

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


def test_annotations_are_not_broken_inside_brackets() -> None:
    for block in re.findall(r"```text\n(.*?)```", PAGE, flags=re.S):
        for line in block.splitlines()[1:-1]:
            assert line.count("[") == line.count("]"), line
