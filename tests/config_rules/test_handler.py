"""The function behind the Config rules, against a real HTTPS server with recorded answers and a stand-in of AWS Config."""

from __future__ import annotations

import gc
import json
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from hardened_eks.baseline.policies.privilege_escalation import POLICY as ESCALATION
from hardened_eks.baseline.policies.trusted_registry import POLICY as REGISTRY_POLICY
from hardened_eks.config_rules import judging
from hardened_eks.config_rules.evaluations import RefusedError, object_id
from hardened_eks.config_rules.handler import run
from hardened_eks.config_rules.workloads import essence, judge_of
from hardened_eks.controls.kubernetes import images_trusted, no_privilege_escalation
from hardened_eks.data.cluster_rules import RULES
from hardened_eks.sources.kubernetes import api as reader
from tests.baseline.objects import REGISTRY as TRUSTED
from tests.baseline.objects import good
from tests.baseline.test_pods import CASES
from tests.config_rules.built import (
    GOOD,
    REGISTRY,
    FakeConfig,
    FakeEks,
    around,
    cluster,
    described,
    event,
    owned,
    pod,
    policy,
    space,
)
from tests.sources.kubernetes.server import Answers, Certificates, RecordedApi, Said, serving, status

PRIVILEGE, IMAGES, NETWORK = "privilege-escalation", "trusted-registries", "network-policies"
BAD = {**GOOD, "securityContext": {}}
Judged = Callable[..., FakeConfig]


@pytest.fixture
def served(certificates: Certificates) -> Iterator[Callable[[Answers], RecordedApi]]:
    with ExitStack() as stack:
        yield lambda answers: stack.enter_context(serving(certificates, answers))


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader.time, "sleep", lambda _: None)
    monkeypatch.setattr(
        reader.Api.__init__, "__kwdefaults__", {**reader.Api.__init__.__kwdefaults__, "sleep": lambda _: None}
    )


@pytest.fixture
def judged(served: Callable[[Answers], RecordedApi]) -> Judged:
    def judge(
        check: str, *, kept: dict[str, str] | None = None, given: dict[str, str] | None = None, **objects: Any
    ) -> FakeConfig:
        config = FakeConfig(**(kept or {}))
        eks = FakeEks(prod=described(served(cluster(**objects))))
        run(event(check, **(given or {})), around(config, eks)[0])
        return config

    return judge


