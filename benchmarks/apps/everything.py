"""The reference app with everything on: detection, governance, recovery, the in-cluster baseline, guardrails and hook.

Environment: COPIES (1 to 3, default 1). `stacks` composes each copy; the hook is in a separate stack. One copy is
composed into the app, as app.py does it; several have a stage and a Region each.
"""

import os
import sys
from pathlib import Path

import aws_cdk as cdk

import hardened_eks as hardened

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
from stacks.composition import compose  # noqa: E402

SETTINGS = {
    "account": "123456789012",
    "trusted_principals": ["arn:aws:iam::123456789012:user/on-call"],
    "image_pushers": ["arn:aws:iam::123456789012:role/ci"],
    "detection_level": "full",
    "governance": "account",
    "config": "created",
    "guardrail_targets": ["ou-ab12-12345678"],
    "workloads": str(ROOT / "docs" / "examples" / "baseline.yaml"),
}
REGIONS = ("eu-west-1", "eu-central-1", "eu-north-1")
context = {"hardened-eks:dns_firewall": "block", **{f"hardened-eks:{key}": value for key, value in SETTINGS.items()}}
app = cdk.App(context=context)
regions = REGIONS[: int(os.environ.get("COPIES", "1"))]
for region in regions:
    scope = app if len(regions) == 1 else cdk.Stage(app, region)
    scope.node.set_context("hardened-eks:region", region)
    compose(scope)
    hook = cdk.Stack(scope, "Hook", env=cdk.Environment(account=SETTINGS["account"], region=region))
    cdk.Tags.of(hook).add("application", "hardened-eks")
    hardened.Hook(hook, "Hook", alerts=hardened.alerts.Topic(hook, "Alerts"))
cdk.Validations.of(app).add_plugins(hardened.Checks())
app.synth()
