"""One cluster about which checks say everything that they can: fail, not seen, waived, pass, nothing to judge."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.frameworks import frameworks
from hardened_eks.detections import DETECTIONS
from hardened_eks.evidence import Assembly, Template, Waiver
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.reports import Report, evidence
from hardened_eks.reports.oscal.assessment import Item

TODAY = date(2026, 11, 29)
NOW = datetime(2026, 11, 29, tzinfo=UTC)
BODY = {
    "Resources": {
        "Cluster": {
            "Type": "AWS::EKS::Cluster",
            "Properties": {
                "ResourcesVpcConfig": {"EndpointPublicAccess": True, "EndpointPrivateAccess": True},
                "DeletionProtection": True,
            },
        },
        "Nodes": {
            "Type": "AWS::EKS::Nodegroup",
            "Properties": {"ClusterName": {"Ref": "Cluster"}, "LaunchTemplate": {"Id": "lt-1", "Version": "1"}},
        },
    }
}
ITEMS = [Item("Payments/Cluster", "AWS::EKS::Cluster", "Payments/Eks"), Item("Payments/Nodes", "AWS::EKS::Nodegroup")]


def report_on(body: dict[str, Any], *, hides_eks: bool = False) -> Report:
    waiver = Waiver("CP-01", "Cluster", "moved in March", date(2027, 3, 31), "jane", "resource", "waivers.yaml", 4)
    outcome = evaluate(Assembly([Template("Payments", body)]), CATALOGUE, waivers=[waiver], today=TODAY)
    return Report(outcome, TODAY, "0.1.0", ("cdk.out",), ("t.json",), (), hides_eks=hides_eks, stacks=1)


def written(report: Report, framework: str = "nist-800-53-r5", items: list[Item] = ITEMS) -> dict[str, str]:
    return evidence.files(
        report, catalogue=CATALOGUE, detections=DETECTIONS, framework=frameworks()[framework], items=items,
        system="Payments", now=NOW,
    )  # fmt: skip


def oscal(files: dict[str, str]) -> dict[str, Any]:
    """Return the OSCAL documents by kind."""
    found = {}
    for name, text in files.items():
        if name.startswith("oscal/"):
            ((kind, body),) = json.loads(text).items()
            assert name == f"oscal/{kind}.json"
            found[kind] = body
    return found


@pytest.fixture(scope="session")
def report() -> Report:
    return report_on(BODY)


@pytest.fixture(scope="session")
def documents(report: Report) -> dict[str, Any]:
    return oscal(written(report))


@pytest.fixture(scope="session")
def own_catalog(report: Report) -> dict[str, Any]:
    """As for a framework whose publisher has no OSCAL catalog."""
    return oscal(written(report, "cis-eks"))
