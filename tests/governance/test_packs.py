"""The auditors' packs and cfn-lint find nothing in guardrails, boundary, recorder, conformance packs, aggregators."""

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
    hardened.Guardrails(stack, "Guardrails", target_ids=["ou-abcd-12345678"], organization_id="o-exampleorg1")
    hardened.PermissionsBoundary(stack, "Boundary")
    recorder = hardened.ConfigRecorder(stack, "Recorder")
    hardened.ConformancePacks(
        stack, "Packs", recorder=recorder, approvers=["arn:aws:iam::123456789012:role/lead"],
        remediations=["close-endpoint", "log-control-plane", "rotate-key", "encrypt-volumes"],
    )  # fmt: skip
    hardened.OrganizationConformancePacks(stack, "AllPacks", excluded_accounts=["210987654321"], name_prefix="all")
    hardened.ConfigAggregator(stack, "All", organization=True)
    hardened.ConfigAggregator(stack, "Two", accounts=["210987654321", "123456789012"], name="two")
    hardened.AggregationAuthorization(stack, "Agreed", account="210987654321", region="eu-central-1")
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