class TestPrivilegeEscalation:
    @pytest.mark.parametrize("container", [
        BAD, {"name": "web", "image": GOOD["image"]}, {**GOOD, "securityContext": {"allowPrivilegeEscalation": True}},
        {**GOOD, "securityContext": {"allowPrivilegeEscalation": False, "privileged": True}},
        {**GOOD, "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"add": ["SYS_ADMIN"]}}},
    ])  # fmt: skip
    @pytest.mark.parametrize("list_", ["containers", "initContainers", "ephemeralContainers"])
    def test_absent_means_allowed_in_every_list(self, judged: Judged, container: dict[str, Any], list_: str) -> None:
        config = judged(PRIVILEGE, pods=[pod("web", spec={"containers": [GOOD], list_: [GOOD, container]})])
        assert config.said == {"prod": "NON_COMPLIANT", "prod/payments/Pod/web": "NON_COMPLIANT"}
        assert config.texts["prod/payments/Pod/web"].startswith(
            f"KB-03 [critical] pod web: spec.{list_}.1: a container "
        )
        assert config.texts["prod"] == "KB-03 [critical] 1 of 1 workloads fail"

    def test_good_pods_pass(self, judged: Judged) -> None:
        config = judged(PRIVILEGE, pods=[pod("web"), pod("api", "shop")])
        assert config.said == {
            "prod": "COMPLIANT", "prod/payments/Pod/web": "COMPLIANT", "prod/shop/Pod/api": "COMPLIANT",
        }  # fmt: skip

    def test_a_container_after_a_bad_one_is_seen_too(self, judged: Judged) -> None:
        config = judged(PRIVILEGE, pods=[pod("web", "payments", BAD, BAD)])
        assert config.texts["prod/payments/Pod/web"].endswith("(and 1 more)")

    def test_windows_has_no_such_field(self, judged: Judged) -> None:
        windows = {"os": {"name": "windows"}}
        host = {"securityContext": {"windowsOptions": {"hostProcess": True}}, "image": GOOD["image"]}
        config = judged(PRIVILEGE, pods=[pod("web", spec=windows), pod("host", "payments", host, spec=windows)])
        assert config.said["prod/payments/Pod/web"] == "NOT_APPLICABLE"
        assert config.said["prod/payments/Pod/host"] == "NON_COMPLIANT"

    def test_exempt_namespaces_are_left_out_and_no_others(self, judged: Judged) -> None:
        bad = [pod("a", "kube-system", BAD), pod("b", "agents", BAD), pod("c", "kube-public", BAD)]
        config = judged(PRIVILEGE, pods=bad, given={"exempt": "kube-system, agents"})
        assert config.said == {"prod": "NON_COMPLIANT", "prod/kube-public/Pod/c": "NON_COMPLIANT"}
        assert judged(PRIVILEGE, pods=bad, given={"exempt": ""}).texts["prod"].startswith("KB-03 [critical] 3 of 3")

    def test_pods_that_have_ended_run_nothing(self, judged: Judged) -> None:
        ended = [pod(phase, "payments", BAD, status={"phase": phase}) for phase in ("Succeeded", "Failed")]
        config = judged(PRIVILEGE, pods=ended)
        assert config.said == {"prod": "NOT_APPLICABLE"}
        assert config.texts["prod"] == "there are no workloads to evaluate"


class TestWorkloads:
    def test_pods_are_told_as_what_runs_them(self, judged: Judged) -> None:
        pods = [
            pod("web-7d4b9-x", metadata=owned("ReplicaSet", "web-7d4b9", "7d4b9")),
            pod("web-7d4b9-y", metadata=owned("ReplicaSet", "web-7d4b9", "7d4b9")),
            pod("web-5c5c5-z", metadata=owned("ReplicaSet", "web-5c5c5", "5c5c5")),
            pod("alone-x", metadata=owned("ReplicaSet", "alone")),
            pod("log-x", metadata=owned("DaemonSet", "log")),
            pod("once", metadata={"ownerReferences": [{"kind": "Job", "name": "other"}]}),
        ]
        assert set(judged(PRIVILEGE, pods=pods).said) == {
            "prod", "prod/payments/Deployment/web", "prod/payments/ReplicaSet/alone", "prod/payments/DaemonSet/log",
            "prod/payments/Pod/once",
        }  # fmt: skip

    @pytest.mark.parametrize("order", [1, -1])
    def test_one_bad_pod_fails_its_workload(self, judged: Judged, order: int) -> None:
        pods = [
            pod("web-x", "payments", GOOD, metadata=owned("StatefulSet", "web")),
            pod("web-y", "payments", BAD, metadata=owned("StatefulSet", "web")),
        ]
        assert judged(PRIVILEGE, pods=pods[::order]).said["prod/payments/StatefulSet/web"] == "NON_COMPLIANT"

    def test_what_is_left_of_a_pod_is_judged_as_the_whole(self) -> None:
        """`essence` leaves out what a policy reads as soon as one reads more."""
        judges = [
            (judge_of(control, rules, registries=[TRUSTED], exempt=["kube-system"]), control)
            for control, rules in ((no_privilege_escalation, ESCALATION), (images_trusted, REGISTRY_POLICY))
        ]
        seen = set()
        for whole in pods_of_the_baseline():
            for judge, control in judges:
                verdict = judge(json.dumps(whole))
                assert judge(json.dumps(essence(whole, "payments"))) == verdict, whole
                seen.add((control.id, bool(verdict)))
        assert len(seen) == 4 and len(CASES) > 200


def pods_of_the_baseline() -> Iterator[dict[str, Any]]:
    """The good pod, and each bad one of the baseline's table, for whichever policy it was written."""
    for change in (lambda _: None, *(change for _, _, change in CASES)):
        spec = good()
        change(spec)
        yield {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "pod", "namespace": "payments"}, "spec": spec}


