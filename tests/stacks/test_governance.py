"""The governance stack: off where nobody asks, clean by every pack, out of reach of the creator of clusters."""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
import pytest

from hardened_eks.errors import ConfigurationError
from stacks.settings import Settings
from tests.governance.built import kinds, of
from tests.stacks.conftest import Synthesized, synthesize

CREATOR = "arn:aws:iam::123456789012:role/hardened-eks-creator"
OTHER = "arn:aws:iam::123456789012:role/hardened-eks-governance"
NAME = "EksGovernance"


@pytest.fixture(scope="module")
def governed(tmp_path_factory: pytest.TempPathFactory) -> Synthesized:
    """`synthesize` raises where a control or a pack finds something."""
    context = {
        "hardened-eks:governance": "account",
        "hardened-eks:creator_role_arn": CREATOR,
        "hardened-eks:governance_role_arn": OTHER,
        "hardened-eks:auditors": ["arn:aws:iam::123456789012:role/auditor"],
    }
    return synthesize(tmp_path_factory.mktemp("governed"), "placed", **context)


def test_it_is_off_by_default(isolated: Synthesized) -> None:
    assert not any("AWS::CloudTrail::Trail" in kinds(template) for template in isolated.templates.values())


def test_it_records_backs_up_and_sets_defaults(governed: Synthesized) -> None:
    template = governed.templates[NAME]
    assert kinds(template) >= {
        "AWS::CloudTrail::Trail", "AWS::Backup::BackupSelection", "AWS::EC2::SnapshotBlockPublicAccess",
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


def test_bad_settings_are_told() -> None:
    app = cdk.App(context={"hardened-eks:governance": "organization"})
    with pytest.raises(ConfigurationError, match="needs 'none' or 'account', got 'organization'"):
        Settings.from_context(app.node, {})
    app = cdk.App(context={"hardened-eks:creator_role_arn": CREATOR, "hardened-eks:governance_role_arn": CREATOR})
    with pytest.raises(ConfigurationError, match="name another role"):
        Settings.from_context(app.node, {})
