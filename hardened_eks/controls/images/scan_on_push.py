from collections.abc import Iterator

from hardened_eks.controls.images._registry import covers, rules
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.worst import as_far_as_known


@control(
    id="IM-04",
    title="Images are scanned when they are pushed",
    requirement="ecr.scan.on_push",
    types=("AWS::ECR::Repository",),
    needs="assembly",
    severity=Severity.HIGH,
    why="Without a scan, an image with a known vulnerability is deployed unnoticed.",
    fix="Set ImageScanningConfiguration.ScanOnPush to true, or configure scanning for the registry.",
    source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html",
    blind="The registry settings of another app or account.",
    enforced_by="Repository",
)
def scan_on_push(repository: Resource, assembly: Assembly) -> Iterator[Problem]:
    name = repository.get("RepositoryName")
    name = name if isinstance(name, str) else None
    left_out = False
    read = []
    for registry in assembly.of("AWS::ECR::RegistryScanningConfiguration"):
        if _elsewhere(registry, repository):
            continue
        read.append(registry.get("Rules"))
        enhanced = registry.get("ScanType") == "ENHANCED"
        scanning = rules(registry, "SCAN_ON_PUSH", *(("CONTINUOUS_SCAN",) if enhanced else ()))
        if any(covers(rule, name) for rule in scanning):
            return
        left_out |= enhanced and name is not None  # enhanced scanning ignores the setting of the repository
    path = "ImageScanningConfiguration.ScanOnPush"
    scanned = repository.flag(path, default=False)
    if scanned is not True:
        yield Problem(as_far_as_known(f"images are not scanned (ScanOnPush is {scanned})", *read), path)
    elif left_out:
        yield Problem("the registry has enhanced scanning, but no filter of it includes this repository", path)


def _elsewhere(registry: Resource, repository: Resource) -> bool:
    """Return whether the two are known to be in different accounts or Regions."""
    ours, theirs = repository.template, registry.template
    return any(a and b and a != b for a, b in ((ours.account, theirs.account), (ours.region, theirs.region)))
