import re
from collections.abc import Iterator
from typing import Any, Final

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.data.regions import ZONES, plausible
from hardened_eks.evidence import Assembly, Resource, Template, Unknown

_PATHS = {
    "AWS::AutoScaling::AutoScalingGroup": "AvailabilityZones",
    "AWS::EC2::Instance": "AvailabilityZone",
    "AWS::EC2::Subnet": "AvailabilityZone",
    "AWS::EC2::Volume": "AvailabilityZone",
}
_ZONE: Final = re.compile(r"([a-z]{2,}(?:-[a-z]+)+-\d+)(?:-[a-z]+-\d+)?[a-z]")


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
        "that is of no region, unless Fn::GetAZs names one, or its zones are of two."
    ),
    enforced_by="Network",
    needs="stack",
)
def zone_exists(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    template = resource.template
    region = template.region
    meant = "" if region else assembly.once(("zones", template), lambda: next(_regions(template), ""))
    for path, value in resource.each(_PATHS[resource.type]):
        if isinstance(value, Unknown):
            for zone in value.branches:
                if isinstance(zone, Unknown):
                    yield from _selected(zone.expression, region, path)
        elif isinstance(value, str) and region and plausible(region) and not value.startswith(region):
            yield Problem(f"the zone {value!r} is not in the stack's region {region}", path)
        elif isinstance(value, str) and _region(value) not in {"", meant or _region(value)}:
            yield Problem(f"the zone {value!r} is not in {meant}, where other zones of the template are", path)


def _regions(template: Template) -> Iterator[str]:
    """Yield the region of each zone that a template names, the first first."""
    for resource in template.resources.values():
        for _, value in resource.each(_PATHS[resource.type]) if resource.type in _PATHS else ():
            if isinstance(value, str) and _region(value):
                yield _region(value)


def _region(zone: str) -> str:
    """Return the region of a zone, a local zone too; empty where it has the name of none."""
    found = _ZONE.fullmatch(zone)
    return found[1] if found and plausible(found[1]) else ""


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
