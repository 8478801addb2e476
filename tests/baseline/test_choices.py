"""What is rendered on request: access logs, mutual TLS, storage, kube-bench."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from hardened_eks.baseline import Namespace, Settings, delivery, load_balancers, manifests
from hardened_eks.baseline.policies import POLICIES
from hardened_eks.data.kubernetes import supported
from hardened_eks.errors import ConfigurationError
from tests.baseline.admission import Cluster, Request
from tests.baseline.rbac import can

DIGEST = "sha256:" + "1f" * 32
IMAGE = f"111122223333.dkr.ecr.eu-west-1.amazonaws.com/kube-bench@{DIGEST}"
CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/11112222-3333-4444-5555-666677778888"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/11112222-3333-4444-5555-666677778888"
EVERYTHING = Settings(
    registries=["111122223333.dkr.ecr.eu-west-1.amazonaws.com"],
    namespaces=[
        Namespace(
            name="payments",
            allow=["same-namespace", {"from": {"namespace": "web"}, "ports": [8080]}, {"to": {"cidr": "10.0.0.0/16"}, "ports": [5432]}],
        ),
        Namespace(name="agents", level="privileged"),
    ],
    access_logs="acme-load-balancer-logs",
    mutual_tls=True,
    storage_class=True,
    storage_key=KEY,
    kube_bench={"image": IMAGE, "targets": ["node", "policies"], "api": ["10.0.64.0/20"]},
)  # fmt: skip
OBJECTS = manifests(EVERYTHING)
AUTO_MODE_SETTINGS = Settings(
    access_logs="acme-load-balancer-logs",
    dns_addresses=["172.20.0.10"],
    auto_mode={
        "role": "auto-nodes", "subnets": ["subnet-0123456789abcdef0"], "security_group": "sg-0123456789abcdef0",
        "volumes_key": KEY,
    },
)  # fmt: skip
AUTO_MODE = manifests(AUTO_MODE_SETTINGS)
CRDS = {"IngressClassParams", "PeerAuthentication"}


def of(kind: str, objects: list[dict[str, Any]] = OBJECTS) -> dict[str, dict[str, Any]]:
    return {o["metadata"]["name"]: o for o in objects if o["kind"] == kind}


@pytest.mark.parametrize("version", supported())
def test_they_are_valid(version: str) -> None:
    plain = {o["metadata"]["name"] for o in manifests(Settings())}
    for item in OBJECTS:
        if item["kind"] not in CRDS and item["metadata"]["name"] not in plain:
            kubernetes_validate.validate(item, version, strict=True)


def test_nothing_is_rendered_unless_asked_for() -> None:
    kinds = {o["kind"] for o in manifests(Settings(namespaces=[Namespace(name="payments")]))}
    assert not kinds & {"CronJob", "StorageClass", "IngressClass", "ClusterRole", *CRDS}


class TestAccessLogs:
    def test_ingresses_are_internal_encrypted_and_logged_by_default(self) -> None:
        spec = of("IngressClassParams")["hardened"]["spec"]
        attributes = {one["key"]: one["value"] for one in spec["loadBalancerAttributes"]}
        assert spec["scheme"] == "internal"
        assert spec["sslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
        assert attributes["access_logs.s3.enabled"] == attributes["connection_logs.s3.enabled"] == "true"
        assert attributes["access_logs.s3.bucket"] == "acme-load-balancer-logs"
        assert attributes["access_logs.s3.prefix"] == load_balancers.PREFIX
        assert attributes["routing.http.drop_invalid_header_fields.enabled"] == "true"
        assert attributes["routing.http.desync_mitigation_mode"] == "defensive"
        (class_,) = of("IngressClass").values()
        assert class_["metadata"]["annotations"] == {"ingressclass.kubernetes.io/is-default-class": "true"}
        assert class_["spec"]["parameters"] == {
            "apiGroup": "elbv2.k8s.aws", "kind": "IngressClassParams", "name": "hardened",
        }  # fmt: skip

    def test_fips_is_a_choice(self) -> None:
        parameters, _ = load_balancers.ingress_class("logs", fips=True)
        assert parameters["spec"]["sslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09"

    def test_auto_mode_has_a_class_of_its_own_kind(self) -> None:
        (found,) = of("IngressClassParams", AUTO_MODE).values()
        attributes = {one["key"]: one["value"] for one in found["spec"].pop("loadBalancerAttributes")}
        assert (found["apiVersion"], found["spec"]) == ("eks.amazonaws.com/v1", {"scheme": "internal"}), "no sslPolicy"
        assert attributes["access_logs.s3.bucket"] == "acme-load-balancer-logs"
        (class_,) = of("IngressClass", AUTO_MODE).values()
        assert class_["metadata"]["annotations"] == {"ingressclass.kubernetes.io/is-default-class": "true"}
        assert class_["spec"] == {
            "controller": "eks.amazonaws.com/alb",
            "parameters": {"apiGroup": "eks.amazonaws.com", "kind": "IngressClassParams", "name": "hardened-auto-mode"},
        }
        kubernetes_validate.validate(class_, supported()[0], strict=True)

    def test_the_controllers_class_is_beside_it_where_both_run(self) -> None:
        both = manifests(replace(AUTO_MODE_SETTINGS, addons=["load-balancer-controller"]))
        assert {one["apiVersion"] for one in of("IngressClassParams", both).values()} == {
            "eks.amazonaws.com/v1",
            "elbv2.k8s.aws/v1beta1",
        }
        defaults = {n: "annotations" in one["metadata"] for n, one in of("IngressClass", both).items()}
        assert defaults == {"hardened-auto-mode": True, "hardened": False}
        bootstrap = delivery.bootstrap(replace(AUTO_MODE_SETTINGS, addons=["load-balancer-controller"]))
        for api in ("eks.amazonaws.com", "elbv2.k8s.aws"):
            assert can(bootstrap, "hardened-eks:delivery", "patch", api, "ingressclassparams", name="x")

    def test_services_of_auto_mode_name_no_type(self) -> None:
        usual = load_balancers.service_annotations(bucket="logs", certificate_arn=CERTIFICATE)
        notes = load_balancers.service_annotations(bucket="logs", certificate_arn=CERTIFICATE, auto_mode=True)
        assert usual.keys() - notes.keys() == {"service.beta.kubernetes.io/aws-load-balancer-type"}
        spec = {"type": "LoadBalancer", "ports": [{"port": 443}]}
        for class_, denied in (("eks.amazonaws.com/nlb", False), (None, True)):
            service = {"metadata": {"annotations": notes}, "spec": {**spec, "loadBalancerClass": class_}}
            request = Request(resource="services", kind="Service", object=service)
            assert Cluster(AUTO_MODE_SETTINGS).judge("service", request).denied == denied

    @pytest.mark.parametrize("ports", [(), (443,), (443, "https")])
    def test_a_service_with_the_annotations_is_admitted(self, ports: tuple[int | str, ...]) -> None:
        notes = load_balancers.service_annotations(bucket="logs", certificate_arn=CERTIFICATE, ports=ports)
        listed = [{"port": 443}, *([{"port": 8443, "name": "https"}] if "https" in ports else [])]
        service = {"metadata": {"annotations": notes}, "spec": {"type": "LoadBalancer", "ports": listed}}
        request = Request(resource="services", kind="Service", object=service)
        assert not Cluster(EVERYTHING).judge("service", request).denied

    @pytest.mark.parametrize("annotation", ["scheme", "ssl-cert", "attributes"])
    def test_each_annotation_is_needed(self, annotation: str) -> None:
        notes = load_balancers.service_annotations(bucket="logs", certificate_arn=CERTIFICATE, ports=[443])
        del notes[f"service.beta.kubernetes.io/aws-load-balancer-{annotation}"]
        service = {"metadata": {"annotations": notes}, "spec": {"type": "LoadBalancer", "ports": [{"port": 443}]}}
        assert Cluster(EVERYTHING).judge("service", Request(resource="services", kind="Service", object=service)).denied

    def test_the_guide_s_class_of_gateways_is_admitted(self) -> None:
        page = (Path(__file__).parents[2] / "docs/how-to/log-load-balancers.md").read_text(encoding="utf-8")
        class_, configuration = yaml.safe_load_all(re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)[-1])
        reference = class_["spec"]["parametersRef"]
        assert (reference["group"], "v1beta1") == tuple(configuration["apiVersion"].split("/"))
        assert reference["kind"] == configuration["kind"]
        assert {"name": reference["name"], "namespace": reference["namespace"]} == configuration["metadata"]
        assert configuration["spec"]["listenerConfigurations"][0]["sslPolicy"] == load_balancers.TLS_POLICY
        request = Request(
            resource="loadbalancerconfigurations", group="gateway.k8s.aws", version="v1beta1", kind=configuration["kind"],
            object=configuration,
        )  # fmt: skip
        assert not Cluster(EVERYTHING).judge("gateway-load-balancer", request).denied
        del configuration["spec"]["loadBalancerAttributes"]
        assert Cluster(EVERYTHING).judge("gateway-load-balancer", request).denied


class TestMutualTls:
    def test_plain_traffic_is_refused_in_the_whole_mesh(self) -> None:
        (found,) = of("PeerAuthentication").values()
        assert found["metadata"]["namespace"] == "istio-system"
        assert found["spec"] == {"mtls": {"mode": "STRICT"}}

    def test_namespaces_are_in_the_mesh_but_for_those_of_agents(self) -> None:
        modes = {n: o["metadata"]["labels"].get("istio.io/dataplane-mode") for n, o in of("Namespace").items()}
        assert modes["payments"] == "ambient"
        assert {n for n, mode in modes.items() if mode} == {"payments"}
        assert {"istio-system", "istio-cni", "istio-ztunnel"} <= set(modes), "the profiles of the add-ons"

    def test_network_policies_let_the_tunnel_through_between_the_same_peers(self) -> None:
        policies = {
            o["metadata"]["name"]: o["spec"]
            for o in OBJECTS
            if o["kind"] == "NetworkPolicy" and o["metadata"]["namespace"] == "payments"
        }
        (rule,) = policies["allow-02"]["ingress"]
        assert {"port": 15008, "protocol": "TCP"} in rule["ports"]
        assert rule["from"][0]["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "web"}
        assert {"port": 15008, "protocol": "TCP"} not in policies["allow-03"]["egress"][0]["ports"], "no pod"
        assert "ports" not in policies["allow-same-namespace"]["ingress"][0], "open already"
        assert {p["port"] for p in policies["allow-dns"]["egress"][0]["ports"]} == {53}
        (probes,) = policies["allow-mesh-probes"]["ingress"]
        assert probes["from"] == [
            {"ipBlock": {"cidr": "169.254.7.127/32"}}, {"ipBlock": {"cidr": "fd16:9254:7127:1337:ffff::/80"}},
        ]  # fmt: skip

    def test_without_it_nothing_changes(self) -> None:
        names = {o["metadata"]["name"] for o in manifests(Settings(namespaces=[Namespace(name="payments")]))}
        assert "allow-mesh-probes" not in names


class TestStorage:
    def test_claims_get_encrypted_volumes_by_default(self) -> None:
        (found,) = of("StorageClass").values()
        assert found["parameters"]["encrypted"] == "true"
        assert found["parameters"]["type"] == "gp3"
        assert found["parameters"]["kmsKeyId"] == KEY
        assert found["metadata"]["annotations"] == {"storageclass.kubernetes.io/is-default-class": "true"}
        (plain,) = of("StorageClass", manifests(Settings(storage_class=True))).values()
        assert "kmsKeyId" not in plain["parameters"]


class TestKubeBench:
    def pod(self, target: str, **more: Any) -> dict[str, Any]:
        settings = Settings(kube_bench={**EVERYTHING.kube_bench, **more})
        job = of("CronJob", manifests(settings))[f"kube-bench-{target}"]
        pod: dict[str, Any] = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
        return pod

    @pytest.mark.parametrize("target", ["node", "policies"])
    def test_the_benchmark_is_named_and_the_output_is_json(self, target: str) -> None:
        for benchmark in ("eks-1.8.0", "eks-stig-kubernetes-v1r6"):
            (container,) = self.pod(target, benchmark=benchmark)["containers"]
            assert container["command"] == [
                "kube-bench", "run", "--targets", target, "--benchmark", benchmark, "--json",
            ]  # fmt: skip
            assert container["image"] == IMAGE

    def test_only_the_pod_that_reads_the_node_is_on_it(self) -> None:
        node, policies = self.pod("node"), self.pod("policies")
        assert node["hostPID"] is True
        assert not node["automountServiceAccountToken"]
        assert all(m["readOnly"] for m in node["containers"][0]["volumeMounts"])
        assert "hostPID" not in policies
        assert policies["volumes"] == [{"name": "tmp", "emptyDir": {"sizeLimit": "64Mi"}}]
        assert policies["containers"][0]["securityContext"]["runAsNonRoot"] is True

    def test_the_pod_that_reads_objects_would_pass_every_policy_elsewhere(self) -> None:
        pod = {"metadata": {"name": "a"}, "spec": self.pod("policies")}
        judge = Cluster(EVERYTHING).judge
        for policy in POLICIES:
            assert not judge(policy.id, Request(resource="pods", object=pod)).denied, policy.id

    def test_it_may_list_and_no_more_and_no_secret(self) -> None:
        (role,) = of("ClusterRole").values()
        assert {verb for rule in role["rules"] for verb in rule["verbs"]} == {"list"}
        assert "secrets" not in {resource for rule in role["rules"] for resource in rule["resources"]}
        (binding,) = of("ClusterRoleBinding").values()
        assert binding["subjects"] == [
            {"kind": "ServiceAccount", "name": "kube-bench-policies", "namespace": "kube-bench"}
        ]

    def test_the_node_alone_needs_no_right(self) -> None:
        alone = manifests(Settings(kube_bench={"image": IMAGE}))
        assert not of("ClusterRole", alone)
        assert set(of("CronJob", alone)) == {"kube-bench-node"}

    def test_its_namespace_is_privileged_and_reaches_the_api_alone(self) -> None:
        labels = of("Namespace")["kube-bench"]["metadata"]["labels"]
        assert labels["pod-security.kubernetes.io/enforce"] == "privileged"
        egress = [
            rule
            for o in OBJECTS
            if o["kind"] == "NetworkPolicy" and o["metadata"]["namespace"] == "kube-bench"
            for rule in o["spec"].get("egress", ())
            if any("ipBlock" in peer for peer in rule["to"])
        ]
        assert egress == [{"to": [{"ipBlock": {"cidr": "10.0.64.0/20"}}], "ports": [{"port": 443, "protocol": "TCP"}]}]
        bound = [o for o in OBJECTS if o["kind"] == "RoleBinding" and o["metadata"]["namespace"] == "kube-bench"]
        assert [o["metadata"]["name"] for o in bound] == ["viewer"], "who deploys there reads the node"

    def test_break_glass_applies_its_cluster_role(self) -> None:
        delivered = [o["kind"] for piece in delivery.pieces(EVERYTHING) for o in piece.objects]
        assert not {"ClusterRole", "ClusterRoleBinding"} & set(delivered)
        bootstrap = delivery.bootstrap(EVERYTHING)
        assert {"kube-bench-policies", "hardened-eks-delivery"} == {
            o["metadata"]["name"] for o in bootstrap if o["kind"] == "ClusterRole"
        }


def test_the_delivery_may_write_what_was_chosen_and_nothing_of_the_rest() -> None:
    asked = {
        ("batch", "cronjobs"), ("storage.k8s.io", "storageclasses"), ("networking.k8s.io", "ingressclasses"),
        ("elbv2.k8s.aws", "ingressclassparams"), ("security.istio.io", "peerauthentications"),
    }  # fmt: skip
    for settings, expected in ((EVERYTHING, True), (Settings(), False)):
        bootstrap = delivery.bootstrap(settings)
        for api, resource in asked:
            for verb in ("create", "get", "patch"):
                where = {"name": "x", "namespace": "kube-bench"}
                assert can(bootstrap, "hardened-eks:delivery", verb, api, resource, **where) is expected, resource


def test_jobs_and_classes_come_before_the_bindings() -> None:
    assert [re.sub(r"\d", "", piece.name) for piece in delivery.pieces(EVERYTHING)] == [
        "Namespaces", "Access", "Policies", "Policies", "Limits", "Classes", "Jobs", "Bindings",
    ]  # fmt: skip


BAD = [
    ({"access_logs": "s3://logs"}, "access_logs needs the name of a bucket"),
    ({"mutual_tls": "strict"}, "mutual_tls needs true or false"),
    ({"storage_key": "alias/ebs"}, "storage_key needs the ARN of a KMS key"),
    ({"kube_bench": {"targets": ["node"]}}, "kube_bench needs an image"),
    ({"kube_bench": {"image": "aquasec/kube-bench:latest"}}, "kube_bench.image needs an image by digest"),
    ({"kube_bench": {"image": IMAGE, "targets": ["etcd"]}}, "needs one of node, policies, got 'etcd'"),
    ({"kube_bench": {"image": IMAGE, "targets": ["policies"]}}, "needs api for the target policies"),
    ({"kube_bench": {"image": IMAGE, "benchmark": "cis-1.9"}}, "needs one of eks-1.8.0, eks-stig-kubernetes-v1r6"),
    ({"kube_bench": {"image": IMAGE, "schedule": "daily"}}, "kube_bench.schedule needs a schedule"),
    ({"kube_bench": IMAGE}, "kube_bench needs a mapping with image"),
    ({"kube_bench": {"image": IMAGE, "api": ["10.0.0.1/20"]}}, "kube_bench.api.0 needs a range"),
]


@pytest.mark.parametrize(("settings", "message"), BAD)
def test_mistakes_are_named(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        Settings(**settings)
    assert message in str(refused.value)


def test_names_that_the_cdk_fills_in_are_taken() -> None:
    token = "${Token[AccessLogs.BucketName.123]}"
    found = of("IngressClassParams", manifests(Settings(access_logs=token)))["hardened"]
    assert {"key": "access_logs.s3.bucket", "value": token} in found["spec"]["loadBalancerAttributes"]