class TestTrustedRegistries:
    @pytest.mark.parametrize(("image", "expected"), [
        (f"{REGISTRY}/web:1", "COMPLIANT"),
        (f"{REGISTRY}.evil.example/web:1", "NON_COMPLIANT"),
        (f"evil.example/{REGISTRY}/web:1", "NON_COMPLIANT"),
        ("nginx", "NON_COMPLIANT"),
        ("docker.io/library/nginx", "NON_COMPLIANT"),
        ("quay.io/team/app@sha256:" + "b" * 64, "COMPLIANT"),
        ("quay.io/teammates/app", "NON_COMPLIANT"),
    ])  # fmt: skip
    def test_by_prefix_up_to_a_slash(self, judged: Judged, image: str, expected: str) -> None:
        given = {"registries": f"{REGISTRY}, quay.io/team"}
        config = judged(IMAGES, given=given, pods=[pod("web", "payments", {**GOOD, "image": image})])
        assert config.said["prod/payments/Pod/web"] == expected

    def test_image_volumes_count(self, judged: Judged) -> None:
        volumes = [
            {"name": "data", "image": {"reference": "docker.io/library/data:1"}},
            {"name": "tmp", "emptyDir": {}},
        ]
        config = judged(IMAGES, pods=[pod("web", spec={"volumes": volumes})])
        assert config.said["prod/payments/Pod/web"] == "NON_COMPLIANT"


class TestNetworkPolicies:
    def test_each_namespace_needs_one_that_selects_all_pods(self, judged: Judged) -> None:
        config = judged(
            NETWORK,
            spaces=[space(name) for name in ("payments", "shop", "half", "kube-system", "kube-public", "agents")],
            policies=[policy("payments"), policy("half", policyTypes=["Ingress"], egress=[{}])],
            given={"exempt": "agents"},
        )
        ids = {
            name: f"prod/{name}/Namespace/{name}"
            for name in ("payments", "shop", "half", "kube-system", "kube-public", "agents")
        }
        assert config.said == {
            "prod": "NON_COMPLIANT",
            ids["payments"]: "COMPLIANT",
            ids["shop"]: "NON_COMPLIANT",
            ids["half"]: "NON_COMPLIANT",
            ids["kube-system"]: "NOT_APPLICABLE",
            ids["kube-public"]: "NOT_APPLICABLE",
            ids["agents"]: "NOT_APPLICABLE",
        }
        assert config.texts[ids["shop"]] == "KB-36 [medium] the namespace has no network policy"
        assert config.texts[ids["half"]] == "KB-36 [low] no network policy of the namespace selects all pods for Egress"
        assert config.texts["prod"] == "KB-36 [medium] 2 of 3 namespaces fail"

    def test_pods_are_not_read_for_it(self, served: Callable[[Answers], RecordedApi]) -> None:
        api = served(cluster(spaces=[space("payments")], policies=[policy("payments")]))
        run(event(NETWORK), around(FakeConfig(), FakeEks(prod=described(api)))[0])
        assert [one.path for one in api.asked] == ["/api/v1/namespaces", "/apis/networking.k8s.io/v1/networkpolicies"]
        assert {one.headers["authorization"] for one in api.asked} == {"Bearer token-of-prod"}


class TestFacts:
    @pytest.mark.parametrize(("check", "facts", "expected", "text"), [
        ("authentication-mode", {"accessConfig": {"authenticationMode": "API"}}, "COMPLIANT", "AuthenticationMode is API"),
        ("authentication-mode", {"accessConfig": {"authenticationMode": "API_AND_CONFIG_MAP"}}, "NON_COMPLIANT", "aws-auth"),
        ("authentication-mode", {}, "NOT_APPLICABLE", "does not return AccessConfig.AuthenticationMode"),
        ("deletion-protection", {"deletionProtection": True}, "COMPLIANT", "DeletionProtection is True"),
        ("deletion-protection", {"deletionProtection": False}, "NON_COMPLIANT", "deletion protection is off"),
        ("deletion-protection", {}, "NOT_APPLICABLE", "does not return DeletionProtection"),
        ("support-type", {"upgradePolicy": {"supportType": "STANDARD"}}, "COMPLIANT", "SupportType is STANDARD"),
        ("support-type", {"upgradePolicy": {"supportType": "EXTENDED"}}, "NON_COMPLIANT", "after standard support"),
        ("support-type", {"upgradePolicy": {}}, "NOT_APPLICABLE", "does not return UpgradePolicy.SupportType"),
    ])  # fmt: skip
    def test_what_no_configuration_item_carries(
        self, check: str, facts: dict[str, Any], expected: str, text: str
    ) -> None:
        config = FakeConfig()
        run(event(check), around(config, FakeEks(prod={"status": "ACTIVE", "version": "1.20", **facts}))[0])
        assert config.said == {"prod": expected}
        assert text in config.texts["prod"]

    def test_the_kubernetes_api_is_not_asked(self) -> None:
        eks = FakeEks(prod={"status": "UPDATING", "deletionProtection": True})
        surroundings, lines = around(FakeConfig(), eks)
        run(event("deletion-protection"), surroundings)
        assert lines == [
            {"event": "judged", "rule": "rule-of-deletion-protection", "evaluations": 1, "clusters": 1, "unread": []}
        ]


