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
    title="The Config rules on EKS and ECR are deployed, all of them",
    requirement="config.eks_rules",
    types=(*_PACKS, *_RULES),
    needs="assembly",
    severity=Severity.MEDIUM,
    why=(
        "What was right at deployment is changed by hand later; a rule of AWS Config sees it within the hour, in "
        "every account."
    ),
    fix=(
        "Deploy `ConformancePacks`, or the rules of AWS's packs Security-Best-Practices-for-EKS and "
        "Security-Best-Practices-for-ECR."
    ),
    source="https://docs.aws.amazon.com/config/latest/developerguide/security-best-practices-for-EKS.html",
    blind=(
        "Evaluated where the assembly has Config rules or packs and either a cluster or a rule on EKS or ECR. A pack "
        "that lies in S3 or in a document is taken by its name for what it says. Rules of another stack are not seen: "
        "an assembly without any is not examined. Rules that a function evaluates, as those of ClusterRules, are "
        "beside these and ask for none."
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
