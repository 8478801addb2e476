from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="DP-05",
    title="The metadata hop limit is between 1 and 64",
    types=("AWS::EC2::LaunchTemplate", "AWS::EC2::Instance"),
    needs="resource",
    severity=Severity.MEDIUM,
    family=Family.DEPLOYABLE,
    why="EC2 rejects the launch with InvalidParameterValue.",
    fix="Set a number from 1 to 64. With 1, pods cannot reach the metadata service.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LaunchTemplateInstanceMetadataOptionsRequest.html",
    enforced_by="NodeGroup",
)
def metadata_hop_limit_range(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    path = (
        "LaunchTemplateData." if resource.type == "AWS::EC2::LaunchTemplate" else ""
    ) + "MetadataOptions.HttpPutResponseHopLimit"
    limit = resource.number(path)
    if isinstance(limit, int) and not 1 <= limit <= 64:
        yield Problem(f"the hop limit is {limit}; EC2 accepts 1 to 64", path)
    if isinstance(limit, str | float):
        yield Problem(f"the hop limit is {limit!r}; EC2 accepts a whole number from 1 to 64", path)
