"""Lines of the audit log and of the authenticator's log."""

from tests.detections.audit import (
    ADDONS,
    ANONYMOUS,
    APISERVER,
    CONTROLLER,
    EKS_ROLE,
    KUBELET,
    MANAGER,
    PERSON,
    WORKLOAD,
    audit,
    binding,
    container,
    pod,
    role,
    started,
    unauthenticated,
)
from tests.detections.cases import AUDIT, AUTHENTICATOR, Table, lines
from tests.detections.events import ACCOUNT

RBAC, ADMISSION, NETWORK = "rbac.authorization.k8s.io", "admissionregistration.k8s.io", "networking.k8s.io"
GLASS = f"arn:aws:sts::{ACCOUNT}:assumed-role/ledger-break-glass/alice"
CUSTOM = "ops:alice"  # a username of the access entry's own
WRITES = ("create", "update", "patch", "delete", "deletecollection")
MACHINES = (APISERVER, ADDONS, EKS_ROLE)


HANDLER = "HardenedEks-Workloads-Handler-1A2B3C"


def delivery(verb="patch", resource="namespaces", *, groups=("hardened-eks:delivery",), session=HANDLER, **more):
    """A request of the handler of Workloads, or of somebody in its group."""
    who = {
        "username": f"hardened-eks:delivery:{session}",
        "groups": [*groups, "system:authenticated"],
        "extra": {"sessionName": [session]},
    }
    return audit(verb, resource, "payments", who=who, **more)


def exec_(
    sub: str = "exec",
    *,
    namespace: str = "shop",
    command: str = "sh",
    verb: str = "create",
    code: int = 101,
    stage: str = "ResponseStarted",
    resource: str = "pods",
) -> str:
    uri = f"/api/v1/namespaces/{namespace}/{resource}/cart-1/{sub}?command={command}&container=c&stdout=true"
    return audit(verb, resource, "cart-1", namespace=namespace, sub=sub, code=code, stage=stage, uri=uri)


def rbac(verb: str, resource: str, who: str = PERSON, name: str = "ops", **more: object) -> str:
    namespace = "shop" if resource in ("roles", "rolebindings") else ""
    return audit(verb, resource, name, namespace=namespace, who=who, group=RBAC, body={}, **more)


def secrets(verb: str, name: str = "", *, namespace: str = "", who: str = PERSON, **more: object) -> str:
    return audit(verb, "secrets", name, namespace=namespace, who=who, **more)


def token(who: str = PERSON, **more: object) -> str:
    more = {"verb": "create", "sub": "token", "resource": "serviceaccounts", **more}
    return audit(more.pop("verb"), more.pop("resource"), "cart", namespace="shop", who=who, **more)


def config_map(
    name: str, verb: str = "patch", *, namespace: str = "kube-system", who: str = PERSON, **more: object
) -> str:
    return audit(verb, more.pop("resource", "configmaps"), name, namespace=namespace, who=who, **more)


def proxy(tail: str, who: str = PERSON, *, sub: str = "proxy", resource: str = "nodes", **more: object) -> str:
    return audit("get", resource, "ip-1", sub=sub, who=who, uri=f"/api/v1/nodes/ip-1/proxy{tail}", **more)


def outside(ip: str, *more: str, who: str | dict[str, object] = PERSON, **rest: object) -> str:
    return audit("get", "pods", "cart-1", namespace="shop", who=who, ips=(ip, *more), **rest)


def service(kind: str, verb: str = "create", *, resource: str = "services", **more: object) -> str:
    return audit(
        verb, resource, "cart", namespace="shop", body={"spec": {"type": kind, "ports": [{"port": 443}]}}, **more
    )


def glass(**extra: str) -> str:
    who = {"username": "break-glass", "groups": ["system:authenticated"], "extra": {k: [v] for k, v in extra.items()}}
    return audit("list", "pods", who=who)


def people(make: object, *rest: str) -> list[str]:
    """Near misses of detections on people: workloads, the parts of Kubernetes and EKS."""
    return [make(who=who) for who in (WORKLOAD, KUBELET, *MACHINES)] + list(rest)


def volumes(index: int) -> list[dict[str, object]]:
    return [{"name": f"v{i}", "emptyDir": {}} for i in range(index)] + [{"name": "h", "hostPath": {"path": "/etc"}}]


