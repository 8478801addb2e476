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
    why=(
        "Anyone who can push can replace the image behind a reviewed tag, and nodes pull the new image at the next "
        "restart."
    ),
    fix=(
        "Set ImageTagMutability to IMMUTABLE, or to IMMUTABLE_WITH_EXCLUSION with filters that name the few exceptions."
    ),
    source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html",
    blind=(
        "Checkov, Control Tower and Security Hub always fail IMMUTABLE_WITH_EXCLUSION; this control accepts "
        "exclusions that name their tags."
    ),
    enforced_by="Repository",
)
def immutable_tags(repository: Resource, assembly: Assembly) -> Iterator[Problem]:
    mode = repository.get("ImageTagMutability", "MUTABLE")  # absent means mutable
    if mode == "IMMUTABLE_WITH_EXCLUSION":
        for path, entry in repository.each("ImageTagMutabilityExclusionFilters"):
            value = entry.get("ImageTagMutabilityExclusionFilterValue") if isinstance(entry, dict) else None
            if not isinstance(value, str):
                yield Problem(
                    f"the exclusion filter {entry if value is None else value} may make every tag mutable", path
                )
            elif not value.strip("*"):
                yield Problem(f"the exclusion filter {value!r} makes every tag mutable", path)
    elif mode != "IMMUTABLE":
        yield Problem(f"tags can be overwritten (ImageTagMutability is {mode})", "ImageTagMutability")
