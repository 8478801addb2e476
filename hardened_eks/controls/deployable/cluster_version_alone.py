from collections.abc import Iterator

from hardened_eks.controls.deployable._changes import before, changed
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_SETTINGS = (
    "AccessConfig.AuthenticationMode",
    "ActiveCertificateAuthorityId",
    "ComputeConfig",
    "ControlPlaneScalingConfig",
    "DeletionProtection",
    "KubeApiServerConfig",
    "KubeControllerManagerConfig",
    "KubeSchedulerConfig",
    "KubernetesNetworkConfig.ElasticLoadBalancing",
    "Logging",
    "RemoteNetworkConfig",
    "ResourcesVpcConfig",
    "StorageConfig",
    "UpgradePolicy",
    "ZonalShiftConfig",
)


@control(
    id="DP-71",
    title="The Kubernetes version of a cluster changes in a deployment of its own",
    types=("AWS::EKS::Cluster",),
    needs="resource",
    evidence="template",
    severity=Severity.MEDIUM,
    family=Family.DEPLOYABLE,
    why=(
        "EKS accepts one change of a cluster at a time, and the CDK's own handler rejects two (\"Only one type of "
        'update can be allowed"). If the second change fails, the stack tries to return to the earlier version, which '
        "EKS allows only within seven days and with compatible nodes."
    ),
    fix="Deploy the other changes first, and the version afterwards.",
    source="https://github.com/aws/aws-cdk/issues/33452",
    blind="Nothing is evaluated without the earlier template (`--against`).",
    detective="Only the account knows what was deployed before.",
)
def cluster_version_alone(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    old = before(resource, assembly)
    if old is None or not changed(resource, old, "Version"):
        return
    for path in _SETTINGS:
        if changed(resource, old, path):
            yield Problem(f"{path} changes together with Version", path)
