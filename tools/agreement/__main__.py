"""Run the other checkers, record their verdicts, and print the comparison with ours."""

import json
import sys
import tempfile
from pathlib import Path

from tools.agreement import cfnguard, checkov, nag, record
from tools.agreement.pairs import PEERS, compare, load
from tools.agreement.shared import digest, our_verdicts, templates


def main() -> None:
    """Run the three checkers, and write the record. `make docs` writes the pages."""
    bodies = templates()
    with tempfile.TemporaryDirectory() as folder:
        for number, body in enumerate(bodies.values()):
            Path(folder, f"{number}.json").write_text(json.dumps(body, default=str), encoding="utf-8")
        judges = (checkov, cfnguard)
        verdicts = [judge.judge(Path(folder), list(bodies)) for judge in judges]
    record.write(
        record.Record(
            versions=dict(zip(PEERS, (judge.version() for judge in (*judges, nag)), strict=True)),
            templates={name: digest(body) for name, body in bodies.items()},
            verdicts=dict(zip(PEERS, (*verdicts, nag.judge_aside(bodies)), strict=True)),
        )
    )
    sys.exit(_print(our_verdicts(bodies)))


def _print(ours: dict[str, bool]) -> int:
    """Print the counts and the unexplained differences; return 1 if there are any."""
    found, left = record.read(), 0
    for peer in PEERS:
        results = [
            (pair, compare(pair, pair.judged(found.verdicts[peer]), ours)) for pair in load() if pair.peer == peer
        ]
        equal, explained = sum(len(r.equal) for _, r in results), sum(len(r.explained) for _, r in results)
        print(
            f"{peer} {found.versions[peer]}: {len(results)} controls, {equal + explained} shared verdicts: "
            f"{equal} equal, {explained} explained differences"
        )
        for pair, result in results:
            left += len(result.unexplained | result.outdated)
            for name in sorted(result.unexplained):
                print(f"  {name}: ours {'fails' if ours[name] else 'passes'} it, and {', '.join(pair.rules)} not")
            for name in sorted(result.outdated):
                print(f"  {name}: no difference to {', '.join(pair.rules)} any more")
    return min(left, 1)


if __name__ == "__main__":
    main()
