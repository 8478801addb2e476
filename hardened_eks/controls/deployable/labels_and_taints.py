import re
from collections.abc import Iterator

from hardened_eks._patterns import regex
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_EFFECTS = ("NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE")
_NAME = regex(r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?")
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
        if problem := _key_problem(str(key)):
            yield Problem(problem, f"Labels.{key}")
        if isinstance(value, str) and not _NAME.fullmatch(value):
            yield Problem(f"{value!r} is not a valid label value", f"Labels.{key}")
    for index, taint in enumerate(resource.items("Taints")):
        if not isinstance(taint, dict):
            continue
        effect = taint.get("Effect")
        if isinstance(effect, str) and effect not in _EFFECTS:
            yield Problem(
                f"{effect!r} is not a taint effect; EKS supports {', '.join(_EFFECTS)}", f"Taints.{index}.Effect"
            )
        if isinstance(taint.get("Key"), str) and (problem := _key_problem(taint["Key"])):
            yield Problem(problem, f"Taints.{index}.Key")


def _key_problem(key: str) -> str:
    prefix, _, name = key.rpartition("/")
    if not _NAME.fullmatch(name) or len(prefix) > 253:
        return f"{key!r} is not a valid label key"
    reserved = re.search(r"(^|\.)(kubernetes|k8s)\.io$", prefix) and not prefix.startswith(("node.", "kubelet."))
    return f"{key!r} has the reserved prefix {prefix}" if reserved and name not in _KUBELET_MAY else ""
