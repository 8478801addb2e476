"""`hardened-eks controls`: lists, explanations, coverage, OSCAL."""

import csv
import io
import json
import re
import uuid
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hardened_eks.cli import group
from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.frameworks import requirements


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["controls", *arguments], catch_exceptions=False)


def test_list() -> None:
    lines = run().stdout.splitlines()
    assert lines[-1] == f"{len(CATALOGUE)} controls"
    assert "CP-01  high      hardening   The Kubernetes API endpoint is not reachable from the internet" in lines
    assert run("list").stdout.splitlines() == lines
    assert len(run("list", "--severity", "critical").stdout.splitlines()) < len(lines)


def test_list_of_a_framework() -> None:
    shown = run("--framework", "cis-eks").stdout
    assert "CP-01" in shown
    assert run("list", "--framework", "cis-eks").stdout == shown
    found = json.loads(run("list", "--framework", "cis-eks", "-f", "json").stdout)
    assert all("cis-eks" in control["references"] for control in found)


def test_show_by_id_and_name() -> None:
    shown = run("show", "CP-01", "waiver_expired").stdout
    for expected in ("CP-01 private_endpoint: ", "severity: high, hardening", "evaluates: AWS::EKS::Cluster", "cis-eks: 5.4.2",
                     "WV-01 waiver_expired: ", "evaluates: waivers"):  # fmt: skip
        assert expected in shown


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("show", "CP-1"), "unknown control 'CP-1': did you mean CP-01"),
        (("list", "--framework", "cis"), "unknown framework 'cis': did you mean cis-eks"),
        (("coverage", "--framework", "zzz"), "unknown framework 'zzz': use one of bpg, "),
        (("oscal", "--framework", "zzz"), "unknown framework 'zzz': use one of bpg, "),
        (("--framework", "cis-eks", "frameworks"), "write --framework after the subcommand"),
        (
            ("oscal", "-o", "/no/such/folder/x.json"),
            "/no/such/folder/x.json: cannot be written: No such file or directory",
        ),
    ],
)
def test_fails_with_a_hint(arguments: tuple[str, ...], expected: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: {expected}")


def test_coverage_accounts_for_every_reference() -> None:
    wanted = {(f, r.key) for r in requirements().values() for f in r.references if f != "seed"}
    found = json.loads(run("coverage", "-f", "json").stdout)
    assert {(row["framework"], row["requirement"]) for row in found} == wanted
    rows = list(csv.DictReader(io.StringIO(run("coverage", "-f", "csv").stdout)))
    assert {(row["framework"], row["requirement"]) for row in rows} == wanted
    markdown = run("coverage", "--framework", "cis-eks").stdout
    assert markdown.startswith("## CIS Amazon EKS Benchmark 1.8.0\n")
    assert re.search(r"^\| 5\.4\.2 \| .* CP-01", markdown, re.MULTILINE)


def test_cis_sections_are_in_natural_order() -> None:
    found = [row["references"][0] for row in json.loads(run("coverage", "--framework", "cis-eks", "-f", "json").stdout)]
    keys = [[int(part) for part in reference.split(".")] for reference in found if re.fullmatch(r"[\d.]+", reference)]
    assert keys == sorted(keys)


def test_frameworks() -> None:
    shown = run("frameworks").stdout
    assert re.search(r"^cis-eks +\d+ of +56  CIS Amazon EKS Benchmark 1\.8\.0$", shown, re.MULTILINE)
    assert re.search(r"^cis-eks-2\.0\.0 +\d+ of +53  CIS Amazon EKS Benchmark 2\.0\.0$", shown, re.MULTILINE)
    assert "seed" not in shown


TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*")


def test_oscal_component_definition(tmp_path: Path) -> None:
    path = tmp_path / "oscal.json"
    assert run("oscal", "-o", str(path)).exit_code == 0
    definition = json.loads(path.read_text())["component-definition"]
    assert set(definition) == {"uuid", "metadata", "components"}
    assert set(definition["metadata"]) == {"title", "last-modified", "version", "oscal-version"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", definition["metadata"]["last-modified"])
    (component,) = definition["components"]
    ids = [definition["uuid"], component["uuid"]]
    for implementation in component["control-implementations"]:
        ids.append(implementation["uuid"])
        assert implementation["source"].startswith(("https://", "urn:hardened-eks:oscal/"))
        controls = [r["control-id"] for r in implementation["implemented-requirements"]]
        assert len(controls) == len(set(controls)) > 0
        for requirement in implementation["implemented-requirements"]:
            ids.append(requirement["uuid"])
            assert TOKEN.fullmatch(requirement["control-id"])
            assert requirement["description"]
            assert all(TOKEN.fullmatch(p["class"]) and p["value"].strip() for p in requirement["props"])
    assert all(uuid.UUID(id_).version == 5 for id_ in ids)
    assert len(ids) == len(set(ids))


def test_oscal_uses_the_ids_of_nists_own_catalog() -> None:
    definition = json.loads(run("oscal", "--framework", "nist-800-53-r5").stdout)["component-definition"]
    (implementation,) = definition["components"][0]["control-implementations"]
    ids = {r["control-id"] for r in implementation["implemented-requirements"]}
    assert {"ac-4", "ac-4.21", "sc-7"} <= ids
    assert all(re.fullmatch(r"[a-z]{2}-\d+(\.\d+)?", id_) for id_ in ids), sorted(ids)


@pytest.mark.parametrize(("command", "known"), [
    ("controls", "audit-manager, config-pack, coverage, frameworks, list, oscal, show"), ("hook", "package"),
    ("data", "refresh, refresh-instance-types"),
])  # fmt: skip
def test_an_unknown_subcommand_lists_the_known_ones(command: str, known: str) -> None:
    result = run_any(command, "nope")
    assert result.exit_code == 2
    assert f"unknown command 'nope': available commands: {known}" in result.stderr


@pytest.mark.parametrize("command", [("check", "x"), ("evidence", "x", "-o", "y"), ("upgrade", "--to", "1.37")])
@pytest.mark.parametrize("day", ["2026-13-01", "tomorrow"])
def test_the_error_on_a_date_says_how_to_write_one(command: tuple[str, ...], day: str) -> None:
    result = run_any(*command, "--today", day)
    assert result.exit_code == 2
    assert f"needs an existing date as YYYY-MM-DD, such as 2027-01-31, got '{day}'" in result.stderr


def run_any(*arguments: str) -> Result:
    return CliRunner().invoke(group, arguments)
