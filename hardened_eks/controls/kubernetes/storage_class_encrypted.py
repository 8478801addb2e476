from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.worst import at_worst

_PATH = "parameters.encrypted"
_EBS = ("ebs.csi.eks.amazonaws.com", "ebs.csi.aws.com", "kubernetes.io/aws-ebs")
"""The EBS drivers of Auto Mode, of the add-on, and of old Kubernetes versions."""


@control(
    id="KB-35",
    title="Amazon EBS storage classes encrypt volumes",
    requirement=("node.ebs.encrypted", "k8s.storage.encrypted"),
    types=("Kubernetes::storage.k8s.io::StorageClass",),
    needs="resource",
    severity=Severity.HIGH,
    why=(
        "Volumes of pods are not encrypted by default, and an existing volume cannot be encrypted: its data has to be "
        "copied."
    ),
    fix='Set parameters.encrypted to "true", and parameters.kmsKeyId to a key of your own.',
    source="https://docs.aws.amazon.com/eks/latest/userguide/create-storage-class.html",
    blind=(
        "Accounts in which EBS encryption by default is on. Storage classes that the EBS CSI add-on or a chart "
        "creates in the cluster."
    ),
    enforced_by="Workloads",
)
def storage_class_encrypted(resource: Resource, _: Assembly) -> Iterator[Problem]:
    provisioner = resource.get("provisioner")
    if not isinstance(provisioner, Unknown) and provisioner not in _EBS:
        return
    encrypted = resource.get(_PATH)
    if str(encrypted).lower() != "true":
        yield Problem(at_worst("volumes of the class are not encrypted", "encrypted", encrypted), _PATH)
