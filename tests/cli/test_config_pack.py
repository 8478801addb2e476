"""`hardened-eks controls config-pack`: files or YAML, and on the standard error what is left out."""

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from hardened_eks.cli import group


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
    assert "left out: REQUIRED_TAGS: only you know your tags: give tag1Key" in result.stderr.splitlines()


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
    assert "warning: the list of managed rules lacks eu-isoe-west-1" in run("--region", "eu-isoe-west-1").stderr
    assert "warning" not in run("--region", "eu-west-1").stderr


def refused(*arguments: str) -> list[str]:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    return result.stderr.splitlines()


@pytest.mark.parametrize("value", ["REQUIRED_TAGS", "REQUIRED_TAGS=x", "REQUIRED_TAGS.tag1Key", ".a=b", "A.=b", "A.b="])
def test_fails_on_what_is_no_parameter(value: str) -> None:
    assert refused("--region", "eu-west-1", "-p", value) == [f"error: --parameter needs RULE.NAME=VALUE, got {value!r}"]


def test_fails_with_every_mistake() -> None:
    assert refused("--region", "Frankfurt", "-p", "NO_RULE.a=b") == [
        "error: region needs the id of a region, such as eu-central-1, got 'Frankfurt'",
        "error: NO_RULE is not a managed rule of the packs",
    ]


def test_fails_where_nothing_can_be_written(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    result = run("--region", "eu-west-1", "--output", str(file))
    assert result.exit_code == 2
    assert f"error: {file}: cannot be written: File exists" in result.stderr
