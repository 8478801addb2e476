"""The code of a Lambda function: only the modules of this library that it imports.

A package of which only modules are used gets an empty ``__init__``, because its own may import all its modules. The
same release gives the same files on every machine, and their digest names the asset.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import io
import zipfile
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final

from hardened_eks._modules import ROOT, at, below, imports, names_in
from hardened_eks._patterns import regex
from hardened_eks._records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
_READABLE: Final = 0o644 << 16
_UNIX: Final = 3
_QUICKLY: Final = 1
"""Compression level: a tenth larger than with zlib's default, in half of the time."""
_DOCUMENT: Final = regex(r'"([^"\n]+\.json)"')


@dataclass(frozen=True, slots=True)
class Code:
    """The code of a function."""

    start: str
    """Module with the function ``handler``."""
    without: frozenset[str] = frozenset()
    """Imported modules that the function never needs. Default: none."""
    whole: tuple[str, ...] = ()
    """Packages all of whose modules are needed, because they are imported by name. Default: none."""
    libraries: tuple[str, ...] = ()
    """Further distributions, of which only pure Python is included. Default: none."""
    compressed: bool = False
    """Whether to compress the archive. Its bytes then depend on the version of zlib, but not its digest. Default: no.
    """

    @property
    def handler(self) -> str:
        """The handler in the format of AWS Lambda."""
        return f"{self.start}.handler"

    @property
    def name(self) -> str:
        """Name of the file with the archive: it changes with what is in it."""
        return f"{self.start.split('.')[1].replace('_', '-')}-{self.digest()[:16]}.zip"

    def files(self) -> Mapping[str, bytes]:
        """Return the files by their path in the archive, in order."""
        return _files(replace(self, compressed=False))  # cached, for the archive and for its digest

    def archive(self) -> bytes:
        """Return the files as a ZIP archive."""
        buffer = io.BytesIO()
        method = zipfile.ZIP_DEFLATED if self.compressed else zipfile.ZIP_STORED
        with zipfile.ZipFile(buffer, "w") as made:
            for path, content in self.files().items():
                made.writestr(entry(path, method), content, compresslevel=_QUICKLY)
        return buffer.getvalue()

    def digest(self) -> str:
        """Return the SHA-256 of the files in an archive that is not compressed."""
        return _digest(self)


def entry(path: str, method: int, when: tuple[int, int, int, int, int, int] = LONG_AGO) -> zipfile.ZipInfo:
    """Return the entry of a file in an archive that is the same on every machine."""
    found = zipfile.ZipInfo(path, when)
    found.compress_type, found.external_attr, found.create_system = method, _READABLE, _UNIX
    return found


def of_library(name: str) -> Iterator[tuple[str, bytes]]:
    """Yield the path and content of each file of an installed distribution that is pure Python, and its license."""
    for file in importlib.metadata.files(name) or ():
        license_ = file.name.upper().startswith(("LICENSE", "COPYING"))
        if ".." in file.parts or "__pycache__" in file.parts or not (license_ or file.suffix in {".py", ".typed"}):
            continue
        if file.parts[0].endswith(".dist-info") and not license_:
            continue
        yield file.as_posix(), file.read_binary()


@cache
def _files(code: Code) -> Mapping[str, bytes]:
    found: dict[str, bytes] = {}
    waiting, seen = [code.start, *(module for package in code.whole for module in below(package))], set()
    while waiting:
        name = waiting.pop()
        if name in seen or name in code.without:
            continue
        seen.add(name)
        path, content = _source(name)
        found[path] = content
        source = content.decode()
        found |= {f"{ROOT}/data/{name}": _document(name) for name in _documents(source)}
        waiting += imports(source)
    folders = {path.rpartition("/")[0] for path in found}
    while folders - {""}:
        found = {**{f"{folder}/__init__.py": b"" for folder in folders if folder}, **found}
        folders = {folder.rpartition("/")[0] for folder in folders}
    for library in code.libraries:
        found |= dict(of_library(library))
    return dict(sorted(found.items()))


@cache
def _digest(code: Code) -> str:
    return hashlib.sha256(replace(code, compressed=False).archive()).hexdigest()


def _source(name: str) -> tuple[str, bytes]:
    path = name.replace(".", "/")
    parent, _, last = name.rpartition(".")
    if f"{last}.py" in names_in(parent):
        return f"{path}.py", at(parent).joinpath(f"{last}.py").read_bytes()
    return f"{path}/__init__.py", at(name).joinpath("__init__.py").read_bytes()


def _documents(source: str) -> Iterator[str]:
    """Yield the names of the data files that a module reads, which its source contains."""
    if '.json"' not in source:  # few have one, and the pattern takes longer to say so
        return
    there = names_in(f"{ROOT}.data")
    yield from (name for name in _DOCUMENT.findall(source) if name in there)


@cache
def _document(name: str) -> bytes:
    return at(f"{ROOT}.data").joinpath(name).read_bytes()