class TestWhatCannotBeRead:
    KEPT = {
        "prod": "COMPLIANT", "prod/payments/Pod/good": "COMPLIANT", "prod/payments/Pod/bad": "NON_COMPLIANT",
        "production/payments/Pod/good": "COMPLIANT",
    }  # fmt: skip

    def check(self, eks: FakeEks, reason: str, left: float = 600.0) -> None:
        config = FakeConfig(**self.KEPT)
        surroundings, lines = around(config, eks, "prod", "production", left=left)
        run(event(PRIVILEGE), surroundings)
        assert config.said["prod"] == "NOT_APPLICABLE"
        assert reason in config.texts["prod"]
        assert config.said["prod/payments/Pod/good"] == "NOT_APPLICABLE"
        assert "prod/payments/Pod/bad" not in config.said
        assert config.kept["prod/payments/Pod/bad"][0] == "NON_COMPLIANT"
        unread = [line for line in lines if line["event"] == "unreadable" and line["cluster"] == "prod"]
        assert len(unread) == 1 and reason in unread[0]["reason"]
        assert lines[-1]["unread"][0] == "prod"

    def other(self) -> dict[str, Any]:
        return {"status": "CREATING"}

    @pytest.mark.parametrize(
        ("code", "reason"), [(403, "apply the ClusterRole"), (401, "no access entry"), (503, "503 no")]
    )
    def test_is_told_as_such_and_never_as_good(
        self, served: Callable[[Answers], RecordedApi], code: int, reason: str
    ) -> None:
        self.check(FakeEks(prod=described(served(lambda _: status(code, "no"))), production=self.other()), reason)

    def test_a_list_that_expires_again_and_again(self, served: Callable[[Answers], RecordedApi]) -> None:
        self.check(FakeEks(prod=described(served(lambda _: status(410, "old"))), production=self.other()), "expired")

    def test_half_a_list_is_no_list(self, served: Callable[[Answers], RecordedApi]) -> None:
        whole = cluster(pods=[pod(f"web-{n}", "payments", BAD) for n in range(501)])
        api = served(lambda asked: status(500, "broken") if "continue" in asked.query else whole(asked))
        self.check(FakeEks(prod=described(api), production=self.other()), "500 broken")

    def test_nobody_there(self, certificates: Certificates) -> None:
        api = RecordedApi("https://127.0.0.1:1", certificates.authority, [], cluster())
        self.check(FakeEks(prod=described(api), production=self.other()), "ConnectionRefusedError")

    def test_no_time(self, served: Callable[[Answers], RecordedApi]) -> None:
        self.check(FakeEks(prod=described(served(cluster())), production=self.other()), "no time was left", left=25.0)

    def test_a_cluster_that_is_not_there(self) -> None:
        self.check(FakeEks(production=self.other()), "DescribeCluster: 'prod'")

    def test_a_cluster_in_the_making(self) -> None:
        self.check(FakeEks(prod=self.other(), production=self.other()), "the cluster is CREATING")

    def test_the_others_are_judged_all_the_same(self, served: Callable[[Answers], RecordedApi]) -> None:
        config = FakeConfig()
        eks = FakeEks(a={"status": "FAILED"}, b=described(served(cluster(pods=[pod("web")]))))
        run(event(PRIVILEGE), around(config, eks)[0])
        assert config.said == {"a": "NOT_APPLICABLE", "b": "COMPLIANT", "b/payments/Pod/web": "COMPLIANT"}


