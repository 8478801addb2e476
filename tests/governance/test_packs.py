"""The auditors' packs and cfn-lint find nothing in guardrails, boundary and recorder."""

import json
import subprocess
import sys
from pathlib import Path

import aws_cdk as cdk
import cdk_nag

import hardened_eks as hardened


def test_the_packs_and_cfn_lint_find_nothing(tmp_path: Path) -> None:
    app = cdk.App(outdir=str(tmp_path))
    stack = cdk.Stack(app, "Organization", env=cdk.Environment(account="123456789012", region="us-east-1"))
    hardened.Guardrails(stack, "Guardrails", targets=["ou-abcd-12345678"], organization="o-exampleorg1")
    hardened.PermissionsBoundary(stack, "Boundary")
    hardened.ConfigRecorder(stack, "Recorder")
    cdk.Validations.of(app).add_plugins(
        cdk_nag.AwsSolutionsChecks(),
        cdk_nag.NIST80053R5Checks(),
        cdk_nag.HIPAASecurityChecks(),
        cdk_nag.PCIDSS321Checks(),
    )
    app.synth()
    template = tmp_path / "Organization.template.json"
    assert len(json.loads(template.read_text())["Resources"]) > 10
    linted = subprocess.run([Path(sys.executable).with_name("cfn-lint"), template], capture_output=True, text=True)
    assert (linted.returncode, linted.stdout) == (0, "")