def at(index: int, spec: dict[str, object]) -> list[dict[str, object]]:
    return [container() for _ in range(index)] + [spec]


BAD = container(privileged=True)
ROOT = container(runAsUser=0)
HUB = container("docker.io/library/nginx:latest")

K8S: Table = {
    ("k8s-anonymous-allowed", AUDIT): lines(
        [audit("list", "pods", who=ANONYMOUS), audit("get", "configmaps", "a", namespace="kube-public", who=ANONYMOUS),
         started("watch", "secrets", who=ANONYMOUS), audit("get", "", who=ANONYMOUS, uri="/api")],
        [audit("list", "pods", who=ANONYMOUS, code=403), audit("list", "pods"),
         *(audit("get", "", who=ANONYMOUS, uri=uri) for uri in ("/healthz", "/livez?verbose", "/readyz/etcd", "/version"))]),
    ("k8s-unauthorized", AUDIT): lines(
        [unauthenticated("list", "pods"), unauthenticated("watch", "pods", tried="x509"),
         audit("list", "pods", code=401)],  # an extension API server refuses it
        [audit("list", "pods", code=403), audit("list", "pods"), started("watch", "pods", code=403)]),
    ("k8s-forbidden", AUDIT): lines(
        [audit("list", "pods", code=403), audit("create", "jobs", code=403, group="batch")],
        [unauthenticated("list", "pods"), audit("list", "pods"), started("watch", "pods", code=403)]),
    ("k8s-break-glass", AUDIT): lines(
        [audit("list", "pods", who=GLASS), audit("delete", "pods", "a", namespace="shop", who=GLASS, code=403),
         glass(canonicalArn=f"arn:aws:iam::{ACCOUNT}:role/ledger-break-glass"), glass(arn=GLASS),
         audit("list", "pods", who={"username": GLASS, "groups": ["system:authenticated"]})],
        [audit("list", "pods"), audit("list", "pods", who=GLASS.replace("break-glass", "break-glass-2")),
         glass(arn=f"arn:aws:sts::{ACCOUNT}:assumed-role/ledger-break-glass-2/alice")]),
    ("k8s-impersonation", AUDIT): lines(
        [audit("list", "secrets", acting_as="admin", code=200), audit("get", "pods", "a", acting_as="eks:node-manager")],
        [audit("list", "secrets"), audit("list", "pods", acting_as="admin", code=403),
         started("watch", "pods", acting_as="admin"), audit("list", "pods", acting_as="eks-event-service:event-controller"),
         audit("list", "pods", who=ADDONS, acting_as="admin")]),
    ("k8s-outside-vpc", AUDIT): lines(
        [outside("203.0.113.9"), outside("203.0.113.9", who=WORKLOAD), outside("203.0.113.9", who=CUSTOM),
         outside("10.40.1.1", "203.0.113.9"), outside("10.40.1.1", "10.40.1.2", "203.0.113.9"), outside("10.41.1.1"),
         outside("2001:db8::7")],
        [outside("10.40.255.1"), outside("100.64.3.4", who=WORKLOAD), outside("127.0.0.1"), outside("::1"),
         outside("10.40.1.1", "100.64.1.1"), outside("10.40.1.1", "127.0.0.1"), outside("10.40.1.1", "10.40.1.2"),
         outside("203.0.113.9", code=403), outside("203.0.113.9", who=ADDONS), outside("203.0.113.9", who=KUBELET),
         outside("203.0.113.9", who=EKS_ROLE), outside("203.0.113.9", who=ANONYMOUS),
         outside("203.0.113.9", stage="ResponseStarted")]),
    ("k8s-attack-tool", AUDIT): lines(
        [audit("list", "pods", agent=agent) for agent in (
            "curl/8.9.1", "Wget/1.24", "python-requests/2.32", "kube-hunter", "kdigger/1", "peirates", "kubectl kali-rolling")],
        [audit("list", "pods"), audit("list", "pods", agent="argocd-curl/1.0"),
         *(audit("get", "", uri=uri, agent="curl/8.9.1") for uri in ("/livez", "/readyz?verbose"))]),
    ("k8s-self-review-by-workload", AUDIT): lines(
        [audit("create", resource, who=WORKLOAD, group="authorization.k8s.io") for resource in (
            "selfsubjectaccessreviews", "selfsubjectrulesreviews")],
        [audit("create", "selfsubjectaccessreviews"), audit("create", "selfsubjectaccessreviews", who=CONTROLLER),
         audit("create", "subjectaccessreviews", who=WORKLOAD),
         audit("list", "selfsubjectaccessreviews", who=WORKLOAD, code=405)]),
    ("authenticator-denied", AUTHENTICATOR): lines(
        ['time="2026-11-02T09:30:00Z" level=warning msg="access denied" arn="arn:aws:iam::444455556666:role/x" '
         'client="127.0.0.1:5" error="ARN is not mapped" method=POST path=/authenticate',
         'time="2026-11-02T09:30:02Z" level=warning msg="access denied" client="127.0.0.1:5" error="input token was not '
         'properly formatted" method=POST path=/authenticate'],
        ['time="2026-11-02T09:30:00Z" level=info msg="access granted" arn="arn:aws:iam::444455556666:role/ledger-node" '
         'groups="[system:nodes]" method=POST path=/authenticate username="eks:node-manager"',
         'time="2026-11-02T09:30:00Z" level=info msg="STS response" accountid=444455556666 arn="access denied"']),
    ("k8s-exec", AUDIT): lines(
        [exec_(), exec_(verb="get"), exec_("attach"), exec_("portforward"), exec_(namespace="kube-system")],
        [exec_(code=403, stage="ResponseComplete"), exec_(stage="ResponseComplete"), exec_("log", code=101),
         exec_(code=500), exec_(resource="podgroups"), audit("get", "pods", "cart-1", namespace="shop")]),
    ("k8s-exec-kube-system", AUDIT): lines(
        [exec_(sub, namespace="kube-system", verb=verb) for sub, verb in (
            ("exec", "create"), ("attach", "get"), ("portforward", "create"))],
        [exec_(), exec_(namespace="kube-system", code=403, stage="ResponseComplete"), exec_(namespace="kube-system", code=500),
         exec_(namespace="kube-system", stage="ResponseComplete"), exec_("log", namespace="kube-system"),
         exec_(namespace="kube-system", resource="podgroups"), exec_(namespace="kube-system-2")]),
    ("k8s-exec-credentials", AUDIT): lines(
        [exec_(command=command) for command in (
            "cat&command=%2Fvar%2Frun%2Fsecrets%2Fkubernetes.io%2Fserviceaccount%2Ftoken", "curl&command=169.254.169.254",
            "curl&command=%5Bfd00%3Aec2%3A%3A254%5D", "curl&command=[fd00:ec2::254]",
            "printenv&command=AWS_CONTAINER_AUTHORIZATION_TOKEN")],
        [exec_(), exec_(command="cat&command=/app/credentials.json"), exec_("attach", command="169.254.169.254"),
         exec_(command="169.254.169.254", code=403, stage="ResponseComplete"), exec_(command="169.254.169.254", code=500),
         exec_(command="169.254.169.254", stage="ResponseComplete")]),
    ("k8s-ephemeral-container", AUDIT): lines(
        [audit(verb, "pods", "cart-1", namespace="shop", sub="ephemeralcontainers", body={}) for verb in ("patch", "update")],
        [audit("patch", "pods", "cart-1", namespace="shop", body={}),
         audit("get", "pods", "cart-1", namespace="shop", sub="ephemeralcontainers"),
         audit("patch", "pods", "cart-1", namespace="shop", sub="ephemeralcontainers", code=403),
         started("patch", "pods", "cart-1", namespace="shop", sub="ephemeralcontainers")]),
    ("k8s-node-proxy", AUDIT): lines(
        [proxy("/pods"), proxy("/run/shop/cart/c?cmd=metrics"), proxy("/exec/shop/cart/c?command=configz"),
         proxy("/attach/shop/cart/c?x=healthz"), proxy("/portForward/shop/cart?x=stats/summary"), proxy("/logs/", WORKLOAD)],
        [*(proxy(tail) for tail in ("/metrics/cadvisor", "/healthz", "/stats/summary", "/configz")),
         proxy("/pods", CONTROLLER), proxy("/pods", KUBELET), proxy("/pods", ADDONS), proxy("/pods", code=403),
         proxy("/pods", sub="status"), proxy("/pods", resource="services")]),
    ("k8s-secrets-listed-everywhere", AUDIT): lines(
        [secrets("list"), secrets("watch", who=WORKLOAD), secrets("list", who=KUBELET)],
        [secrets("list", namespace="shop"), secrets("list", code=403), started("watch", "secrets"),
         audit("list", "pods"), secrets("deletecollection"),
         *(secrets("list", who=who) for who in (MANAGER, APISERVER, ADDONS, CONTROLLER))]),
    ("k8s-secret-read-by-person", AUDIT): lines(
        [secrets("get", "db", namespace="shop"), secrets("list"), secrets("watch", namespace="shop"),
         secrets("get", "db", namespace="shop", who=CUSTOM)],
        people(lambda who: secrets("get", "db", namespace="shop", who=who),
               secrets("get", "db", namespace="shop", code=403), started("watch", "secrets", namespace="shop"),
               secrets("create", "db", namespace="shop"), audit("get", "pods", "db", namespace="shop"))),
    ("k8s-cluster-admin-bound", AUDIT): lines(
        [binding("cluster-admin", "alice", answered=False), binding("cluster-admin", "alice", verb="patch", sent=False),
         binding("cluster-admin", "alice", verb="update", kind="RoleBinding", who=WORKLOAD)],
        [binding("view", "alice"), binding("cluster-admin", "alice", code=403), binding("cluster-admin", "a", who=APISERVER),
         binding("cluster-admin", "a", who=ADDONS), binding("cluster-admin", "alice", verb="get"),
         audit("create", "podtemplates", "x", namespace="shop", body={"roleRef": {"name": "cluster-admin"}})]),
    ("k8s-anonymous-bound", AUDIT): lines(
        [binding("view", "system:anonymous", answered=False), binding("view", "system:unauthenticated", answered=False),
         binding("view", "a", "system:anonymous", answered=False), binding("view", "a", "system:authenticated", answered=False),
         *(binding("view", *subjects, verb="patch", sent=False) for subjects in (
             ("system:anonymous",), ("system:authenticated",), ("a", "system:anonymous"), ("a", "system:authenticated"))),
         binding("view", "system:anonymous", verb="update", kind="RoleBinding")],
        [binding("view", "system:serviceaccounts"), binding("view", "system:anonymous", code=403),
         binding("view", "system:anonymous", who=APISERVER), binding("view", "system:anonymous", verb="get"),
         audit("create", "podtemplates", "x", namespace="shop", body={"subjects": [{"name": "system:anonymous"}]})]),
    ("k8s-controller-role-bound", AUDIT): lines(
        [binding("system:controller:replicaset-controller", "alice", answered=False),
         binding("system:controller:job-controller", "alice", verb="patch", sent=False, kind="RoleBinding"),
         binding("system:controller:job-controller", "alice", verb="update", who=WORKLOAD)],
        [binding("system:node", "alice"), binding("system:controller:job-controller", "a", who=APISERVER),
         binding("system:controller:job-controller", "a", who=ADDONS),
         binding("system:controller:job-controller", "a", code=403), binding("system:controller:job-controller", "a", verb="get"),
         audit("create", "podtemplates", "x", namespace="shop", body={"roleRef": {"name": "system:controller:x"}})]),
    ("k8s-wildcard-role", AUDIT): lines(
        [role("*"), role("*", "get", verb="update", kind="Role"), role("*", verb="patch", who=WORKLOAD),
         role("*", annotations={"verb": "get", "username": "eks:x"}), role("*", annotations={"username": "system:apiserver"})],
        [role("get", "list"), role("*", code=403), role("*", who=APISERVER), role("*", who=ADDONS),
         role("*", stage="ResponseStarted"), audit("create", "podtemplates", "x", namespace="s", body={"verbs": ["*"]}),
         *(role("*", verb=verb) for verb in ("delete", "deletecollection")),
         audit("create", "selfsubjectrulesreviews", group="authorization.k8s.io", answer={"status": {"resourceRules": [
             {"verbs": ["*"], "apiGroups": ["rbac.authorization.k8s.io"], "resources": ["clusterroles", "roles"]}]}}),
         # reads are logged without bodies today; with them they would be no change
         *(role("*", verb=verb) for verb in ("get", "list", "watch"))]),
    ("k8s-rbac-changed", AUDIT): lines(
        [*(rbac(verb, "clusterroles") for verb in WRITES),
         *(rbac("create", resource, CUSTOM) for resource in ("roles", "clusterrolebindings", "rolebindings"))],
        people(lambda who: rbac("create", "roles", who), rbac("get", "roles"), rbac("create", "roles", code=403),
               rbac("create", "roles", stage="ResponseStarted"), audit("create", "deployments", "a", namespace="s"))),
    ("k8s-rbac-changed-by-workload", AUDIT): lines(
        [*(rbac(verb, "clusterroles", WORKLOAD) for verb in WRITES),
         *(rbac("create", resource, WORKLOAD) for resource in ("roles", "clusterrolebindings", "rolebindings"))],
        [rbac("create", "roles"), rbac("create", "roles", CONTROLLER), rbac("get", "roles", WORKLOAD),
         rbac("create", "roles", WORKLOAD, code=403), rbac("create", "roles", WORKLOAD, stage="ResponseStarted"),
         audit("create", "deployments", "a", namespace="s", who=WORKLOAD)]),
    ("k8s-system-role-changed", AUDIT): lines(
        [rbac(verb, "clusterroles", name="system:node") for verb in ("update", "patch", "delete")]
        + [rbac("update", "roles", WORKLOAD, name="system:controller:token-cleaner")],
        [rbac("update", "clusterroles"), rbac("get", "clusterroles", name="system:node"),
         rbac("update", "clusterroles", name="system:node", code=403),
         rbac("update", "clusterrolebindings", name="system:node"),
         *(rbac("update", "clusterroles", who, name="system:node") for who in (APISERVER, CONTROLLER, MANAGER, ADDONS))]),
    ("k8s-aws-auth-changed", AUDIT): lines(
        [config_map("aws-auth", verb) for verb in WRITES] + [config_map("aws-auth", who=WORKLOAD)],
        [config_map("aws-auth", "get"), config_map("aws-auth", who="eks:node-manager"), config_map("aws-auth", code=403),
         config_map("coredns"), config_map("aws-auth", namespace="shop"), config_map("aws-auth", resource="secrets")]),
    ("k8s-token-requested", AUDIT): lines(
        [token(), token(WORKLOAD), token(CUSTOM)],
        [token(KUBELET), token(MANAGER), token(ADDONS), token(CONTROLLER), token(code=403), token(stage="ResponseStarted"),
         token(verb="get"), token(sub=""), token(resource="widgets")]),
    ("k8s-client-certificate", AUDIT): lines(
        [audit(verb, "certificatesigningrequests", "c", sub=sub, who=who, group="certificates.k8s.io", body={})
         for verb, sub, who in (("create", "", PERSON), ("update", "approval", PERSON), ("patch", "", WORKLOAD))],
        [*(audit("create", "certificatesigningrequests", "c", who=who) for who in (
            KUBELET, "system:bootstrap:07401b", MANAGER, "eks:certificate-controller", CONTROLLER)),
         audit("create", "certificatesigningrequests", "c", code=403), audit("get", "certificatesigningrequests", "c"),
         started("create", "certificatesigningrequests", "c"), audit("create", "deployments", "c")]),
    ("k8s-privileged-pod", AUDIT): lines(
        [*(pod(containers=at(i, BAD)) for i in range(4)), *(pod(initContainers=at(i, BAD)) for i in range(2)),
         pod(containers=[BAD], who=PERSON)],
        [pod(), pod("kube-system", containers=[BAD]), pod("amazon-guardduty", containers=[BAD]),
         pod("amazon-cloudwatch", containers=[BAD]), pod(containers=[BAD], code=403), pod(containers=[BAD], verb="update"),
         pod(containers=[BAD], stage="ResponseStarted"),
         audit("create", "podtemplates", "x", namespace="shop", body={"spec": {"containers": [BAD]}})]),
    ("k8s-host-namespaces", AUDIT): lines(
        [pod(**{field: True}) for field in ("hostNetwork", "hostPID", "hostIPC")],
        [pod(), pod(hostNetwork=False), pod("kube-system", hostPID=True), pod("amazon-guardduty", hostPID=True),
         pod("amazon-cloudwatch", hostPID=True), pod(hostPID=True, code=403), pod(hostPID=True, verb="update"),
         pod(hostPID=True, stage="ResponseStarted"),
         audit("create", "podtemplates", "x", namespace="shop", body={"spec": {"hostPID": True}})]),
    ("k8s-host-path", AUDIT): lines(
        [pod(volumes=volumes(i)) for i in range(8)],
        [pod(), pod("kube-system", volumes=volumes(0)), pod("amazon-guardduty", volumes=volumes(0)),
         pod("amazon-cloudwatch", volumes=volumes(0)), pod(volumes=volumes(0), code=403), pod(volumes=volumes(0), verb="update"),
         pod(volumes=volumes(0), stage="ResponseStarted"),
         audit("create", "podtemplates", "x", namespace="shop", body={"spec": {"volumes": volumes(0)}})]),
    ("k8s-root-container", AUDIT): lines(
        [pod(securityContext={"runAsUser": 0}), pod(securityContext={"runAsNonRoot": False}),
         *(pod(containers=at(i, ROOT)) for i in range(3)), *(pod(initContainers=at(i, ROOT)) for i in range(2))],
        [pod(), pod(securityContext={"runAsUser": 1000}), pod("kube-system", containers=[ROOT]),
         pod("amazon-guardduty", containers=[ROOT]), pod("amazon-cloudwatch", containers=[ROOT]),
         pod(containers=[ROOT], code=403), pod(containers=[ROOT], verb="update"), pod(containers=[ROOT], stage="ResponseStarted"),
         audit("create", "podtemplates", "x", namespace="shop", body={"spec": {"containers": [ROOT]}})]),
    ("k8s-pod-in-kube-system", AUDIT): lines(
        [pod("kube-system", who=PERSON), pod("kube-public", who=CUSTOM)],
        [pod(who=PERSON), pod("kube-system"), pod("kube-system", who=ADDONS), pod("kube-system", who=PERSON, code=403),
         pod("kube-system", who=PERSON, sub="eviction"), pod("kube-system", who=PERSON, verb="patch"),
         pod("kube-system", who=PERSON, stage="ResponseStarted"), audit("create", "podtemplates", "x", namespace="kube-system")]),
    ("k8s-untrusted-image", AUDIT): lines(
        [pod(containers=[HUB]), pod(containers=at(1, HUB)), pod(initContainers=[HUB]),
         pod(containers=[container("public.ecr.aws/other/x:1")])],
        [pod(), pod(containers=[container("public.ecr.aws/eks/coredns:1")]), pod("kube-system", containers=[HUB]),
         pod(containers=at(1, container("public.ecr.aws/eks/coredns:1"))),
         pod(initContainers=[container("public.ecr.aws/eks/coredns:1")]), pod(initContainers=[container()]),
         pod(containers=at(1, container())),
         pod("amazon-guardduty", containers=[HUB]), pod("amazon-cloudwatch", containers=[HUB]), pod(containers=[HUB], code=403),
         pod(containers=[HUB], verb="update"), pod(containers=[HUB], stage="ResponseStarted"),
         audit("create", "podtemplates", "x", namespace="shop", body={"spec": {"containers": [HUB]}})]),
    ("k8s-admission-changed", AUDIT): lines(
        [*(audit(verb, "mutatingwebhookconfigurations", "m", group=ADMISSION) for verb in WRITES),
         audit("delete", "validatingadmissionpolicybindings", "v", group=ADMISSION, who=WORKLOAD)],
        [audit("get", "mutatingwebhookconfigurations", "m"), audit("patch", "mutatingwebhookconfigurations", "m", code=403),
         started("patch", "mutatingwebhookconfigurations", "m"), audit("patch", "apiservices", "m"),
         delivery("patch", "validatingadmissionpolicies", group=ADMISSION),
         *(audit("patch", "mutatingwebhookconfigurations", "m", who=who) for who in (
             APISERVER, ADDONS, CONTROLLER, "system:serviceaccount:cert-manager:cert-manager-cainjector"))]),
    ("k8s-delivery-misused", AUDIT): lines(
        [*(delivery(verb) for verb in ("delete", "deletecollection", "list", "update", "watch")),
         *(delivery(agent=agent) for agent in ("curl/8.9", "Helm/3.19", "okubectl/v1.36")),
         *(delivery("get", kind) for kind in ("secrets", "pods", "deployments")),
         delivery(code=403), delivery("create", "pods", sub="exec"),
         delivery("create", "serviceaccounts", sub="token"), delivery(acting_as="system:admin"),
         *(delivery(verb="list", groups=("ops",) * before + ("hardened-eks:delivery",)) for before in (1, 2)),
         audit("get", "namespaces", "x", who={"username": CUSTOM, "groups": ["hardened-eks:delivery"]})],
        [*(delivery(verb) for verb in ("get", "create", "patch")), delivery("get", "", uri="/openapi/v3"),
         *(delivery("patch", kind, group=ADMISSION) for kind in (
             "validatingadmissionpolicies", "validatingadmissionpolicybindings")),
         delivery("create", "roles", group=RBAC), delivery("get", code=404), delivery("delete", stage="RequestReceived"),
         delivery("list", groups=("hardened-eks:delivery-2",)), audit("delete", "namespaces", "x"),
         audit("list", "secrets", who={"username": "hardened-eks:delivery:x", "groups": ["system:authenticated"]})]),
    ("k8s-network-policy-changed", AUDIT): lines(
        [*(audit(verb, "networkpolicies", "deny", namespace="shop", group=NETWORK) for verb in WRITES[1:]),
         audit("delete", "ciliumnetworkpolicies", "deny", namespace="shop", who=CUSTOM)],
        people(lambda who: audit("delete", "networkpolicies", "deny", namespace="shop", who=who),
               audit("create", "networkpolicies", "deny", namespace="shop"), audit("delete", "ingresses", "i", namespace="s"),
               audit("delete", "networkpolicies", "deny", namespace="shop", code=403),
               started("delete", "networkpolicies", "deny", namespace="shop"))),
    ("k8s-namespace-changed", AUDIT): lines(
        [audit(verb, "namespaces", "shop", namespace="shop", body={}) for verb in WRITES],
        people(lambda who: audit("patch", "namespaces", "shop", namespace="shop", who=who),
               audit("get", "namespaces", "shop"), audit("patch", "namespaces", "shop", code=403),
               audit("update", "namespaces", "shop", sub="finalize"), started("patch", "namespaces", "shop"),
               audit("patch", "nodes", "n"))),
    ("k8s-dns-changed", AUDIT): lines(
        [config_map("coredns", verb) for verb in WRITES] + [config_map("coredns-custom", who=CUSTOM)],
        [config_map("coredns", "get"), config_map("coredns", who=ADDONS), config_map("coredns", who=CONTROLLER),
         config_map("coredns", code=403), config_map("kube-proxy"), config_map("coredns", namespace="shop"),
         config_map("coredns", resource="deployments")]),
    ("k8s-mass-delete", AUDIT): lines(
        [audit("deletecollection", "pods", namespace="shop"), audit("delete", "namespaces", "shop", who=CUSTOM)],
        people(lambda who: audit("deletecollection", "pods", namespace="shop", who=who),
               audit("delete", "pods", "a", namespace="shop"), audit("get", "namespaces", "shop"),
               audit("deletecollection", "pods", namespace="shop", code=403), started("deletecollection", "pods"))),
    ("k8s-workload-by-person", AUDIT): lines(
        [audit(verb, resource, "a", namespace="shop") for verb, resource in (
            ("create", "daemonsets"), ("patch", "cronjobs"), ("update", "daemonsets"))],
        people(lambda who: audit("create", "daemonsets", "a", namespace="shop", who=who),
               audit("delete", "daemonsets", "a", namespace="shop"), audit("create", "deployments", "a", namespace="shop"),
               audit("patch", "daemonsets", "a", namespace="shop", sub="status"),
               audit("create", "daemonsets", "a", namespace="shop", code=403), started("create", "daemonsets", "a"))),
    ("k8s-service-exposed", AUDIT): lines(
        [service("NodePort"), service("LoadBalancer", "update"), service("LoadBalancer", "patch", who=WORKLOAD)],
        [service("ClusterIP"), service("NodePort", code=403), service("NodePort", "delete"),
         service("NodePort", resource="widgets")]),
}  # fmt: skip
