"""Files to evidence: cloud assemblies with their stages and nested stacks, and single templates."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hardened_eks.sources.cdk_out import CloudAssembly
from hardened_eks.sources.cloudformation.parameters import Parameters
from hardened_eks.sources.loaded import Loaded
from hardened_eks.sources.reading import STDIN, Reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hardened_eks.evidence import Assembly


__all__ = ["STDIN", "Loaded", "compare", "from_bodies", "from_text", "load", "load_stacks"]


def load(
    paths: Iterable[str | Path],
    *,
    parameters: Mapping[str, str] | None = None,
    partial: bool = False,
) -> Loaded:
    """Read cdk.out directories and CloudFormation templates as one assembly.

    Args:
        paths: directories with a manifest.json, JSON or YAML files, ``-`` for the standard input.
        parameters: values of template parameters, by name or ``Stack:Name``. Default: none; a ``Ref`` to a parameter
            is then unknown, even with a default: anyone who deploys can change it.
        partial: return what can be read, and the reasons why the rest cannot in `Loaded.unread`. Default: refuse all.

    Raises:
        UnusableInputError: all reasons why a path cannot be evaluated, with path and line; with `partial`, when nothing
            can be evaluated.
    """
    reader = Reader(Parameters(dict(parameters or {})))
    for path in paths:
        reader.add(str(path))
    return reader.finish(partial=partial)


def load_stacks(templates: Iterable[Path]) -> Loaded:
    """Read the stacks with these template files, each with what the cdk.out around it says."""
    reader = Reader(Parameters({}))
    wanted = {os.path.realpath(template) for template in templates}
    for directory in sorted({Path(template).parent for template in wanted}):
        reader.directory(CloudAssembly.read(directory), only=wanted)
    return reader.finish()


def from_bodies(bodies: Mapping[str, Any]) -> Loaded:
    """Take templates that are in memory, by stack name.

    Raises:
        UnusableInputError: when one is not a template.
    """
    reader = Reader(Parameters({}))
    for name, body in bodies.items():
        reader.add_body(name, body)
    return reader.finish()


def from_text(name: str, raw: bytes, *, account: str = "", region: str = "") -> Loaded:
    """Take the text of one template that is in memory, JSON or YAML.

    Args:
        name: of its stack.
        raw: as it is written, UTF-8.
        account: of the stack. Default: not known.
        region: of the stack. Default: not known.

    Raises:
        UnusableInputError: it is not a template.
    """
    reader = Reader(Parameters({}))
    reader.add_text(name, raw, account=account, region=region)
    return reader.finish()


def compare(loaded: Loaded, previous: Assembly) -> None:
    """Let controls that evaluate a change see what is deployed now.

    Two single templates are versions of one stack, whatever their names.
    """
    now = [template for template in loaded.assembly.templates if template.parent is None]
    then = [template for template in previous.templates if template.parent is None]
    if len(now) == len(then) == 1:
        then[0].name = now[0].name
    loaded.assembly.previous = previous
