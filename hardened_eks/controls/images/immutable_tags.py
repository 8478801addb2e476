from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="IM-01",
    title="Image tags cannot be overwritten",
    requirement="ecr.tags.immutable",
    types=("AWS::ECR::Repository", "AWS::ECR::RepositoryCreationTemplate"),
    needs="resource",
    severity=Severity.MEDIUM,
    why="Whoever can push replaces what a reviewed tag means, and nodes pull it at the next restart.",
    fix="Set ImageTagMutability to IMMUTABLE, or IMMUTABLE_WITH_EXCLUSION with filters that name the few tags.",
    source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html",
    blind=(
        "Checkov, Control Tower and Security Hub fail IMMUTABLE_WITH_EXCLUSION altogether; here exclusions "
        "that name their tags pass."
    ),
    enforced_by="Repository",
)
def immutable_tags(repository: Resource, assembly: Assembly) -> Iterator[Problem]:
    mode = repository.get("ImageTagMutability", "MUTABLE")  # absent means mutable
    if mode == "IMMUTABLE_WITH_EXCLUSION":
        path = "ImageTagMutabilityExclusionFilters"
        for index, entry in enumerate(repository.items(path)):
            value = entry.get("ImageTagMutabilityExclusionFilterValue") if isinstance(entry, dict) else None
            if not str(value).strip("*") or not isinstance(value, str):
                yield Problem(f"the exclusion {value} makes every tag mutable", f"{path}.{index}")
    elif mode != "IMMUTABLE":
        yield Problem(f"tags can be overwritten (ImageTagMutability is {mode})", "ImageTagMutability")
