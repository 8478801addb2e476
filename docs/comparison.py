"""Generate the comparison with other tools: a table for the README, and a page with the source of each cell.

The facts are in comparison.json, with the date on which they were read. `make data-age` lists the file when it is old.
"""

import json
from pathlib import Path
from typing import Any

from hardened_eks.controls import CATALOGUE

FILE = Path(__file__).with_name("comparison.json")
README = FILE.parents[1] / "README.md"
BEGIN, END = "<!-- comparison -->\n\n", "\n\n<!-- /comparison -->"


def facts() -> dict[str, Any]:
    """Return the content of comparison.json, with the number of our rules inserted."""
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8").replace("{rules}", str(rules())))
    return found


def rules() -> int:
    """Return the number of controls that evaluate an EKS resource type."""
    return sum(any(one.startswith("AWS::EKS::") for one in control.types) for control in CATALOGUE)


def table() -> str:
    """Return the comparison table for the README."""
    found = facts()
    heads = ["", "hardened_eks", *(f"[{name}]" for name in found["tools"])]
    cells = [[row["title"], row["ours"], *(row[name][0] for name in found["tools"])] for row in found["rows"]]
    links = "\n".join(f"[{name}]: {tool['url']}" for name, tool in found["tools"].items())
    return f"{_table(heads, cells)}\n\n{links}"


def readme() -> str:
    """Return the README with the current comparison table."""
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{table()}{END}{after}"


def page(note: str) -> str:
    """Return docs/explanation/comparison.md."""
    found = facts()
    lines = ["# Comparison with other tools", "", note]
    lines += [f"Facts as of {found['read']}; each cell links to its source. A tool may have changed since then.", ""]
    lines += [f"- [{name}]({tool['url']}): {tool['version']}" for name, tool in found["tools"].items()]
    linked = [
        [row["title"], row["ours"], *(f"[{text}]({url})" for text, url in (row[name] for name in found["tools"]))]
        for row in found["rows"]
    ]
    lines += ["", _table(["", "hardened_eks", *found["tools"]], linked), ""]
    lines += [
        "cdk-nag and prowler cover many AWS services, including EKS; you can use their checks and ours together. The",
        "column of hardened_eks describes the first example in the README, without the break-glass role that it adds;",
        "a test compares it with the template.",
        "[Agreement with other checkers](agreement.md) compares verdicts rule by rule.",
    ]
    return "\n".join(lines) + "\n"


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}", *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join(line.replace("|  |", "| |") for line in lines)
