"""The reference app in the hands of the real CDK CLI, from bootstrap to destroy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from subprocess import CompletedProcess
from typing import Any

import pytest

from tests.emulator.cdk_cli import CONTEXT, CdkCli
from tests.emulator.conftest import Account
from tests.emulator.service import ACCOUNT, ROOT, serving

pytestmark = [pytest.mark.emulator, pytest.mark.cli, pytest.mark.xdist_group("cli")]
SECOND = f"arn:aws:iam::{ACCOUNT}:user/second"
STACKS = ("HardenedEks-Foundation", "HardenedEks-Cluster", "HardenedEks-Registry", "HardenedEks-Detection")


@dataclass(frozen=True)
class Story:
    """What the CLI said, and what the account held, step by step."""

    templates: dict[str, dict[str, Any]]
    after_deploy: dict[str, str]
    unchanged: CompletedProcess[str]
    second_deploy: str
    after_second_deploy: dict[str, str]
    changed: CompletedProcess[str]
    after_change: dict[str, str]
    trust: dict[str, Any]
    cluster: dict[str, Any]
    refused: CompletedProcess[str]
    after_refusal: dict[str, str]
    deletions: dict[str, set[str]]
    lookups_before: bytes | None
    lookups_after: bytes | None
    account: Account


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with serving() as url:
        yield tell(CdkCli(url, tmp_path_factory.mktemp("cli")), Account(url))


def tell(cli: CdkCli, account: Account) -> Story:
    lookups_before = lookups()
    cli.bootstrap()
    cli.synth()
    templates: dict[str, Any] = cli.templates()
    cli.deploy()
    after_deploy = resources(account)
    unchanged = diff(cli)
    second_deploy = cli.deploy()
    after_second_deploy = resources(account)
    # Not of the Kubernetes version: on a later day an older one no longer passes the checks.
    cli.synth(trusted_principals=f"{CONTEXT['hardened-eks:trusted_principals']},{SECOND}")
    changed = diff(cli)
    cli.deploy()
    after_change = resources(account)
    refused = cli.run("destroy", "--all", "--force", "--app", str(cli.assembly), check=False)
    after_refusal = resources(account)
    return Story(
        templates=templates,
        after_deploy=after_deploy,
        unchanged=unchanged,
        second_deploy=second_deploy,
        after_second_deploy=after_second_deploy,
        changed=changed,
        after_change=after_change,
        cluster=account.client("eks").describe_cluster(name="hardened")["cluster"],
        trust=break_glass_trust(account, after_change),
        refused=refused,
        after_refusal=after_refusal,
        deletions=destroy(cli, account),
        lookups_before=lookups_before,
        lookups_after=lookups(),
        account=account,
    )


def diff(cli: CdkCli) -> CompletedProcess[str]:
    """Compare by a change set; exit code 1 says that something would change."""
    return cli.run("diff", "--all", "--fail", "--app", str(cli.assembly), check=False)


def lookups() -> bytes | None:
    """What the CLI remembers of lookups, beside cdk.json."""
    file = ROOT / "cdk.context.json"
    return file.read_bytes() if file.exists() else None


def resources(account: Account) -> dict[str, str]:
    """Stack and logical id -> physical id."""
    return {
        f"{stack}/{logical}": physical for stack in STACKS for logical, physical in account.resources(stack).items()
    }


def break_glass_trust(account: Account, found: dict[str, str]) -> dict[str, Any]:
    name = next(physical for logical, physical in found.items() if "BreakGlassRole" in logical)
    trust: dict[str, Any] = account.client("iam").get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
    return trust


def destroy(cli: CdkCli, account: Account) -> dict[str, set[str]]:
    """Lift the termination protection and destroy; return logical ids by what became of them."""
    cloudformation = account.client("cloudformation")
    ids = {}
    for stack in STACKS:
        cloudformation.update_termination_protection(StackName=stack, EnableTerminationProtection=False)
        ids[stack] = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackId"]
    cli.destroy()
    found: dict[str, set[str]] = {}
    for stack, id in ids.items():
        pages = cloudformation.get_paginator("describe_stack_events").paginate(StackName=id)
        for event in (event for page in pages for event in page["StackEvents"]):
            if event["ResourceStatus"].startswith("DELETE_") and event["LogicalResourceId"] != stack:
                found.setdefault(event["ResourceStatus"], set()).add(f"{stack}/{event['LogicalResourceId']}")
    return found


def test_everything_in_the_templates_is_created(story: Story) -> None:
    expected = {f"{stack}/{name}" for stack, template in story.templates.items() for name in template["Resources"]}
    assert set(story.after_deploy) == expected


def test_a_diff_after_the_deployment_shows_nothing(story: Story) -> None:
    assert story.unchanged.returncode == 0, story.unchanged.stdout + story.unchanged.stderr
    assert "Number of stacks with differences: 0" in story.unchanged.stdout + story.unchanged.stderr


def test_the_second_deployment_changes_nothing(story: Story) -> None:
    assert story.second_deploy.count("(no changes)") == len(STACKS)
    assert story.after_second_deploy == story.after_deploy


def test_a_diff_shows_a_change_and_the_deployment_makes_it_in_place(story: Story) -> None:
    assert story.changed.returncode == 1
    assert SECOND in story.changed.stdout + story.changed.stderr
    assert SECOND in story.trust["Statement"][0]["Principal"]["AWS"]
    assert story.after_change == story.after_second_deploy


def test_termination_protection_stops_a_destroy(story: Story) -> None:
    assert story.refused.returncode != 0
    assert "TerminationProtection" in story.refused.stdout + story.refused.stderr
    assert story.after_refusal == story.after_change


def test_destroying_skips_what_is_retained_and_nothing_else(story: Story) -> None:
    retained = {
        f"{stack}/{name}"
        for stack, template in story.templates.items()
        for name, resource in template["Resources"].items()
        if resource.get("DeletionPolicy") == "Retain"
    }
    assert story.deletions["DELETE_SKIPPED"] == retained
    kept = {name for name in story.after_deploy if name.startswith("HardenedEks-Foundation/NetworkVpc")}
    assert story.deletions["DELETE_FAILED"] == kept, "the security group that EKS made for the cluster is in the VPC"
    assert story.deletions["DELETE_COMPLETE"] == set(story.after_deploy) - retained - kept


def test_what_is_retained_is_still_there(story: Story) -> None:
    client = story.account.client
    kept = {
        name: physical for name, physical in story.after_deploy.items() if name in story.deletions["DELETE_SKIPPED"]
    }
    types = {f"{s}/{n}": r["Type"] for s, template in story.templates.items() for n, r in template["Resources"].items()}
    by_type: dict[str, set[str]] = {}
    for name, physical in kept.items():
        by_type.setdefault(types[name], set()).add(physical)
    states = {client("kms").describe_key(KeyId=key)["KeyMetadata"]["KeyState"] for key in by_type["AWS::KMS::Key"]}
    assert states == {"Enabled"}
    groups = {group["logGroupName"] for group in client("logs").describe_log_groups()["logGroups"]}
    assert by_type["AWS::Logs::LogGroup"] <= groups
    assert set(client("eks").list_clusters()["clusters"]) == by_type["AWS::EKS::Cluster"] == {"hardened"}
    repositories = {item["repositoryName"] for item in client("ecr").describe_repositories()["repositories"]}
    assert by_type["AWS::ECR::Repository"] <= repositories


def test_the_rest_is_gone(story: Story) -> None:
    client = story.account.client
    vpc = story.cluster["resourcesVpcConfig"]["vpcId"]
    assert client("eks").list_nodegroups(clusterName="hardened")["nodegroups"] == []
    assert client("eks").list_addons(clusterName="hardened")["addons"] == []
    assert client("eks").list_access_entries(clusterName="hardened")["accessEntries"] == []
    assert vpc not in {item["VpcId"] for item in client("ec2").describe_vpc_endpoints()["VpcEndpoints"]}
    assert not [role["RoleName"] for role in client("iam").list_roles()["Roles"] if "HardenedEks" in role["RoleName"]]


def test_the_cli_looks_nothing_up(story: Story) -> None:
    assert story.lookups_after == story.lookups_before
