from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="KY-05",
    title="Keys belong to a single Region",
    requirement="kms.single_region",
    types=("AWS::KMS::Key", "AWS::KMS::ReplicaKey"),
    needs="resource",
    severity=Severity.LOW,
    why=(
        "The key material of a multi-Region key is copied to other Regions. Each copy has its own policy, and the "
        "weakest policy decides who can read the data."
    ),
    fix=(
        "Omit MultiRegion, and re-encrypt data that is copied to another Region. Waive the finding if a standby "
        "Region needs the same key."
    ),
    source="https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html",
    enforced_by="Keys",
)
def single_region(key: Resource, assembly: Assembly) -> Iterator[Problem]:
    if key.type == "AWS::KMS::ReplicaKey":
        yield Problem("it is a copy of a multi-Region key")
        return
    multi = key.flag("MultiRegion", default=False)
    if multi is not False:
        yield Problem(f"the key is multi-Region (MultiRegion is {multi})", "MultiRegion")
