"""Create the files of a new control: ``make control AREA=nodes NAME=no_swap``.

It writes the control with the next free ID of the area, its lines in the area's package, and its case. Fill them in.
Until then, the tests of the control fail, and name what is missing.
"""

from __future__ import annotations

import keyword
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parents[1]
CONTROLS = Path("hardened_eks/controls")
CASES = Path("tests/controls")

_CONTROL = """\
from collections.abc import Iterator

from hardened_eks.controls.model import {family}Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="{id}",
    title="...",  # what is true of a resource that passes
    types=("AWS::EKS::Cluster",),
    needs="resource",  # or "stack", "assembly": tests/controls/test_needs.py names which
    severity=Severity.MEDIUM,
    {asked_for}
    why="...",  # why it matters to an attacker or an auditor
    fix="...",  # what to write instead
    source="...",  # https://docs.aws.amazon.com/...
    enforced_by="...",  # the public construct that enforces it; otherwise detective="the reason why none does"
)
def {name}(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.flag("Property", default=False) is not True:  # a missing property has the service's default
        yield Problem("...", "Property")
"""
_REQUIREMENT = 'requirement="...",  # a key of frameworks/requirements.json'
_CASE = """\
from hardened_eks.controls.{area} import {name}
from tests.controls.cases import Bad, Case, change, drop, hide, template

TYPE = "AWS::EKS::Cluster"

CASE = Case(
    {name},
    template({{"It": (TYPE, {{}})}}),  # a whole template that passes
    bad={{  # name -> the change that must be found, and the path in the finding
        "off": Bad(change(TYPE, "Property", False), "Property"),
        "left out": Bad(drop(TYPE, "Property"), "Property"),
        "hidden": Bad(hide(TYPE, "Property"), "Property"),
    }},
    edge={{  # name -> a change that must still pass
        "text": change(TYPE, "Property", "true"),
    }},
)
"""


_IMPORT = "    from hardened_eks.controls.{area}.{name} import {name}"
_LINE = 120
"""The length of a line of code: the lines of an area's imports are found only if each is a whole import."""


class WrongError(Exception):
    """AREA or NAME is wrong."""


def areas(root: Path) -> list[str]:
    """Return the areas: the packages with numbered controls."""
    found = (path.parent.name for path in sorted((root / CONTROLS).glob("*/__init__.py")))
    return [area for area in found if _ids(root, area)]


def next_id(root: Path, area: str) -> str:
    """Return the ID after the highest ID of the area. IDs are never reused, so gaps remain."""
    prefix, number = max(_ids(root, area), key=lambda one: int(one[1]))
    return f"{prefix}-{int(number) + 1:02}"


def make(root: Path, area: str, name: str) -> tuple[str, list[Path]]:
    """Write the files below `root`; return the control's ID and the files.

    Raises:
        WrongError: the area does not exist, or the name is invalid or already used. Nothing is written.
    """
    mistakes = list(_mistakes(root, area, name))
    if mistakes:
        raise WrongError("\n".join(mistakes))
    free, deployable = next_id(root, area), area == "deployable"
    control = _CONTROL.format(
        id=free,
        name=name,
        family="Family, " if deployable else "",
        asked_for="family=Family.DEPLOYABLE," if deployable else _REQUIREMENT,
    )
    case = _CASE.format(area=area, name=name)
    package = root / CONTROLS / area / "__init__.py"
    written = {
        root / CONTROLS / area / f"{name}.py": control,
        package: listed(package.read_text(encoding="utf-8"), area, name),
        root / CASES / area / f"{name}.py": case,
    }
    for path, text in written.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return free, list(written)


def listed(package: str, area: str, name: str) -> str:
    """Return an area's ``__init__.py`` in which the control is imported, at the end of the tuple, and exported."""
    line = _IMPORT.format(area=area, name=name)
    imports = re.findall(rf"^    from hardened_eks\.controls\.{area}\.\w+ import \w+$", package, re.MULTILINE)
    package = package.replace("\n".join(imports), "\n".join(sorted([*imports, line])))
    start = rf"^{area.upper()} = controls_of\(\n    __name__,\n"
    package = re.sub(rf'({start}(?:    "\w+",\n)*)', rf'\1    "{name}",\n', package, flags=re.MULTILINE)
    exported = re.search(r'^__all__ = \[\n((?:    "\w+",\n)*)\]', package, re.MULTILINE)
    if exported is None:
        raise WrongError(f"hardened_eks/controls/{area}/__init__.py has no __all__ with a name a line")
    names = [*exported[1].splitlines(), f'    "{name}",']
    upper = [one for one in names if one.strip(' ",').isupper()]
    lower = sorted(one for one in names if one not in upper)
    return package.replace(exported[0], "\n".join(["__all__ = [", *upper, *lower, "]"]))


def _ids(root: Path, area: str) -> list[tuple[str, str]]:
    texts = (path.read_text(encoding="utf-8") for path in (root / CONTROLS / area).glob("*.py"))
    return [match for text in texts for match in re.findall(r'^    id="([A-Z]{2})-(\d{2,3})",$', text, re.MULTILINE)]


def _mistakes(root: Path, area: str, name: str) -> Iterator[str]:
    if area not in areas(root):
        yield f"AREA must be one of {', '.join(areas(root))}, got {area!r}"
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) or keyword.iskeyword(name):
        yield f"NAME must be a valid function name, such as no_public_ip, got {name!r}"
    elif name in {"base", "model"}:
        yield f"NAME cannot be {name}, which is a module that is not a control: choose another name"
    elif len(name) > (most := (_LINE - len(_IMPORT.format(area=area, name=""))) // 2):
        yield f"NAME must have at most {most} characters, so that its import fits in a line, got {len(name)}: {name}"
    for path in sorted((root / CONTROLS).glob(f"*/{name}.py")) if name else ():
        yield f"NAME must be unique, but {path.relative_to(root)} already exists: choose another name"


def main(arguments: Sequence[str]) -> int:
    """Create the files and print the next steps; 2 if AREA or NAME is wrong."""
    area, name, *_ = [*arguments, "", ""]
    try:
        given, written = make(ROOT, area, name)
    except WrongError as error:
        sys.stderr.write(f"make control AREA=... NAME=...\n{error}\n")
        return 2
    sys.stdout.writelines(f"{path.relative_to(ROOT)}\n" for path in written)
    sys.stdout.write(
        f"Fill them in until this command passes:  .venv/bin/python -m pytest tests/controls -k {given}\n"
        "Then run:  make controls\n"
        "CONTRIBUTING.md describes the other steps.\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
