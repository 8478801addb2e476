"""The isolated reference variant with the in-cluster baseline, created by a CloudFormation engine.

The kubectl handler is a stand-in that records (`tests.emulator.standins.kubectl`): no Kubernetes API runs here.
"""

from __future__ import annotations

import copy
import json
import time
from typing import Any

import pytest

from hardened_eks.baseline import delivery, manifests
from hardened_eks.baseline.reading import read_settings
from tests.detections.audit import audit
from tests.detections.k8s_cases import delivery as by_delivery
from tests.emulator.conftest import Account, StackFailed
from tests.emulator.kubectl_record import recorded_kubectl, run_bootstrap
from tests.stacks.conftest import synthesize
from tests.stacks.test_workloads import BASELINE, WITH

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
FOUNDATION, CLUSTER, DETECTION, WORKLOADS = (
    f"HardenedEks-{name}" for name in ("Foundation", "Cluster", "Detection", "Workloads")
)
SETTINGS = read_settings(BASELINE.read_bytes(), BASELINE.name)


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return synthesize(tmp_path_factory.mktemp("workloads"), "isolated", **WITH).templates


@pytest.fixture
def clustered(account: Account, templates: dict[str, dict[str, Any]]) -> Account:
    for name in (FOUNDATION, CLUSTER, DETECTION):
        account.deploy(name, templates[name])
    return account


def test_the_baseline_is_applied_in_order_by_the_one_principal(
    clustered: Account, templates: dict[str, dict[str, Any]]
) -> None:
    run_bootstrap(clustered.url, "hardened", delivery.bootstrap(SETTINGS))
    clustered.deploy(WORKLOADS, templates[WORKLOADS])
    record = recorded_kubectl(clustered.url, "hardened")
    objects = [o for one in record for o in one["objects"]]
    assert {one["request"] for one in record} == {"Create"}
    assert [(o["kind"], o["metadata"]["name"]) for o in objects] == [
        (o["kind"], o["metadata"]["name"]) for o in manifests(SETTINGS)
    ]
    assert objects[0]["kind"] == "Namespace"
    assert objects[-1]["kind"] == "ValidatingAdmissionPolicyBinding"
    assert {o["metadata"]["name"] for o in objects if o["kind"] == "Namespace"} == {"payments", "storefront"}
    assert all(one["user"].startswith("hardened-eks:delivery:") for one in record)

    eks = clustered.client("eks")
    entries = [
        eks.describe_access_entry(clusterName="hardened", principalArn=arn)["accessEntry"]
        for arn in eks.list_access_entries(clusterName="hardened")["accessEntries"]
    ]
    (entry,) = [e for e in entries if e["kubernetesGroups"]]
    assert entry["kubernetesGroups"] == ["hardened-eks:delivery"]
    assert entry["type"] == "STANDARD"
    policies = eks.list_associated_access_policies(clusterName="hardened", principalArn=entry["principalArn"])
    assert policies["associatedAccessPolicies"] == []


def test_the_handler_is_in_the_isolated_network_with_its_endpoints(
    clustered: Account, templates: dict[str, dict[str, Any]]
) -> None:
    run_bootstrap(clustered.url, "hardened", delivery.bootstrap(SETTINGS))
    clustered.deploy(WORKLOADS, templates[WORKLOADS])
    ec2 = clustered.client("ec2")
    vpc = clustered.client("eks").describe_cluster(name="hardened")["cluster"]["resourcesVpcConfig"]["vpcId"]
    functions = [
        f for f in clustered.client("lambda").list_functions()["Functions"] if f.get("VpcConfig", {}).get("SubnetIds")
    ]
    assert len(functions) == 2
    endpoints = {
        e["ServiceName"].rsplit(".", 1)[-1]: e
        for e in ec2.describe_vpc_endpoints()["VpcEndpoints"]
        if e["VpcId"] == vpc
    }
    assert {"lambda", "eks", "sts", "logs", "s3"} <= set(endpoints)
    assert "cloudformation-custom-resource-response-" in json.dumps(
        templates[FOUNDATION]
    )  # its policy is not described
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
    assert not [r for t in tables for r in t["Routes"] if str(r.get("GatewayId", "")).startswith(("igw-", "nat-"))]
    (group,) = {g for f in functions for g in f["VpcConfig"]["SecurityGroupIds"]}
    (found,) = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    assert found["IpPermissions"] == []
    assert {(p["FromPort"], p["ToPort"]) for p in found["IpPermissionsEgress"]} == {(443, 443)}


