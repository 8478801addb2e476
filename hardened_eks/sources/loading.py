"""Loading of files as evidence: cloud assemblies with their stages and nested stacks, and single templates."""

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
        paths: directories with a manifest.json, JSON or YAML files, or ``-`` for standard input.
        parameters: values of template parameters, by name or ``Stack:Name``. Default: none. A ``Ref`` to a parameter is
            then unknown, even if it has a default, because a deployment can change it.
        partial: whether to return the readable input, with the reasons for the rest in `Loaded.unread`. Default: raise
            an error.

    Raises:
        UnusableInputError: all reasons why paths cannot be evaluated, with path and line; with `partial`, only if
            nothing can be evaluated.
    """
    reader = Reader(Parameters(dict(parameters or {})))
    for path in paths:
        reader.add(str(path))
    return reader.finish(partial=partial)


def load_stacks(templates: Iterable[Path]) -> Loaded:
    """Read the stacks with these template files, with the data of their cdk.out directory."""
    reader = Reader(Parameters({}))
    wanted = {os.path.realpath(template) for template in templates}
    for directory in sorted({Path(template).parent for template in wanted}):
        reader.directory(CloudAssembly.read(directory), only=wanted)
    return reader.finish()


def from_bodies(bodies: Mapping[str, Any]) -> Loaded:
    """Load templates in memory, by stack name.

    Raises:
        UnusableInputError: one of them is not a template.
    """
    reader = Reader(Parameters({}))
    for name, body in bodies.items():
        reader.add_body(name, body)
    return reader.finish()


def from_text(name: str, raw: bytes, *, account: str = "", region: str = "") -> Loaded:
    """Load the JSON or YAML text of one template in memory.

    Args:
        name: the name of the stack.
        raw: the text in UTF-8.
        account: the account of the stack. Default: not known.
        region: the Region of the stack. Default: not known.

    Raises:
        UnusableInputError: the text is not a template.
    """
    reader = Reader(Parameters({}))
    reader.add_text(name, raw, account=account, region=region)
    return reader.finish()


def compare(loaded: Loaded, previous: Assembly) -> None:
    """Add the deployed templates for controls that evaluate a change.

    Two single templates are versions of one stack, even if their names differ.
    """
    now = [template for template in loaded.assembly.templates if template.parent is None]
    then = [template for template in previous.templates if template.parent is None]
    if len(now) == len(then) == 1:
        then[0].name = now[0].name
    loaded.assembly.previous = previous
