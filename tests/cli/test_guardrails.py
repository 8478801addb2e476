"""`hardened-eks guardrails`: text, JSON, files, and who can take the roles."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hardened_eks.cli import group
from hardened_eks.guardrails import Settings, guardrails
from hardened_eks.sources import saved

ORGANIZATION = ("--organization-id", "o-exampleorg1")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["guardrails", *arguments], catch_exceptions=False)


def test_json() -> None:
    entries = json.loads(run(*ORGANIZATION, "-f", "json").stdout)
    policies = guardrails(Settings(organization_id="o-exampleorg1"))
    assert [entry["content"] for entry in entries] == [policy.content for policy in policies]
    assert [(e["name"], e["type"], e["limit"]) for e in entries[2:]] == [
        ("hardened-eks-evidence", "SERVICE_CONTROL_POLICY", 10240),
        ("hardened-eks-data", "RESOURCE_CONTROL_POLICY", 5120),
        ("hardened-eks-boundary", "PERMISSIONS_BOUNDARY", 6144),
    ]
    assert all(entry["characters"] == len(policy.text) for entry, policy in zip(entries, policies, strict=True))


@pytest.mark.parametrize(("type_", "number"), [("scp", 3), ("rcp", 1), ("boundary", 1)])
def test_one_type(type_: str, number: int) -> None:
    assert len(json.loads(run(*ORGANIZATION, "--type", type_, "-f", "json").stdout)) == number


def test_text() -> None:
    lines = run().stdout.splitlines()
    assert "    SecondAdmin: eks:AssociateAccessPolicy" in lines
    assert "    ChangeNothing: eks:Create*, eks:Update*, eks:Delete* and 9 more" in lines
    assert lines[-1] == "4 policies"


def test_settings() -> None:
    shown = run("--break-glass-role", "emergency-*", "--break-glass-role", "second-*", "--creator-role", "cluster-maker", "--deployer-role",
                "landing-zone", "--backup-role", "backups", "--account", "111122223333", "--log-group", "/trail",
                "--oldest-version", "1.31", "--name-prefix", "bank", "--boundary", "limits", "--partition", "aws-cn",
                "-f", "json").stdout  # fmt: skip
    wanted = Settings(
        break_glass_roles=("emergency-*", "second-*"), creator_roles=("cluster-maker",), deployer_roles=("landing-zone",),
        backup_roles=("backups",), accounts=("111122223333",), log_groups=("/trail",), oldest_version="1.31",
        name_prefix="bank", boundary="limits", partition="aws-cn",
    )  # fmt: skip
    assert [entry["content"] for entry in json.loads(shown)] == [policy.content for policy in guardrails(wanted)]


def test_files(tmp_path: Path) -> None:
    result = run(*ORGANIZATION, "--partner", "444455556666", "-o", str(tmp_path / "new"))
    policies = guardrails(Settings(organization_id="o-exampleorg1", partners=("444455556666",)))
    assert {file.name: file.read_text() for file in (tmp_path / "new").iterdir()} == {
        f"{p.name}.json": p.text for p in policies
    }
    assert len(result.stdout.splitlines()) == 5


def refused(*arguments: str) -> list[str]:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    return result.stderr.splitlines()


def test_fails_with_every_mistake() -> None:
    assert refused(
        "--break-glass-role", "*", "--account", "12", "--organization-id", "bank", "--oldest-version", "1.2"
    ) == [
        "error: --break-glass-role '*' has fewer than 6 fixed characters, so it matches too many role names: write more of the name",
        "error: --account needs account IDs of 12 digits, got '12'",
        "error: --organization-id needs the ID of an organization, o- and 10 to 32 characters, got 'bank'",
        "error: --oldest-version needs one of 1.30, 1.31, 1.32, 1.33, 1.34, 1.35, 1.36, 1.37, got '1.2'",
    ]


def test_fails_on_what_does_not_go_together(tmp_path: Path) -> None:
    assert refused("--type", "rcp") == [
        "error: --type rcp needs --organization-id: a resource control policy names the organization that gets access"
    ]
    assert refused("cdk.out") == ["error: PATHS need --who, got cdk.out"]
    assert refused("--who") == [
        "error: --who needs PATHS: cdk.out directories, CloudFormation templates, or saved responses of IAM and EKS"
    ]
    assert refused("--who", str(tmp_path / "no"))[0].startswith(f"error: {tmp_path / 'no'}: ")
    live = tmp_path / "live.json"
    live.write_text(saved.text([saved.Environment("123456789012", "eu-west-1")], day="2026-11-29", version="0"))
    (told,) = refused("--who", str(live))
    assert (
        told.startswith(f"error: {live}: it was saved by `hardened-eks audit`") and "get-account-authorization" in told
    )
    assert refused("--who", str(tmp_path), "--creator-role", "") == [
        "error: --creator-role needs names or patterns of roles, 1 to 128 letters, digits or +=,.@-_/*?, got ''"
    ]


def test_fails_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert refused("-o", str(tmp_path / "file")) == [f"error: {tmp_path / 'file'}: cannot be written: File exists"]


def test_who(tmp_path: Path) -> None:
    role = {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "hardened-eks-creator", "AssumeRolePolicyDocument": {
        "Statement": {"Effect": "Allow", "Principal": {"Service": "cloudformation.amazonaws.com"}, "Action": "sts:AssumeRole"},
    }}}  # fmt: skip
    file = tmp_path / "Bootstrap.template.json"
    file.write_text(json.dumps({"Resources": {"Creator": role}}))
    lines = run("--who", str(file)).stdout.splitlines()
    assert lines == [
        f"creator  {file}/Creator  hardened-eks-creator",
        "    the guardrails exempt it as hardened-eks-creator*",
        "    cloudformation.amazonaws.com  may assume it",
        "1 roles",
    ]
    (entry,) = json.loads(run("--who", str(file), "-f", "json", "--creator-role", "another").stdout)
    assert (entry["part"], entry["named_by"]) == ("creator", "")


def test_it_needs_neither_cdk_nor_boto3() -> None:
    program = (
        "import sys, hardened_eks.cli.guardrails\n"
        "print(sorted({m.partition('.')[0] for m in sys.modules} & {'aws_cdk', 'jsii', 'boto3', 'botocore'}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