def test_without_the_bootstrap_nothing_is_applied(clustered: Account, templates: dict[str, dict[str, Any]]) -> None:
    with pytest.raises(StackFailed, match='User "hardened-eks:delivery:.*" cannot get resource "namespaces"'):
        clustered.deploy(WORKLOADS, templates[WORKLOADS])
    assert recorded_kubectl(clustered.url, "hardened") == []


def test_a_removed_namespace_stays_and_so_does_everything_on_deletion(
    clustered: Account, templates: dict[str, dict[str, Any]]
) -> None:
    run_bootstrap(clustered.url, "hardened", delivery.bootstrap(SETTINGS))
    clustered.deploy(WORKLOADS, templates[WORKLOADS])
    fewer = copy.deepcopy(templates[WORKLOADS])
    for resource in fewer["Resources"].values():
        if resource["Type"] == "Custom::AWSCDK-EKS-KubernetesResource":
            objects = json.loads(resource["Properties"]["Manifest"])
            kept = [o for o in objects if "storefront" not in (o["metadata"].get("namespace"), o["metadata"]["name"])]
            resource["Properties"]["Manifest"] = json.dumps(kept)
    clustered.deploy(WORKLOADS, fewer)
    clustered.client("cloudformation").update_termination_protection(
        StackName=WORKLOADS, EnableTerminationProtection=False
    )
    clustered.delete(WORKLOADS)
    requests = [one["request"] for one in recorded_kubectl(clustered.url, "hardened")]
    assert "Update" in requests
    assert "Delete" not in requests


def test_the_roll_out_to_deny_is_an_update_of_the_bindings(
    clustered: Account, templates: dict[str, dict[str, Any]]
) -> None:
    """In mode deny the policies judge the delivery as well."""
    run_bootstrap(clustered.url, "hardened", delivery.bootstrap(SETTINGS))
    clustered.deploy(WORKLOADS, templates[WORKLOADS])
    before = len(recorded_kubectl(clustered.url, "hardened"))
    text = json.dumps(templates[WORKLOADS]).replace(r"[\"Audit\",\"Warn\"]", r"[\"Audit\",\"Deny\"]")
    denying = json.loads(text)
    clustered.deploy(WORKLOADS, denying)
    changed = [o for one in recorded_kubectl(clustered.url, "hardened")[before:] for o in one["objects"]]
    assert {o["kind"] for o in changed} == {"ValidatingAdmissionPolicyBinding"}
    labeled = json.loads(text.replace(r"\"hardened-eks/team\":", r"\"team\":\"x\",\"hardened-eks/team\":"))
    clustered.deploy(WORKLOADS, labeled)
    kinds = {o["kind"] for one in recorded_kubectl(clustered.url, "hardened")[before + 1 :] for o in one["objects"]}
    assert {"Namespace", "Role", "RoleBinding", "NetworkPolicy"} <= kinds


def test_requests_while_no_deployment_runs_raise_the_alarm(
    clustered: Account, templates: dict[str, dict[str, Any]]
) -> None:
    run_bootstrap(clustered.url, "hardened", delivery.bootstrap(SETTINGS))
    made = clustered.deploy(WORKLOADS, templates[WORKLOADS])
    name = next(p for i, p in made.items() if i.startswith("WorkloadsAlarmOutside"))
    called = {r["Properties"]["ServiceToken"]["Fn::GetAtt"][0] for r in templates[WORKLOADS]["Resources"].values()
              if r["Type"] == "Custom::AWSCDK-EKS-KubernetesResource"}  # fmt: skip
    (function,) = [made[logical_id] for logical_id in called]
    logs, cloudwatch = clustered.client("logs"), clustered.client("cloudwatch")
    group, stream = "/aws/eks/hardened/cluster", "kube-apiserver-audit-1"
    logs.create_log_stream(logGroupName=group, logStreamName=stream)
    now = time.time()

    def request(line: str, minutes_ago: int) -> str:
        event = {"timestamp": int((now - 60 * minutes_ago) * 1000), "message": line}
        logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=[event])
        (alarm,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
        return str(alarm["StateValue"])

    running = {
        "MetricName": "ConcurrentExecutions", "Dimensions": [{"Name": "FunctionName", "Value": function}],
        "Value": 1, "Timestamp": now - 180,
    }  # fmt: skip
    cloudwatch.put_metric_data(Namespace="AWS/Lambda", MetricData=[running])
    assert request(by_delivery("patch"), 3) == "OK", "a deployment"
    assert request(audit("patch", "namespaces", "payments"), 1) == "OK", "somebody else"
    assert request(by_delivery("patch"), 1) == "ALARM"
