"""What a team adds to its nodes' settings stands in one document with ours."""

import base64
import json
import tomllib
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

import hardened_eks as hardened
from hardened_eks.compute import OperatingSystem
from hardened_eks.compute._user_data import planned_with, user_data
from hardened_eks.controls.nodes import user_data_fits
from hardened_eks.errors import ConfigurationError
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.sources import load

BOTTLEROCKET, AL2023 = OperatingSystem.BOTTLEROCKET, OperatingSystem.AL2023
EVERYTHING = hardened.KubeletSettings(
    max_pods=60,
    pod_pids_limit=1024,
    kube_reserved={"cpu": "100m", "memory": "512Mi"},
    system_reserved={"ephemeral-storage": "1Gi"},
    eviction_hard={"memory.available": "5%", "nodefs.inodesFree": "4%"},
    container_log_max_size="20Mi",
    container_log_max_files=3,
    image_gc_high_threshold=70,
    image_gc_low_threshold=60,
    static_cpus=True,
)


def settings(**arguments: Any) -> dict[str, Any]:
    text = user_data(BOTTLEROCKET, **{"nvidia": False, "session_manager": False, **arguments})
    return tomllib.loads(text)["settings"]


def kubelet_config(kubelet: hardened.KubeletSettings) -> dict[str, Any]:
    text = user_data(AL2023, nvidia=False, session_manager=False, kubelet=kubelet)
    lines = text.split("    config:\n")[1].split("\n\n")[0].splitlines()
    found: dict[str, Any] = {}
    for line in lines:
        key, _, value = line.strip().partition(": ")
        try:
            found[key] = json.loads(value)
        except ValueError:
            found[key] = value
    return found


def test_kubelet_settings_stand_in_the_table_that_hardens_it() -> None:
    assert settings(kubelet=EVERYTHING)["kubernetes"] == {
        "seccomp-default": True,
        "max-pods": 60,
        "pod-pids-limit": 1024,
        "kube-reserved": {"cpu": "100m", "memory": "512Mi"},
        "system-reserved": {"ephemeral-storage": "1Gi"},
        "eviction-hard": {
            "memory.available": "5%",
            "nodefs.available": "10%",
            "nodefs.inodesFree": "4%",
            "imagefs.available": "15%",
            "imagefs.inodesFree": "5%",
        },
        "container-log-max-size": "20Mi",
        "container-log-max-files": 3,
        "image-gc-high-threshold-percent": 70,
        "image-gc-low-threshold-percent": 60,
        "cpu-manager-policy": "static",
    }


def test_one_threshold_of_bottlerocket_does_not_switch_off_the_others() -> None:
    """The kubelet sets thresholds to zero that its configuration does not contain: a full disk would evict nobody."""
    one = hardened.KubeletSettings(eviction_hard={"memory.available": "500Mi"})
    thresholds = settings(kubelet=one)["kubernetes"]["eviction-hard"]
    assert thresholds.pop("memory.available") == "500Mi"
    assert thresholds == {
        "nodefs.available": "10%", "nodefs.inodesFree": "5%", "imagefs.available": "15%", "imagefs.inodesFree": "5%",
    }  # fmt: skip
    assert planned_with(one) == {"evictionHard": {"memory.available": "500Mi", **thresholds}}
    assert "eviction-hard" not in settings(kubelet=hardened.KubeletSettings(max_pods=60))["kubernetes"]
    assert planned_with(None) == {}


def test_the_same_settings_of_al2023() -> None:
    assert kubelet_config(EVERYTHING) == {
        "seccompDefault": True,
        "protectKernelDefaults": True,
        "podPidsLimit": 1024,
        "maxPods": 60,
        "kubeReserved": {"cpu": "100m", "memory": "512Mi"},
        "systemReserved": {"ephemeral-storage": "1Gi"},
        "evictionHard": {"memory.available": "5%", "nodefs.inodesFree": "4%"},
        "containerLogMaxSize": "20Mi",
        "containerLogMaxFiles": 3,
        "imageGCHighThresholdPercent": 70,
        "imageGCLowThresholdPercent": 60,
        "cpuManagerPolicy": "static",
    }
    assert kubelet_config(hardened.KubeletSettings(max_pods=20))["podPidsLimit"] == 4096


