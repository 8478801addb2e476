"""The main job, shown: synth, checks and `cdk deploy` of the reference stacks on the embedded emulator.

make demo
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import boto3
from rich.console import Console
from rich.table import Table

from tests.emulator.cdk_cli import CdkCli
from tests.emulator.service import REGION, serving

console = Console(width=120)


def main() -> None:
    started = time.monotonic()
    with serving() as url, tempfile.TemporaryDirectory() as name:
        cli = CdkCli(url, Path(name))
        _step("cdk bootstrap", cli.bootstrap)
        _step("cdk synth (Checks() and four cdk-nag packs)", cli.synth)
        _step("hardened-eks check", lambda: _check(cli.assembly))
        _step("cdk deploy --all", cli.deploy)
        _show(url)
    console.print(
        f"\nreally created by CloudFormation's engine in {time.monotonic() - started:.0f} s; "
        "what an emulator cannot show: docs/explanation/emulator.md"
    )


def _step(what: str, act: Any) -> None:
    started = time.monotonic()
    with console.status(what):
        act()
    console.print(f"[green]✓[/] {what} [dim]{time.monotonic() - started:.1f} s[/]")


def _check(assembly: Path) -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("hardened-eks")), "check", str(assembly)],
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
        "authentication": f"{cluster['accessConfig']['authenticationMode']}, administrators: {[e.rsplit('/', 1)[1] for e in entries]}",
        "deletion": f"protection {cluster['deletionProtection']}, support {cluster['upgradePolicy']['supportType']}",
        "nodes": f"{nodes['amiType']} on {', '.join(nodes['instanceTypes'])}, repair {nodes['nodeRepairConfig']['enabled']}",
        "instance metadata": f"tokens {metadata['HttpTokens']}, hop limit {metadata['HttpPutResponseHopLimit']}",
        "add-ons": ", ".join(sorted(eks.list_addons(clusterName="hardened")["addons"])),
        "network": f"{vpc['vpcId']}, internet gateways: {len(gateways)}, endpoints: {', '.join(sorted(endpoints))}",
        "flow logs": ec2.describe_flow_logs()["FlowLogs"][0]["TrafficType"],
        "images": f"{repository['repositoryName']}: {repository['imageTagMutability']}, "
        f"{repository['encryptionConfiguration']['encryptionType']}, scan on push {repository['imageScanningConfiguration']['scanOnPush']}",
    }
    table = Table(title="what describe calls say", show_header=False)
    for what, answer in rows.items():
        table.add_row(f"[bold]{what}[/]", answer)
    console.print(table)


if __name__ == "__main__":
    main()
