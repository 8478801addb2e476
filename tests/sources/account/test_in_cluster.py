"""What is in a cluster, read from a TLS server with recorded answers, and judged by the controls of Kubernetes objects."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from hardened_eks.baseline import Settings
from hardened_eks.baseline.policies import trusted_registry
from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.kubernetes import KUBERNETES
from hardened_eks.judging.evaluation import Outcome, evaluate
from hardened_eks.sources import saved
from hardened_eks.sources.account import in_cluster
from hardened_eks.sources.account.asking import Asker
from hardened_eks.sources.account.in_cluster import LISTINGS
from hardened_eks.sources.kubernetes import ApiError
from hardened_eks.sources.saved import Environment
from tests.sources.account.double import ACCOUNT, REGION, DoubleOfAws
from tests.sources.account.recorded_cluster import RecordedCluster, at, item, privileged
from tests.sources.kubernetes.server import Certificates, RecordedApi, Said, make_certificates, serving

LEFT_OUT = {"Kubernetes::core::Secret", "Kubernetes::core::Endpoints", "Kubernetes::discovery.k8s.io::EndpointSlice"}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"), "IP:127.0.0.1")


@pytest.fixture
def cluster() -> RecordedCluster:
    return RecordedCluster()


@pytest.fixture
def api(certificates: Certificates, cluster: RecordedCluster) -> Iterator[RecordedApi]:
    with serving(certificates, cluster) as api:
        yield api


@pytest.fixture
def double(api: RecordedApi) -> DoubleOfAws:
    double = DoubleOfAws()
    at(double, api)
    return double


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_cluster, "_PAUSE", 0.01)


def read(double: DoubleOfAws, token: str = "secret") -> Environment:
    return in_cluster.read(Asker(double.clients(), ACCOUNT, REGION), "payments", lambda: token)


def judged(one: Environment) -> Outcome:
    return evaluate(one.load().assembly, KUBERNETES)


def ids(one: Environment) -> set[str]:
    return set(one.templates["kubernetes:payments"]["Resources"])


def failing(one: Environment) -> set[tuple[str, str]]:
    return {(finding.control.id, finding.subject.name)
            for finding in judged(one).findings}  # fmt: skip


def test_every_kind_that_a_control_reads_is_asked_for() -> None:
    live = [control for control in CATALOGUE if control.evidence != "template"]
    needed = {type_ for control in live for type_ in control.types if type_.startswith("Kubernetes::")}
    policies = {"Kubernetes::admissionregistration.k8s.io::ValidatingAdmissionPolicy"}
    assert {one.type for one in LISTINGS} == (needed | policies) - LEFT_OUT
    assert len({one.path("v1") for one in LISTINGS}) == len(LISTINGS)


def test_what_runs_there_is_judged(double: DoubleOfAws) -> None:
    found = read(double)
    assert (found.not_seen, found.hidden, judged(found).unseen) == ((), (), ())
    assert {("KB-14", "Namespace/open"), ("KB-36", "Namespace/open"), ("KB-15", "ClusterRole/mine")} <= failing(found)
    assert ("KB-36", "Namespace/web") not in failing(found)
    for name in ("Pod/web/alone", "Deployment/web/api"):
        assert len([control for control, subject in failing(found) if subject == name]) > 5


def test_what_something_else_made_or_brought_is_left_out(double: DoubleOfAws) -> None:
    found = ids(read(double))
    assert {one for one in found if one.startswith(("Pod/", "ReplicaSet/"))} == {"Pod/web/alone", "Pod/web/other"}
    assert {one for one in found if one.startswith("ClusterRole/")} == {
        "ClusterRole/eks:mine", "ClusterRole/system:mine", "ClusterRole/mine"}  # fmt: skip


def test_objects_are_as_in_a_manifest(double: DoubleOfAws) -> None:
    body = read(double).templates["kubernetes:payments"]["Resources"]["Namespace/open"]
    assert body == {
        "Type": "Kubernetes::core::Namespace",
        "Properties": {"apiVersion": "v1", "kind": "Namespace",
                       "metadata": {"name": "open", "uid": "u", "resourceVersion": "1"}},
        "Metadata": {"hardened-eks:arn": f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/payments"},
    }  # fmt: skip


def test_all_pages_are_read_with_the_token(double: DoubleOfAws, api: RecordedApi) -> None:
    read(double, "k8s-aws-v1.abc")
    assert len([one for one in api.asked if one.path == "/api/v1/namespaces"]) == 2
    assert {one.headers["authorization"] for one in api.asked} == {"Bearer k8s-aws-v1.abc"}


def test_secrets_are_never_asked_for(double: DoubleOfAws, api: RecordedApi) -> None:
    read(double)
    assert not [one.path for one in api.asked if "secret" in one.path]
    assert {one.path for one in api.asked if "configmaps" in one.path} == {
        "/api/v1/namespaces/kube-system/configmaps/aws-auth"}  # fmt: skip


def test_the_policies_of_the_cluster_judge(double: DoubleOfAws, cluster: RecordedCluster) -> None:
    pod = privileged("alone", "web")
    pod["spec"]["containers"][0]["image"] = f"registry.example.com/app@sha256:{'a' * 64}"
    cluster.lists["/api/v1/pods"] = [pod]
    assert ("KB-01", "Pod/web/alone") in failing(read(double))
    rendered = trusted_registry.POLICY.render(Settings(registries=["registry.example.com"]))
    cluster.lists["/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies"] = [rendered]
    assert ("KB-01", "Pod/web/alone") not in failing(read(double))


@pytest.mark.parametrize("code", [403, 410, 500])
def test_a_list_that_is_denied_or_fails_is_not_seen(double: DoubleOfAws, cluster: RecordedCluster, code: int) -> None:
    cluster.deny("/apis/networking.k8s.io/v1/networkpolicies", code)
    found = read(double)
    assert "Kubernetes::networking.k8s.io::NetworkPolicy" in found.hidden
    assert found.not_seen[0].startswith(
        f"Kubernetes of payments in {REGION}: /apis/networking.k8s.io/v1/networkpolicies: "
    )
    outcome = judged(found)
    assert "KB-36" in {finding.control.id for finding in outcome.unseen}
    assert "KB-36" not in {finding.control.id for finding in outcome.findings}


def test_pods_that_nobody_may_list_are_no_pass(double: DoubleOfAws, cluster: RecordedCluster) -> None:
    before = {finding.control.id for finding in judged(read(double)).findings}
    for path in ("/api/v1/pods", "/apis/apps/v1/deployments"):
        cluster.deny(path)
    outcome = judged(read(double))
    after = {finding.control.id for finding in (*outcome.findings, *outcome.unseen)}
    assert before - after == set()


def test_an_api_that_does_not_answer_is_asked_once(
    double: DoubleOfAws, cluster: RecordedCluster, api: RecordedApi
) -> None:
    cluster.deny("/apis", 401)
    found = read(double)
    assert set(found.hidden) == {one.type for one in LISTINGS}
    assert found.not_seen == (
        f"Kubernetes of payments in {REGION}: /apis: 401 cannot list /apis; the cluster has no access entry for the role of"
        " the audit",
    )
    assert {one.path for one in api.asked} == {"/apis"}
    assert judged(found).findings == ()


def test_one_that_breaks_down_is_not_asked_for_the_rest(
    double: DoubleOfAws, cluster: RecordedCluster, api: RecordedApi
) -> None:
    cluster.deny("/api/v1/pods", 503)
    found = read(double)
    assert {"Kubernetes::core::Pod", "Kubernetes::apps::Deployment"} <= set(found.hidden)
    assert "Kubernetes::core::Namespace" not in found.hidden
    assert len(found.not_seen) == 1
    assert not [one.path for one in api.asked if one.path.startswith("/apis/")]


def test_a_cluster_that_nobody_may_describe_is_not_seen(double: DoubleOfAws, api: RecordedApi) -> None:
    double.refuse("eks:DescribeCluster")
    found = read(double)
    assert "eks:DescribeCluster of payments" in found.not_seen[0]
    assert set(found.hidden) == {one.type for one in LISTINGS}
    assert not api.asked


def test_a_token_that_cannot_be_signed_is_not_seen(double: DoubleOfAws) -> None:
    def token() -> str:
        raise ApiError("there are no AWS credentials to sign a token with")

    found = in_cluster.read(Asker(double.clients(), ACCOUNT, REGION), "payments", token)
    assert found.not_seen == (f"Kubernetes of payments in {REGION}: there are no AWS credentials to sign a token with",)


@pytest.mark.parametrize("body", [{"groups": [{"no": "name"}]}, {"groups": ["text"]}, [], "text"])
def test_an_answer_that_is_not_understood_ends_nothing(
    double: DoubleOfAws, cluster: RecordedCluster, body: object
) -> None:
    cluster.refused["/apis"] = Said(body)
    assert set(read(double).hidden) == {one.type for one in LISTINGS}


def test_an_object_that_is_not_understood_hides_its_kind_alone(double: DoubleOfAws, cluster: RecordedCluster) -> None:
    cluster.lists["/api/v1/services"] = [{"metadata": ["no", "names"]}]
    assert read(double).hidden == ("Kubernetes::core::Service",)


def test_it_is_saved_and_judged_the_same(double: DoubleOfAws, tmp_path: Path) -> None:
    file = tmp_path / "live.json"
    found = read(double)
    file.write_text(saved.text([found], day="2026-11-29", version="0"))
    (again,) = saved.read(str(file))
    assert failing(again) == failing(found) != set()
    assert "managedFields" not in file.read_text()


def test_two_objects_of_one_name_are_two(double: DoubleOfAws, cluster: RecordedCluster) -> None:
    cluster.lists["/api/v1/services"] = [item("a", "web"), item("a", "web")]
    assert {"Service/web/a", "Service/web/a#2"} <= ids(read(double))


def test_the_role_of_the_how_to_allows_what_is_asked_and_no_more() -> None:
    """As documented, so that nobody reads Secrets for an audit."""
    page = (Path(__file__).parents[3] / "docs/how-to/audit-an-account.md").read_text()
    text = page.partition("```yaml\n")[2].partition("```")[0]
    role, binding = yaml.safe_load_all(text)
    allowed = {
        (group, resource, verb, *rule.get("resourceNames", ()))
        for rule in role["rules"] for group in rule["apiGroups"] for resource in rule["resources"] for verb in rule["verbs"]
    }  # fmt: skip
    assert allowed == {
        (one.group, one.plural, "get", one.one.partition("/")[2]) if one.one else (one.group, one.plural, "list")
        for one in LISTINGS
    }
    assert binding["roleRef"]["name"] == role["metadata"]["name"]
