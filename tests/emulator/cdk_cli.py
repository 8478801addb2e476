"""The real CDK CLI, pointed at the emulator and at nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.emulator.service import ACCOUNT, REGION, ROOT, environment

CONTEXT = {
    "hardened-eks:account": ACCOUNT,
    "hardened-eks:region": REGION,
    "hardened-eks:availability_zones": "us-east-1a,us-east-1b,us-east-1c",
    "hardened-eks:trusted_principals": f"arn:aws:iam::{ACCOUNT}:user/on-call",
    "hardened-eks:image_pushers": f"arn:aws:iam::{ACCOUNT}:role/ci",
}


class CdkCli:
    """Runs CLI commands in a home of their own, since the CLI caches account ids."""

    def __init__(self, url: str, folder: Path) -> None:
        self.assembly = folder / "cdk.out"
        self._environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "CDK_"))},
            **environment(url),
            "CDK_HOME": str(folder / "home"),
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            "CDK_VALIDATION": "false",
            "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "NO_COLOR": "1",
        }
        pinned = ROOT / "node_modules" / ".bin" / "cdk"
        found = str(pinned) if pinned.exists() else shutil.which("cdk")
        if found is None:
            raise RuntimeError("the CDK CLI is not installed: run `npm ci`")
        self._cdk = found

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run `cdk ARGUMENTS`; the output comes back as text."""
        done = subprocess.run(
            [self._cdk, *arguments],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if check and done.returncode:
            raise RuntimeError(
                f"cdk {' '.join(arguments)} ended with {done.returncode}\n{done.stdout[-4000:]}\n{done.stderr[-6000:]}"
            )
        return done

    def bootstrap(self) -> None:
        """Bootstrap the emulated account."""
        # An output folder of its own: two CLIs cannot write into one cdk.out.
        self.run("bootstrap", f"aws://{ACCOUNT}/{REGION}", "--output", str(self.assembly.with_name("bootstrap")))

    def synth(self, **context: str) -> None:
        """Synthesize app.py with its checks into the assembly."""
        settings = {**CONTEXT, **{f"hardened-eks:{key}": value for key, value in context.items()}}
        flags = [part for key, value in settings.items() for part in ("--context", f"{key}={value}")]
        self.run("synth", "--quiet", "--app", f"{sys.executable} app.py", "--output", str(self.assembly), *flags)

    def deploy(self, *, but: str = "") -> str:
        """Deploy the assembly, all stacks or all but one; return what the CLI said."""
        stacks = [name for name in self.templates() if name != but] if but else ["--all"]
        done = self.run(
            "deploy", *stacks, "--app", str(self.assembly), "--require-approval", "never", "--progress", "events"
        )
        return done.stdout + done.stderr

    def diff(self) -> subprocess.CompletedProcess[str]:
        """Compare the assembly with what is deployed; exit code 1 means there is a difference."""
        return self.run("diff", "--all", "--app", str(self.assembly), "--fail", check=False)

    def destroy(self) -> subprocess.CompletedProcess[str]:
        """Destroy all stacks; exit code 1 means that something could not be deleted."""
        return self.run("destroy", "--all", "--force", "--app", str(self.assembly), check=False)

    def templates(self) -> dict[str, dict[str, object]]:
        """What was synthesized, by stack."""
        return {
            path.name.removesuffix(".template.json"): json.loads(path.read_text())
            for path in sorted(self.assembly.glob("*.template.json"))
        }
