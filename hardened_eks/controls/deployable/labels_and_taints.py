from collections.abc import Iterator

from hardened_eks.baseline.node_labels import LABEL_KEY, LABEL_VALUE, of_kubernetes, reserved_for_taints
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_EFFECTS = ("NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE")
# Labels with reserved prefixes that the NodeRestriction plugin lets a kubelet set.
_KUBELET_MAY = {"hostname", "arch", "os", "instance-type", "region", "zone"}


@control(
    id="DP-34",
    title="Kubernetes accepts the labels and taints of a node group",
    types=("AWS::EKS::Nodegroup",),
    needs="resource",
    severity=Severity.MEDIUM,
    family=Family.DEPLOYABLE,
    why=(
        "EKS rejects the node group, or the kubelet refuses to register a node with a reserved label, so the node "
        "never joins."
    ),
    fix=(
        "Keep keys and values to 63 characters, give every label a value, do not use the kubernetes.io and k8s.io "
        "prefixes, and use one of the three taint effects."
    ),
    source="https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set",
    enforced_by="NodeGroup",
)
def labels_and_taints(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    labels = resource.get("Labels")
    for key, value in labels.items() if isinstance(labels, dict) else ():
        reserved = of_kubernetes(str(key)) and str(key).rpartition("/")[2] not in _KUBELET_MAY
        if problem := _key_problem(str(key), reserved=reserved):
            yield Problem(problem, f"Labels.{key}")
        if isinstance(value, str) and not (value and LABEL_VALUE.fullmatch(value)):
            yield Problem(f"{value!r} is not a valid label value", f"Labels.{key}")
    for index, taint in enumerate(resource.items("Taints")):
        if not isinstance(taint, dict):
            continue
        effect = taint.get("Effect")
        if isinstance(effect, str) and effect not in _EFFECTS:
            yield Problem(
                f"{effect!r} is not a taint effect; EKS supports {', '.join(_EFFECTS)}", f"Taints.{index}.Effect"
            )
        key = taint.get("Key")
        if isinstance(key, str) and (problem := _key_problem(key, reserved=reserved_for_taints(key))):
            yield Problem(problem, f"Taints.{index}.Key")


def _key_problem(key: str, *, reserved: bool) -> str:
    if not LABEL_KEY.fullmatch(key):
        return f"{key!r} is not a valid label key"
    return f"{key!r} has the reserved prefix {key.rpartition('/')[0]}" if reserved else ""
