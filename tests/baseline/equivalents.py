"""Mutants that decide no request otherwise, and why."""

EQUIVALENT: dict[tuple[str, str], str] = {
    (
        "endpoint-slices",
        "matchConditions 'is-not-by-a-system-user': without item"
        " '\"system:serviceaccount:kube-system:clusterrole-aggregation-controller\"'",
    ): "the policy admits every service account of kube-system by its own rule",
}
"""(policy, mutant) -> reason."""
