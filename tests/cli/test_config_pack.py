"""`hardened-eks controls config-pack`: files or YAML, and on the standard error what is left out."""

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from hardened_eks.cli import group
from hardened_eks.data import regions


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["controls", "config-pack", *arguments], catch_exceptions=False)


def test_files(tmp_path: Path) -> None:
    result = run("--region", "eu-central-1", "--output", str(tmp_path / "packs"))
    assert result.exit_code == 0
    assert sorted(file.name for file in (tmp_path / "packs").iterdir()) == [
        "hardened-eks-account.yaml", "hardened-eks-core.yaml", "hardened-eks-module.yaml",
    ]  # fmt: skip
    loaded = yaml.safe_load((tmp_path / "packs" / "hardened-eks-core.yaml").read_text())
    assert f"hardened-eks-core.yaml  {len(loaded['Resources'])} rules" in result.stdout
    assert "omitted: REQUIRED_TAGS: tags differ by organization: set tag1Key" in result.stderr.splitlines()


def test_printed() -> None:
    result = run("--region", "eu-central-1", "--tier", "module", "--tier", "account")
    assert [set(one) for one in yaml.safe_load_all(result.stdout)] == [{"Resources"}, {"Resources"}]
    assert result.stdout.startswith("# hardened-eks-module\n")


def test_parameters() -> None:
    result = run("--region", "eu-central-1", "-p", "REQUIRED_TAGS.tag1Key=team", "-p", "REQUIRED_TAGS.tag1Value=a=b")
    (found,) = (
        one["Resources"]["RequiredTags"]
        for one in yaml.safe_load_all(result.stdout)
        if "RequiredTags" in one["Resources"]
    )
    assert found["Properties"]["InputParameters"] == {"tag1Key": "team", "tag1Value": "a=b"}


def test_warns_of_a_region_that_the_list_does_not_name() -> None:
    assert (
        "warning: the list of managed rules does not contain eu-isoe-west-1" in run("--region", "eu-isoe-west-1").stderr
    )
    assert "warning" not in run("--region", "eu-west-1").stderr


def refused(*arguments: str) -> list[str]:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    return result.stderr.splitlines()


@pytest.mark.parametrize("value", ["REQUIRED_TAGS", "REQUIRED_TAGS=x", "REQUIRED_TAGS.tag1Key", ".a=b", "A.=b", "A.b="])
def test_fails_on_what_is_no_parameter(value: str) -> None:
    assert refused("--region", "eu-west-1", "-p", value) == [
        f"error: --parameters needs RULE.NAME=VALUE, got {value!r}"
    ]


def test_fails_with_every_mistake() -> None:
    assert refused("--region", "Frankfurt", "-p", "NO_RULE.a=b") == [
        "error: --region needs the ID of a Region, such as eu-central-1, got 'Frankfurt'",
        "error: --parameters names 'NO_RULE', which is not a managed rule in the conformance packs; use an identifier such "
        "as EKS_SECRETS_ENCRYPTED",
    ]


@pytest.mark.parametrize(("region", "near"), [
    ("eu-west-8", "eu-west-1, eu-west-2, eu-west-3"),
    ("ue-central-1", "eu-central-1, me-central-1, ca-central-1"),
])  # fmt: skip
def test_fails_on_a_region_that_is_not_known(region: str, near: str) -> None:
    """It has the form of one: a pack of a typo would be deployed nowhere, or with rules that fail it."""
    assert refused("--region", region, "-p", "NO_RULE.a=b") == [
        f"error: --region '{region}' is not a Region that this package knows; did you mean {near}? If it is new, run "
        "`hardened-eks data refresh --only regions` (add `--region` if its partition is not aws), or pass "
        "--new-region",
        "error: --parameters names 'NO_RULE', which is not a managed rule in the conformance packs; use an identifier such "
        "as EKS_SECRETS_ENCRYPTED",
    ]


def test_a_new_region_is_taken_where_one_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    told = run("--region", "eu-north-9", "--new-region")
    assert told.exit_code == 0
    assert "warning: the list of managed rules does not contain eu-north-9" in told.stderr
    (core, *_) = yaml.safe_load_all(told.stdout)
    assert "EksEndpointNoPublicAccess" in core["Resources"]
    assert "omitted: REQUIRED_TAGS" in told.stderr
    assert "has no such rule in" not in told.stderr
    monkeypatch.setattr(regions, "PARTITIONS", {**regions.PARTITIONS, "eu-north-9": "aws"})  # after a refresh
    refreshed = run("--region", "eu-north-9")
    assert (refreshed.exit_code, refreshed.stdout, refreshed.stderr) == (0, told.stdout, told.stderr)


def test_a_flag_makes_no_region_of_a_word() -> None:
    (found,) = refused("--region", "eu-wst-1", "--new-region")
    assert found.startswith(
        "error: --region needs the ID of a Region, such as eu-central-1, got 'eu-wst-1'; did you mean eu-"
    )


def test_fails_where_nothing_can_be_written(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    result = run("--region", "eu-west-1", "--output", str(file))
    assert result.exit_code == 2
    assert f"error: {file}: cannot be written: File exists" in result.stderr
