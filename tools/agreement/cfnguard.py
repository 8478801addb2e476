"""Run cfn-guard with the rules that AWS Control Tower publishes."""

import json
import re
import subprocess
from pathlib import Path

from benchmarks.peers import guard_binary, pinned, unpack_guard
from tools.agreement.pairs import Verdicts, rules_of

CONTROL = re.compile(r"\[(CT\.[A-Z0-9-]+\.PR\.\d+)\]")
RULE = re.compile(r"^rule (\w+) when is_cfn_template", re.MULTILINE)


def version() -> str:
    """Return the version of the package that contains the rules and cfn-guard."""
    return pinned("cfnguard")[1]


def judge(folder: Path, names: list[str]) -> Verdicts:
    """Evaluate the files 0.json, 1.json and so on in `folder`, which contain the templates with the given names."""
    found: Verdicts = {rule: {} for rule in rules_of("cfn-guard")}
    ids, files = _rules(unpack_guard())
    command = [str(guard_binary()), "validate", "--structured", "-o", "json", "--show-summary", "none"]
    run = subprocess.run(
        [*command, "-d", str(folder), "-r", *files], capture_output=True, text=True, check=False
    )  # it exits with 19 when it has findings
    for report in json.loads(run.stdout):
        name = names[int(Path(report["name"]).stem)]
        failing = {entry["Rule"]["name"] for entry in report["not_compliant"] if "Rule" in entry}
        for rule, id_ in ids.items():
            if rule in failing or rule in report["compliant"]:
                found[id_][name] = found[id_].get(name, False) or rule in failing
    return found


def _rules(package: Path) -> tuple[dict[str, str], list[str]]:
    """Return a map from rule to Control Tower ID, and the files of the paired rules."""
    wanted = rules_of("cfn-guard")
    ids: dict[str, str] = {}
    files: list[str] = []
    for file in sorted((package / "rules" / "control-tower" / "cfn-guard").rglob("*.guard")):
        text = file.read_text(encoding="utf-8")
        id_ = next(iter(CONTROL.findall(text)), "")
        if id_ in wanted:
            files.append(str(file))
            ids |= dict.fromkeys(RULE.findall(text), id_)
    if missing := wanted - set(ids.values()):
        raise LookupError(f"cfn-guard has no {', '.join(sorted(missing))}")
    return ids, files
