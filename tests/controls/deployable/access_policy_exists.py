from hardened_eks.controls.deployable import access_policy_exists
from tests.controls.cases import Bad, Case, change
from tests.controls.deployable.base import ENTRIES, ENTRY, POLICY

CASE = Case(
    access_policy_exists,
    ENTRIES,
    bad={
        "unknown": Bad(
            change(ENTRY, "AccessPolicies.0.PolicyArn", POLICY.replace("View", "Viewer")), "AccessPolicies.0.PolicyArn"
        ),
        "behind a Sub": Bad(
            change(
                ENTRY,
                "AccessPolicies.0.PolicyArn",
                {"Fn::Sub": "arn:${AWS::Partition}:eks::aws:cluster-access-policy/AmazonEKSOwnerPolicy"},
            ),
            "AccessPolicies.0.PolicyArn",
        ),
        "namespace scope without namespaces": Bad(
            change(ENTRY, "AccessPolicies.0.AccessScope", {"Type": "namespace"}), "AccessPolicies.0.AccessScope"
        ),
        "cluster scope with namespaces": Bad(
            change(ENTRY, "AccessPolicies.0.AccessScope.Type", "cluster"), "AccessPolicies.0.AccessScope"
        ),
        "unknown scope": Bad(
            change(ENTRY, "AccessPolicies.0.AccessScope.Type", "global"), "AccessPolicies.0.AccessScope.Type"
        ),
    },
    edge={"cluster scope": change(ENTRY, "AccessPolicies.0.AccessScope", {"Type": "cluster"})},
)
