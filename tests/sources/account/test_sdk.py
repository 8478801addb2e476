"""Sessions that make clients in less time: the models are the SDK's, and a client does what it did."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore import xform_name
from botocore.awsrequest import AWSPreparedRequest

from hardened_eks.data.sdk import model
from hardened_eks.sources.account import sdk, upgrades
from hardened_eks.sources.account.calls import ALLOWED
from tests.sources.account.credentials import take_away
from tools import sdk_models


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    take_away(monkeypatch, tmp_path)
    sdk._models.cache_clear()
    model.cache_clear()  # a client of S3 adds to the model that it is created from


class Sent(Exception):
    """What would have been sent."""


@pytest.mark.parametrize("service", sorted(sdk_models.operations()))
def test_a_model_is_that_of_the_sdk(service: str) -> None:
    """`python -m tools.sdk_models` writes them anew."""
    assert model(service) == sdk_models.read(service)


def test_every_call_of_an_upgrade_has_a_model() -> None:
    client = made("eks")
    for action in upgrades.ACTIONS:
        assert hasattr(client, xform_name(action.partition(":")[2])), action


def test_every_call_of_an_audit_has_a_model() -> None:
    without = {call for call in ALLOWED if not (model(call.split(":")[0]) or {"operations": ()})["operations"]}
    assert {call.split(":")[0] for call in without} == {"sts"}
    assert not {file.stem for file in sdk_models.FOLDER.glob("*.json")} - set(sdk_models.operations())


def made(service: str, **settings: Any) -> Any:
    session = sdk.session()
    session.set_credentials("a", "b")
    return session.create_client(service, region_name="eu-west-1", config=sdk.settings(session, "1.2.3"), **settings)


def test_a_client_has_the_calls_of_an_audit_alone() -> None:
    client = made("ec2")
    assert hasattr(client, "describe_vpcs")
    assert not hasattr(client, "terminate_instances")
    assert hasattr(made("sts"), "assume_role_with_web_identity")  # by which credentials are made


def test_models_of_the_user_come_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))
    assert hasattr(made("ec2"), "terminate_instances")


def test_another_version_of_an_api_is_the_sdk_s() -> None:
    found = sdk._models(None).load_service_model("ec2", "service-2", "2016-11-15")
    assert "TerminateInstances" in found["operations"]


def test_trails_name_who_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SDK_UA_APP_ID", "auditors")
    client = made("kms")

    def before(request: AWSPreparedRequest, **_: Any) -> None:
        raise Sent(request.headers["User-Agent"])

    client.meta.events.register("before-send", before)
    with pytest.raises(Sent) as sent:
        client.list_aliases()
    agent = sent.value.args[0].decode()
    assert agent.startswith("hardened-eks/1.2.3 Botocore/")
    assert agent.endswith(" app/auditors")


def test_policies_are_documents_as_they_were() -> None:
    """Handlers that the SDK registers at a session reach its clients: IAM's policies come encoded."""
    answers = {}
    for name, session in (("ours", sdk.session()), ("theirs", botocore.session.get_session())):
        client = session.create_client("iam", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
        parsed = {"Roles": [{"AssumeRolePolicyDocument": "%7B%22Statement%22%3A%5B%5D%7D"}]}
        client.meta.events.emit(
            "after-call.iam.ListRoles", parsed=parsed, model=client.meta.service_model.operation_model("ListRoles"),
            http_response=None, context={},
        )  # fmt: skip
        answers[name] = parsed
    assert answers["ours"] == answers["theirs"] == {"Roles": [{"AssumeRolePolicyDocument": {"Statement": []}}]}
