"""The main job, shown: synth, checks and `cdk deploy` of the reference stacks on the embedded emulator, and an alert.

make demo
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import boto3
from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from tests.detections.events import call, role
from tests.emulator.cdk_cli import CdkCli
from tests.emulator.conftest import Account
from tests.emulator.kubectl_record import recorded_kubectl, run_bootstrap
from tests.emulator.observing import Inbox, eventually, observe
from tests.emulator.service import ACCOUNT, REGION, ROOT, serving

console = Console(width=120)
BASELINE = {"workloads": str(ROOT / "docs" / "examples" / "baseline.yaml")}
GOVERNANCE = {
    "governance": "account",
    "config": "created",
    "guardrail_targets": ACCOUNT,
    "trusted_registries": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com",
    "auditors": f"arn:aws:iam::{ACCOUNT}:role/auditor",
    "object_events": "all",  # without a waiver, which would end on a day
    "evidence_writers": f"arn:aws:iam::{ACCOUNT}:role/pipeline",
}


def main() -> None:
    started = time.monotonic()
    with serving() as url, tempfile.TemporaryDirectory() as name:
        cli = CdkCli(url, Path(name))
        _step("cdk bootstrap", cli.bootstrap)
        _step("cdk synth (Checks() and four cdk-nag packs)", lambda: cli.synth(**BASELINE, **GOVERNANCE))
        _step("hardened-eks check", lambda: _check(cli.assembly))
        _step("cdk deploy, all but the in-cluster baseline", lambda: cli.deploy(but="HardenedEks-Workloads"))
        _step("hardened-eks manifests --bootstrap, applied by an administrator", lambda: _bootstrap(url))
        _step("cdk deploy of the in-cluster baseline", cli.deploy)
        _show(url)
        _show_baseline(url)
        _show_governance(url)
        _alarm(url)
    console.print(
        f"\nreally created by CloudFormation's engine in {time.monotonic() - started:.0f} s; "
        "what an emulator cannot show: docs/explanation/emulator.md"
    )


def _step(what: str, act: Any) -> None:
    started = time.monotonic()
    with console.status(what):
        act()
    console.print(f"[green]✓[/] {what} [dim]{time.monotonic() - started:.1f} s[/]")


def _hardened_eks() -> str:
    return str(Path(sys.executable).with_name("hardened-eks"))


def _check(assembly: Path) -> None:
    done = subprocess.run(
        [_hardened_eks(), "check", str(assembly)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        console.print(done.stdout or done.stderr)
        sys.exit(done.returncode)
    *lines, summary = done.stdout.strip().splitlines()
    for line in (*(line for line in lines if line.startswith("warning: ")), summary):
        console.print(line)


def _show(url: str) -> None:
    def client(service: str) -> Any:
        return boto3.client(
            service, endpoint_url=url, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test"
        )

    eks, ec2, logs, kms, ecr = (client(s) for s in ("eks", "ec2", "logs", "kms", "ecr"))
    cluster = eks.describe_cluster(name="hardened")["cluster"]
    vpc = cluster["resourcesVpcConfig"]
    enabled = [t for entry in cluster["logging"]["clusterLogging"] if entry["enabled"] for t in entry["types"]]
    name = eks.list_nodegroups(clusterName="hardened")["nodegroups"][0]
    nodes = eks.describe_nodegroup(clusterName="hardened", nodegroupName=name)["nodegroup"]
    launch = ec2.describe_launch_template_versions(LaunchTemplateId=nodes["launchTemplate"]["id"])
    metadata = launch["LaunchTemplateVersions"][0]["LaunchTemplateData"]["MetadataOptions"]
    group = next(g for g in logs.describe_log_groups()["logGroups"] if g["logGroupName"] == "/aws/eks/hardened/cluster")
    key = cluster["encryptionConfig"][0]["provider"]["keyArn"]
    repository = next(
        r for r in ecr.describe_repositories()["repositories"] if not r["repositoryName"].startswith("cdk-")
    )
    entries = eks.list_access_entries(clusterName="hardened")["accessEntries"]
    admins = [
        e
        for e in entries
        if eks.list_associated_access_policies(clusterName="hardened", principalArn=e)["associatedAccessPolicies"]
    ]
    endpoints = [
        e["ServiceName"].rsplit("us-east-1.", 1)[-1]
        for e in ec2.describe_vpc_endpoints()["VpcEndpoints"]
        if e["VpcId"] == vpc["vpcId"]
    ]
    gateways = [
        g
        for g in ec2.describe_internet_gateways()["InternetGateways"]
        if any(a["VpcId"] == vpc["vpcId"] for a in g["Attachments"])
    ]
    rows = {
        "cluster": f"{cluster['name']}, Kubernetes {cluster['version']}, {cluster['status']}",
        "API endpoint": f"private {vpc['endpointPrivateAccess']}, public {vpc['endpointPublicAccess']}",
        "logs": f"{', '.join(enabled)}; kept {group['retentionInDays']} days, key {group['kmsKeyId'][-12:]}",
        "API data": f"{cluster['encryptionConfig'][0]['resources']} with key {key[-12:]}, "
        f"rotation {kms.get_key_rotation_status(KeyId=key)['KeyRotationEnabled']}",
        "authentication": f"{cluster['accessConfig']['authenticationMode']}, administrators: {[e.rsplit('/', 1)[1] for e in admins]}",
        "deletion": f"protection {cluster['deletionProtection']}, support {cluster['upgradePolicy']['supportType']}",
        "nodes": f"{nodes['amiType']} on {', '.join(nodes['instanceTypes'])}, repair {nodes['nodeRepairConfig']['enabled']}",
        "instance metadata": f"tokens {metadata['HttpTokens']}, hop limit {metadata['HttpPutResponseHopLimit']}",
        "add-ons": ", ".join(sorted(eks.list_addons(clusterName="hardened")["addons"])),
        "network": f"{vpc['vpcId']}, internet gateways: {len(gateways)}, endpoints: {', '.join(sorted(endpoints))}",
        "flow logs": ec2.describe_flow_logs()["FlowLogs"][0]["TrafficType"],
        "images": f"{repository['repositoryName']}: {repository['imageTagMutability']}, "
        f"{repository['encryptionConfiguration']['encryptionType']}, scan on push {repository['imageScanningConfiguration']['scanOnPush']}",
    }
    rows |= _watch(client)
    table = Table(title="what describe calls say", show_header=False)
    for what, answer in rows.items():
        table.add_row(f"[bold]{what}[/]", answer)
    console.print(table)


def _bootstrap(url: str) -> None:
    """Hand the rights of the delivery to the recording kubectl handler, as break glass does with kubectl."""
    arguments = ["manifests", BASELINE["workloads"], "--bootstrap", "--format", "json"]
    done = subprocess.run([_hardened_eks(), *arguments], capture_output=True, text=True, check=True)
    run_bootstrap(url, "hardened", json.loads(done.stdout))


def _show_baseline(url: str) -> None:
    """Show what the kubectl handler was asked to apply: no Kubernetes API runs here."""
    record = recorded_kubectl(url, "hardened")
    objects = [item for one in record for item in one["objects"]]

    def named(kind: str) -> list[dict[str, Any]]:
        return [item for item in objects if item["kind"] == kind]

    levels = "pod-security.kubernetes.io/enforce"
    namespaces = [f"{o['metadata']['name']} ({o['metadata']['labels'][levels]})" for o in named("Namespace")]
    policies = [o["metadata"]["labels"]["hardened-eks/policy"] for o in named("ValidatingAdmissionPolicy")]
    actions = {", ".join(o["spec"]["validationActions"]) for o in named("ValidatingAdmissionPolicyBinding")}
    network = [f"{o['metadata']['namespace']}/{o['metadata']['name']}" for o in named("NetworkPolicy")]
    bindings = [s["name"] for o in named("RoleBinding") for s in o["subjects"]]
    rows = {
        "applied by": f"{record[0]['user']}, in {len(record)} steps: "
        + ", ".join(dict.fromkeys(item["kind"] for item in objects)),
        "namespaces": ", ".join(namespaces),
        "network policies": ", ".join(network),
        "groups with roles": ", ".join(bindings),
        f"policies ({len(policies)})": ", ".join(policies),
        "they": "; ".join(sorted(actions)),
    }
    table = Table(title="what the kubectl handler was asked to apply (a stand-in that records)", show_header=False)
    for what, answer in rows.items():
        table.add_row(f"[bold]{what}[/]", answer)
    console.print(table)


def _show_governance(url: str) -> None:
    """Show the record of the account, its rules, its backups and the organization's guardrails."""
    account = Account(url)
    trail, config, backup = (account.client(name) for name in ("cloudtrail", "config", "backup"))
    (found,) = trail.describe_trails()["trailList"]
    lock = account.client("s3").get_object_lock_configuration(Bucket=found["S3BucketName"])["ObjectLockConfiguration"]
    kept = lock["Rule"]["DefaultRetention"]
    rules = [rule["ConfigRuleName"] for rule in config.describe_config_rules()["ConfigRules"]]
    packs = [pack["ConformancePackName"] for pack in config.describe_conformance_packs()["ConformancePackDetails"]]
    (recorder,) = config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"]
    (vault,) = backup.list_backup_vaults()["BackupVaultList"]
    (plan,) = backup.list_backup_plans()["BackupPlansList"]
    (daily,) = backup.get_backup_plan(BackupPlanId=plan["BackupPlanId"])["BackupPlan"]["Rules"]
    held = account.client("organizations").list_policies_for_target(TargetId=ACCOUNT, Filter="SERVICE_CONTROL_POLICY")
    snapshots = account.client("ec2").get_snapshot_block_public_access_state()["State"]
    evidence = [b["Name"] for b in account.client("s3").list_buckets()["Buckets"] if "evidencefiles" in b["Name"]]
    rows = {
        "trail": f"{found['Name']}, logging {trail.get_trail_status(Name=found['Name'])['IsLogging']}, all Regions "
        f"{found['IsMultiRegionTrail']}, files locked {kept['Days']} days in mode {kept['Mode']}",
        "AWS Config": f"recording {recorder['recording']}; packs: {', '.join(sorted(packs))}; {len(rules)} rules",
        "rules about the cluster": ", ".join(
            sorted(rule for rule in rules if rule.startswith("eks-") and rule.endswith("-rule"))
        ),
        "backups": f"{daily['ScheduleExpression']}, kept {daily['Lifecycle']['DeleteAfterDays']} days, vault locked "
        f"{backup.describe_backup_vault(BackupVaultName=vault['BackupVaultName'])['Locked']}",
        "guardrails": ", ".join(sorted(one["Name"] for one in held["Policies"] if not one["AwsManaged"])),
        "snapshots": snapshots,
        "evidence": f"{', '.join(evidence)}: locked, for what hardened-eks evidence writes",
    }
    table = Table(title="what describe calls say of the account", show_header=False)
    for what, answer in rows.items():
        table.add_row(f"[bold]{what}[/]", answer)
    console.print(table)


