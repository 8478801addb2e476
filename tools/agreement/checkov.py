"""Run checkov."""

import json
import subprocess
from pathlib import Path

from benchmarks.peers import pinned, ready
from tools.agreement.pairs import Verdicts, rules_of


def version() -> str:
    """Return the version of checkov."""
    return pinned("checkov")[1]


def judge(folder: Path, names: list[str]) -> Verdicts:
    """Evaluate the files 0.json, 1.json and so on in `folder`, which contain the templates with the given names."""
    rules = sorted(rules_of("checkov"))
    command = [
        str(ready("checkov") / "bin" / "checkov"),
        "-d",
        str(folder),
        "--framework",
        "cloudformation",
        "-o",
        "json",
    ]
    command += ["--skip-download", "--check", ",".join(rules)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)  # it exits with 1 when it finds any
    results = json.loads(run.stdout)["results"]
    if results["parsing_errors"]:
        raise RuntimeError(f"checkov cannot read {[names[int(Path(f).stem)] for f in results['parsing_errors']]}")
    found: Verdicts = {rule: {} for rule in rules}
    for outcome in ("passed_checks", "failed_checks"):
        for check in results[outcome]:
            verdicts, name = found[check["check_id"]], names[int(Path(check["file_path"]).stem)]
            verdicts[name] = verdicts.get(name, False) or outcome == "failed_checks"
    return found