def test_bottlerocket_settings() -> None:
    made = settings(
        bottlerocket=hardened.BottlerocketSettings(
            sysctl={"vm.max_map_count": "262144"},
            time_servers=["169.254.169.123"],
            registry_mirrors={"docker.io": ["https://mirror.example.com"], "quay.io": ["https://a", "https://b"]},
            certificates={"company": "LS0tLS1CRUdJTg=="},
        )
    )
    assert made["kernel"] == {"lockdown": "integrity", "sysctl": {"vm.max_map_count": "262144"}}
    assert made["ntp"] == {"time-servers": ["169.254.169.123"]}
    assert made["container-registry"]["mirrors"] == [
        {"registry": "docker.io", "endpoint": ["https://mirror.example.com"]},
        {"registry": "quay.io", "endpoint": ["https://a", "https://b"]},
    ]
    assert made["pki"] == {"company": {"data": "LS0tLS1CRUdJTg==", "trusted": True}}
    assert made["host-containers"] == {"admin": {"enabled": False}, "control": {"enabled": False}}


def test_sysctl_without_lockdown() -> None:
    made = settings(nvidia=True, bottlerocket=hardened.BottlerocketSettings(sysctl={"vm.swappiness": "10"}))
    assert made["kernel"] == {"sysctl": {"vm.swappiness": "10"}}


def test_a_node_group_carries_them() -> None:
    stack = cdk.Stack(cdk.App(), "Payments")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    cluster.add_node_group(
        "general", instance_types=["m7g.large"], kubelet=hardened.KubeletSettings(max_pods=60),
        bottlerocket=hardened.BottlerocketSettings(sysctl={"vm.max_map_count": "262144"}),
    )  # fmt: skip
    (template,) = Template.from_stack(stack).find_resources("AWS::EC2::LaunchTemplate").values()
    text = base64.b64decode(template["Properties"]["LaunchTemplateData"]["UserData"]).decode()
    assert text.count("[settings.kubernetes]") == 1
    made = tomllib.loads(text)["settings"]
    assert made["kubernetes"] == {"seccomp-default": True, "max-pods": 60}
    assert made["kernel"]["sysctl"] == {"vm.max_map_count": "262144"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"max_pods": 0}, "max_pods needs a whole number from 1 to 1000, got 0"),
        ({"max_pods": "60"}, "got '60'"),
        ({"max_pods": True}, "got True"),
        ({"max_pods": cdk.Token.as_number({"Ref": "Pods"})}, "max_pods needs values known during synthesis"),
        ({"pod_pids_limit": -1}, "pod_pids_limit needs a whole number from 100"),
        ({"kube_reserved": {"cpus": "1"}}, "kube_reserved needs one of cpu, memory"),
        ({"kube_reserved": {"memory": "lots"}}, "got 'memory': 'lots'"),
        ({"kube_reserved": {"cpu": 1}}, "got 'cpu': 1"),
        ({"system_reserved": ["cpu"]}, "system_reserved needs a mapping"),
        ({"eviction_hard": {"memory.free": "5%"}}, "eviction_hard needs one of memory.available"),
        ({"eviction_hard": {"memory.available": "100%"}}, "got 'memory.available': '100%'"),
        ({"eviction_hard": {"memory.available": "5.125%"}}, "got 'memory.available': '5.125%'"),
        ({"container_log_max_size": "20 MB"}, "container_log_max_size needs a size"),
        ({"container_log_max_files": 1}, "from 2 to 100, got 1"),
        ({"image_gc_high_threshold": 60, "image_gc_low_threshold": 70}, "below image_gc_high_threshold 60, got 70"),
        ({"static_cpus": "yes"}, "static_cpus needs True or False"),
    ],
)
def test_kubelet_settings_fail_when(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        hardened.KubeletSettings(**arguments)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"sysctl": {"max_map_count": "1"}}, "sysctl needs a parameter such as vm.max_map_count"),
        ({"sysctl": {"vm.max_map_count": 262144}}, "'vm.max_map_count': 262144"),
        ({"sysctl": {"vm.a": '1"\n[settings.host-containers.admin]'}}, "sysctl needs"),
        ({"sysctl": "vm.max_map_count=1"}, "sysctl needs a mapping"),
        ({"time_servers": "169.254.169.123"}, "time_servers needs a list"),
        ({"time_servers": ["a b"]}, "time_servers needs a list"),
        ({"registry_mirrors": {"docker.io": "https://mirror"}}, "registry_mirrors needs a registry"),
        ({"registry_mirrors": {"docker.io": ["http://mirror"]}}, "https URLs"),
        ({"registry_mirrors": {"docker.io": []}}, "https URLs"),
        ({"certificates": {"company": "-----BEGIN CERTIFICATE-----"}}, "PEM in base64"),
        ({"certificates": {"a.b": "QQ=="}}, "'a.b'"),
        ({"sysctl": {"vm.max_map_count": cdk.Fn.import_value("Count")}}, "known during synthesis"),
    ],
)
def test_bottlerocket_settings_fail_when(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        hardened.BottlerocketSettings(**arguments)
    assert words in str(caught.value)


def test_a_node_group_fails_when_settings_do_not_fit() -> None:
    stack = cdk.Stack(cdk.App(), "Payments")
    cluster = hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="payments")
    with pytest.raises(ConfigurationError) as caught:
        cluster.add_node_group(
            "general", instance_types=["m7g.large"], operating_system=AL2023, kubelet={"max_pods": 60},  # type: ignore[arg-type]
            bottlerocket=hardened.BottlerocketSettings(),
        )  # fmt: skip
    assert "kubelet needs KubeletSettings, got {'max_pods': 60}" in str(caught.value)
    assert "bottlerocket is only for operating_system=BOTTLEROCKET: leave it out" in str(caught.value)


