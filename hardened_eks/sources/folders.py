"""A folder of a repository: its templates and manifests, and the files that are not examined."""

from __future__ import annotations

import json
import os
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._records import dataclass
from hardened_eks.errors import InputProblem, UnusableInputError
from hardened_eks.sources import manifests
from hardened_eks.sources.cdk_out import MANIFEST
from hardened_eks.sources.cloudformation.parsing import decode, parse, read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

SUFFIXES: Final = (".json", ".template", ".yaml", ".yml")
"""Suffixes of examined files: those of ``kubectl apply --filename FOLDER``, and that of CloudFormation."""
_OF_TOOLS: Final = frozenset({
    ".git", ".hg", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".svn", ".terraform", ".tox", "__pycache__",
    "node_modules",
})  # fmt: skip
_ENVIRONMENT: Final = "pyvenv.cfg"
"""A file that every Python virtual environment has."""
_OF_ASSEMBLIES: Final = frozenset({"minimumCliVersion", "missing", "runtime", "version"})
"""Other keys than ``artifacts`` in the manifest of a cloud assembly."""
_BUILDS: Final = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_PATCHES: Final = ("patches", "patchesJson6902", "patchesStrategicMerge")
_WORDS: Final = ("apiVersion", "Resources", "AWSTemplateFormatVersion")
"""Words of which every template and manifest contains at least one."""
_MOST: Final = 50
"""The maximum number of names in a note."""
_NEITHER: Final = "neither templates nor manifests"
_HELM: Final = "Helm templates; check the output of `helm template`"
_PATCH: Final = "patches of a Kustomization; check the output of `kubectl kustomize`"
_TOOLS: Final = "folders of tools"
_LINKS: Final = "links to folders"


@dataclass(slots=True)
class Folder:
    """The content of a folder, at any depth."""

    files: list[Path] = field(default_factory=list)
    """Templates, manifests, and unreadable files that may be one."""
    assemblies: list[Path] = field(default_factory=list)
    """The cdk.out directories."""
    left_out: dict[str, list[str]] = field(default_factory=dict)
    """Reason -> names, relative to the folder."""
    problems: list[InputProblem] = field(default_factory=list)
    """Folders that cannot be listed."""

    def notes(self, name: str) -> Iterator[str]:
        """Yield a sentence for each reason why files are not examined."""
        for why, names in sorted(self.left_out.items()):
            shown = ", ".join(names[:_MOST])
            more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
            yield f"{name}: not examined, {why}: {shown}{more}"


def is_assembly(folder: Path) -> bool:
    """Return whether a folder is a cdk.out directory, by its ``manifest.json``; true if it cannot be read."""
    file = folder / MANIFEST
    if not os.path.isfile(file):  # noqa: PTH113 - pathlib raises an error if the folder cannot be read; the walk names it
        return False
    try:
        body = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return True
    return not isinstance(body, dict) or "artifacts" in body or body.keys() <= _OF_ASSEMBLIES


def look(folder: Path) -> Folder:
    """Return the content of a folder that is not a cloud assembly."""
    found = Folder()
    patches: set[Path] = set()
    for top, folders, files in os.walk(folder, onerror=lambda error: found.problems.append(_unlisted(error))):
        here = Path(top)
        if here != folder and is_assembly(here):
            found.assemblies.append(here)
            folders.clear()
            continue
        folders[:] = [name for name in sorted(folders) if not _skipped(here / name, folder, found)]
        patches |= {patch for name in _BUILDS if name in files for patch in _patches(here / name)}
        for name in sorted(files):
            file = here / name
            why = _why_not(file)
            if why:
                found.left_out.setdefault(why, []).append(file.relative_to(folder).as_posix())
            else:
                found.files.append(file)
    _leave_out_patches(found, folder, patches)
    return found


def _skipped(path: Path, folder: Path, found: Folder) -> bool:
    why = ""
    if path.is_symlink():
        why = _LINKS
    elif path.name in _OF_TOOLS or os.path.isfile(path / _ENVIRONMENT):  # noqa: PTH113 - as above
        why = _TOOLS
    if why:
        found.left_out.setdefault(why, []).append(path.relative_to(folder).as_posix())
    return bool(why)


def _leave_out_patches(found: Folder, folder: Path, patches: set[Path]) -> None:
    """Remove patches, which cannot be evaluated without the objects that they change."""
    for file in [one for one in found.files if Path(os.path.normpath(one)) in patches]:
        found.files.remove(file)
        found.left_out.setdefault(_PATCH, []).append(file.relative_to(folder).as_posix())


def _patches(build: Path) -> Iterator[Path]:
    """Yield the files that a Kustomization uses only as patches."""
    try:
        body = parse(decode(read_bytes(build), str(build)), str(build) + ".yaml")
    except UnusableInputError:
        return  # reported when the file itself is read
    told = body if isinstance(body, dict) else {}
    whole = set(map(str, _listed(told.get("resources"))))
    for key in _PATCHES:
        for entry in _listed(told.get(key)):
            path = entry.get("path") if isinstance(entry, dict) else entry
            if isinstance(path, str) and "\n" not in path and path not in whole:
                yield Path(os.path.normpath(build.parent / path))


def _why_not(file: Path) -> str:
    """Return why a file is not examined; an empty string if it is, or if it cannot be read."""
    if file.suffix.lower() not in SUFFIXES:
        return _NEITHER
    name = str(file)
    try:
        text = decode(read_bytes(file), name)
    except UnusableInputError:
        return ""
    if not any(word in text for word in _WORDS):
        return _NEITHER
    helm = manifests.is_helm(text)
    try:
        if manifests.is_stream(text, name):
            return "" if any(manifests.is_manifest(body) for body, _ in manifests.documents(text, name)) else _NEITHER
        return _HELM if helm else "" if _is_either(parse(text, name)) else _NEITHER
    except UnusableInputError:
        return _HELM if helm else ""


def _is_either(body: Any) -> bool:
    if isinstance(body, dict) and (isinstance(body.get("Resources"), dict) or "AWSTemplateFormatVersion" in body):
        return True
    return manifests.is_manifest(body)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _unlisted(error: OSError) -> InputProblem:
    return InputProblem.unreadable(str(error.filename), error)
