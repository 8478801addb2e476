"""`make test-policy-engine`: compare the API server's decision on every case of the policies with the tests."""

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
    print(
        f"{policy_engine.PACKAGE} {version}: {asked} decisions, {len(different)} different from the tests; "
        f"{unread} not asked, because their objects do not fit the Kubernetes types"
    )
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
