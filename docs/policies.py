"""The page that lists the admission policies of the baseline."""

from collections.abc import Iterator

from hardened_eks.baseline.policies import POLICIES
from hardened_eks.baseline.policies.model import Policy


def page(note: str) -> str:
    """Return docs/reference/policies.md."""
    lines = ["# Admission policies", "", note]
    lines += [
        f"The {len(POLICIES)} admission policies of the baseline.",
        "",
        "- [`hardened-eks manifests`](cli.md) writes them as `ValidatingAdmissionPolicy` objects.",
        "- `hardened.Workloads` [applies them from a stack](../how-to/deliver-the-baseline.md).",
        "- `hardened-eks check` [evaluates manifests with them](../how-to/check-manifests.md).",
        "- [Some things a policy cannot do](../explanation/in-cluster-policies.md).",
        "",
        "| policy | what it requires |",
        "|---|---|",
        *(f"| [`{policy.id}`](#{policy.id}) | {policy.title} |" for policy in POLICIES),
        "",
    ]
    for policy in POLICIES:
        lines += _policy(policy)
    return "\n".join(lines).rstrip() + "\n"


def _policy(policy: Policy) -> Iterator[str]:
    yield from (f"## `{policy.id}`", "", f"{policy.title}.", "", policy.why, "")
    yield f"- Requests: {'; '.join(_requests(policy))}"
    yield f"- Applies to: {_where(policy)}"
    if policy.reads:
        yield f"- Settings: {', '.join(f'`{key}`' for key in policy.reads)}"
    if policy.warns:
        yield "- It warns, and never denies"
    yield from ("- Messages:", "")
    yield from (f"    - {message}" for message in dict.fromkeys(one.message for one in policy.validations))
    yield ""


def _requests(policy: Policy) -> Iterator[str]:
    for match in policy.matches:
        yield f"{', '.join(match.operations)} of {', '.join(f'`{one}`' for one in match.resources)}"


def _where(policy: Policy) -> str:
    found = "namespaces that are neither a system namespace nor privileged"
    if policy.everywhere:
        found = "every namespace and every user"
    elif policy.every_namespace:
        found = "every namespace, users of the system excepted"
    exempt = ["administrators"] * policy.admins + ["the delivery of the baseline"] * policy.delivery
    return f"{found}; exempt: {' and '.join(exempt)}" if exempt else found
