"""The reference app, synthesized once for all tests that only read it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

import app as reference

VARIANTS = {
    "isolated": {},
    "nat": {"hardened-eks:egress": "nat"},
    "self-managed": {"hardened-eks:compute": "self-managed"},
    "karpenter": {"hardened-eks:compute": "karpenter"},
    "auto-mode": {"hardened-eks:compute": "auto-mode"},
    "fargate": {"hardened-eks:compute": "fargate"},
    "placed": {
        "hardened-eks:account": "123456789012",
        "hardened-eks:region": "eu-west-1",
        "hardened-eks:availability_zones": "eu-west-1a,eu-west-1b,eu-west-1c",
    },
}
TRUSTED = {
    "hardened-eks:trusted_principals": ["arn:aws:iam::123456789012:user/on-call"],
    "hardened-eks:image_pushers": ["arn:aws:iam::123456789012:role/ci"],
}


@dataclass(frozen=True)
class Synthesized:
    variant: str
    directory: Path
    templates: dict[str, dict[str, Any]]
    report: dict[str, Any]


def synthesize(directory: Path, variant: str, **context: Any) -> Synthesized:
    flags = json.loads((Path(__file__).parents[2] / "cdk.json").read_text())["context"]
    app = cdk.App(outdir=str(directory), context={**flags, **TRUSTED, **VARIANTS[variant], **context})
    reference.build(app)
    app.synth()
    templates = {
        p.name.removesuffix(".template.json"): json.loads(p.read_text())
        for p in sorted(directory.glob("*.template.json"))
    }
    report = directory / "validation-report.json"
    return Synthesized(variant, directory, templates, json.loads(report.read_text()) if report.exists() else {})


@pytest.fixture(scope="session")
def isolated(tmp_path_factory: pytest.TempPathFactory) -> Synthesized:
    return synthesize(tmp_path_factory.mktemp("isolated"), "isolated")


@pytest.fixture(scope="session")
def nat(tmp_path_factory: pytest.TempPathFactory) -> Synthesized:
    return synthesize(tmp_path_factory.mktemp("nat"), "nat")


@pytest.fixture(scope="session")
def placed(tmp_path_factory: pytest.TempPathFactory) -> Synthesized:
    return synthesize(tmp_path_factory.mktemp("placed"), "placed")


@pytest.fixture(scope="session", name="self-managed")
def self_managed(tmp_path_factory: pytest.TempPathFactory) -> Synthesized:
    return synthesize(tmp_path_factory.mktemp("self-managed"), "self-managed")


@pytest.fixture(scope="session", name="auto-mode")
def auto_mode(tmp_path_factory: pytest.TempPathFactory) -> Synthesized:
    return synthesize(tmp_path_factory.mktemp("auto-mode"), "auto-mode")


@pytest.fixture(scope="session")
def karpenter(tmp_path_factory: pytest.TempPathFactory) -> Synthesized:
    return synthesize(tmp_path_factory.mktemp("karpenter"), "karpenter")


@pytest.fixture(scope="session")
def fargate(tmp_path_factory: pytest.TempPathFactory) -> Synthesized:
    return synthesize(tmp_path_factory.mktemp("fargate"), "fargate")


@pytest.fixture(scope="session", params=list(VARIANTS))
def synthesized(request: pytest.FixtureRequest) -> Synthesized:
    found: Synthesized = request.getfixturevalue(request.param)
    return found
