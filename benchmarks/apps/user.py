"""The reference app as app.py builds it.

Environment: CHECKS=0 omits only our plugin; LOOK_UP=1 looks up the account's zones during synthesis.
"""

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import aws_cdk as cdk  # noqa: E402

import hardened_eks as hardened  # noqa: E402
from app import packs  # noqa: E402
from stacks.composition import compose  # noqa: E402

CONTEXT = {
    **json.loads((ROOT / "cdk.json").read_text())["context"],
    "hardened-eks:trusted_principals": ["arn:aws:iam::123456789012:user/on-call"],
}
app = cdk.App(context=CONTEXT)
compose(app)
if os.environ.get("LOOK_UP") == "1":
    place = cdk.Environment(account="123456789012", region="us-east-1")
    zones = cdk.Stack(app, "LookUp", env=place)
    cdk.CfnOutput(zones, "Zones", value=",".join(zones.availability_zones))
checks = [] if os.environ.get("CHECKS") == "0" else [hardened.Checks()]
cdk.Validations.of(app).add_plugins(*checks, *packs())
app.synth()
