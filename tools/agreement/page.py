"""Generate docs/explanation/agreement.md, and a paragraph for each paired control."""

from collections import defaultdict

from tools.agreement.pairs import BAD, EDGE, PEERS, Pair, load
from tools.agreement.record import Record, read

TEXT = f"""\
Checkov, cfn-guard with the AWS Control Tower rules, and cdk-nag also check templates. If one of their rules checks
the same setting as one of our controls, both should reach the same verdict, or the difference should have a known
reason.

`tools/agreement/agreement.yaml` pairs controls with such rules. The checkers evaluated the templates with which the
control is tested: its good template, the first {BAD} bad ones, and the first {EDGE} that look bad but are good. A test
compares their verdicts with ours.
"""
NOTES = """\
- The version of cfn-guard is the version of cdk-validator-cfnguard, which contains cfn-guard and the rules.
- *Verdicts* are pairs of a control and a template that the rules evaluated. *Not evaluated*: no rule of the pair finds
  anything to evaluate, the value is known only at deployment, or the CDK cannot build the template.
- *Explained* verdicts differ, and `agreement.yaml` gives the reason: the rules require less or more than our control,
  or they do not see something. Each [control page](../reference/controls/index.md) lists the reasons under
  "Other checkers".
- cdk-nag reports only failures: a template without a finding counts as passed, and a template that a rule cannot
  evaluate counts as failed. cdk-nag evaluates constructs, so the templates are included with everything else that the
  CDK requires.
- A rule is paired with a control if at least one template fails both.

## How we keep it up to date

`tests/tools/test_agreement.py` fails if one of our verdicts differs from the record without a reason, if a reason
no longer explains a difference, if a shared template is not the one that the checkers evaluated, or if the record is
from other versions than the pinned ones. Each run also evaluates a few cdk-nag verdicts again.

After a change of shared cases, pairs or versions:

```sh
python -m tools.agreement   # takes a minute; installs checkov and cfn-guard in separate environments
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
    """Return a map from control name to the lines of its section "Other checkers"."""
    record, found = read(), defaultdict[str, list[str]](lambda: ["### Other checkers", ""])
    for pair in load():
        judged, explained = len(pair.judged(record.verdicts[pair.peer])), len(pair.explained)
        rules = ", ".join(f"`{rule}`" for rule in pair.rules)
        line = f"- {pair.peer}, {rules}: {judged - explained} of {judged} verdicts are the same as ours."
        found[pair.control].append(line)
        for difference in pair.differs:
            templates = ", ".join(f'"{name}"' for name in difference.templates)
            noun = "template" if len(difference.templates) == 1 else "templates"
            found[pair.control].append(f"  - Different verdict for the test {noun} {templates}: {difference.why}.")
    return {control: [*lines, ""] for control, lines in found.items()}
