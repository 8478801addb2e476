from collections.abc import Iterator

from hardened_eks.controls._unseen import text_not_known
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown


@control(
    id="ND-24",
    title="A Fargate profile selects namespaces by name",
    requirement="guardduty.eks_runtime",
    types=("AWS::EKS::FargateProfile",),
    needs="resource",
    severity=Severity.LOW,
    why=(
        "A profile for every namespace also selects everything that is deployed later, including security agents. "
        "They cannot run on Fargate: GuardDuty runtime monitoring, Pod Identity and network policies do not work "
        "there."
    ),
    fix="List the namespaces, or a prefix that your namespaces have in common, such as payments-*.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/fargate-profile.html",
    blind="Selectors that are not known before deployment.",
    enforced_by="FargateProfile",
)
def fargate_selects_namespaces(profile: Resource, assembly: Assembly) -> Iterator[Problem]:
    for place, selector in profile.each("Selectors"):
        hidden = isinstance(selector, Unknown)
        path = place if hidden else f"{place}.Namespace"
        namespace = selector.get("Namespace") if isinstance(selector, dict) else selector if hidden else None
        if isinstance(namespace, Unknown):
            if text_not_known(str(namespace)):
                what = f"the namespaces that {namespace} selects are not known before deployment"
                yield Problem(what, path, unseen=True)
        elif isinstance(namespace, str) and namespace and not namespace.strip("*?-"):
            yield Problem(f"the selector {namespace} selects every namespace", path)
