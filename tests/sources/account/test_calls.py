"""The table of calls: every one is one of AWS, reads alone, and is what the policy has."""

from pathlib import Path

import botocore.session
import pytest

from hardened_eks.data.account_settings import SETTINGS
from hardened_eks.sources.account import calls
from hardened_eks.sources.account.calls import ALLOWED, READS, action, actions, policy
from hardened_eks.sources.account.hiding import HIDES

READING = ("BatchGet", "Describe", "Get", "List")


def test_every_call_is_one_of_aws() -> None:
    session = botocore.session.get_session()
    for call in sorted(ALLOWED):
        service, operation = call.split(":")
        assert operation in session.get_service_model(service).operation_names, call


def test_an_audit_reads_alone() -> None:
    assert all(call.split(":")[1].startswith(READING) for call in READS)
    assert all(one.split(":")[1].startswith(READING) for one in actions())


def test_security_hub_is_the_one_option_that_writes() -> None:
    every = set(actions(all_regions=True, role=True, organization=True, security_hub=True))
    others = {one for one in every if not one.split(":")[1].startswith(READING)}
    assert others == {"sts:AssumeRole", "securityhub:BatchImportFindings"}


def test_an_aggregator_is_all_that_is_asked() -> None:
    assert actions(aggregator=True) == ["config:SelectAggregateResourceConfig"]
    (statement,) = policy(aggregator=True)["Statement"]
    assert statement["Action"] == ["config:SelectAggregateResourceConfig"]


def test_a_policy_names_no_more_than_the_options_need() -> None:
    (statement,) = policy()["Statement"]
    assert statement["Action"] == actions()
    assert "organizations:ListAccounts" not in statement["Action"]
    whole = policy(organization="audit", security_hub=True, partition="aws-cn")["Statement"]
    assert [one["Sid"] for one in whole] == ["AuditReads", "AuditAssumes", "AuditImports"]
    assert whole[1]["Resource"] == ["arn:aws-cn:iam::*:role/audit"]
    assert "organizations:ListAccounts" in whole[0]["Action"]


@pytest.mark.parametrize("one", sorted(HIDES))
def test_what_hides_something_is_an_action_of_an_audit(one: str) -> None:
    assert one in {action(call) for call in READS}


def test_every_read_is_made_somewhere() -> None:
    folder = Path(calls.__file__).parent
    text = "".join(file.read_text() for file in folder.glob("*.py") if file.name not in {"calls.py", "hiding.py"})
    settings = {f"{one.service}:{one.operation}" for one in SETTINGS}  # `settings.py` makes each of its table
    assert {call for call in READS - settings if f'"{call}"' not in text} == {"sts:GetCallerIdentity"}
    assert settings <= READS


def test_the_block_of_an_account_is_another_action_than_that_of_a_bucket() -> None:
    assert action("s3control:GetPublicAccessBlock") == "s3:GetAccountPublicAccessBlock"
    assert {"s3:GetAccountPublicAccessBlock", "s3:GetBucketPublicAccessBlock"} <= set(actions())
