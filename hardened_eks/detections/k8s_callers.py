"""Detections on callers of the Kubernetes API: strangers, break glass, impersonators, tools."""

from hardened_eks.detections.clauses import (
    ALLOWED,
    COMPLETE,
    DONE,
    EKS_ROLE,
    SURGE,
    UNDO_ENTRY,
    any_of,
    audit,
    none_of,
    one_of,
    records,
)
from hardened_eks.detections.model import Detection, MetricFilter, Severity, Source

_HEALTH = ("/healthz*", "/livez*", "/readyz*")

K8S_CALLERS = (
    Detection(
        id="k8s-anonymous-allowed",
        title="An anonymous request to the Kubernetes API succeeded",
        severity=Severity.CRITICAL,
        default=True,
        why=(
            "Somebody without credentials reads or changes the cluster, because a role binding grants rights to "
            "everybody."
        ),
        first=(
            records("user.username = 'system:anonymous' and responseStatus.code < 300"),
            (
                "Find the binding and delete it: `kubectl get clusterrolebindings,rolebindings -A -o json | jq -r "
                "'.items[]|select(.subjects[]?.name|test(\"anonymous|unauthenticated\"))|.metadata.name'`; leave "
                "system:public-info-viewer."
            ),
            "Close the public endpoint if it is open, and treat everything that was read as published.",
        ),
        expressions=(
            audit('$.user.username = "system:anonymous"', ALLOWED, none_of("requestURI", *_HEALTH, "/version*")),
        ),
        false_positives="Health checks on other paths than /healthz, /livez, /readyz and /version.",
        technique="T1190",
        anchors=("panther", "falco", "guardduty", "elastic"),
        requirements=(*SURGE, "k8s.rbac.no_anonymous"),
    ),
    Detection(
        id="k8s-unauthorized",
        title="Many requests without valid credentials (401)",
        severity=Severity.HIGH,
        default=True,
        why="Somebody is trying tokens, or a credential that many clients use has expired.",
        first=(
            records("responseStatus.code = 401"),
            (
                "One address: find out whose it is. If nobody knows, block it in the CIDR list or security group of "
                "the endpoint."
            ),
            "Many nodes: their credentials or clocks are wrong; check `kubectl get nodes`.",
        ),
        # Of a request without valid credentials there is one record, with the stage ResponseStarted.
        expressions=(audit("$.responseStatus.code = 401", threshold=20, period=300, anomaly=True),),
        false_positives="Nodes that are starting; tokens that expire in a long-running client.",
        technique="T1110",
        anchors=("eks-best-practices", "sigma"),
        requirements=SURGE,
    ),
    Detection(
        id="k8s-forbidden",
        title="Many requests that RBAC denied (403)",
        severity=Severity.HIGH,
        default=True,
        why="Somebody is testing what a stolen identity can do.",
        first=(
            records("responseStatus.code = 403"),
            "Different resources from one identity: reconnaissance. " + UNDO_ENTRY,
            (
                "The same request repeatedly from a workload: it may lack a right since its last release; inform its "
                "owner."
            ),
        ),
        expressions=(audit(COMPLETE, "$.responseStatus.code = 403", threshold=20, period=300, anomaly=True),),
        false_positives="Controllers that lack a right.",
        technique="T1613",
        anchors=("eks-best-practices", "sigma", "panther", "elastic", "splunk"),
        requirements=SURGE,
    ),
    Detection(
        id="k8s-break-glass",
        title="The break-glass identity is active in the cluster",
        severity=Severity.CRITICAL,
        default=True,
        why="The identity is a cluster administrator for emergencies only, so every use of it is reviewed.",
        first=(
            "Is there an emergency, and a ticket for it? Call the person: user.extra.sessionName names the session.",
            records("@message like '<break_glass_canonical>'"),
            (
                "If nobody confirms that it was intended, remove its access: `aws eks delete-access-entry "
                "--cluster-name <cluster> --principal-arn <break_glass_role>`. Then revoke its sessions in the IAM "
                "console. Revoking the sessions alone does not stop Kubernetes access."
            ),
        ),
        expressions=(
            audit(
                any_of(
                    '$.user.extra.canonicalArn[0] = "<break_glass_canonical>"',
                    '$.user.extra.arn[0] = "<break_glass_session>/*"',
                    '$.user.username = "<break_glass_session>/*"',
                )
            ),
        ),
        false_positives="Rehearsals.",
        technique="T1078.004",
        requirements=("iam.break_glass.alarm",),
    ),
    Detection(
        id="k8s-impersonation",
        title="Somebody impersonates another identity",
        severity=Severity.HIGH,
        default=False,
        why="Impersonation gives the rights of any user or group, including system:masters.",
        first=(
            records("ispresent(impersonatedUser.username)"),
            (
                "Check who may do that: `kubectl auth can-i impersonate users --as USER`; remove the verb from the "
                "role unless it is intended."
            ),
            UNDO_ENTRY,
        ),
        expressions=(
            audit(
                none_of("impersonatedUser.username", "eks-event-service:event-controller"),
                '$.user.username != "eks:*"',
                DONE,
            ),
        ),
        false_positives="Rancher, Teleport and other gateways; administrators who use kubectl --as.",
        technique="T1078",
        anchors=("elastic", "falco"),
        requirements=(*SURGE, "k8s.rbac.escalate_bind_impersonate"),
    ),
    Detection(
        id="k8s-outside-vpc",
        title="A person or workload called the Kubernetes API from outside the VPC",
        severity=Severity.HIGH,
        default=False,
        why="Calls belong inside the VPC. A token of a workload that is used elsewhere was stolen.",
        first=(
            records("sourceIPs.0 not like /^(127|10)\\./"),
            (
                "A service account: delete the pod that owns the token, which invalidates it. For a token in a "
                "Secret, delete the Secret."
            ),
            "A person, not a service account. " + UNDO_ENTRY,
            "Find out how the address could reach the API: see eks-endpoint-public.",
        ),
        expressions=(
            audit(
                DONE,
                any_of(
                    '$.user.username = "system:serviceaccount:*"',
                    none_of("user.username", "system:*", "eks:*", EKS_ROLE),
                ),
                any_of(
                    none_of("sourceIPs[0]", "<vpc_prefixes>", "127.*", "::1"),
                    # A client can prepend any address (X-Forwarded-For); the last one is real.
                    none_of("sourceIPs[1]", "<vpc_prefixes>", "127.*"),
                    '$.sourceIPs[2] = "*"',
                ),
            ),
        ),
        false_positives="Peered networks and VPNs: add their CIDR blocks to pod_cidrs.",
        technique="T1552.007",
        anchors=("panther", "elastic"),
        requirements=(*SURGE, "eks.endpoint.private_only"),
        blind=(
            "Metric filters have no CIDR matching: a block that needs more than 4 address prefixes is rounded up "
            "to the next octet."
        ),
    ),
    Detection(
        id="k8s-attack-tool",
        title="A scripted or scanning client called the Kubernetes API",
        severity=Severity.MEDIUM,
        default=False,
        why="Intruders in a pod often start with curl and scanners.",
        first=(
            records("userAgent like /^(curl|Wget|python|kube-hunter|kdigger|peirates)/"),
            (
                "If the address belongs to a pod, check whose pod it is and whether its image contains that tool. If "
                "not, isolate the pod."
            ),
        ),
        expressions=(
            audit(
                one_of("userAgent", "curl*", "Wget*", "python*", "kube-hunter*", "kdigger*", "peirates*", "*kali*"),
                none_of("requestURI", "/livez*", "/readyz*"),
            ),
        ),
        false_positives="Your own scripts.",
        technique="T1613",
        anchors=("elastic", "guardduty"),
        requirements=SURGE,
        blind="A client can send any user agent.",
    ),
    Detection(
        id="k8s-self-review-by-workload",
        title="A service account asks what it may do",
        severity=Severity.LOW,
        default=False,
        digest=True,
        why="The first command in a compromised pod is often kubectl auth can-i --list.",
        first=(
            records("objectRef.resource like /^selfsubject/"),
            "Compare this with the earlier behavior of the workload. If it is new, inspect the pod.",
        ),
        expressions=(
            audit(
                one_of("objectRef.resource", "selfsubjectaccessreviews", "selfsubjectrulesreviews"),
                '$.verb = "create"',
                '$.user.username = "system:serviceaccount:*"',
                '$.user.username != "system:serviceaccount:kube-system:*"',
            ),
        ),
        false_positives="Operators that check their rights at startup.",
        technique="T1069",
        anchors=("elastic", "sigma", "guardduty"),
        requirements=SURGE,
    ),
    Detection(
        id="authenticator-denied",
        title="The authenticator denied an IAM identity",
        severity=Severity.MEDIUM,
        default=False,
        why="An IAM identity without an access entry tried to use the cluster.",
        first=(
            (
                "Find out which one: in Logs Insights, on `/aws/eks/<cluster>/cluster`, run `fields @timestamp, "
                "@message | filter @logStream like 'authenticator' and @message like 'access denied' | sort "
                "@timestamp desc | limit 50`."
            ),
            (
                "A node role: its access entry is missing, so nodes cannot join. A person's role: ask what the person "
                "wanted to do."
            ),
        ),
        expressions=(MetricFilter(source=Source.AUTHENTICATOR_LOG, pattern='"msg=\\"access denied\\""'),),
        false_positives="New nodes whose access entry does not exist yet.",
        technique="T1078.004",
        anchors=("wazuh",),
        requirements=(*SURGE, "eks.auth.access_entries"),
    ),
)
