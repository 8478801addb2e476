from collections.abc import Iterator
from typing import Any, Final

from hardened_eks._patterns import regex
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.data.regions import ZONES, plausible
from hardened_eks.evidence import Assembly, Resource, Template, Unknown

_PATHS = {
    "AWS::AutoScaling::AutoScalingGroup": "AvailabilityZones",
    "AWS::EC2::Instance": "AvailabilityZone",
    "AWS::EC2::Subnet": "AvailabilityZone",
    "AWS::EC2::Volume": "AvailabilityZone",
}
_ZONE: Final = regex(r"([a-z]{2,}(?:-[a-z]+)+-\d+)(?:-[a-z]+-\d+)?[a-z]")

_DUMMY: Final = regex(r"dummy1[a-z]")
"""The zones that the CDK writes (``Stack.availabilityZones``) until it has looked up those of the account."""


@control(
    id="DP-39",
    title="The Availability Zone exists in the Region of the stack",
    types=tuple(_PATHS),
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        'CloudFormation returns "Fn::Select cannot select nonexistent value" if a Region has fewer zones, and EC2 '
        'rejects the zone of another Region: "Value (us-east-1a) for parameter availabilityZone is invalid".'
    ),
    fix="Use at most as many zones as the Region has (two in us-west-1), and use zones of the stack's own Region.",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-getavailabilityzones.html",
    blind=(
        "The number of zones in your account, which can differ from other accounts: the zones of a new account are "
        "known for 30 Regions. Templates without a Region, unless Fn::GetAZs names one or its zones are in two "
        "Regions."
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
        elif isinstance(value, str) and _DUMMY.fullmatch(value):
            yield Problem(
                f"the zone {value!r} is a placeholder: run cdk synth with credentials of the account once, and commit "
                "the cdk.context.json that it writes",
                path,
            )
        elif isinstance(value, str) and region and plausible(region) and not value.startswith(region):
            yield Problem(f"the zone {value!r} is not in the stack's Region {region}", path)
        elif isinstance(value, str) and _region(value) not in {"", meant or _region(value)}:
            yield Problem(f"the zone {value!r} is not in {meant}, where other zones of the template are", path)


def _regions(template: Template) -> Iterator[str]:
    """Yield the Region of each zone in a template, in order."""
    for resource in template.resources.values():
        for _, value in resource.each(_PATHS[resource.type]) if resource.type in _PATHS else ():
            if isinstance(value, str) and _region(value):
                yield _region(value)


def _region(zone: str) -> str:
    """Return the Region of a zone or Local Zone; empty if the name is not a zone name."""
    found = _ZONE.fullmatch(zone)
    return found[1] if found and plausible(found[1]) else ""


def _selected(expression: Any, region: str, path: str) -> Iterator[Problem]:
    """Evaluate an index in the list of zones of a Region."""
    match expression:
        case {"Fn::Select": [index, {"Fn::GetAZs": where}]} if str(index).isdecimal():
            named = isinstance(where, str) and where != ""
            region = where if named else region
            has = ZONES.get(region)
            if has is not None and int(index) >= has:
                yield Problem(
                    f"a new account has {has} Availability Zones in {region}, but this is number {int(index) + 1}", path
                )
