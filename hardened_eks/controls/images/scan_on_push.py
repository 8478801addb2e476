from collections.abc import Iterator

from hardened_eks.controls.evidence import Assembly, Resource
from hardened_eks.controls.model import Problem, Severity, control


@control(
    id="IM-04",
    title="Images are scanned when they are pushed",
    requirement="ecr.scan.on_push",
    types=("AWS::ECR::Repository",),
    severity=Severity.HIGH,
    why="An image with a known hole is deployed because nobody looked.",
    fix="Set ImageScanningConfiguration.ScanOnPush to true, or scan at the registry.",
    source="https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html",
    blind="A registry setting of another app or account.",
)
def scan_on_push(repository: Resource, assembly: Assembly) -> Iterator[Problem]:
    for registry in assembly.of("AWS::ECR::RegistryScanningConfiguration"):
        if registry.get("ScanType") == "ENHANCED" and registry.items("Rules"):
            return
    scanned = repository.flag("ImageScanningConfiguration.ScanOnPush", default=False)
    if scanned is not True:
        yield Problem(f"images are not scanned (ScanOnPush is {scanned})", "ImageScanningConfiguration.ScanOnPush")
