"""The reference app with all of governance on: deployed, judged by its own rules, changed and destroyed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from hardened_eks.data.cluster_rules import RULES
from tests.config_rules.built import GOOD, cluster, pod, policy, space
from tests.emulator.config_calls import call, kubernetes, rules_function, upload, verdicts
from tests.emulator.conftest import Account, StackFailed
from tests.emulator.service import ACCOUNT, REGION
from tests.stacks.conftest import synthesize

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
REGISTRY = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
CONTEXT = {
    "region": REGION,
    "account": ACCOUNT,
    "availability_zones": f"{REGION}a,{REGION}b,{REGION}c",
    "governance": "account",
    "config": "created",
    "guardrail_targets": [ACCOUNT],
    "trusted_registries": [REGISTRY],
    "auditors": [f"arn:aws:iam::{ACCOUNT}:role/auditor"],
    "evidence_writers": [f"arn:aws:iam::{ACCOUNT}:role/pipeline"],
}
CLUSTERS = ("HardenedEks-Foundation", "HardenedEks-Cluster", "HardenedEks-Detection")
GOVERNING = ("EksGovernance", "HardenedEks-ClusterRules", "EksGuardrails")
OBJECTS = cluster(
    pods=[
        pod("good", "payments", {**GOOD, "image": f"{REGISTRY}/app:1"}),
        pod("hub", "payments", {**GOOD, "image": "nginx"}),
    ],
    spaces=[space("payments"), space("kube-system")],
    policies=[policy("payments")],
)


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Ours, by every pack of cdk-nag and our own checks."""
    context = {f"hardened-eks:{key}": value for key, value in CONTEXT.items()}
    return synthesize(tmp_path_factory.mktemp("governance"), "placed", **context).templates


def pack_rules(template: dict[str, Any]) -> set[str]:
    bodies = [
        yaml.safe_load(one["Properties"]["TemplateBody"])["Resources"].values()
        for one in template["Resources"].values()
        if one["Type"] == "AWS::Config::ConformancePack"
    ]
    found = [one["Properties"] for body in bodies for one in body if one["Type"] == "AWS::Config::ConfigRule"]
    return {one["ConfigRuleName"] for one in found}


def rules(account: Account) -> dict[str, dict[str, Any]]:
    found = account.client("config").describe_config_rules()["ConfigRules"]
    return {one["ConfigRuleName"].partition("-conformance-pack-")[0]: one for one in found}


def test_it_is_deployed_judges_the_cluster_and_is_destroyed(
    account: Account, templates: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    upload(account, templates["HardenedEks-ClusterRules"])
    made = {name: account.deploy(name, templates[name]) for name in (*CLUSTERS, *GOVERNING)}
    about_clusters = {one.name for one in RULES}
    found = rules(account)
    assert set(found) == pack_rules(templates["EksGovernance"]) | about_clusters
    assert account.client("cloudtrail").get_trail_status(Name="hardened-eks")["IsLogging"] is True
    held = account.client("organizations").list_policies_for_target(TargetId=ACCOUNT, Filter="SERVICE_CONTROL_POLICY")
    assert "hardened-eks-shape" in {one["Name"] for one in held["Policies"]}
    function = made["HardenedEks-ClusterRules"][rules_function(templates["HardenedEks-ClusterRules"])]
    with kubernetes(account, tmp_path, OBJECTS, cluster="hardened"):
        for name in about_clusters:
            assert call(account, function, found[name])["unread"] == []
    assert verdicts(account, "eks-netPolCheck-rule")["hardened/payments/Namespace/payments"] == "COMPLIANT"
    assert verdicts(account, "eks-privEscalation-rule")["hardened"] == "COMPLIANT"
    trusted = verdicts(account, "eks-trustedRegCheck-rule")
    assert (trusted["hardened/payments/Pod/good"], trusted["hardened/payments/Pod/hub"]) == (
        "COMPLIANT",
        "NON_COMPLIANT",
    )
    for name in ("eks-authModeCheck-rule", "eks-deletionProtection-rule", "eks-supportType-rule"):
        assert verdicts(account, name) == {"hardened": "COMPLIANT"}
    (evidence,) = [id_ for id_ in made["EksGovernance"] if id_.startswith("EvidenceFiles")]
    s3, bucket = account.client("s3"), made["EksGovernance"][evidence]
    version = s3.put_object(Bucket=bucket, Key="2026-11-29/SHA256SUMS", Body=b"x")["VersionId"]
    assert s3.get_object_retention(Bucket=bucket, Key="2026-11-29/SHA256SUMS")["Retention"]["Mode"] == "GOVERNANCE"
    with pytest.raises(s3.exceptions.ClientError, match="AccessDenied"):
        s3.delete_object(Bucket=bucket, Key="2026-11-29/SHA256SUMS", VersionId=version)
    for name in reversed(GOVERNING):
        account.delete(name)
    assert rules(account) == {}
    assert bucket in {one["Name"] for one in s3.list_buckets()["Buckets"]}
    assert account.client("config").describe_configuration_recorders()["ConfigurationRecorders"] == []


def scheduled(account: Account) -> str:
    backup = account.client("backup")
    (one,) = backup.list_backup_plans()["BackupPlansList"]
    (rule,) = backup.get_backup_plan(BackupPlanId=one["BackupPlanId"])["BackupPlan"]["Rules"]
    return str(rule["ScheduleExpression"])


def test_a_change_is_an_update_and_a_bad_one_is_taken_back(
    account: Account, templates: dict[str, dict[str, Any]]
) -> None:
    for name in ("HardenedEks-Foundation", "HardenedEks-Cluster", "EksGovernance"):
        account.deploy(name, templates[name])
    before = account.resources("EksGovernance")
    (trail,) = account.client("cloudtrail").describe_trails()["trailList"]
    later = json.loads(json.dumps(templates["EksGovernance"]).replace("cron(0 3 * * ? *)", "cron(30 1 * * ? *)"))
    assert account.deploy("EksGovernance", later) == before
    assert scheduled(account) == "cron(30 1 * * ? *)"
    bad = json.loads(json.dumps(later).replace("cron(30 1 * * ? *)", "cron(0 5 * * ? *)"))
    (packed,) = [r for i, r in bad["Resources"].items() if i.startswith("PacksModule")]
    body = packed["Properties"]["TemplateBody"]
    packed["Properties"]["TemplateBody"] = body.replace("AWS::Config::ConfigRule", "AWS::S3::Bucket", 1)
    assert packed["Properties"]["TemplateBody"] != body
    with pytest.raises(StackFailed, match="not supported in a conformance pack"):
        account.deploy("EksGovernance", bad)
    assert scheduled(account) == "cron(30 1 * * ? *)"
    assert account.client("cloudtrail").describe_trails()["trailList"] == [trail]
    assert set(rules(account)) == pack_rules(later)
    assert account.resources("EksGovernance") == before
