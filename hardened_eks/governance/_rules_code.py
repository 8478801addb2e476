"""The code of the function behind the Config rules: the modules that it imports, and nothing else of this package.

A package of which only modules are used, and no name of its own, gets an empty ``__init__``: that of the controls would
bring all of them. The archive is the same for the same release on every machine.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.resources
import io
import zipfile
from functools import cache
from typing import Final

from hardened_eks._modules import ROOT, at, imports

HANDLER: Final = "hardened_eks.config_rules.handler.handler"
_START: Final = "hardened_eks.config_rules.handler"
_NOT_NEEDED: Final = frozenset({"hardened_eks.controls", "hardened_eks.controls.frameworks"})
"""Imported for controls that are not this library's, to compare them with all of its own."""
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
_READABLE: Final = 0o644 << 16


@cache
def files() -> dict[str, bytes]:
    """Return the files of the function by their path in the archive."""
    found: dict[str, bytes] = {}
    waiting, seen = [_START], set()
    while waiting:
        name = waiting.pop()
        if name in seen or name in _NOT_NEEDED:
            continue
        seen.add(name)
        path, source = _source(name)
        found[path] = source
        if path.startswith(f"{ROOT}/data/"):
            found |= _data(path)
        waiting += imports(ast.parse(source))
    for path in list(found):
        parts = path.split("/")[:-1]
        for depth in range(1, len(parts) + 1):
            found.setdefault("/".join([*parts[:depth], "__init__.py"]), b"")
    return dict(sorted(found.items()))


def archive() -> bytes:
    """Return them as a ZIP archive. Nothing is compressed: that would differ between versions of zlib."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as made:
        for path, content in files().items():
            entry = zipfile.ZipInfo(path, _LONG_AGO)
            entry.external_attr = _READABLE
            entry.create_system = 3  # Unix, wherever it is created
            made.writestr(entry, content)
    return buffer.getvalue()


def digest() -> str:
    """Return the SHA-256 of the archive."""
    return hashlib.sha256(archive()).hexdigest()


def _source(name: str) -> tuple[str, bytes]:
    here = at(name)
    path = "/".join(name.split("."))
    if here.is_dir():
        return f"{path}/__init__.py", here.joinpath("__init__.py").read_bytes()
    return f"{path}.py", at(name.rpartition(".")[0]).joinpath(f"{name.rpartition('.')[2]}.py").read_bytes()


def _data(path: str) -> dict[str, bytes]:
    """Return the document that a module of facts reads: it has its name."""
    name = path.rpartition("/")[2].replace(".py", ".json")
    document = importlib.resources.files(ROOT).joinpath("data", name)
    return {f"{ROOT}/data/{name}": document.read_bytes()} if document.is_file() else {}
