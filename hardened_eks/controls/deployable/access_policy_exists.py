import difflib
from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.data.access_policies import NAMES
from hardened_eks.evidence import Assembly, Resource


@control(
    id="DP-07",
    title="Access entries use access policies that exist in EKS",
    types=("AWS::EKS::AccessEntry",),
    needs="resource",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why="EKS rejects the association, the stack rolls back, and an operator has no access.",
    fix="Use one of the access policies that the EKS documentation lists.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html",
    blind="Access policies that EKS added after this list was compiled.",
    enforced_by="AccessEntry",
)
def access_policy_exists(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for index, policy in enumerate(resource.items("AccessPolicies")):
        arn = str(policy.get("PolicyArn", "")) if isinstance(policy, dict) else ""
        name = arn.rsplit("/", 1)[-1] if ":cluster-access-policy/" in arn else ""
        if name and "$" not in name and name not in NAMES:
            near = ", ".join(difflib.get_close_matches(name, NAMES, n=2))
            yield Problem(
                f"{name} is not an EKS access policy" + (f"; similar names: {near}" if near else ""),
                f"AccessPolicies.{index}.PolicyArn",
            )
        scope = policy.get("AccessScope") if isinstance(policy, dict) else None
        kind = scope.get("Type") if isinstance(scope, dict) else None
        if isinstance(kind, str) and kind not in ("cluster", "namespace"):
            yield Problem(
                f"{kind!r} is not a scope; use cluster or namespace", f"AccessPolicies.{index}.AccessScope.Type"
            )
        if isinstance(scope, dict) and kind == "namespace" and not scope.get("Namespaces"):
            yield Problem("the scope is namespace, but no namespace is listed", f"AccessPolicies.{index}.AccessScope")
        if isinstance(scope, dict) and kind == "cluster" and scope.get("Namespaces"):
            yield Problem("the scope is cluster, but namespaces are listed", f"AccessPolicies.{index}.AccessScope")
