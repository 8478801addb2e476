"""A normal deployment, and a normal day of the cluster, page nobody of the default set."""

from typing import Any

import pytest

from hardened_eks.baseline import kube_bench
from hardened_eks.detections import DETECTIONS, Source, read
from tests.detections.audit import (
    ADDONS,
    ANONYMOUS,
    APISERVER,
    CONTROLLER,
    EKS_ROLE,
    KUBELET,
    MANAGER,
    audit,
    binding,
    container,
    pod,
    role,
    started,
)
from tests.detections.aws_cases import alerting, ec2, flat, iam, kms, logs, sign_in
from tests.detections.eks_cases import create, entry, grant, group
from tests.detections.findings_cases import image, scan
from tests.detections.events import (
    EKS_SERVICE,
    GUARDDUTY_SERVICE,
    NODEGROUP_SERVICE,
    PARAMETERS,
    PERSON,
    SCALING_SERVICE,
    SERVICE,
    TRUSTED,
    call,
    made_by,
)
from tests.detections.k8s_cases import delivery
from tests.detections.run import BY_ID, fires, told

PAGES = {d.id for d in DETECTIONS if d.default and not d.digest}
ADMISSION, NETWORK = "admissionregistration.k8s.io", "networking.k8s.io"

DEPLOYED = [
    create(TRUSTED, endpointPublicAccess=False, endpointPrivateAccess=True),
    group("CreateNodegroup", TRUSTED),
    call("eks", "CreateAddon", {"name": "ledger", "addonName": "vpc-cni"}, by=TRUSTED),
    call("eks", "TagResource", {"resourceArn": "arn:aws:eks:x"}, by=TRUSTED),
    entry("CreateAccessEntry", TRUSTED),
    grant("arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy", TRUSTED),
    entry("CreateAccessEntry", NODEGROUP_SERVICE),
    call("eks", "CreatePodIdentityAssociation", {"name": "ledger", "namespace": "kube-system"}, by=TRUSTED),
    call("eks", "DescribeCluster", {"name": "ledger"}, by=PERSON, readOnly=True),
    kms("CreateKey", TRUSTED),
    kms("PutKeyPolicy", TRUSTED),
    kms("CreateGrant", EKS_SERVICE),
    kms("CreateGrant", SCALING_SERVICE),
    kms("RetireGrant", SERVICE, typed=None),
    logs("PutRetentionPolicy", TRUSTED, logGroupName="/aws/eks/ledger/cluster", retentionInDays=365),
    iam("PutRolePolicy", TRUSTED),
    iam("AttachRolePolicy", TRUSTED, role_name="ledger-cluster"),
    ec2("CreateRoute", TRUSTED, routeTableId="rtb-1"),
    flat("10.40.0.0/16", TRUSTED),
    flat("10.40.0.0/16", EKS_SERVICE),
    ec2("CreateNetworkInterface", EKS_SERVICE, subnetId="subnet-1"),
    ec2("RunInstances", SCALING_SERVICE),
    ec2("DeleteVpcEndpoints", GUARDDUTY_SERVICE),
    call("eks", "CreateAddon", {"name": "ledger", "addonName": "aws-guardduty-agent"}, by=GUARDDUTY_SERVICE),
    alerting("PutMetricAlarm", by=TRUSTED),
    made_by(alerting("DeleteAlarms"), SCALING_SERVICE),
    alerting("SetTopicAttributes", "sns", TRUSTED),
    call("ecr", "SetRepositoryPolicy", {"repositoryName": "cart", "policyText": "{}"}, by=TRUSTED),
    call("ecr", "PutImageTagMutability", {"imageTagMutability": "IMMUTABLE"}, by=TRUSTED),
    image("PUSH"),
    scan(),
    sign_in(mfa="Yes"),
    call("sts", "AssumeRole", {"roleArn": "arn:aws:iam::444455556666:role/ledger-creator"}, readOnly=True),
]
LIVED = [
    audit("get", "", who=ANONYMOUS, uri="/livez"),
    audit("get", "", who=ANONYMOUS, uri="/readyz"),
    binding("cluster-admin", "system:masters", who=APISERVER),
    binding("system:controller:job-controller", "job-controller", who=APISERVER),
    binding("system:basic-user", "system:authenticated", who=APISERVER),
    role("*", name="cluster-admin", who=APISERVER),
    role("*", who=ADDONS),
    audit("create", "serviceaccounts", "cart", namespace="shop", sub="token", who=KUBELET),
    audit("create", "serviceaccounts", "x", namespace="kube-system", sub="token", who=MANAGER),
    audit("list", "secrets", who=MANAGER),
    started("watch", "secrets", who=APISERVER),
    audit("get", "secrets", "db", namespace="shop", who="system:serviceaccount:shop:cart"),
    audit("watch", "secrets", "db", namespace="shop", who=KUBELET),
    audit("get", "secrets", "x", namespace="kube-system", who=EKS_ROLE),
    audit("patch", "mutatingwebhookconfigurations", "pod-identity-webhook", who=ADDONS, group=ADMISSION),
    audit("update", "configmaps", "aws-auth", namespace="kube-system", who="eks:node-manager"),
    audit("update", "configmaps", "coredns", namespace="kube-system", who=ADDONS),
    pod(),
    pod("kube-system", hostNetwork=True, containers=[container(privileged=True)], volumes=[
        {"name": "h", "hostPath": {"path": "/var/lib/kubelet"}}]),
    pod("amazon-cloudwatch", volumes=[{"name": "h", "hostPath": {"path": "/"}}]),
    audit("create", "deployments", "cart", namespace="shop", group="apps", body={}),
    audit("create", "networkpolicies", "deny", namespace="shop", group=NETWORK, body={}),
    audit("create", "pods", "cart-1", namespace="shop", sub="eviction", who="eks:node-manager", code=429),
    audit("list", "pods", who=CONTROLLER),
    delivery("create"),
    delivery("patch", "validatingadmissionpolicies", group=ADMISSION),
    delivery("create", "validatingadmissionpolicybindings", group=ADMISSION),
    delivery("patch", "rolebindings", group="rbac.authorization.k8s.io", body={"roleRef": {"name": "operator"}}),
]  # fmt: skip


@pytest.mark.parametrize("event", DEPLOYED, ids=lambda event: event["detail"].get("eventName", event["detail-type"]))
def test_a_deployment_pages_nobody(event: dict[str, Any]) -> None:
    assert told(event, Source.EVENTBRIDGE) & PAGES == set()


@pytest.mark.parametrize("line", LIVED)
def test_a_normal_day_pages_nobody(line: str) -> None:
    assert told(line, Source.AUDIT_LOG) & PAGES == set()


def test_the_node_check_of_kube_bench_pages_until_its_namespace_is_named() -> None:
    """As docs/how-to/run-kube-bench.md says: by default a namespace of that name may do no more than others."""
    (job,) = kube_bench.objects({"image": "registry.example.com/kube-bench@sha256:" + "1f" * 32})
    line = pod(kube_bench.NAME, **job["spec"]["jobTemplate"]["spec"]["template"]["spec"])
    assert told(line, Source.AUDIT_LOG) & PAGES == {"k8s-host-namespaces", "k8s-host-path"}
    named = read({**PARAMETERS, "agent_namespaces": ["kube-system", kube_bench.NAME]})
    for id_ in ("k8s-host-namespaces", "k8s-host-path", "k8s-privileged-pod", "k8s-root-container"):
        assert not fires(BY_ID[id_].expression(Source.AUDIT_LOG).filled(named), line)  # type: ignore[union-attr]
