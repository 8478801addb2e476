from collections.abc import Iterator

from hardened_eks.controls.control_plane._versions import versions
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.data.kubernetes import NEWEST, SOURCE, Support, is_newer, lasting, support
from hardened_eks.evidence import Assembly, Resource


@control(
    id="CP-08",
    title="The cluster runs a Kubernetes version in standard support",
    requirement="eks.version.supported",
    types=("AWS::EKS::Cluster",),
    needs="resource",
    severity=Severity.HIGH,
    why=(
        "Outside standard support, a version gets no new features and costs six times as much. After extended support "
        "ends, EKS upgrades the cluster automatically, on a day that EKS chooses."
    ),
    fix=(
        "Set Version to a version in standard support, and upgrade one minor version at a time. "
        "UpgradePolicy.SupportType STANDARD keeps a forgotten cluster out of extended support."
    ),
    source=SOURCE,
    blind=(
        "The end-of-support dates come from hardened_eks/data/kubernetes.json and are compared with the date of the "
        "check. A cluster without Version fails: EKS selects its default version at creation, and nothing keeps the "
        "cluster on that version afterwards. A missing UpgradePolicy is not evaluated: EKS uses EXTENDED, and this "
        "control reports the cluster when standard support for its version ends."
    ),
    enforced_by="Cluster",
)
def version_supported(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    for version, shown in versions(cluster.get("Version")):
        if version is None:
            yield Problem(f"the version is {shown}", "Version")
        elif is_newer(version):
            known = f"this release knows versions up to {NEWEST}: upgrade hardened-eks"
            yield Problem(f"Kubernetes {version} is not known, {known}", "Version")
        elif (standing := support(version, assembly.today)) not in {Support.STANDARD, Support.ENDS_SOON}:
            better = ", ".join(lasting(assembly.today))  # CP-09 rejects the oldest
            phase = "" if standing is Support.UNKNOWN else f" ({standing})"  # the data begin after the oldest versions
            yield Problem(f"Kubernetes {version} is not in standard support{phase}, use {better}", "Version")
    policy = cluster.get("UpgradePolicy.SupportType")
    if policy is not None and policy != "STANDARD":  # if absent, only the dates are evaluated
        yield Problem(f"it is configured to stay after standard support ends ({policy})", "UpgradePolicy.SupportType")
