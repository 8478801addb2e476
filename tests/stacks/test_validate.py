"""CloudFormation Validate, which the CDK brings, has no error on the reference stacks; here, and only here, it is on.

The CDK asks the environment of the Node process whether it is on, and that process has started already without it when
a test runs: hence a process of its own.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.stacks.conftest import VARIANTS

pytestmark = pytest.mark.xdist_group("stacks")

PLUGIN = "CloudFormation Validate"
PROGRAM = """
import json, sys
from pathlib import Path
import aws_cdk as cdk
import app as reference
import tests.conftest  # the day on which tests judge
from tests.stacks.conftest import synthesize

directory, variants = Path(sys.argv[1]), sys.argv[2:]
errors = {}
for variant in variants:
    try:
        synthesize(directory / variant, variant)
    except RuntimeError as error:
        errors[variant] = str(error)

def with_mistakes(app):
    build(app)
    for stack in app.node.children:
        cdk.CfnResource(stack, "Mistake", type="AWS::SSM::Parameter", properties={"Type": "String", "Valeu": "x"})

build, reference.build = reference.build, with_mistakes
for variant in variants:
    try:
        synthesize(directory / f"{variant}-mistakes", variant)
    except RuntimeError as error:
        errors[f"{variant}-mistakes"] = str(error)
(directory / "errors.json").write_text(json.dumps(errors))
"""


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("validated")
    root = Path(__file__).parents[2]
    environment = {**os.environ, "CDK_VALIDATION": "true", "PYTHONPATH": str(root)}
    subprocess.run([sys.executable, "-c", PROGRAM, str(made), *VARIANTS], check=True, cwd=root, env=environment)
    return made


def findings(directory: Path, kind: str = "violations") -> list[dict[str, Any]]:
    """Of the plugin; the CDK leaves a plugin out of the report that found nothing."""
    report = directory / "validation-report.json"
    plugins = json.loads(report.read_text())["pluginReports"]
    return [found for plugin in plugins if plugin["pluginName"] == PLUGIN for found in plugin.get(kind, ())]


def errors(found: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    resources = [
        (finding, construct["cloudFormationResource"])
        for finding in found
        if finding["severity"] in {"error", "fatal"}
        for construct in finding["violatingConstructs"]
    ]
    return {
        (resource["templatePath"], resource["logicalId"], finding["description"]) for finding, resource in resources
    }


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_error_on_the_reference_stacks(directory: Path, variant: str) -> None:
    assert json.loads((directory / "errors.json").read_text()).get(variant) is None
    assert errors(findings(directory / variant)) == set()


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_error_is_acknowledged(directory: Path, variant: str) -> None:
    assert errors(findings(directory / variant, "suppressedViolations")) == set()


@pytest.mark.parametrize("variant", VARIANTS)
def test_it_reads_every_template_and_stops_synth_at_a_mistake(directory: Path, variant: str) -> None:
    """The same stacks with one wrong resource each: the plugin is in the report and finds these, and nothing else."""
    templates = {path.name for path in (directory / variant).glob("*.template.json")}
    assert len(templates) == 4
    assert errors(findings(directory / f"{variant}-mistakes")) == {
        (template, "Mistake", description)
        for template in templates
        for description in (
            "Valeu: Additional properties are not allowed ('Valeu' was unexpected)",
            "Properties: 'Value' is a required property",
        )
    }
    assert "'Valeu' was unexpected" in json.loads((directory / "errors.json").read_text())[f"{variant}-mistakes"]
