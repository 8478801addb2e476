from collections.abc import Iterator

from hardened_eks.controls.images._registry import covers, rules
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="IM-05",
    title="The registry scans images continuously",
    requirement="ecr.scan.enhanced",
    types=("AWS::ECR::RegistryScanningConfiguration",),
    needs="resource",
    severity=Severity.MEDIUM,
    why=(
        "Basic scanning runs once and covers only the operating system. Most vulnerabilities are found later, in "
        "libraries."
    ),
    fix="Set ScanType to ENHANCED with a CONTINUOUS_SCAN rule for all repositories.",
    source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced.html",
    blind="A registry without this resource in the assembly is not examined.",
    enforced_by="Registry",
)
def enhanced_scanning(registry: Resource, assembly: Assembly) -> Iterator[Problem]:
    kind = registry.get("ScanType", "BASIC")
    if kind != "ENHANCED":
        yield Problem(f"the scan type is {kind}", "ScanType")
    continuous = rules(registry, "CONTINUOUS_SCAN")
    if not continuous:
        yield Problem("no rule scans continuously", "Rules")
    elif not any(covers(rule, None) for rule in continuous):
        yield Problem("no continuous rule covers all repositories (the filter *)", "Rules")
