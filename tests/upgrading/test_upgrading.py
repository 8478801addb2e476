"""Plans from templates and manifests: what blocks, what to know, and the steps in order."""

import json
import shlex
from datetime import date
from pathlib import Path
from typing import Any

import jmespath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardened_eks.data.addon_versions import NOBODY, AddonVersions
from hardened_eks.sources import load
from hardened_eks.upgrading import Cluster, Insight, Level, NodeGroup, Plan, UsedApi, gather, plan
from hardened_eks.upgrading._words import after, is_version
from hardened_eks.upgrading.facts import UNKNOWN
from hardened_eks.reports.upgrades import FORMATS, of_addons, summary

DAY = date(2026, 11, 29)
KNOWN = AddonVersions(
    "eks:DescribeAddonVersions in eu-west-1, 2026-11-29",
    {
        "coredns": {
            "v1.13.2-eksbuild.1": "1.36 1.37*",
            "v1.12.4-eksbuild.1": "1.35* 1.36*",
            "v1.11.4-eksbuild.2": "1.35",
        },
        "kube-proxy": {"v1.37.0-eksbuild.3": "1.37*", "v1.36.1-eksbuild.2": "1.36*"},
    },
)
NOTHING = AddonVersions(NOBODY, {})


def planned(
    cluster: Cluster | None = None, start: str = "1.35", target: str = "1.37", *, apis: Any = (), known: Any = NOTHING
) -> Plan:
    return plan(
        cluster or Cluster(name="prod", version=start, addons={}), start, target, apis=apis, addons=known, day=DAY
    )


def used(api_version: str, kind: str) -> UsedApi:
    return UsedApi(api_version=api_version, kind=kind, name="x", file="m.yaml", line=3)


def told(plan: Plan, level: Level) -> list[str]:
    return [f"{one.about}: {one.message}" for one in plan.findings if one.level is level]


class TestApis:
    @pytest.mark.parametrize(
        ("api_version", "kind", "words"),
        [
            (
                "networking.k8s.io/v1beta1",
                "ServiceCIDR",
                "removed in Kubernetes 1.37: use networking.k8s.io/v1",
            ),
            ("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", "removed in Kubernetes 1.32: use flowcontrol"),
            ("policy/v1beta1", "PodDisruptionBudget", "removed in Kubernetes 1.25: use policy/v1"),
            ("policy/v1beta1", "PodSecurityPolicy", "and no stable API replaces it"),
            ("extensions/v1beta1", "Ingress", "use networking.k8s.io/v1"),
        ],
    )
    def test_what_is_no_longer_served_blocks(self, api_version: str, kind: str, words: str) -> None:
        found = planned(apis=[used(api_version, kind)])
        (line,) = told(found, Level.BLOCK)
        assert words in line and line.startswith(f"{kind} x: {api_version} ")
        assert found.blocked and found.findings[0].place == "m.yaml:3"

    def test_what_goes_later_is_a_note(self) -> None:
        found = planned(target="1.36", apis=[used("networking.k8s.io/v1beta1", "ServiceCIDR")])
        assert (told(found, Level.BLOCK), len(told(found, Level.NOTE))) == ([], 1)

    @pytest.mark.parametrize(("api_version", "kind"), [("apps/v1", "Deployment"), ("example.com/v1beta1", "Thing")])
    def test_what_stays_is_passed_in_silence(self, api_version: str, kind: str) -> None:
        assert planned(apis=[used(api_version, kind)]).findings == ()


class TestNodes:
    @pytest.mark.parametrize(
        ("version", "start", "target", "words"),
        [
            ("1.35", "1.35", "1.37", None),
            (None, "1.35", "1.37", None),
            (UNKNOWN, "1.35", "1.37", None),
            ("1.34", "1.35", "1.37", "only when managed node groups have its version 1.35"),
            ("1.34", "1.35", "1.35", None),
            ("1.31", "1.35", "1.35", "is 4 minor versions behind the control plane's 1.35; 3 are allowed"),
            ("1.36", "1.35", "1.36", "is newer than the control plane's 1.35"),
        ],
    )
    def test_the_skew(self, version: str | None, start: str, target: str, words: str | None) -> None:
        group = NodeGroup(name="g", version=version)
        found = told(planned(Cluster(name="c", version=start, groups=(group,), addons={}), start, target), Level.BLOCK)
        assert [words in line for line in found] == ([] if words is None else [True]) if words else found == []

    def test_images_that_a_version_does_not_have(self) -> None:
        groups = (NodeGroup(name="old", version="1.35", image_type="AL2_x86_64"),
                  NodeGroup(name="own", version="1.35", image_type="CUSTOM"),
                  NodeGroup(name="new", version="1.35", image_type="BOTTLEROCKET_ARM_64"))  # fmt: skip
        found = planned(Cluster(name="c", version="1.35", groups=groups, addons={}))
        assert told(found, Level.BLOCK) == [
            "node group old: the image AL2_x86_64 does not exist for versions after Kubernetes 1.32: use Bottlerocket or AL2023"
        ]
        assert told(found, Level.NOTE) == [
            "node group own: it uses your own image: build one for each version on the way"
        ]


