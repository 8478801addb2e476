import difflib
from collections.abc import Iterator

from hardened_eks.controls._unseen import types_not_seen
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.data.instances import known, lacked, named, names, new_family, price_list_read, retired
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.launch import (
    AUTO_SCALING,
    CONFIGURATION,
    INSTANCE,
    NODEGROUP,
    TEMPLATE,
    named_types,
)


@control(
    id="DP-03",
    title="Every instance type exists in EC2, in the Region of the stack",
    types=(NODEGROUP, TEMPLATE, INSTANCE, CONFIGURATION, AUTO_SCALING),
    needs="assembly",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why="EC2 returns InvalidParameterValue after the rest of the stack was created, and everything rolls back.",
    fix=(
        "Correct the name. If the type is newer than the data file, refresh the data with `hardened-eks data "
        "refresh-instance-types`."
    ),
    source="https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html",
    blind=(
        "A size that is missing from the data file is accepted if the file contains its family, as in NodeGroup. A "
        "family that EC2 announced after the file was written is a finding with low severity. So is a type that the "
        "price list of the Region does not contain, because price lists are updated late; 38 Regions are known. "
        "Patterns of instance types are not evaluated."
    ),
    enforced_by="NodeGroup",
)
def instance_type_exists(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield from types_not_seen(resource, assembly)
    region = resource.template.region
    for name, path in named_types(resource):
        if isinstance(name, str) and "*" not in name:
            yield from _judge(name, path, region)


def _judge(name: str, path: str, region: str) -> Iterator[Problem]:
    gone = retired(name)
    if gone is not None:
        yield Problem(f"{name} was retired on {gone.isoformat()}: EC2 no longer launches it", path)
    elif new_family(name):
        message = f"this release does not know the instance family {name.split('.', maxsplit=1)[0]}"
        yield Problem(f"{name}: {message}{_hint(name)}", path, severity=Severity.LOW)
    elif known(name) is None and not named(name):
        yield Problem(f"{name} is not a known instance type{_hint(name)}", path)
    elif lacked(name, region):
        day = price_list_read().isoformat()
        yield Problem(
            f"the price list of {region}, read on {day}, does not contain {name}", path, severity=Severity.LOW
        )


def _hint(name: str) -> str:
    near = ", ".join(difflib.get_close_matches(name, names(), n=3))
    return f"; similar names: {near}" if near else ""
