"""`make test-policy-engine`: the API server's own code decides every recorded case of the policies as the tests say."""

from __future__ import annotations

import sys

from tools import policy_engine
from tools.policy_engine.questions import differences


def main() -> None:
    try:
        different, asked, unread = differences()
    except policy_engine.UnavailableError as error:
        sys.exit(f"not asked: {error}")
    version = (policy_engine.HOME / "ready").read_text(encoding="utf-8").split()[-1]
    print("\n".join(different[:50]))
    print(f"{policy_engine.PACKAGE} {version}: {asked} decisions, {len(different)} otherwise than the tests say;"
          f" {unread} not asked, whose objects do not fit the types of Kubernetes")  # fmt: skip
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