def test_effects_of_taints_may_be_their_text() -> None:
    stack = cdk.Stack(cdk.App(), "Payments")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    taint = hardened.Taint(key="dedicated", effect="NO_EXECUTE")  # type: ignore[arg-type]
    group = cluster.add_node_group("general", instance_types=["m7g.large"], taints=[taint])
    assert group.resource.node.path == "Payments/Cluster/general/Resource"
    Template.from_stack(stack).has_resource_properties(
        "AWS::EKS::Nodegroup", {"Taints": [{"Key": "dedicated", "Effect": "NO_EXECUTE"}]}
    )


def test_a_second_table_by_escape_hatch_is_found_and_the_typed_way_passes() -> None:
    found = {}
    for way in ("escape hatch", "typed"):
        app = cdk.App()
        cluster = hardened.Cluster(cdk.Stack(app, "Payments"), "Cluster", version="1.36")
        kubelet = hardened.KubeletSettings(max_pods=60) if way == "typed" else None
        group = cluster.add_node_group("general", instance_types=["m7g.large"], kubelet=kubelet)
        if way == "escape hatch":
            data: Any = group.launch_template.launch_template_data
            text = base64.b64decode(data.user_data).decode() + "[settings.kubernetes]\nmax-pods = 60\n"
            again = base64.b64encode(text.encode()).decode()
            group.launch_template.add_property_override("LaunchTemplateData.UserData", again)
        outcome = evaluate(load([app.synth().directory]).assembly, [user_data_fits])
        assert outcome.examined[user_data_fits] == 2, "the launch template and the node group that takes it"
        found[way] = [finding.problem.message for finding in outcome.findings]
    assert found["typed"] == []
    (message,) = found["escape hatch"]
    assert message.endswith("the table [settings.kubernetes] is defined twice, which TOML does not allow")
