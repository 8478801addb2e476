import difflib
from collections.abc import Iterator

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.data.instances import known, named, names, new_family, retired
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.launch import instance_types


@control(
    id="DP-03",
    title="Every instance type is one that EC2 has",
    types=("AWS::EKS::Nodegroup", "AWS::EC2::LaunchTemplate", "AWS::EC2::Instance"),
    needs="resource",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why="EC2 answers InvalidParameterValue after the rest of the stack was built, and everything rolls back.",
    fix=(
        "Correct the name, or refresh the data with `hardened-eks data refresh-instance-types` when the type "
        "is newer than it."
    ),
    source="https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html",
    blind=(
        "What a region offers. A size that the data file does not have is believed where it has the family, as "
        "NodeGroup does; a family that EC2 announced after the file was made is a finding that says so."
    ),
    enforced_by="NodeGroup",
)
def instance_type_exists(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for name, path in instance_types(resource, assembly):
        gone = retired(name)
        near = ", ".join(difflib.get_close_matches(name, names(), n=3))
        hint = f", near names are {near}" if near else ""
        if gone is not None:
            yield Problem(f"{name} was retired on {gone.isoformat()}, EC2 launches none", path)
        elif new_family(name):
            family = name.split(".", maxsplit=1)[0]
            yield Problem(f"{name}: whether EC2 has the family {family} is not known to this release{hint}", path)
        elif known(name) is None and not named(name):
            yield Problem(f"{name} is no known instance type{hint}", path)
