"""Detections on changes of admission, policies, DNS, namespaces and services."""

from hardened_eks.detections import clauses as c
from hardened_eks.detections.model import Detection, Severity

_RESTORE = "Apply the reviewed manifest again."

K8S_CHANGES = (
    Detection(
        id="k8s-admission-changed",
        title="A webhook or admission policy was changed",
        severity=Severity.HIGH,
        default=True,
        why="A webhook can see and change every object, including secrets. A deleted policy no longer denies anything.",
        first=(
            c.records(
                "objectRef.resource like /^(mutating|validating)/ and verb in ['create', 'update', 'patch', "
                "'delete', 'deletecollection']"
            ),
            (
                "List them: `kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations,"
                "validatingadmissionpolicies,validatingadmissionpolicybindings`; delete those that nobody recognizes."
            ),
            _RESTORE,
            c.UNDO_ENTRY,
        ),
        expressions=(
            c.audit(
                c.one_of("objectRef.resource", "mutating*", "validating*"),
                c.WRITES,
                c.DONE,
                c.none_of("user.username", "system:apiserver", "eks:*", "<webhook_managers>"),
            ),
        ),
        false_positives="Policy engines that manage their own webhooks: add them to webhook_managers.",
        technique="T1546",
        anchors=("panther", "elastic", "sigma", "eks-best-practices"),
        requirements=(*c.SURGE, "k8s.rbac.webhook_config", "k8s.policy_engine"),
    ),
    Detection(
        id="k8s-network-policy-changed",
        title="A person changed or removed a network policy",
        severity=Severity.HIGH,
        default=False,
        why="Without the policy, every pod can reach every other pod.",
        first=(
            c.records(
                "objectRef.resource like /networkpolicies$/ and verb in ['update', 'patch', 'delete', "
                "'deletecollection']"
            ),
            _RESTORE,
            c.UNDO_ENTRY,
        ),
        expressions=(
            c.audit(
                '$.objectRef.resource = "*networkpolicies"',
                c.one_of("verb", "update", "patch", "delete", "deletecollection"),
                c.DONE,
                c.PERSON,
            ),
        ),
        false_positives="People who use kubectl apply.",
        technique="T1562.007",
        anchors=("sigma",),
        requirements=(*c.SURGE, "k8s.netpol.monitored", "k8s.netpol.default_deny"),
        blind="New policies that allow more traffic.",
    ),
    Detection(
        id="k8s-namespace-changed",
        title="A person created, changed or deleted a namespace",
        severity=Severity.MEDIUM,
        default=False,
        why=(
            "Pod Security Admission depends on the namespace's labels: without the label, privileged pods are admitted."
        ),
        first=(
            c.records("objectRef.resource = 'namespaces' and verb in ['create', 'update', 'patch', 'delete']"),
            "Check the labels: `kubectl get namespaces -L pod-security.kubernetes.io/enforce`. " + _RESTORE,
        ),
        expressions=(
            c.audit(
                '$.objectRef.resource = "namespaces"', "$.objectRef.subresource NOT EXISTS", c.WRITES, c.DONE, c.PERSON
            ),
        ),
        false_positives="Administrators who set up namespaces by hand.",
        technique="T1562.001",
        requirements=(*c.SURGE, "k8s.psa.namespace_labels"),
    ),
    Detection(
        id="k8s-dns-changed",
        title="The configuration of CoreDNS was changed",
        severity=Severity.HIGH,
        default=False,
        why="Control of DNS lets an intruder redirect any connection in the cluster.",
        first=(
            c.records("objectRef.resource = 'configmaps' and objectRef.name like /^coredns/"),
            "Read it: `kubectl get configmap coredns -n kube-system -o yaml`; look for rewrite, hosts and forward. "
            + _RESTORE,
        ),
        expressions=(
            c.audit(
                '$.objectRef.resource = "configmaps"',
                '$.objectRef.name = "coredns*"',
                '$.objectRef.namespace = "kube-system"',
                c.WRITES,
                c.ALLOWED,
                c.none_of("user.username", "eks:*", "system:*"),
            ),
        ),
        false_positives="Administrators who set stub domains by hand.",
        technique="T1557",
        anchors=("elastic",),
        requirements=(*c.SURGE, "k8s.rbac.network_and_dns"),
    ),
    Detection(
        id="k8s-mass-delete",
        title="A person deleted a collection of objects or a namespace",
        severity=Severity.HIGH,
        default=False,
        why="The deletion can stop services or remove traces.",
        first=(
            c.records("verb = 'deletecollection' or (verb = 'delete' and objectRef.resource = 'namespaces')"),
            "Ask the person at once. " + c.UNDO_ENTRY,
            "Restore from manifests and backup; volumes with reclaim policy Retain are still there.",
        ),
        expressions=(
            c.audit(
                c.any_of('$.verb = "deletecollection"', '($.verb = "delete" && $.objectRef.resource = "namespaces")'),
                c.DONE,
                c.PERSON,
            ),
        ),
        false_positives="Cleanup by administrators.",
        technique="T1485",
        anchors=("sigma",),
        requirements=(*c.SURGE, "k8s.rbac.destructive"),
        blind="kubectl delete --all, which deletes objects one by one.",
    ),
    Detection(
        id="k8s-workload-by-person",
        title="A person created or changed a DaemonSet or CronJob",
        severity=Severity.LOW,
        default=False,
        digest=True,
        why="A DaemonSet runs on every node, and a CronJob runs again and again: both give an intruder persistence.",
        first=(
            c.records("objectRef.resource in ['daemonsets', 'cronjobs'] and verb in ['create', 'update', 'patch']"),
            "Read the digest: each one should belong to a ticket.",
        ),
        expressions=(
            c.audit(
                c.one_of("objectRef.resource", "daemonsets", "cronjobs"),
                c.SETS,
                "$.objectRef.subresource NOT EXISTS",
                c.DONE,
                c.PERSON,
            ),
        ),
        false_positives="People who use kubectl apply or helm.",
        technique="T1053.007",
        anchors=("panther", "sigma", "splunk"),
        requirements=c.SURGE,
    ),
    Detection(
        id="k8s-service-exposed",
        title="A service of type NodePort or LoadBalancer was created",
        severity=Severity.LOW,
        default=False,
        digest=True,
        why="It makes pods reachable from outside the cluster, from the internet if the load balancer is public.",
        first=(
            c.records("objectRef.resource = 'services' and verb in ['create', 'update', 'patch']"),
            "Read the digest, and check that each service is internal or meant to be public.",
        ),
        expressions=(
            c.audit(
                '$.objectRef.resource = "services"',
                c.SETS,
                c.ALLOWED,
                c.one_of("requestObject.spec.type", "NodePort", "LoadBalancer"),
            ),
        ),
        false_positives="Every service that is meant to be reachable.",
        technique="T1133",
        anchors=("panther", "falco", "elastic", "splunk"),
        requirements=(*c.SURGE, "k8s.service.exposure"),
    ),
)
