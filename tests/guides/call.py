"""What stands on the path of the guides' shell for each program; it runs the program, or stands in for it, and notes which.

python -m tests.guides.call PROGRAM [ARGUMENT ...]
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.guides.refused import REFUSED
from tests.guides.standins import STANDINS, Refused

ROOT = Path(__file__).parents[2]
FINDINGS = {"audit", "check", "controls", "evidence", "guardrails", "image-gate", "upgrade"}
"""Commands of ours that end with 1 where they find something."""
UNKNOWN = re.compile(
    r"UnknownOperation|InvalidAction|Unsupported(?:Operation|Action)|NotImplemented|UnrecognizedClientException"
    r"|not (?:yet )?(?:implemented|supported)|Unknown (?:operation|action|path|[\w ]*target)|unknown operation|No route for|501"
)
"""How ministack says that it does not know an operation."""
ELSEWHERE = {
    "make": "a target of the Makefile, which CI runs itself",
    "pip": "make walk and make dist install the package",
}


class Outcome(NamedTuple):
    kind: str
    """``run``, ``model``, ``stand-in``, ``elsewhere``, or ``failed``."""
    reason: str = ""
    status: int = 0


def main(program: str, arguments: list[str]) -> int:
    if program == "aws":
        outcome = aws(arguments)
    elif program == "hardened-eks":
        outcome = ours(arguments)
    elif program in ("npx", "cdk"):
        outcome = cdk(arguments if program == "cdk" else arguments[1:])
    elif program in ("python", "python3"):
        outcome = python(arguments)
    elif program in ELSEWHERE:
        outcome = elsewhere(program, arguments)
    else:
        outcome = standin(program, arguments)
    note = {"line": int(os.environ["GUIDES_LINE"]), "command": shlex.join([program, *arguments]), **outcome._asdict()}
    with Path(os.environ["GUIDES_LOG"]).open("a", encoding="utf-8") as log:
        log.write(json.dumps(note) + "\n")
    return outcome.status


def aws(arguments: list[str]) -> Outcome:
    """Run the AWS CLI against the emulator."""
    if arguments[:2] == ["ssm", "start-session"]:
        return Outcome("model", "a session needs an instance and a plugin of the CLI")
    # Version 1 of the CLI asks SQS under an old name of its host, whatever AWS_ENDPOINT_URL says.
    address = ["--endpoint-url", os.environ["AWS_ENDPOINT_URL"]] if arguments[0] == "sqs" else []
    done = subprocess.run(
        [os.environ["GUIDES_AWS"], "-m", "awscli", *arguments, *address], stdin=sys.stdin, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, check=False, timeout=120,
        env=os.environ | {"PYTHONPATH": ""},
    )  # fmt: skip
    sys.stdout.write(done.stdout)
    if done.returncode == 0:
        return Outcome("run")
    said = done.stderr.strip()
    sys.stderr.write(done.stderr)
    if "An error occurred" in said and UNKNOWN.search(said):
        return Outcome("model", "ministack does not know the operation")
    if re.search(r"Could not connect to the endpoint URL: .http://\d{12}\.127", said):
        return Outcome(
            "model", "the CLI puts the account's ID before the host, for which a loopback address has no name"
        )
    if known := refused(" ".join(arguments[:2]), said):
        return known
    return Outcome("failed", said[-600:], done.returncode)


def ours(arguments: list[str]) -> Outcome:
    done = subprocess.run(
        [sys.executable, "-m", "tests.guides.ours", *arguments],
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=300,
    )
    sys.stderr.write(done.stderr)
    if done.returncode == 0 or (done.returncode == 1 and arguments[0] in FINDINGS):
        return Outcome("run", status=done.returncode)
    if known := refused(f"hardened-eks {arguments[0]}", done.stderr):
        return known
    return Outcome("failed", done.stderr[-600:], done.returncode)


def cdk(arguments: list[str]) -> Outcome:
    """Run the CDK of this repository on the page's app; nobody is there to answer its questions."""
    answers = {"deploy": ["--require-approval", "never"], "destroy": ["--force"]}.get(arguments[0], [])
    program = ROOT / "node_modules" / ".bin" / "cdk"
    done = subprocess.run([program, *arguments, *answers], capture_output=True, text=True, check=False, timeout=300)
    sys.stdout.write(done.stdout)
    sys.stderr.write(done.stderr)
    known = refused(f"cdk {arguments[0]} {arguments[-1]}", done.stderr) if done.returncode else None
    if done.returncode and not known:
        return Outcome("failed", done.stderr[-1500:], done.returncode)
    return known or Outcome("run")


def refused(name: str, said: str) -> Outcome | None:
    """Return the outcome of a refusal that is known."""
    words, reason = REFUSED.get(name, ("", ""))
    return Outcome("model", reason) if reason and words in said else None


def python(arguments: list[str]) -> Outcome:
    if arguments[:1] == ["-m"]:
        module = ROOT / (arguments[1].replace(".", "/"))
        if module.exists() or module.with_suffix(".py").exists():
            return Outcome("elsewhere", "a tool of this repository, which installs programs of others")
        if arguments[1] not in {"venv", "pip"}:
            return Outcome("failed", f"no module {arguments[1]}", 1)
    return Outcome("run") if subprocess.run([sys.executable, *arguments], check=False).returncode == 0 else Outcome(
        "failed", "ended with another status than 0", 1
    )  # fmt: skip


def elsewhere(program: str, arguments: list[str]) -> Outcome:
    if program == "make":
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        if unknown := [one for one in arguments if "=" not in one and not one.startswith("-") and one not in targets]:
            return Outcome("failed", f"no target {unknown}", 2)
    return Outcome("elsewhere", ELSEWHERE[program])


def standin(program: str, arguments: list[str]) -> Outcome:
    """Check the arguments and the files that they name."""
    standin, reason = STANDINS[program]
    try:
        answer = standin(arguments)
    except Refused as error:
        sys.stderr.write(f"{error}\n")
        return Outcome("failed", str(error), 1)
    sys.stdout.write(answer)
    return Outcome("stand-in", reason)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