class TestAddons:
    @pytest.mark.parametrize(
        ("version", "blocks"),
        [("v1.35.3-eksbuild.13", False), ("v1.34.0-eksbuild.1", False), ("v1.33.0-eksbuild.1", True),
         ("v1.36.0-eksbuild.1", True)],
    )  # fmt: skip
    def test_kube_proxy_follows_the_control_plane(self, version: str, *, blocks: bool) -> None:
        found = planned(Cluster(name="c", version="1.35", addons={"kube-proxy": version}))
        assert bool(told(found, Level.BLOCK)) is blocks

    def test_a_version_that_eks_does_not_offer_there_blocks_before_the_control_plane(self) -> None:
        found = planned(Cluster(name="c", version="1.35", addons={"coredns": "v1.11.4-eksbuild.2"}), known=KNOWN)
        assert told(found, Level.BLOCK) == [
            "add-on coredns: EKS does not support its version v1.11.4-eksbuild.2 with 1.36: set "
            "v1.12.4-eksbuild.1 before you upgrade the control plane"
        ]

    def test_what_nobody_asked_is_not_known(self) -> None:
        found = planned(Cluster(name="c", version="1.35", addons={"coredns": "v1.12.4-eksbuild.1"}))
        (line,) = told(found, Level.NOTE)
        assert "it is not known whether" in line and "--kubernetes-version 1.36 lists them" in line
        assert not found.blocked

    def test_the_step_names_each_version(self) -> None:
        addons = {"coredns": "v1.12.4-eksbuild.1", "kube-proxy": None, "vpc-cni": None}
        found = planned(Cluster(name="c", version="1.36", addons=addons), start="1.36", known=KNOWN)
        (step,) = [one for one in found.steps if one.title == "Add-ons for 1.37"]
        assert step.details[1:] == (
            "coredns: v1.13.2-eksbuild.1, now v1.12.4-eksbuild.1",
            "kube-proxy: v1.37.0-eksbuild.3",
            "vpc-cni: EKS's default for 1.37, one minor version at a time",
        )
        (command,) = step.commands
        query = jmespath.compile(shlex.split(command)[6])
        answer = {"addons": [{"addonName": "vpc-cni", "addonVersions": [
            {"addonVersion": "v2", "compatibilities": [{"defaultVersion": False}]},
            {"addonVersion": "v1", "compatibilities": [{"defaultVersion": True}]},
        ]}]}  # fmt: skip
        assert query.search(answer) == [["vpc-cni", "v1"]]

    def test_nothing_is_asked_where_all_is_known(self) -> None:
        cluster = Cluster(name="c", version="1.36", addons={"coredns": None, "kube-proxy": None})
        assert planned(cluster, start="1.36", known=KNOWN).steps[-1].commands == ()


class TestInsights:
    def test_errors_block_and_warnings_are_notes(self) -> None:
        insights = (
            Insight(name="Deprecated APIs", version="1.37", status="ERROR", reason="In use.", recommendation="Move.",
                    details=("a goes.",)),
            Insight(name="Kubelet skew", version="1.36", status="WARNING", reason="Old."),
            Insight(name="Fine", version="1.36", status="PASSING", reason="ok"),
            Insight(name="Later", version="1.38", status="ERROR", reason="Not yet."),
        )  # fmt: skip
        found = planned(Cluster(name="c", version="1.35", addons={}, insights=insights))
        assert told(found, Level.BLOCK) == ["insight Deprecated APIs: ERROR: In use. Move. a goes."]
        assert told(found, Level.NOTE) == ["insight Kubelet skew: WARNING: Old."]