class TestWhatAwsConfigHas:
    def test_objects_and_clusters_that_are_gone_are_withdrawn(self, judged: Judged) -> None:
        kept = {"prod/payments/Pod/old": "NON_COMPLIANT", "left/payments/Pod/web": "COMPLIANT", "left": "COMPLIANT"}
        config = judged(PRIVILEGE, pods=[pod("web")], kept=kept)
        assert config.texts["prod/payments/Pod/old"] == "no longer there"
        assert config.texts["left"] == "the cluster is no longer evaluated"
        assert config.kept.keys() == {"prod", "prod/payments/Pod/web"}

    def test_what_is_mended_is_told(self, judged: Judged) -> None:
        config = judged(PRIVILEGE, pods=[pod("web")], kept={"prod/payments/Pod/web": "NON_COMPLIANT"})
        assert config.kept["prod/payments/Pod/web"] == ("COMPLIANT", "KB-03 [critical]")

    def test_a_hundred_a_call_and_all_pages_of_what_it_has(self, judged: Judged) -> None:
        kept = {f"prod/payments/Pod/old-{n}": "COMPLIANT" for n in range(250)}
        config = judged(PRIVILEGE, pods=[pod(f"web-{n}") for n in range(249)], kept=kept)
        assert [len(call) for call in config.calls] == [100, 100, 100, 100, 100]
        assert config.tokens == {"token"}
        assert len(config.kept) == 250

    def test_fails_when_it_does_not_take_some(self, served: Callable[[Answers], RecordedApi]) -> None:
        config = FakeConfig()
        config.put_evaluations = lambda **given: {"FailedEvaluations": given["Evaluations"][:1]}  # type: ignore[method-assign]
        with pytest.raises(RefusedError, match="refused 1 evaluations"):
            run(event(PRIVILEGE), around(config, FakeEks(prod=described(served(cluster()))))[0])

    def test_ids_fit(self) -> None:
        one, other = (object_id("c" * 100, "n" * 63, "K" * 400, name * 253) for name in "ab")
        assert len(one) == len(other) == 768 and one != other
        assert object_id("prod", "a", "Pod", "b") == "prod/a/Pod/b"


def test_each_rule_has_its_control() -> None:
    assert {rule.id for rule in RULES} == set(judging.RULE)
    for rule in RULES:
        assert judging.Question.of(rule.id, registries=(REGISTRY,)).control.id == rule.control
        assert len(rule.description) <= 256
    assert [rule.name for rule in RULES[:3]] == [
        "eks-netPolCheck-rule",
        "eks-privEscalation-rule",
        "eks-trustedRegCheck-rule",
    ]


def test_fails_for_what_is_no_rule() -> None:
    with pytest.raises(KeyError, match="other"):
        run(event("other"), around(FakeConfig(), FakeEks())[0])


def test_ten_thousand_pods_cost_what_their_workloads_do(served: Callable[[Answers], RecordedApi]) -> None:
    """A hundred workloads of a hundred pods, each with 3 KB that no policy reads; the server's own copies are made before."""
    environment = [{"name": f"VALUE_{n}", "value": "x" * 90} for n in range(30)]

    def page(start: int) -> bytes:
        items = []
        for n in range(start, start + 500):
            one = pod(f"web-{n}", metadata=owned("ReplicaSet", f"web-{n % 100}-7d4b9", "7d4b9"))
            one["spec"]["containers"] = [{**(BAD if n % 100 == 7 else GOOD), "env": environment}]
            items.append(one)
        more = {"continue": str(start + 500)} if start < 9_500 else {}
        return json.dumps({"metadata": more, "items": items}).encode()

    pages = {str(start): page(start) for start in range(0, 10_000, 500)}
    assert sum(map(len, pages.values())) > 30 * 2**20
    api = served(lambda asked: Said(pages[asked.query.get("continue", "0")]))
    config = FakeConfig()
    surroundings, _ = around(config, FakeEks(prod=described(api)))
    gc.collect()
    tracemalloc.start()
    try:
        run(event(PRIVILEGE), surroundings)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(api.asked) == 20
    assert len(config.said) == 101
    assert config.texts["prod"] == "KB-03 [critical] 1 of 100 workloads fail"
    assert peak < 24 * 2**20, peak
