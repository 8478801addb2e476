"""Controllers deploy: the auditors' packs and cfn-lint find nothing, and the creator role may create all of it."""

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import cdk_nag
import pytest

import hardened_eks as hardened
from tests.access.creator_calls import Calls
from tests.access.creator_role import refused, statements_of
from tests.access.creator_stacks import made_of
from tests.addons.controllers_app import everything
from tests.linting import lint

STACK = "HardenedEks-Addons"


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    app = cdk.App(outdir=str(tmp_path_factory.mktemp("controllers")), context={"hardened-eks:dns_firewall": "block"})
    stack = cdk.Stack(app, STACK)
    cdk.Tags.of(app).add("application", "payments")
    everything(hardened.Egress.NONE, stack, name="HardenedEks-payments")
    cdk.Validations.of(app).add_plugins(
        cdk_nag.AwsSolutionsChecks(),
        cdk_nag.NIST80053R5Checks(),
        cdk_nag.HIPAASecurityChecks(),
        cdk_nag.PCIDSS321Checks(),
        hardened.Checks(),
    )
    assembly = app.synth()  # fails where a pack, or one of our controls, finds something
    return {STACK: assembly.get_stack_by_name(STACK).template}


def test_cfn_lint_finds_nothing(templates: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    file = tmp_path / "template.json"
    file.write_text(json.dumps(templates[STACK]))
    assert lint(file) == (0, "")


def test_the_creator_role_may_create_them(templates: dict[str, dict[str, Any]]) -> None:
    calls = Calls(made_of(templates)).all()
    assert {"iam:AttachRolePolicy", "eks:CreatePodIdentityAssociation"} <= {call.request.action for call in calls}
    assert refused(statements_of(), calls) == []
