"""The stand-ins for connections, API destinations and input transformers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detections.events import call
from tests.emulator.conftest import Account, StackFailed
from tests.emulator.observing import Receiver, eventually, observe
from tests.emulator.standins.test_delivery import CHANGE, TO_TOPIC, dead, failures, letter, queue, resource, rule, stack

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]


def destination(**target: Any) -> dict[str, Any]:
    parameters = {
        "ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": "{{resolve:secretsmanager:pager:SecretString:key}}"},
        "InvocationHttpParameters": {"BodyParameters": [
            {"Key": "routing_key", "Value": "{{resolve:secretsmanager:pager:SecretString:route}}", "IsValueSecret": True}]},
    }  # fmt: skip
    connection = resource("AWS::Events::Connection", AuthorizationType="API_KEY", AuthParameters=parameters)
    found = resource(
        "AWS::Events::ApiDestination", ConnectionArn={"Fn::GetAtt": ["Connection", "Arn"]}, HttpMethod="POST",
        InvocationEndpoint="https://events.pagerduty.com/v2/enqueue")  # fmt: skip
    to = {**TO_TOPIC, "Arn": {"Fn::GetAtt": ["Pager", "Arn"]}, "RoleArn": "arn:aws:iam::123456789012:role/r", **target}
    return stack(queue("Dead"), {"Connection": connection, "Pager": found}, rule(to))


@pytest.fixture
def secret(account: Account) -> Account:
    account.client("secretsmanager").create_secret(Name="pager", SecretString='{"key":"k-1","route":"r-1"}')
    return account


HOST = "events.pagerduty.com"
SUMMARY = {
    "InputPathsMap": {"name": "$.detail.eventName", "who": "$.detail.userIdentity.arn", "ip": "$.detail.nothing[0].x"},
    "InputTemplate": '{"summary":"<name> by <who>","name":<name>,"ip":<ip>,"all":<aws.events.event.json>}',
}


class TestDestinations:
    def test_the_request_carries_the_secrets_and_the_template(self, secret: Account) -> None:
        secret.deploy("s", destination(InputTransformer=SUMMARY))
        with Receiver(secret) as receiver:
            observe(secret, CHANGE)
            (request,) = receiver.wait(HOST)
        assert (request.method, request.path) == ("POST", "/v2/enqueue")
        assert request.headers["x-key"] == "k-1"
        assert request.json["routing_key"] == "r-1"
        assert request.json["name"] == "DeleteCluster"
        assert request.json["summary"].startswith("DeleteCluster by arn:aws:sts::")
        assert request.json["ip"] == ""
        assert request.json["all"]["detail"]["eventName"] == "DeleteCluster"
        assert dead(secret) == []

    def test_secrets_are_in_secrets_manager_and_nowhere_else(self, secret: Account) -> None:
        secret.deploy("s", destination())
        names = [found["Name"] for found in secret.client("secretsmanager").list_secrets()["SecretList"]]
        assert any(name.startswith("events!connection/") for name in names)
        (connection,) = secret.client("events").list_connections()["Connections"]
        assert "k-1" not in str(secret.client("events").describe_connection(Name=connection["Name"]))

    def test_it_tries_again(self, secret: Account) -> None:
        secret.deploy("s", destination())
        with Receiver(secret) as receiver:
            receiver.answer(HOST, 503, 429, 202)
            observe(secret, CHANGE)
            receiver.wait(HOST, 3)
            eventually(lambda: failures(secret, "Invocations"))
        assert len(receiver.of(HOST)) == 3
        assert dead(secret) == []

    def test_as_often_as_the_policy_says(self, secret: Account) -> None:
        secret.deploy("s", destination(RetryPolicy={"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 3600}))
        with Receiver(secret) as receiver:
            receiver.answer(HOST, 500)
            observe(secret, CHANGE)
            attributes = letter(secret)
        assert len(receiver.of(HOST)) == 3
        assert attributes["RETRY_ATTEMPTS"] == "2"
        assert attributes["EXHAUSTED_RETRY_CONDITION"] == "MaximumRetryAttempts"

    def test_a_refusal_is_not_tried_again(self, secret: Account) -> None:
        secret.deploy("s", destination())
        with Receiver(secret) as receiver:
            receiver.answer(HOST, 400)
            observe(secret, CHANGE)
            attributes = letter(secret)
        assert len(receiver.of(HOST)) == 1
        assert attributes["ERROR_CODE"] == "SDK_CLIENT_ERROR"
        assert "EXHAUSTED_RETRY_CONDITION" not in attributes

    def test_nothing_leaves_the_machine(self, secret: Account) -> None:
        secret.deploy("s", destination(RetryPolicy={"MaximumRetryAttempts": 0}))
        observe(secret, CHANGE)
        assert "sends nothing to events.pagerduty.com" in letter(secret)["ERROR_MESSAGE"]

    def test_basic_and_oauth(self, secret: Account) -> None:
        oauth = {"AuthorizationEndpoint": "https://now.example.com/oauth_token.do", "HttpMethod": "POST",
                 "ClientParameters": {"ClientID": "id", "ClientSecret": "secret"}}  # fmt: skip
        kinds = {
            "BASIC": {"BasicAuthParameters": {"Username": "u", "Password": "p"}},
            "OAUTH_CLIENT_CREDENTIALS": {"OAuthParameters": oauth},
        }
        seen = []
        for kind, parameters in kinds.items():
            template = destination()
            template["Resources"]["Connection"]["Properties"] |= {
                "AuthorizationType": kind,
                "AuthParameters": parameters,
            }
            secret.deploy("s", template)
            with Receiver(secret) as receiver:
                observe(secret, CHANGE)
                seen.append(receiver.wait(HOST)[0].headers["authorization"])
        assert seen == ["Basic dTpw", "Bearer a-token"]
        assert "client_secret=secret" in receiver.of("now.example.com")[0].body

    @pytest.mark.parametrize(
        ("template", "words"),
        [('{"a":"<who>"}', "broken JSON"), ('{"a":<nobody>}', "which no path gives")],
    )  # fmt: skip
    def test_a_template_that_fails(self, secret: Account, template: str, words: str) -> None:
        event = call("eks", "DeleteCluster", {"name": 'a "quoted" name'})
        paths = {"who": "$.detail.requestParameters.name"}
        secret.deploy("s", destination(InputTransformer={"InputPathsMap": paths, "InputTemplate": template}))
        with Receiver(secret):
            observe(secret, event)
            assert words in letter(secret)["ERROR_MESSAGE"]

    def test_body_parameters_need_an_object(self, secret: Account) -> None:
        secret.deploy("s", destination(Input='"text"'))
        with Receiver(secret):
            observe(secret, CHANGE)
            assert "no JSON object" in letter(secret)["ERROR_MESSAGE"]

    def test_an_endpoint_without_https_fails_the_stack(self, secret: Account) -> None:
        template = destination()
        template["Resources"]["Pager"]["Properties"]["InvocationEndpoint"] = "http://events.pagerduty.com/v2/enqueue"
        with pytest.raises(StackFailed, match="not an https endpoint"):
            secret.deploy("s", template)
