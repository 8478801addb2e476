from collections.abc import Iterator
from typing import Any

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.data.regions import ZONES, plausible
from hardened_eks.evidence import Assembly, Resource, Unknown

_PATHS = {
    "AWS::AutoScaling::AutoScalingGroup": "AvailabilityZones",
    "AWS::EC2::Instance": "AvailabilityZone",
    "AWS::EC2::Subnet": "AvailabilityZone",
    "AWS::EC2::Volume": "AvailabilityZone",
}


@control(
    id="DP-39",
    title="The Region has the Availability Zone",
    types=tuple(_PATHS),
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        'CloudFormation answers "Fn::Select cannot select nonexistent value" where a region has fewer zones, and EC2 '
        'refuses the zone of another region: "Value (us-east-1a) for parameter availabilityZone is invalid".'
    ),
    fix="Take as many zones as the region has (two in us-west-1), and name zones of the stack's own region.",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-getavailabilityzones.html",
    blind=(
        "How many zones an account has is its own matter: what a new account gets is known for 30 regions. A template "
        "that is of no region, unless Fn::GetAZs names one."
    ),
    enforced_by="Network",
    needs="resource",
)
def zone_exists(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    region = resource.template.region
    for path, value in resource.each(_PATHS[resource.type]):
        if isinstance(value, Unknown):
            for zone in value.branches:
                if isinstance(zone, Unknown):
                    yield from _selected(zone.expression, region, path)
        elif isinstance(value, str) and region and plausible(region) and not value.startswith(region):
            yield Problem(f"the zone {value!r} is not in the stack's region {region}", path)


def _selected(expression: Any, region: str, path: str) -> Iterator[Problem]:
    """Evaluate a place in the list of a region's zones."""
    match expression:
        case {"Fn::Select": [index, {"Fn::GetAZs": where}]} if str(index).isdecimal():
            named = isinstance(where, str) and where != ""
            region = where if named else region
            has = ZONES.get(region)
            if has is not None and int(index) >= has:
                yield Problem(
                    f"{region} gives a new account {has} Availability Zones, this is number {int(index) + 1}", path
                )
