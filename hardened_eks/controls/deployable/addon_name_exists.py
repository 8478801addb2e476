import difflib
from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.data.addons import ADDONS, NAMED
from hardened_eks.evidence import Assembly, Resource

_AWS = (*ADDONS, *NAMED)


@control(
    id="DP-09",
    title="AWS add-ons have a name that EKS accepts",
    types=("AWS::EKS::Addon",),
    needs="resource",
    severity=Severity.MEDIUM,
    family=Family.DEPLOYABLE,
    why='EKS returns "addon not supported" after the cluster was created, and the stack rolls back.',
    fix="Correct the name. To list the names, run `aws eks describe-addon-versions`.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html",
    blind="Add-ons that EKS added after this list was compiled, and marketplace add-ons (vendor_product).",
    enforced_by="Addon",
)
def addon_name_exists(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    name = resource.get("AddonName")
    if not isinstance(name, str) or name in _AWS or ("_" in name and name.replace("_", "-") not in _AWS):
        return  # community and marketplace add-ons are named vendor_product
    near = ", ".join(difflib.get_close_matches(name, _AWS, n=2))
    yield Problem(f"{name!r} is not an EKS add-on" + (f"; similar names: {near}" if near else ""), "AddonName")
