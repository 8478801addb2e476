"""Run cdk-nag. It reports only failures: a template that was built and is not reported has passed."""

import importlib.metadata
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools.agreement.complete import complete
from tools.agreement.pairs import Verdicts, load, rules_of

PACKS = ("AwsSolutionsChecks", "NIST80053R5Checks")


def version() -> str:
    """Return the version of cdk-nag."""
    return importlib.metadata.version("cdk-nag")


def judge_aside(bodies: Mapping[str, Any]) -> Verdicts:
    """Evaluate templates in a separate process, which hides the findings that the CDK prints."""
    run = subprocess.run(
        [sys.executable, "-m", "tools.agreement.nag"],
        input=json.dumps(bodies, default=str),
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise RuntimeError(run.stderr[-2000:])
    return dict(json.loads(run.stdout))


def judge(bodies: Mapping[str, Any]) -> Verdicts:
    """Evaluate templates. Templates that the CDK cannot build are omitted."""
    wanted = {pair.control for pair in load() if pair.peer == "cdk-nag"}
    with _validation():
        found = _halved({name: body for name, body in bodies.items() if name.partition("/")[0] in wanted})
    return {rule: {name: rule in failed for name, failed in found.items()} for rule in sorted(rules_of("cdk-nag"))}


@contextmanager
def _validation() -> Iterator[None]:
    """Enable the CDK's validation plugins, which an environment variable can disable."""
    before = os.environ.get("CDK_VALIDATION")
    os.environ["CDK_VALIDATION"] = "true"
    try:
        yield
    finally:
        os.environ.pop("CDK_VALIDATION")
        if before is not None:
            os.environ["CDK_VALIDATION"] = before


def _halved(bodies: Mapping[str, Any]) -> dict[str, set[str]]:
    """Evaluate all templates in one app, or halve them until the one that cannot be built is found."""
    try:
        return _failed(bodies)
    except RuntimeError:
        names = list(bodies)
        if len(names) == 1:
            return {}
        half = len(names) // 2
        return {k: v for part in (names[:half], names[half:]) for k, v in _halved({n: bodies[n] for n in part}).items()}


def _failed(bodies: Mapping[str, Any]) -> dict[str, set[str]]:
    """Return the rules that each template fails. All templates are in one app, with one stack each."""
    import aws_cdk as cdk
    import cdk_nag

    with tempfile.TemporaryDirectory() as folder:
        app = cdk.App(outdir=f"{folder}/out")
        for number, body in enumerate(bodies.values()):
            _include(cdk.Stack(app, f"T{number}"), complete(body), Path(folder, f"{number}.json"))
        cdk.Validations.of(app).add_plugins(*(getattr(cdk_nag, pack)() for pack in PACKS))
        try:
            app.synth()
        except RuntimeError as error:
            if "ValidationFailed" not in str(error):
                raise
        return _read(Path(folder, "out", "validation-report.json"), list(bodies))


def _include(stack: Any, body: Any, file: Path) -> None:
    from aws_cdk import aws_eks as eks
    from aws_cdk.cloudformation_include import CfnInclude

    clusters = {k: v for k, v in body["Resources"].items() if v["Type"] == "AWS::EKS::Cluster"}
    for logical_id, cluster in clusters.items():
        # CfnInclude creates them with the classes of aws_eks_v2, which cdk-nag does not know.
        eks.CfnCluster(stack, logical_id, **_arguments(cluster["Properties"]))
    if not clusters:
        file.write_text(json.dumps(body, default=str, sort_keys=True))  # cdk-nag reads policies with a regex
        CfnInclude(stack, "I", template_file=str(file))


def _arguments(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return the properties of a cluster as arguments of the Python class."""
    import aws_cdk as cdk

    def camel(value: Any) -> Any:
        if isinstance(value, list):
            return [camel(item) for item in value]
        if isinstance(value, dict) and any(key == "Ref" or key.startswith("Fn::") for key in value):
            return cdk.Token.as_any(value)
        return {k[0].lower() + k[1:]: camel(v) for k, v in value.items()} if isinstance(value, dict) else value

    wanted = ("RoleArn", "ResourcesVpcConfig", "Logging")
    return {re.sub(r"(?<!^)([A-Z])", r"_\1", k).lower(): camel(properties[k]) for k in wanted if k in properties}


def _read(report: Path, names: list[str]) -> dict[str, set[str]]:
    failed: dict[str, set[str]] = {name: set() for name in names}
    for plugin in json.loads(report.read_text())["pluginReports"] if report.exists() else ():
        if plugin["conclusion"] == "failure" and not plugin["violations"]:
            raise LookupError(f"{plugin['pluginName']} has not evaluated: {plugin}")
        for violation in plugin["violations"]:
            rule = violation["ruleName"].split("[")[0].rpartition("::")[2]
            for construct in violation["violatingConstructs"]:
                failed[names[int(construct["constructPath"].split("/")[0][1:])]].add(rule)
    return failed


if __name__ == "__main__":
    sys.stdout.write(json.dumps(judge(json.load(sys.stdin))))
