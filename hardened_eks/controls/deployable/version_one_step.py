from collections.abc import Iterator

from hardened_eks.controls.deployable._changes import before, minor
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="DP-64",
    title="The control plane changes by one minor version at a time",
    types=("AWS::EKS::Cluster",),
    needs="resource",
    evidence="template",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        'EKS returns InvalidParameterException ("Unsupported Kubernetes minor version update from 1.34 to 1.36"), and '
        "can return only to the previous minor version."
    ),
    fix="Deploy each minor version in between, together with its node groups, one after the other.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html",
    blind="Nothing is evaluated without the earlier template (`--against`).",
    detective="Only the account knows the version that was deployed before.",
)
def version_one_step(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    old = before(resource, assembly)
    was, now = (minor(one.get("Version")) if one is not None else None for one in (old, resource))
    if was is None or now is None:
        return
    if now - was > 1:
        yield Problem(
            f"the version changes from 1.{was} to 1.{now}, which is {now - was} minor versions at once", "Version"
        )
    if was - now > 1:
        yield Problem(
            f"the version changes from 1.{was} to 1.{now}, but EKS can return by one minor version at most", "Version"
        )
