"""The hook on the reference stacks: the archive alone, in an interpreter without any package, and the same verdict.

Times are processor times, so that a busy machine changes nothing; each is the best of three processes.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from hardened_eks.controls import CATALOGUE
from hardened_eks.hook._code import CODE
from hardened_eks.hook.function.judging import Settings, judge
from hardened_eks.hook.function.requests import Request
from hardened_eks.judging.evaluation import Finding, Outcome, evaluate
from hardened_eks.sources import load
from tests.hook import events
from tests.stacks.conftest import Synthesized

pytestmark = pytest.mark.xdist_group("stacks")

DAY = date(2026, 11, 29)
_COMPILED = 0.105
"""Seconds of CPU, measured on an idle machine on which the start took 0.40 to 0.43."""
_ALONE = """\
import json, re, sys, time
sys.dont_write_bytecode = True  # /var/task cannot be written to
sys.path.insert(0, sys.argv[1])
started = time.process_time()
from hardened_eks.hook.function import handler, main
imported = time.process_time() - started
library = json.__file__.removesuffix("json/__init__.py")
sources = [open(library + name + ".py").read() for name in ("_pydecimal", "argparse", "inspect", "tarfile", "typing")]
started = time.process_time()
for source in sources:
    compile(source, "", "exec")
compiled = time.process_time() - started
assert handler.__file__.startswith(sys.argv[1])
assert not {"aws_cdk", "jsii", "boto3", "botocore", "click", "jinja2"} & set(sys.modules)
from hardened_eks.hook.function.accepting import Accepted
from hardened_eks.hook.function.judging import Settings
answers = {}
for line in sys.stdin:
    name, event, payload = json.loads(line)
    handler.fetch = lambda url, left: payload
    around = handler.Surroundings(
        settings=Settings(), accepted=Accepted("", None), left=lambda: 28.0, log=lambda line: None
    )
    started = time.process_time()
    answer = handler.run(event, around)
    answers[name] = [answer, time.process_time() - started]
with open("/proc/self/status") as status:  # getrusage would tell what the parent had when it forked
    memory = int(re.search(r"VmHWM:\\s+(\\d+)", status.read())[1]) / 1024
