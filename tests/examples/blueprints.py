"""The apps of examples/, run as a team runs them, but into a folder of the test."""

from __future__ import annotations

import json
import runpy
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples"
NAMES = sorted(path.parent.name for path in FOLDER.glob("*/app.py"))


@dataclass(frozen=True)
class Blueprint:
    """One app, synthesized."""

    name: str
    directory: Path
    stacks: list[str]
    """In the order in which `cdk deploy` takes them."""

    @property
    def templates(self) -> dict[str, dict[str, Any]]:
        return {name: json.loads((self.directory / f"{name}.template.json").read_text()) for name in self.stacks}


def run(name: str, directory: Path) -> Blueprint:
    """Run the app of an example with the settings beside it."""
    source = FOLDER / name
    context = json.loads((source / "cdk.json").read_text(encoding="utf-8"))["context"]
    with pytest.MonkeyPatch.context() as patch:
        # What the CDK CLI says by variables, which Node has read already.
        patch.setattr(cdk, "App", partial(cdk.App, outdir=str(directory), context=context))
        made = runpy.run_path(str(source / "app.py"), run_name="__main__")
    return Blueprint(name, directory, _in_order(made["app"]))


def _in_order(app: cdk.App) -> list[str]:
    """Return the names of the stacks, each after those that it needs."""
    done: list[str] = []
    todo = [child for child in app.node.children if isinstance(child, cdk.Stack)]
    while todo:
        ready = [stack for stack in todo if all(other.stack_name in done for other in stack.dependencies)]
        done += [stack.stack_name for stack in ready]
        todo = [stack for stack in todo if stack not in ready]
    return done
