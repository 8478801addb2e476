from collections.abc import Iterator

from hardened_eks.controls.deployable._changes import before, minor
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="DP-65",
    title="The control plane returns to an older version only deliberately, within seven days",
    types=("AWS::EKS::Cluster",),
    needs="resource",
    evidence="template",
    severity=Severity.MEDIUM,
    family=Family.DEPLOYABLE,
    why=(
        "EKS can return to the previous minor version within seven days of an upgrade, if the cluster was upgraded in "
        "place and the older version is still supported; otherwise it returns InvalidParameterException. Workloads "
        "and etcd are not rolled back."
    ),
    fix="Downgrade the node groups first, read the rollback insights, and waive this finding for that one deployment.",
    source="https://docs.aws.amazon.com/eks/latest/userguide/rollback-cluster.html",
    blind="When the upgrade took place. Nothing is evaluated without the earlier template (`--against`).",
    detective="Only the account knows the version that was deployed before.",
)
def version_goes_back(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    old = before(resource, assembly)
    was, now = (minor(one.get("Version")) if one is not None else None for one in (old, resource))
    if was is not None and now is not None and was - now == 1:
        yield Problem(
            f"the version changes from 1.{was} to 1.{now}, which EKS allows for seven days after an upgrade", "Version"
        )
