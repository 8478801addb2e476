"""The function behind the Config rules about clusters, called on the emulator as AWS Config calls it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from hardened_eks.governance._rules_code import CODE
from tests.emulator.conftest import Account
from tests.emulator.service import ACCOUNT, REGION
from tests.sources.kubernetes.server import Answers, RecordedApi, make_certificates, serving

FUNCTION = "AWS::Lambda::Function"


def ids(template: dict[str, Any], type_: str, part: str = "") -> list[str]:
    return [i for i, r in template["Resources"].items() if r["Type"] == type_ and part in i]


def rules_function(template: dict[str, Any]) -> str:
    return ids(template, FUNCTION, "Rules")[0]


def upload(account: Account, template: dict[str, Any]) -> None:
    """Put the code where `cdk deploy` puts assets."""
    code = template["Resources"][rules_function(template)]["Properties"]["Code"]
    s3 = boto3.client(
        "s3", endpoint_url=account.url, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test",
        config=Config(s3={"addressing_style": "path"}),
    )  # fmt: skip
    s3.create_bucket(Bucket=code["S3Bucket"])
    s3.put_object(Bucket=code["S3Bucket"], Key=code["S3Key"], Body=CODE.archive())


@contextmanager
def kubernetes(account: Account, directory: Path, answers: Answers, cluster: str = "prod") -> Iterator[RecordedApi]:
    """Serve as the Kubernetes API of a cluster."""
    with serving(make_certificates(directory, "IP:127.0.0.1"), answers) as api:
        told = {"endpoint": api.url, "authority": base64.b64encode(api.authority.encode()).decode()}
        account.client("ssm").put_parameter(
            Name=f"/emulator/kubernetes/{cluster}", Value=json.dumps(told), Type="String", Overwrite=True
        )
        yield api


def event_of(rule: dict[str, Any]) -> dict[str, Any]:
    """Return what AWS Config calls with; its result token is the rule's name here."""
    notice = {"messageType": "ScheduledNotification", "notificationCreationTime": "2026-11-29T03:00:00.000Z"}
    return {
        "configRuleName": rule["ConfigRuleName"],
        "invokingEvent": json.dumps({**notice, "awsAccountId": ACCOUNT}),
        "ruleParameters": rule["InputParameters"],
        "resultToken": rule["ConfigRuleName"],
        "eventLeftScope": False,
        "accountId": ACCOUNT,
    }


def call(account: Account, function: str, rule: dict[str, Any]) -> dict[str, Any]:
    """Call the function and wait for its answer."""
    event = json.dumps(event_of(rule)).encode()
    answer = account.client("lambda").invoke(FunctionName=function, Payload=event)
    payload: dict[str, Any] = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, payload
    return payload


def verdicts(account: Account, rule: str) -> dict[str, str]:
    api = account.client("config")
    found = api.get_compliance_details_by_config_rule(ConfigRuleName=rule, Limit=100)["EvaluationResults"]
    return {
        one["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"]: one["ComplianceType"]
        for one in found
    }