print(json.dumps({"imported": imported, "compiled": compiled, "answers": answers, "memory": memory}))
"""
Question = tuple[str, dict[str, Any], dict[str, Any]]


def run(code: Path, questions: list[Question]) -> dict[str, Any]:
    program = code.parent / "alone.py"
    program.write_text(_ALONE)
    lines = "".join(f"{json.dumps(one)}\n" for one in questions)
    done = subprocess.run(
        [sys.executable, "-I", "-S", program, code], input=lines, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hook") / "code"
    with zipfile.ZipFile(io.BytesIO(CODE.archive())) as archive:
        archive.extractall(folder)
    return folder


def of_stacks(found: Synthesized) -> list[Question]:
    return [
        (name, events.stack(name=name), {"template": (found.directory / f"{name}.template.json").read_text()})
        for name in found.templates
    ]


def test_the_archive_fits() -> None:
    assert len(CODE.archive()) <= 1_000_000
    paths = CODE.files()
    assert not [
        path for path in paths if path.startswith(("hardened_eks/cli", "hardened_eks/cluster", "hardened_eks/alerts"))
    ]
    assert paths["hardened_eks/__init__.py"] == paths["hardened_eks/hook/__init__.py"] == b""
    assert "yaml/__init__.py" in paths


def test_alone_it_starts_fast_judges_fast_and_stays_small(code: Path, isolated: Synthesized) -> None:
    questions = of_stacks(isolated)
    runs = [run(code, questions) for _ in range(5)]
    # Half a second where five modules of the library compile in _COMPILED; a busy or older machine takes longer for both.
    assert min(one["imported"] / max(1, one["compiled"] / _COMPILED) for one in runs) <= 0.5
    assert max(one["memory"] for one in runs) <= 128
    for name, _, payload in questions:
        best = min(one["answers"][name][1] for one in runs)
        assert best <= 0.1, (name, len(payload["template"]), best)
        assert {one["answers"][name][0]["hookStatus"] for one in runs} == {"SUCCESS"}


def test_alone_it_reads_yaml_and_templates_of_a_megabyte(code: Path, isolated: Synthesized) -> None:
    cluster = isolated.templates["HardenedEks-Cluster"]
    tree = {
        "Resources": {
            f"T{n}": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "x" * 900}} for n in range(1000)
        }
    }
    large = {"Resources": {**cluster["Resources"], **tree["Resources"]}}
    bootstrap = Path(__file__).parents[2] / "node_modules/aws-cdk/lib/api/bootstrap/bootstrap-template.yaml"
    questions: list[Question] = [
        ("yaml", events.stack(), {"template": yaml.safe_dump(cluster)}),
        ("bootstrap", events.stack(name="CDKToolkit"), {"template": bootstrap.read_text()}),
        ("large json", events.stack(), {"template": json.dumps(large)[: 2**20]}),
        ("large yaml", events.stack(), {"template": yaml.safe_dump(tree)}),
    ]  # fmt: skip
    assert len(json.dumps(large)) < 2**20 < len(json.dumps(large)) + 100_000
    found = run(code, questions)
    answers = {name: answer for name, (answer, _) in found["answers"].items()}
    assert answers["yaml"]["hookStatus"] == "SUCCESS" and "passed" in answers["yaml"]["message"]
    assert answers["bootstrap"]["message"] == "hardened-eks: no EKS here"
    assert answers["large yaml"]["message"] == "hardened-eks: no EKS here"
    assert answers["large json"]["hookStatus"] == "SUCCESS" and "passed" in answers["large json"]["message"]
    assert max(seconds for _, seconds in found["answers"].values()) <= 10
    assert found["memory"] <= 128


def keys(outcome: Outcome, controls: set[str]) -> set[tuple[str, str, str, str]]:
    return {
        (one.control.id, one.subject.name, one.problem.path, one.problem.message)
        for one in (*outcome.findings, *outcome.unseen)
        if one.control.id in controls and not is_elsewhere(one)
    }


def is_elsewhere(finding: Finding) -> bool:
    """Return whether an output of another template alone decides: the hook evaluates its value with the resource."""
    return bool(finding.problem.openings) and {one.kind for one in finding.problem.openings} <= {
        "export",
        "stack output",
    }


def opened(template: dict[str, Any]) -> dict[str, Any]:
    """Spoil a template in ways that a control sees in it alone."""
    found: dict[str, Any] = json.loads(json.dumps(template))
    for resource in found["Resources"].values():
        properties = resource.setdefault("Properties", {})
        if resource["Type"] == "AWS::EKS::Cluster":
            del properties["ResourcesVpcConfig"]["EndpointPublicAccess"], properties["DeletionProtection"]
        if resource["Type"] == "AWS::KMS::Key":
            del properties["EnableKeyRotation"]
        if resource["Type"] == "AWS::ECR::Repository":
            properties["ImageTagMutability"] = "MUTABLE"
    return found


@pytest.mark.parametrize("spoil", [False, True], ids=["as it is", "spoiled"])
def test_the_verdict_is_that_of_check(synthesized: Synthesized, spoil: bool, tmp_path: Path) -> None:
    """Per stack, on all that needs no other template; as `hardened-eks check` reads and judges the file."""
    enough = {control.id for control in CATALOGUE if control.needs != "assembly"}
    failed = 0
    for name, template in synthesized.templates.items():
        body = opened(template) if spoil else template
        file = tmp_path / f"{name}.template.json"
        file.write_text(json.dumps(body))
        checked = evaluate(load([file]).assembly, CATALOGUE, scope="eks", today=DAY)
        payload = {"template": json.dumps(body)}
        verdict = judge(Request.of(events.stack(name=name)), payload, Settings(), today=DAY)
        assert keys(verdict.report.outcome, enough) == keys(checked, enough)
        assert {one.control.needs for one in verdict.report.outcome.findings} <= {"resource", "stack"}
        assert verdict.fails == bool(keys(checked, enough)), name
        failed += verdict.fails
    assert failed >= 3 if spoil else failed == 0
