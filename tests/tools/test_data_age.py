"""`make data-age` lists what has passed, and every file of data that was read long ago, in JSON and in Python."""

import json
from datetime import date
from pathlib import Path

import pytest

from tools import data_age

READ_NOWHERE = {
    "addon_versions.json": "filled by data refresh, which writes its own day",
    "regions_told.json": "filled by data refresh, which writes its own day",
    "config_packs.json": "made from the catalog",
    "kubernetes_apis.json": "made from the schemas of a pinned package",
}


def test_nothing_is_old_on_the_day_it_was_read() -> None:
    assert [line for line in data_age.passed(date(2026, 11, 30)) if "was read" in line] == []


def test_old_data_is_listed_in_json_and_in_modules() -> None:
    lines = list(data_age.passed(date(2027, 11, 15)))
    old = {line.split()[1] for line in lines if "was read then" in line}
    assert {"kubernetes.json", "comparison.json"} <= old
    assert {
        "hardened_eks/data/aws_accounts.py",
        "hardened_eks/data/dns.py",
        "hardened_eks/data/vpc_ranges.py",
        "hardened_eks/baseline/kube_bench.py",
        "hardened_eks/data/lambda_runtimes.py",
    } <= old
    assert "2026-12-02  kubernetes.json.versions.1.34.end_of_standard_support" in lines
    assert "2027-04-30  Lambda runtime nodejs22.x" in lines


@pytest.mark.parametrize("file", data_age.FILES, ids=lambda file: file.name)
def test_every_file_of_data_has_the_day_on_which_it_was_read(file: Path) -> None:
    document = json.loads(file.read_text(encoding="utf-8"))
    assert isinstance(document.get("read"), str) != (file.name in READ_NOWHERE)
