"""Detections on access to running containers and nodes through the Kubernetes API."""

from hardened_eks.detections.clauses import ALLOWED, DONE, ISOLATE, SURGE, any_of, audit, none_of, one_of, records
from hardened_eks.detections.model import Detection, Severity

# kubectl before 1.31 uses create (SPDY), later versions use get (WebSocket), so the verb is not compared. The start
# is a separate record.
_STARTED = '$.stage = "ResponseStarted" && $.responseStatus.code = 101'
_INTO = (
    '$.objectRef.resource = "pods"',
    one_of("objectRef.subresource", "exec", "attach", "portforward"),
    _STARTED,
)
_WHO = "Ask the person in user.username whether there is a ticket."

K8S_EXEC = (
    Detection(
        id="k8s-exec",
        title="Somebody opened a session into a pod (exec, attach or port-forward)",
        severity=Severity.MEDIUM,
        default=True,
        digest=True,
        why=(
            "Inside the pod, a person has the data, tokens and network access of the workload. Auditors ask for a "
            "list of these sessions."
        ),
        first=(
            "Read the digest: each session should belong to a ticket.",
            records("objectRef.subresource in ['exec', 'attach', 'portforward'] and responseStatus.code = 101"),
        ),
        expressions=(audit(*_INTO),),
        false_positives="Debugging; kubectl cp.",
        technique="T1609",
        anchors=("panther", "falco", "elastic", "sigma", "stratus", "guardduty"),
        requirements=(*SURGE, "k8s.rbac.exec_attach"),
        blind="Commands that are typed into an interactive shell.",
    ),
    Detection(
        id="k8s-exec-kube-system",
        title="Somebody opened a session into a pod of kube-system",
        severity=Severity.CRITICAL,
        default=True,
        why="Pods in kube-system have rights over the network, storage and nodes of the cluster.",
        first=(
            records(
                "objectRef.namespace = 'kube-system' and objectRef.subresource in ['exec', 'attach', 'portforward']"
            ),
            _WHO,
            (
                "If nobody confirms that it was intended, delete the pod (its controller creates a new one) and "
                "revoke its role's sessions."
            ),
        ),
        expressions=(audit(_INTO[0], '$.objectRef.namespace = "kube-system"', *_INTO[1:]),),
        false_positives="Debugging of add-ons.",
        technique="T1609",
        anchors=("guardduty", "panther"),
        requirements=(*SURGE, "k8s.rbac.exec_attach"),
    ),
    Detection(
        id="k8s-exec-credentials",
        title="Somebody used exec to read a token or query the metadata service",
        severity=Severity.CRITICAL,
        default=False,
        why="The command returns the credentials of the pod or node, which can then be used elsewhere.",
        first=(
            records(
                "objectRef.subresource = 'exec' and requestURI like /serviceaccount|169\\.254|AUTHORIZATION_TOKEN/"
            ),
            "Delete the pod, which invalidates its token. For a role, revoke its sessions in the IAM console.",
            "Look for uses of that identity from other places since then: k8s-outside-vpc, and CloudTrail by role.",
            _WHO,
        ),
        expressions=(
            audit(
                '$.objectRef.subresource = "exec"',
                _STARTED,
                one_of(
                    "requestURI", "*serviceaccount*", "*169.254.*", "*fd00:ec2*", "*3Aec2*", "*AUTHORIZATION_TOKEN*"
                ),
            ),
        ),
        false_positives="None known.",
        technique="T1552.007",
        anchors=("panther", "elastic", "stratus", "sigma"),
        requirements=(*SURGE, "node.imds.pod_block", "k8s.sa.token_automount"),
        blind="Commands that are typed into an interactive shell.",
    ),
    Detection(
        id="k8s-ephemeral-container",
        title="A debug container was added to a pod",
        severity=Severity.HIGH,
        default=False,
        why="An ephemeral container can bring any image and tools into a running pod.",
        first=(
            records("objectRef.subresource = 'ephemeralcontainers'"),
            "Inspect it: `kubectl get pod POD -n NAMESPACE -o jsonpath='{.spec.ephemeralContainers}'`.",
            _WHO,
            ISOLATE,
        ),
        expressions=(
            audit('$.objectRef.subresource = "ephemeralcontainers"', one_of("verb", "patch", "update"), DONE),
        ),
        false_positives="kubectl debug.",
        technique="T1610",
        anchors=("falco", "elastic"),
        requirements=(*SURGE, "k8s.rbac.exec_attach"),
    ),
    Detection(
        id="k8s-node-proxy",
        title="A kubelet was reached through the API server",
        severity=Severity.HIGH,
        default=False,
        why="nodes/proxy runs commands in every pod of the node, bypassing admission control and the audit of exec.",
        first=(
            records("objectRef.resource = 'nodes' and objectRef.subresource = 'proxy'"),
            "A URI with /run/, /exec/ or /attach/ is an attack: cordon the node, isolate its pods.",
            (
                "Find out which roles grant the right: `kubectl get clusterroles -o json | jq -r "
                "'.items[]|select(.rules[]?.resources[]?==\"nodes/proxy\")|.metadata.name'`; remove it."
            ),
        ),
        expressions=(
            audit(
                '$.objectRef.resource = "nodes"',
                '$.objectRef.subresource = "proxy"',
                ALLOWED,
                any_of(
                    *(f'$.requestURI = "*/proxy/{door}*"' for door in ("run", "exec", "attach", "portForward")),
                    f"({none_of('requestURI', '*metrics*', '*healthz*', '*stats/summary*', '*configz*')})",
                ),
                none_of("user.username", "system:serviceaccount:kube-system:*", "system:node:*", "eks:*"),
            ),
        ),
        false_positives="Monitoring tools that read more than metrics, health, summary and configuration.",
        technique="T1609",
        anchors=("elastic", "stratus", "panther"),
        requirements=(*SURGE, "k8s.rbac.node_proxy"),
    ),
)
