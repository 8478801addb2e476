from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown

_MOST = 5


@control(
    id="DP-50",
    title="A Fargate profile has one to five selectors with at most five labels each, and a valid name",
    types=("AWS::EKS::FargateProfile",),
    needs="resource",
    severity=Severity.MEDIUM,
    family=Family.DEPLOYABLE,
    why=(
        "EKS returns InvalidParameterException for a sixth selector, a sixth label or a profile without selectors, "
        "and reserves names that begin with eks-."
    ),
    fix="Split the profile, or select by wildcard: payments-*.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html",
    enforced_by="FargateProfile",
)
def fargate_selectors(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    name = resource.get("FargateProfileName")
    if isinstance(name, str) and name.startswith("eks-"):
        yield Problem(f"the name {name} begins with eks-, which EKS reserves", "FargateProfileName")
    selectors = resource.items("Selectors")
    if any(isinstance(selector, Unknown) for selector in selectors):
        return
    if not 1 <= len(selectors) <= _MOST:
        yield Problem(f"it has {len(selectors)} selectors; 1 to {_MOST} are allowed", "Selectors")
    for place, selector in resource.each("Selectors"):
        labels = selector.get("Labels") if isinstance(selector, dict) else None
        if isinstance(labels, list) and len(labels) > _MOST:
            yield Problem(f"the selector has {len(labels)} labels; at most {_MOST} are allowed", f"{place}.Labels")