class TestSupport:
    def test_a_target_out_of_standard_support_blocks(self) -> None:
        found = plan(Cluster(name="c", version="1.32", addons={}), "1.32", "1.33", apis=(), addons=NOTHING, day=DAY)
        (line,) = told(found, Level.BLOCK)
        assert line.startswith("support: standard support of 1.33 has ended: upgrade to one of 1.")

    def test_one_that_ends_soon_is_a_note_and_each_version_has_its_dates(self) -> None:
        found = plan(Cluster(name="c", version="1.31", addons={}), "1.31", "1.34", apis=(), addons=NOTHING, day=DAY)
        assert "support of 1.31 has ended: EKS upgrades" in " ".join(told(found, Level.NOTE))
        assert "standard support of 1.34 ends soon" in " ".join(told(found, Level.NOTE))
        assert [line.split(":")[0] for line in found.support] == ["1.31", "1.32", "1.33", "1.34"]
        assert "(ended " in found.support[0] and "(3 days left)" in found.support[-1]


class TestSteps:
    def test_one_minor_version_at_a_time_control_plane_then_nodes_then_add_ons(self) -> None:
        cluster = Cluster(
            name="prod", version="1.35", groups=(NodeGroup(name="a", version=None), NodeGroup(name="b", version="1.35")),
            addons={"coredns": None}, other_compute=("Fargate profile F", "Auto Mode", "Auto Scaling group G"),
        )  # fmt: skip
        found = planned(cluster)
        assert [one.title for one in found.steps] == [
            "Control plane to 1.36", "Nodes to 1.36", "Add-ons for 1.36",
            "Control plane to 1.37", "Nodes to 1.37", "Add-ons for 1.37",
        ]  # fmt: skip
        nodes = found.steps[1].details
        assert 'node group a: set version="1.36" (without it, the group keeps' in nodes[0]
        assert "EKS accepts no other change of the group with it" in nodes[1]
        assert [line.split(":")[0] for line in nodes[2:]] == ["Fargate profile F", "Auto Mode", "Auto Scaling group G"]

    def test_nothing_to_do(self) -> None:
        found = planned(start="1.37")
        assert (found.steps, found.blocked, summary([found])) == ((), False, "nothing to do")

    @given(st.integers(0, 60), st.integers(0, 60))
    def test_no_version_is_skipped(self, first: int, more: int) -> None:
        ways = after(f"1.{first}", f"1.{first + more}")
        assert [int(one.split(".")[1]) for one in (f"1.{first}", *ways)] == list(range(first, first + more + 1))
        assert all(map(is_version, ways))


TEMPLATE: dict[str, Any] = {
    "Parameters": {"Version": {"Type": "String"}},
    "Resources": {
        "Cluster": {"Type": "AWS::EKS::Cluster", "Properties": {"Name": "prod", "Version": "1.35"}},
        "Other": {"Type": "AWS::EKS::Cluster", "Properties": {"Version": {"Ref": "Version"}, "ComputeConfig": {"Enabled": True}}},
        "Nodes": {"Type": "AWS::EKS::Nodegroup", "Properties": {
            "ClusterName": {"Ref": "Cluster"}, "Version": "1.34", "AmiType": "AL2_x86_64"}},
        "Dns": {"Type": "AWS::EKS::Addon", "Properties": {
            "ClusterName": {"Ref": "Other"}, "AddonName": "coredns", "AddonVersion": "v1.12.4-eksbuild.1"}},
        "Pods": {"Type": "AWS::EKS::FargateProfile", "Properties": {"ClusterName": {"Ref": "Cluster"}}},
        "Applied": {"Type": "Custom::AWSCDK-EKS-KubernetesResource", "Properties": {
            "Manifest": json.dumps([{"apiVersion": "policy/v1beta1", "kind": "PodDisruptionBudget",
                                     "metadata": {"name": "api", "namespace": "payments"}}])}},
        "Hidden": {"Type": "Custom::AWSCDK-EKS-KubernetesResource", "Properties": {"Manifest": {"Ref": "Version"}}},
    },
}  # fmt: skip


