"""`cdk synth` as users run it, and ways to make it faster."""

import sys
from dataclasses import replace
from pathlib import Path

from benchmarks.cases._case import APPS, FAIR, PEERS, ROOT, Case, app
from tests.emulator.service import environment

NODE_24 = PEERS / "node24/node_modules/.bin/node"
JSII_CACHE = "JSII_RUNTIME_PACKAGE_CACHE_ROOT"
CDK = ROOT / "node_modules/aws-cdk/bin/cdk"


def user(folder: Path) -> tuple[Case, ...]:
    """Return the CLI on the reference app: built-in validation, four cdk-nag packs, with and without our checks."""
    return (
        _cli(folder, "user", "cdk synth of app.py: built-in validation, four cdk-nag packs, Checks()"),
        _cli(folder, "user-unchecked", "the same without Checks()", CHECKS="0"),
    )


def fast(folder: Path, emulator: str) -> tuple[Case, ...]:
    """Return ways to reduce the remaining time (docs/how-to/fast-synth.md); lookups call the emulator at that URL."""
    flags = folder / "node-flags"
    flags.write_text(f'#!/bin/sh\nexec "{NODE_24}" --liftoff-only --single-threaded "$@"\n')
    flags.chmod(0o755)
    cases = [
        _cli(folder, "user-no-validation", "cdk synth without the built-in validation", CDK_VALIDATION="false"),
        app("ours-no-pyc", "the reference cluster, no .pyc files", "ours.py", fresh="PYTHONPYCACHEPREFIX"),
        app(
            "ours-cold-jsii",
            "the reference cluster, jsii's cache empty",
            "ours.py",
            fresh=JSII_CACHE,
        ),
        app("ours-optimized", "the reference cluster, python -O", "ours.py", "-O"),
        *_look_ups(folder, emulator),
        app("ours-boto3", "the reference cluster, boto3 imported by the app", "ours.py", BOTO3="1"),
    ]
    if NODE_24.exists():
        cases += [
            _cli(folder, "user-node24", "cdk synth on Node 24", JSII_NODE=str(NODE_24)),
            _cli(folder, "user-node24-flags", "the same, --liftoff-only --single-threaded", JSII_NODE=str(flags)),
            app("ours-node24", "the reference cluster on Node 24", "ours.py", JSII_NODE=str(NODE_24)),
        ]
    return tuple(cases)


def _look_ups(folder: Path, emulator: str) -> tuple[Case, Case]:
    """Return cases with a lookup of zones: from the cdk.context.json of the warm-up round, and missing in each run."""
    known = folder / "look-up"
    known.mkdir()
    env = {"LOOK_UP": "1", "CDK_VALIDATION": "false", **environment(emulator)}
    there = _cli(folder, "user-look-up", "the same with a lookup that is in cdk.context.json", FOLDER=str(known), **env)
    missing = _cli(folder, "user-look-up-missing", "the same with a lookup that is not in cdk.context.json", **env)
    inside = ("sh", "-c", 'cd "$FOLDER" && exec "$@"', "sh")
    return (
        replace(there, command=(*inside, *there.command)),
        replace(missing, command=(*inside, *missing.command), fresh="FOLDER"),
    )


def _cli(folder: Path, name: str, title: str, **env: str) -> Case:
    command = ("node", str(CDK), "synth", "--quiet", "--app", f"{sys.executable} {APPS / 'user.py'}")
    settings = {"CDK_VALIDATION": "true", "CDK_DISABLE_CLI_TELEMETRY": "true", "CDK_HOME": str(folder / "cdk-home")}
    return Case(name, title, (*command, "--output", str(folder / f"{name}.out")), {**FAIR, **settings, **env})
