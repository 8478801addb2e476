"""Print the mutation score of the policies: `make test-policy-mutants`."""

import sys

from hardened_eks.baseline.policies import POLICIES
from tests.baseline.equivalents import EQUIVALENT
from tests.baseline.test_mutants import survivors


def main() -> None:
    dead, total, missed = 0, 0, []
    for policy in POLICIES:
        names, alive, questions = survivors(policy)
        print(f"{policy.id}: {len(names) - len(alive)} of {len(names)} mutants are found by {questions} questions")
        dead, total = dead + len(names) - len(alive), total + len(names)
        missed += [(policy.id, what) for what in alive]
    for id_, what in missed:
        print(f"alive: {id_}: {what}: {EQUIVALENT.get((id_, what), 'NOT EXPLAINED')}")
    print(f"mutation score: {dead} of {total} ({100 * dead / total:.1f} %); {len(missed)} are equivalent")
    sys.exit(1 if set(missed) != set(EQUIVALENT) else 0)


if __name__ == "__main__":
    main()