class TestGather:
    @pytest.fixture
    def files(self, tmp_path: Path) -> list[str]:
        (tmp_path / "t.json").write_text(json.dumps(TEMPLATE, indent=1))
        (tmp_path / "m.yaml").write_text(
            "apiVersion: v1\nkind: List\nitems:\n- apiVersion: apps/v1\n  kind: Deployment\n  metadata: {name: api}\n"
        )
        return [str(tmp_path / name) for name in ("t.json", "m.yaml")]

    def test_clusters_with_what_is_theirs(self, files: list[str]) -> None:
        first, other = gather(load(files).assembly).clusters
        assert (first.name, first.version, other.name, other.version) == ("prod", "1.35", "Other", UNKNOWN)
        assert first.groups == (NodeGroup(name="Nodes", version="1.34", image_type="AL2_x86_64"),)
        assert (first.addons, other.addons) == ({}, {"coredns": "v1.12.4-eksbuild.1"})
        assert first.other_compute == ("Fargate profile Pods",) and other.other_compute == ("Auto Mode",)
        assert (
            Path(files[0]).read_text().splitlines()[int(first.place.rpartition(":")[2]) - 1] == '    "Version": "1.35"'
        )
        assert gather(load(files, parameters={"Version": "1.36"}).assembly).clusters[1].version == "1.36"

    def test_objects_of_manifests_and_templates(self, files: list[str]) -> None:
        found = gather(load(files).assembly)
        assert {(one.api_version, one.kind, one.name) for one in found.apis} == {
            ("apps/v1", "Deployment", "api"), ("policy/v1beta1", "PodDisruptionBudget", "payments/api")
        }  # fmt: skip
        assert {one.place.rpartition("/")[2] for one in found.apis} >= {"m.yaml:4"}
        assert found.unread == 1


class TestRendering:
    @pytest.fixture
    def plans(self) -> list[Plan]:
        cluster = Cluster(name="prod", version="1.36", addons={"coredns": "v1.9.0"}, place="t.json:4")
        return [planned(cluster, start="1.36", apis=[used("policy/v1beta1", "PodDisruptionBudget")])]

    def test_text(self, plans: list[Plan]) -> None:
        text = FORMATS["text"](plans, [of_addons(plans)])
        assert text.startswith("prod (t.json:4): Kubernetes 1.36 to 1.37, on 2026-11-29\n")
        assert "Resolve first (1)\n  m.yaml:3: PodDisruptionBudget x: policy/v1beta1" in text
        assert "  1. Control plane to 1.37\n     - set version" in text and "     $ aws eks describe-addon" in text
        assert "note: add-on versions are not known" in text
        assert text.endswith("blocked: resolve 1 finding first, then 3 steps\n")

    def test_markdown(self, plans: list[Plan]) -> None:
        text = FORMATS["markdown"](plans, ["a note"])
        assert "## Resolve first\n\n- m.yaml:3" in text and "1. **Control plane to 1.37**\n   - set" in text
        assert "> a note" in text

    def test_a_name_is_no_markup_and_no_command(self) -> None:
        bad = Cluster(name="<b>$(id)", version="1.36", addons={})
        text = FORMATS["markdown"]([planned(bad, start="1.36")], [])
        assert text.startswith("# \\<b") or text.startswith("# &lt;b")
        assert "--cluster-name '<b>$(id)'" in text

    def test_json(self, plans: list[Plan]) -> None:
        document = json.loads(FORMATS["json"](plans, []))
        (one,) = document["plans"]
        assert (document["blocked"], one["day"], one["findings"][0]["level"]) == (True, "2026-11-29", "block")
        assert [step["title"] for step in one["steps"]][0] == "Control plane to 1.37"

    def test_annotations(self, plans: list[Plan]) -> None:
        lines = FORMATS["github"](plans, ["a note"]).splitlines()
        assert lines[0].startswith(
            "::error file=m.yaml,line=3,title=Kubernetes 1.37::PodDisruptionBudget x: policy/v1beta1"
        )
        assert lines[1].startswith("::warning title=Kubernetes 1.37::add-on coredns: ")
        assert lines[2:] == ["::warning title=hardened-eks::a note", "hardened-eks " + summary(plans)]

    @pytest.mark.parametrize("format_", ["text", "markdown", "github"])
    def test_a_name_cannot_steer_the_terminal(self, format_: str) -> None:
        bad = UsedApi(
            api_version="policy/v1beta1", kind="PodDisruptionBudget", name="a\x1b[2J\n::error::b", file="m", line=1
        )
        text = FORMATS[format_]([planned(apis=[bad])], [])
        assert "\x1b" not in text and not any(line.startswith("::error::b") for line in text.splitlines())

    def test_what_nothing_blocks(self) -> None:
        plans = [planned(start="1.36", known=KNOWN)]
        assert summary(plans) == "nothing blocks the upgrade: 2 steps, each with its own deployment"
        assert of_addons(plans) == "add-on versions: eks:DescribeAddonVersions in eu-west-1, 2026-11-29"
