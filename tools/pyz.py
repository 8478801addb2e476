"""Build the checker as a single file that needs only Python: `dist/hardened-eks.pyz`. `make pyz` runs this.

The file contains the command line, the modules that it imports, and their third-party dependencies, without the CDK,
jsii and boto3. Python neither uses nor writes bytecode next to sources in an archive, so the file contains one
bytecode tree for each of the three newest Python versions that are installed here, and the sources for all others.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from hardened_eks._code import entry, of_library
from hardened_eks._modules import imports

ROOT = Path(__file__).parents[1]
PACKAGE = "hardened_eks"
ROOTS = ("hardened_eks", "hardened_eks.cli", "hardened_eks.controls", "hardened_eks.reports", "hardened_eks.detections",
         "hardened_eks.diagram", "hardened_eks.upgrading")  # fmt: skip
"""Packages that are included completely, because strings also name their modules."""
LIBRARIES = ("click", "jinja2", "markupsafe", "pyyaml")
"""Third-party distributions in the archive: the dependencies of the commands that do not call AWS."""
PYTHONS = ("3.14", "3.13", "3.12", "3.11")
"""The Python versions that may get a bytecode tree, the preferred ones first."""
MOST = 3
"""The number of bytecode trees: with three, the file stays below 10 MB."""
MAIN = """\
import os
import sys

if sys.version_info < (3, 11):
    sys.stderr.write("error: hardened-eks needs Python 3.11 or newer, this is %d.%d\\n" % sys.version_info[:2])
    sys.exit(2)  # 1 means findings
_tree = "py%d%d" % sys.version_info[:2]
_archive = os.path.dirname(os.path.abspath(__file__))
if _tree not in __TREES__:
    _tree = "src"
sys.path.insert(0, os.path.join(_archive, _tree))

try:
    from hardened_eks.cli import main

    main()
except Exception:  # of the imports, in a damaged file: Python itself would end with 1, which means findings
    import traceback

    traceback.print_exc()
    sys.exit(2)
"""


def build(output: Path, pythons: tuple[str, ...] = PYTHONS) -> list[str]:
    """Write the archive, and return the Python versions for which it has bytecode."""
    with tempfile.TemporaryDirectory() as folder:
        stage = Path(folder)
        source = stage / "src"
        for file in sorted(_own_files()):
            _copy(file, source / file.relative_to(ROOT))
        for name in LIBRARIES:
            for path, content in of_library(name):
                _write(source / path, content)
        found = (version for version in pythons if _compile(version, source, stage / _tree(version)))
        compiled = list(islice(found, MOST))
        _copy(ROOT / "LICENSE", stage / "LICENSE")
        main = MAIN.replace("__TREES__", repr(tuple(map(_tree, compiled))))
        (stage / "__main__.py").write_text(main, encoding="utf-8")
        output.parent.mkdir(parents=True, exist_ok=True)
        _zip(stage, output)
    return compiled


def _own_files() -> Iterator[Path]:
    """Yield the modules that the command line can import, and the data of their packages."""
    modules = set(_closure(ROOTS))
    folders = {file.parent for file in modules if file.name == "__init__.py"}
    yield from modules
    for folder in folders:
        yield from (file for file in folder.iterdir() if file.is_file() and file.suffix not in {".py", ".pyc"})


def _closure(roots: tuple[str, ...]) -> Iterator[Path]:
    """Yield the files of all modules that the roots import, anywhere in their code, and of all their submodules."""
    waiting = [name for root in roots for name in _below(root)]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        file = _file(name)
        if name in seen or file is None:
            continue
        seen.add(name)
        yield file
        waiting += [name.rpartition(".")[0]] if "." in name else []
        waiting += imports(file.read_text(encoding="utf-8"))


def _below(root: str) -> Iterator[str]:
    folder = ROOT / root.replace(".", "/")
    yield root
    for file in folder.rglob("*.py") if root != PACKAGE else ():
        parts = file.relative_to(ROOT).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _file(module: str) -> Path | None:
    base = ROOT / module.replace(".", "/")
    return next((file for file in (base / "__init__.py", base.with_suffix(".py")) if file.is_file()), None)


def _compile(version: str, source: Path, target: Path) -> bool:
    """Create the bytecode tree with the Python of a version; print a note if that Python is missing."""
    python = sys.executable if version == "{}.{}".format(*sys.version_info[:2]) else shutil.which(f"python{version}")
    works = python and subprocess.run([python, "-c", ""], check=False, capture_output=True).returncode == 0
    if not works:
        return False
    shutil.copytree(source, target)
    options = ("-q", "-b", "--invalidation-mode", "unchecked-hash", "-s", str(target))
    # Without the columns of each instruction, which only underline code in tracebacks, a tree is a sixth smaller.
    command = [str(python), "-X", "no_debug_ranges", "-m", "compileall", *options, str(target)]
    subprocess.run(command, check=True)
    for file in target.rglob("*.py"):
        file.unlink()
    return True


def _tree(version: str) -> str:
    return f"py{version.replace('.', '')}"


def _copy(file: Path, target: Path) -> None:
    _write(target, file.read_bytes())


def _write(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def _zip(stage: Path, output: Path) -> None:
    """Write the archive with fixed timestamps, so that the same files give the same bytes."""
    with output.open("wb") as stream:
        stream.write(b"#!/usr/bin/env python3\n")
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for file in sorted(path for path in stage.rglob("*") if path.is_file()):
                archive.writestr(entry(file.relative_to(stage).as_posix(), zipfile.ZIP_DEFLATED), file.read_bytes())
    output.chmod(0o755)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=ROOT / "dist" / "hardened-eks.pyz")
    output = parser.parse_args().output
    compiled = build(output)
    missing = [version for version in PYTHONS if version not in compiled]
    print(f"{output}: {output.stat().st_size / 1e6:.1f} MB, bytecode for Python {', '.join(compiled)}")
    if missing:
        print(f"no bytecode for Python {', '.join(missing)}: with those it reads its sources, and starts more slowly")


if __name__ == "__main__":
    main()