def _watch(client: Any) -> dict[str, str]:
    """Return the lines of the detection."""
    rules = client("events").list_rules()["Rules"]
    filters = client("logs").describe_metric_filters(logGroupName="/aws/eks/hardened/cluster")["metricFilters"]
    alarms = [
        a for page in client("cloudwatch").get_paginator("describe_alarms").paginate() for a in page["MetricAlarms"]
    ]
    workflows = client("stepfunctions").list_state_machines()["stateMachines"]
    topics = client("sns").list_topics()["Topics"]
    return {
        "detection": f"{len(rules)} rules on the event bus, {len(filters)} filters on the control-plane log, "
        f"{len(alarms)} alarms",
        "alerts": f"topics: {', '.join(t['TopicArn'].rsplit(':', 1)[1] for t in topics)}; "
        f"{len(workflows)} workflows for evidence and digest",
    }


def _alarm(url: str) -> None:
    """Open the public endpoint by hand, as somebody would who should not, and print the message that arrives."""
    account = Account(url)
    eks = account.client("eks")
    (topic,) = [
        t["TopicArn"] for t in account.client("sns").list_topics()["Topics"] if "Detection-AlertsTopic" in t["TopicArn"]
    ]
    inbox = Inbox(account, topic)
    change = {"endpointPublicAccess": True, "endpointPrivateAccess": True}
    console.print(
        "\n[bold]somebody opens the public endpoint by hand[/]: aws eks update-cluster-config --name hardened ..."
    )
    eks.update_cluster_config(name="hardened", resourcesVpcConfig=change)
    # The emulator has no CloudTrail: this is the event that the trail would put on the bus for the call above.
    event = call("eks", "UpdateClusterConfig", {"name": "hardened", "resourcesVpcConfig": change}, by=_somebody())
    observe(account, json.loads(json.dumps(event).replace(event["account"], ACCOUNT)))
    opened = eventually(lambda: eks.describe_cluster(name="hardened")["cluster"], lambda c: c["status"] == "ACTIVE")
    message = eventually(lambda: [m["Message"] for m in inbox.messages() if "CRITICAL" in m["Message"]])[0]
    console.print(f"the endpoint is public: {opened['resourcesVpcConfig']['endpointPublicAccess']}; this arrives:")
    console.print(Panel(message.strip('"'), title="alert", border_style="red"))


def _somebody() -> dict[str, Any]:
    return role(f"arn:aws:iam::{ACCOUNT}:role/developer", session="alice")


if __name__ == "__main__":
    main()
