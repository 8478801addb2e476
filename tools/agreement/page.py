"""What the documentation says: docs/explanation/agreement.md, and a paragraph for each paired control."""

from collections import defaultdict

from tools.agreement.pairs import BAD, EDGE, PEERS, Pair, load
from tools.agreement.record import Record, read

TEXT = f"""\
Checkov, cfn-guard with the rules of AWS Control Tower, and cdk-nag check templates as well. Where a rule of theirs asks
what a control of ours asks, both should come to the same verdict, or somebody should know why not.

`tools/agreement/agreement.yaml` pairs controls with such rules. The shared templates are those that the control is
tested with: its good template, the first {BAD} bad ones, and the first {EDGE} that look bad and are not. The
checkers have evaluated them; a test compares their verdicts with ours.
"""
NOTES = """\
- The version of cfn-guard is that of cdk-validator-cfnguard, which brings it and the rules.
- *Verdicts* are pairs of a control and a template that the rules checked. *Not checked*: no rule of the pair finds
  anything to evaluate, the value is known only at deployment, or the CDK refuses to build the template.
- *Explained* verdicts differ, and `agreement.yaml` explains why: they ask for less or for more, or they do not see
  something. The reasons are listed with [each control](../reference/controls/index.md) under "Other checkers".
- cdk-nag reports failures only: a template without a finding counts as passed, and one that a rule cannot compute as
  failed. It evaluates constructs: templates are included with what the CDK requires written besides.
- A rule is paired when there is a template that it and the control both fail.

## What keeps it true

`tests/controls/test_agreement.py` fails when a verdict of ours differs from the record without a reason, when a reason
no longer explains a difference, when a shared template is not the one that was checked, and when the record is of other
versions than those that are pinned. A few verdicts of cdk-nag are taken again in each run.

After a change of shared cases, pairs or versions:

```sh
python -m tools.agreement   # a minute; installs checkov and cfn-guard in environments of their own
make docs
```
"""


def page(note: str) -> str:
    """Return docs/explanation/agreement.md."""
    record, rows = read(), []
    for peer in PEERS:
        pairs = [pair for pair in load() if pair.peer == peer]
        judged = sum(len(pair.judged(record.verdicts[peer])) for pair in pairs)
        shared = sum(len(_shared(pair, record)) for pair in pairs)
        explained = sum(len(pair.explained) for pair in pairs)
        rules = len({rule for pair in pairs for rule in pair.rules})
        counts = (len(pairs), rules, judged, judged - explained, explained, shared - judged)
        rows.append(f"| {peer} | {record.versions[peer]} | " + " | ".join(map(str, counts)) + " |")
    head = "| checker | version | controls | rules | verdicts | equal | explained | not evaluated |"
    table = [head, "|---" * 8 + "|", *rows]
    return "\n".join(["# Agreement with other checkers", "", note, TEXT, *table, "", NOTES])


def _shared(pair: Pair, record: Record) -> list[str]:
    return [name for name in record.templates if name.partition("/")[0] == pair.control]


def paragraphs() -> dict[str, list[str]]:
    """Control -> the lines of its section "Other checkers"."""
    record, found = read(), defaultdict[str, list[str]](lambda: ["### Other checkers", ""])
    for pair in load():
        judged, explained = len(pair.judged(record.verdicts[pair.peer])), len(pair.explained)
        rules = ", ".join(f"`{rule}`" for rule in pair.rules)
        line = f"- {pair.peer}, {rules}: {judged - explained} of {judged} verdicts are equal."
        found[pair.control].append(line)
        for difference in pair.differs:
            templates = ", ".join(f'"{name}"' for name in difference.templates)
            found[pair.control].append(f"  - Other verdict on {templates}: {difference.why}.")
    return {control: [*lines, ""] for control, lines in found.items()}
