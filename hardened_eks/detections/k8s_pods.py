"""Detections on pods with access to the node, or from an unexpected source.

Pods are identified by their namespace, never by their creator, because a controller in kube-system creates the pods of
an attacker's Deployment.
"""

from hardened_eks.detections.clauses import DONE, ISOLATE, SURGE, any_of, audit, none_of, records
from hardened_eks.detections.model import Detection, Severity

_CREATED = (
    '$.objectRef.resource = "pods"',
    '$.verb = "create"',
    DONE,
    none_of("objectRef.namespace", "<agent_namespaces>"),
)
_SPEC = "requestObject.spec"
_OWNER = (
    "Find its controller: `kubectl get pod POD -n NAMESPACE -o jsonpath='{.metadata.ownerReferences}'`, and "
    "find out who applied it: filter the audit log by the owner's objectRef.name."
)
_AGENT = "Node agents: add their namespace to agent_namespaces."


def _find(condition: str) -> str:
    return records(f"objectRef.resource = 'pods' and verb = 'create' and {condition}")


def _places(containers: int, init: int) -> list[str]:
    """Selectors of the first containers and init containers, because metric filters have no selector for any item."""
    return [f"{_SPEC}.containers[{i}]" for i in range(containers)] + [
        f"{_SPEC}.initContainers[{i}]" for i in range(init)
    ]


K8S_PODS = (
    Detection(
        id="k8s-privileged-pod",
        title="A privileged pod was created",
        severity=Severity.CRITICAL,
        default=True,
        why=(
            "A privileged container is root on the node: it has access to all pods there, to their secrets and to the "
            "node role."
        ),
        first=(
            _find("@message like '\"privileged\":true'"),
            _OWNER,
            ISOLATE,
            "The namespace admitted it: add the label `pod-security.kubernetes.io/enforce=restricted`.",
        ),
        expressions=(
            audit(
                *_CREATED,
                any_of(
                    *(f"$.{place}.securityContext.privileged IS TRUE" for place in _places(4, 2)),
                ),
            ),
        ),
        false_positives=_AGENT,
        technique="T1611",
        anchors=("panther", "falco", "elastic", "sigma", "stratus", "splunk", "guardduty"),
        requirements=(*SURGE, "k8s.pod.privileged"),
        blind=(
            "The fifth and further containers, and the third and further init containers; Pod Security Admission "
            "rejects those."
        ),
    ),
    Detection(
        id="k8s-host-namespaces",
        title="A pod shares the network, processes or IPC of its node",
        severity=Severity.HIGH,
        default=True,
        why=(
            "It can see the traffic and processes of the node, and can reach the metadata service despite the hop "
            "limit."
        ),
        first=(_find('@message like /"host(Network|PID|IPC)":true/'), _OWNER, ISOLATE),
        expressions=(
            audit(
                *_CREATED,
                any_of(
                    *(f"$.{_SPEC}.{field} IS TRUE" for field in ("hostNetwork", "hostPID", "hostIPC")),
                ),
            ),
        ),
        false_positives="Node exporters. " + _AGENT,
        technique="T1611",
        anchors=("panther", "falco", "elastic", "splunk"),
        requirements=(*SURGE, "k8s.pod.host_network", "k8s.pod.host_pid", "k8s.pod.host_ipc"),
    ),
    Detection(
        id="k8s-host-path",
        title="A pod mounts a directory of its node",
        severity=Severity.HIGH,
        default=True,
        why="A mount of /, /etc, /var/lib/kubelet or a runtime socket is a way to become root on the node.",
        first=(_find('@message like \'"hostPath":{"path":\''), _OWNER, ISOLATE),
        expressions=(
            audit(
                *_CREATED,
                any_of(
                    *(f'$.{_SPEC}.volumes[{i}].hostPath.path = "*"' for i in range(8)),
                ),
            ),
        ),
        false_positives="Log agents and CSI drivers. " + _AGENT,
        technique="T1611",
        anchors=("panther", "falco", "elastic", "sigma", "guardduty"),
        requirements=(*SURGE, "k8s.pod.host_path", "k8s.pod.runtime_socket"),
        blind="The ninth and further volumes.",
    ),
    Detection(
        id="k8s-root-container",
        title="A pod requests to run as root",
        severity=Severity.MEDIUM,
        default=False,
        why="Most container escapes start with root in the container.",
        first=(
            _find('@message like /"runAsUser":0[,}]|"runAsNonRoot":false/'),
            _OWNER,
            (
                "Set runAsNonRoot: true and a runAsUser above 0, and label the namespace "
                "`pod-security.kubernetes.io/enforce=restricted`."
            ),
        ),
        expressions=(
            audit(
                *_CREATED,
                any_of(
                    f"$.{_SPEC}.securityContext.runAsUser = 0",
                    f"$.{_SPEC}.securityContext.runAsNonRoot IS FALSE",
                    *(f"$.{place}.securityContext.runAsUser = 0" for place in _places(3, 2)),
                ),
            ),
        ),
        false_positives="Images that need root to start. " + _AGENT,
        technique="T1611",
        requirements=(*SURGE, "k8s.pod.non_root"),
        blind="A pod without these settings, which runs as the user of its image; that user may be root.",
    ),
    Detection(
        id="k8s-pod-in-kube-system",
        title="A person created a pod in kube-system",
        severity=Severity.HIGH,
        default=False,
        why="In this namespace, the pod is hard to notice among system pods and is exempt from most policies.",
        first=(
            _find("objectRef.namespace like /^kube-/"),
            ISOLATE,
            (
                "List the pods that no controller owns: `kubectl get pods -n kube-system -o json | jq -r "
                "'.items[]|select(.metadata.ownerReferences|not)|.metadata.name'`."
            ),
        ),
        expressions=(
            audit(
                '$.objectRef.resource = "pods"',
                '$.verb = "create"',
                "$.objectRef.subresource NOT EXISTS",
                '$.objectRef.namespace = "kube-*"',
                DONE,
                none_of("user.username", "system:*", "eks:*"),
            ),
        ),
        false_positives="Administrators who use kubectl run.",
        technique="T1036.005",
        anchors=("panther", "falco", "sigma"),
        requirements=(*SURGE, "k8s.namespace.boundaries"),
    ),
    Detection(
        id="k8s-untrusted-image",
        title="A pod's image comes from outside the trusted registries",
        severity=Severity.MEDIUM,
        default=False,
        why="Nobody scanned or signed the image, and the owner of its registry can replace it at any time.",
        first=(
            _find("requestObject.spec.containers.0.image not like '.dkr.ecr.'"),
            _OWNER,
            "Copy the image through the pipeline into your registry, or delete the object that created the pod.",
        ),
        expressions=(
            audit(
                *_CREATED,
                any_of(
                    *(f'$.{place}.image != "<trusted_registries>*"' for place in _places(2, 1)),
                ),
            ),
        ),
        false_positives="Registries missing from trusted_registries, such as the one EKS uses for its add-ons.",
        technique="T1610",
        anchors=("splunk",),
        requirements=(*SURGE, "k8s.image.trusted_registry"),
        blind="The third and further containers, the second and further init containers, and image volumes.",
    ),
)
