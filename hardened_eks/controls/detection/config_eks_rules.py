from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Subject

_PACKS: Final = ("AWS::Config::ConformancePack", "AWS::Config::OrganizationConformancePack")
_RULES: Final = ("AWS::Config::ConfigRule", "AWS::Config::OrganizationConfigRule")
_NEEDED: Final = (
    ("EKS_ENDPOINT_NO_PUBLIC_ACCESS",),
    ("EKS_CLUSTER_SUPPORTED_VERSION", "EKS_CLUSTER_OLDEST_SUPPORTED_VERSION"),
    ("EKS_SECRETS_ENCRYPTED", "EKS_CLUSTER_SECRETS_ENCRYPTED"),
    ("ECR_PRIVATE_IMAGE_SCANNING_ENABLED",),
    ("ECR_PRIVATE_LIFECYCLE_POLICY_CONFIGURED",),
    ("ECR_PRIVATE_TAG_IMMUTABILITY_ENABLED",),
)


@control(
    id="DT-12",
    title="All AWS Config rules for EKS and ECR are deployed",
    requirement="config.eks_rules",
    types=(*_PACKS, *_RULES),
    needs="assembly",
    severity=Severity.MEDIUM,
    why=(
        "Settings that were correct at deployment are changed by hand later. An AWS Config rule detects such a change "
        "within a day, in every account."
    ),
    fix=(
        "Deploy `ConformancePacks`, or the rules of the AWS conformance packs Security-Best-Practices-for-EKS and "
        "Security-Best-Practices-for-ECR."
    ),
    source="https://docs.aws.amazon.com/config/latest/developerguide/security-best-practices-for-EKS.html",
    blind=(
        "Evaluated if the assembly has AWS Config rules or conformance packs and either a cluster or a rule on EKS or "
        "ECR. A conformance pack that is stored in S3 or in a document is assumed to contain what its name promises. "
        "Rules of another stack are not seen: an assembly without any rule is not examined. Rules that a function "
        "evaluates, such as those of ClusterRules, neither count nor cause this control to apply."
    ),
    enforced_by="ConformancePacks",
)
def config_eks_rules(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    text = assembly.once("detection.config_rules", lambda: " ".join(map(_text, assembly.of(*_PACKS, *_RULES))))
    concerned = (
        "EKS_" in text or "ECR_" in text or ("AWS::EKS::Cluster" in assembly.types and not _of_function(resource))
    )
    missed = [names[0] for names in _NEEDED if not any(name in text for name in names)]
    if concerned and missed:
        whole = Subject.of_assembly(assembly, resource.template.region)
        yield Problem(f"no rule or pack has {', '.join(missed)}", subject=whole)


def _of_function(resource: Resource) -> bool:
    return bool(resource.get("Source.Owner") == "CUSTOM_LAMBDA")


def _text(resource: Resource) -> str:
    if resource.type in _PACKS:
        where = "TemplateS3Uri", "TemplateSSMDocumentDetails.DocumentName"
        named = " ".join(str(resource.get(path, "")) for path in where).upper()
        whole = [name for names in _NEEDED for name in names if f"FOR-{name[:3]}" in named]
        return " ".join([str(resource.get("TemplateBody", "")), *whole])
    paths = "Source.SourceIdentifier", "OrganizationManagedRuleMetadata.RuleIdentifier"
    return " ".join(str(resource.get(path, "")) for path in paths)
