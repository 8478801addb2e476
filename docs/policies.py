"""Generate the page that lists the admission policies of the baseline."""

from collections import Counter
from collections.abc import Iterator

from hardened_eks.baseline.policies import POLICIES
from hardened_eks.baseline.policies.model import Policy


def page(note: str) -> str:
    """Return docs/reference/policies.md."""
    lines = ["# Admission policies", "", note]
    lines += [
        f"The baseline has {len(POLICIES)} admission policies.",
        "",
        "- [`hardened-eks manifests`](cli.md) writes them as `ValidatingAdmissionPolicy` objects.",
        "- `hardened.Workloads` [applies them from a stack](../how-to/deliver-the-baseline.md).",
        "- `hardened-eks check` [evaluates manifests with them](../how-to/check-manifests.md).",
        "- [In-cluster policies have limits](../explanation/in-cluster-policies.md).",
        "",
        "| policy | requirement |",
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
    if policy.warns:
        yield "- Effect: warns, and never denies"
    yield from ("- Messages:", "")
    yield from (f"    - {message}" for message in dict.fromkeys(one.message for one in policy.validations))
    yield ""


def _requests(policy: Policy) -> Iterator[str]:
    groups = Counter(one for match in policy.matches for one in match.resources)
    for match in policy.matches:
        names = (f"`{one}.{match.group}`" if groups[one] > 1 else f"`{one}`" for one in match.resources)
        yield f"{', '.join(match.operations)} of {', '.join(names)}"


def _where(policy: Policy) -> str:
    found = "all namespaces except system namespaces and privileged namespaces"
    if policy.everywhere:
        found = "all namespaces and all users"
    elif policy.every_namespace:
        found = "all namespaces, and all users except system users"
    exempt = ["administrators"] * policy.admins + ["the delivery role of the baseline"] * policy.delivery
    return f"{found}; exempt: {' and '.join(exempt)}" if exempt else found
