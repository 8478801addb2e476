"""The governance stack: off where nobody asks, clean by every pack, out of reach of the creator of clusters."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
import yaml
from syrupy.assertion import SnapshotAssertion

from stacks.composition import compose
from hardened_eks.errors import ConfigurationError
from stacks.governance import GuardrailsStack
from stacks.settings import Settings
from tests.governance.built import kinds, of
from tests.stacks.conftest import Synthesized, synthesize

CREATOR = "arn:aws:iam::123456789012:role/hardened-eks-creator"
OTHER = "arn:aws:iam::123456789012:role/hardened-eks-governance"
NAME, RULES = "EksGovernance", "HardenedEks-ClusterRules"


@pytest.fixture(scope="module")
def governed(tmp_path_factory: pytest.TempPathFactory) -> Synthesized:
    """`synthesize` raises where a control or a pack finds something."""
    context = {
        "hardened-eks:governance": "account",
        "hardened-eks:creator_role_arn": CREATOR,
        "hardened-eks:governance_role_arn": OTHER,
        "hardened-eks:auditors": ["arn:aws:iam::123456789012:role/auditor"],
        "hardened-eks:config": "created",
        "hardened-eks:hook": "warn",
        "hardened-eks:guardrail_targets": ["ou-abcd-12345678"],
        "hardened-eks:trusted_registries": "123456789012.dkr.ecr.eu-west-1.amazonaws.com,quay.io/team",
    }
    return synthesize(tmp_path_factory.mktemp("governed"), "placed", **context)


def test_it_is_off_by_default(isolated: Synthesized) -> None:
    off = {"AWS::CloudTrail::Trail", "AWS::Config::ConfigurationRecorder", "AWS::Config::ConformancePack",
           "AWS::Config::ConfigRule", "AWS::Organizations::Policy"}  # fmt: skip
    assert not any(off & kinds(template) for template in isolated.templates.values())
    assert not any(name.startswith("Eks") for name in isolated.templates)


def test_it_records_backs_up_and_sets_defaults(governed: Synthesized) -> None:
    template = governed.templates[NAME]
    assert kinds(template) >= {
        "AWS::CloudTrail::Trail", "AWS::Backup::BackupSelection", "AWS::EC2::SnapshotBlockPublicAccess",
        "AWS::Config::ConfigurationRecorder", "AWS::Config::ConformancePack",
    }  # fmt: skip
    policy = of(template, "AWS::S3::BucketPolicy", "BucketPolicy")["Properties"]["PolicyDocument"]["Statement"]
    (denied,) = [one for one in policy if one["Sid"] == "OutOfReach"]
    creator, break_glass = denied["Condition"]["ArnLike"]["aws:PrincipalArn"]
    assert creator == CREATOR
    assert "BreakGlass" in str(break_glass)


def test_the_creator_of_clusters_does_not_deploy_it(governed: Synthesized) -> None:
    assert not NAME.startswith("HardenedEks")
    for name, role in ((NAME, OTHER), ("HardenedEks-Cluster", CREATOR)):
        artifact = cdk.cx_api.CloudAssembly(str(Path(governed.directory))).get_stack_by_name(name)
        assert artifact.cloud_formation_execution_role_arn == role


def test_the_creator_of_clusters_judges_what_runs_in_them(governed: Synthesized) -> None:
    """The rules reach into the cluster, whose creator alone may; they wait for the recorder, which it may not touch."""
    template = governed.templates[RULES]
    names = {
        r["Properties"]["ConfigRuleName"]
        for r in template["Resources"].values()
        if r["Type"] == "AWS::Config::ConfigRule"
    }
    assert names >= {"eks-netPolCheck-rule", "eks-privEscalation-rule", "eks-trustedRegCheck-rule"}
    trusted = of(template, "AWS::Config::ConfigRule", "TrustedRegistries")["Properties"]["InputParameters"]
    assert trusted["trusted_registries"] == "123456789012.dkr.ecr.eu-west-1.amazonaws.com,quay.io/team"
    artifact = cdk.cx_api.CloudAssembly(str(Path(governed.directory))).get_stack_by_name(RULES)
    assert artifact.cloud_formation_execution_role_arn == CREATOR
    assert {NAME, "HardenedEks-Cluster", "HardenedEks-Detection"} <= {one.id for one in artifact.dependencies}
    alarms = [r["Properties"] for r in template["Resources"].values() if r["Type"] == "AWS::CloudWatch::Alarm"]
    assert len(alarms) == 4 and all(one["AlarmActions"] for one in alarms), "those of the detection hear of it"


def test_the_trail_records_all_objects_where_one_says_so(tmp_path: Path) -> None:
    app = cdk.App(
        outdir=str(tmp_path), context={"hardened-eks:governance": "account", "hardened-eks:object_events": "all"}
    )
    compose(app)
    template = app.synth().get_stack_by_name(NAME).template
    (trail,) = (r["Properties"] for r in template["Resources"].values() if r["Type"] == "AWS::CloudTrail::Trail")
    assert "AWS::S3::Object" in json.dumps(trail)
    assert "LG-08" not in json.dumps(template), "there is nothing left to waive"


def test_the_rules_alone_where_a_landing_zone_records(tmp_path: Path) -> None:
    app = cdk.App(
        outdir=str(tmp_path),
        context={"hardened-eks:trusted_registries": ["quay.io/team"], "hardened-eks:region": "eu-west-1"},
    )
    compose(app)
    templates = {stack.stack_name: stack.template for stack in app.synth().stacks}
    assert NAME not in templates
    assert "AWS::Config::ConfigRule" in kinds(templates[RULES])
    assert "AWS::Config::ConfigurationRecorder" not in kinds(templates[RULES])


def test_the_hook_has_a_stack_of_its_own_which_it_does_not_judge(governed: Synthesized) -> None:
    template = governed.templates["EksHook"]
    hooks = [r["Properties"] for r in template["Resources"].values() if r["Type"].endswith("LambdaHook")]
    assert {one["FailureMode"] for one in hooks} == {"WARN"} and len(hooks) == 2
    assert "AWS::CloudFormation::LambdaHook" not in kinds(governed.templates[NAME])
    artifact = cdk.cx_api.CloudAssembly(str(Path(governed.directory))).get_stack_by_name("EksHook")
    assert artifact.cloud_formation_execution_role_arn == OTHER


def test_guardrails_are_for_the_management_account_and_let_our_roles_pass(governed: Synthesized) -> None:
    template = governed.templates["EksGuardrails"]
    assert kinds(template) == {"AWS::Organizations::Policy"}
    artifact = cdk.cx_api.CloudAssembly(str(Path(governed.directory))).get_stack_by_name("EksGuardrails")
    assert artifact.environment.region == "us-east-1"
    text = json.dumps(template)
    assert "role/hardened-eks-governance" in text
    assert "role/hardened-eks-creator" in text


def frozen(template: dict[str, Any]) -> dict[str, Any]:
    """A template in which each pack is the names of its rules: their descriptions change with the catalogue."""
    shown = copy.deepcopy(template)
    for resource in shown["Resources"].values():
        if resource["Type"] == "AWS::Config::ConformancePack":
            body = yaml.safe_load(resource["Properties"]["TemplateBody"])
            resource["Properties"]["TemplateBody"] = sorted(body["Resources"])
    return shown


def test_the_templates_are_frozen(governed: Synthesized, snapshot: SnapshotAssertion) -> None:
    assert {name: frozen(governed.templates[name]) for name in (NAME, "EksGuardrails")} == snapshot


def test_packs_alone_where_a_landing_zone_records() -> None:
    app = cdk.App(context={"hardened-eks:governance": "account", "hardened-eks:config": "existing"})
    assert Settings.from_context(app.node, {}).config == "existing"


def test_bad_settings_are_told() -> None:
    app = cdk.App(context={"hardened-eks:config": "created"})
    with pytest.raises(ConfigurationError, match="config is 'created' and needs hardened-eks:governance=account"):
        Settings.from_context(app.node, {})
    app = cdk.App(context={"hardened-eks:evidence_writers": [OTHER], "hardened-eks:governance": "account"})
    with pytest.raises(
        ConfigurationError, match="evidence_writers needs .* and hardened-eks:auditors, which can read it"
    ):
        Settings.from_context(app.node, {})
    app = cdk.App(context={"hardened-eks:object_events": "some"})
    with pytest.raises(ConfigurationError, match="object_events needs 'none' or 'all', got 'some'"):
        Settings.from_context(app.node, {})
    app = cdk.App(context={"hardened-eks:hook": "on"})
    with pytest.raises(ConfigurationError, match="hook needs 'none', 'warn' or 'fail', got 'on'"):
        Settings.from_context(app.node, {})
    app = cdk.App(context={"hardened-eks:config": "on"})
    with pytest.raises(ConfigurationError, match="config needs 'none', 'created' or 'existing', got 'on'"):
        Settings.from_context(app.node, {})
    app = cdk.App(context={"hardened-eks:governance": "organization"})
    with pytest.raises(ConfigurationError, match="needs 'none' or 'account', got 'organization'"):
        Settings.from_context(app.node, {})
    app = cdk.App(context={"hardened-eks:creator_role_arn": CREATOR, "hardened-eks:governance_role_arn": CREATOR})
    with pytest.raises(ConfigurationError, match="name another role"):
        Settings.from_context(app.node, {})


@pytest.mark.parametrize(("region", "home"), [
    ("us-gov-east-1", "us-gov-west-1"), ("cn-north-1", "cn-northwest-1"), ("eu-west-1", "us-east-1"), ("", "us-east-1"),
])  # fmt: skip
def test_guardrails_are_created_where_organizations_is(region: str, home: str) -> None:
    targets = {"hardened-eks:guardrail_targets": ["ou-abcd-12345678"], "hardened-eks:region": region}
    app = cdk.App(context=targets)
    made = GuardrailsStack(app, "EksGuardrails", settings=Settings.from_context(app.node, {}))
    assert made.region == home
