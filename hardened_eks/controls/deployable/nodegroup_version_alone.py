from collections.abc import Iterator

from hardened_eks.controls.deployable._changes import before, changed
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_VERSIONS = ("Version", "ReleaseVersion")
_SETTINGS = ("Labels", "NodeRepairConfig", "ScalingConfig", "Taints", "UpdateConfig")


@control(
    id="DP-66",
    title="The version of a node group changes in a deployment of its own",
    types=("AWS::EKS::Nodegroup",),
    needs="resource",
    evidence="template",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why='CloudFormation returns "Version and ReleaseVersion updates cannot be combined with other updates".',
    fix="Deploy the version first, and the other changes afterwards.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/update-managed-node-group.html",
    blind="Nothing is evaluated without the earlier template (`--against`).",
    detective="Only the account knows what was deployed before.",
)
def nodegroup_version_alone(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    old = before(resource, assembly)
    if old is None:
        return
    versions = [path for path in _VERSIONS if changed(resource, old, path)]
    for path in _SETTINGS if versions else ():
        if changed(resource, old, path):
            yield Problem(f"{path} changes together with {versions[0]}", path)
