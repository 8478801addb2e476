"""Details of answers that decide verdicts: each was missed once, and made a wrong one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hardened_eks.controls import CATALOGUE
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.sources.account.found import Found
from hardened_eks.sources.account.reading import read
from hardened_eks.sources.account.saving import environment
from tests.sources.account.double import ACCOUNT, REGION, DoubleOfAws, failure

VPC = "vpc-0a1"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:closer"


@pytest.fixture
def double() -> DoubleOfAws:
    return DoubleOfAws()


def messages(double: DoubleOfAws, id: str) -> list[str]:
    found = environment(read(double.clients(), double.account, double.region))
    outcome = evaluate(found.load().assembly, [one for one in CATALOGUE if one.id == id])
    return [finding.problem.message for finding in outcome.findings]


def found(double: DoubleOfAws, type_: str) -> Found:
    (one,) = [one for one in read(double.clients(), double.account, double.region).found if one.type == f"AWS::{type_}"]
    return one


class TestFunctions:
    @pytest.fixture(autouse=True)
    def function(self, double: DoubleOfAws) -> None:
        self.statement: dict[str, Any] = {
            "Sid": "org", "Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunction", "Resource": FUNCTION,
            "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
        }  # fmt: skip
        double.answers |= {
            "lambda:ListFunctions": {"Functions": [{"FunctionArn": FUNCTION, "VpcConfig": {"VpcId": VPC}}]},
            "lambda:GetFunctionConfiguration": {
                "FunctionName": "closer", "FunctionArn": FUNCTION, "Runtime": "python3.14", "Role": "arn:r",
                "DeadLetterConfig": {"TargetArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:dead"}},
            "lambda:GetPolicy": lambda _: {"Policy": json.dumps({"Statement": [self.statement]})},
        }  # fmt: skip

    def test_how_many_run_at_once(self, double: DoubleOfAws) -> None:
        assert "its concurrency is not limited" in messages(double, "FN-04")
        double.answers["lambda:GetFunctionConcurrency"] = {"ReservedConcurrentExecutions": 0}
        assert "its concurrency is not limited" not in messages(double, "FN-04")

    def test_an_organization_is_not_everybody(self, double: DoubleOfAws) -> None:
        assert messages(double, "FN-01") == []
        assert found(double, "Lambda::Permission").properties["PrincipalOrgID"] == "o-a1b2c3d4e5"
        self.statement["Condition"] = {}
        assert messages(double, "FN-01") != []


def test_a_machine_that_can_be_ended_by_hand(double: DoubleOfAws) -> None:
    machine = {"InstanceId": "i-0a1", "InstanceType": "m7g.large", "SubnetId": "subnet-0a0", "EbsOptimized": True,
               "State": {"Name": "running"}}  # fmt: skip
    protected: dict[str, Any] = {"disableApiTermination": {"DisableApiTermination": {"Value": True}}}
    double.answers["ec2:DescribeInstances"] = {"Reservations": [{"Instances": [machine]}]}
    double.answers["ec2:DescribeInstanceAttribute"] = lambda a: protected.get(a["Attribute"], {})
    assert messages(double, "ND-20") == []
    protected.clear()
    assert len(messages(double, "ND-20")) == 1


def test_a_bucket_from_before_2023_has_acls(double: DoubleOfAws) -> None:
    log = {"FlowLogId": "fl-0a1", "ResourceId": VPC, "LogDestinationType": "s3", "LogDestination": "arn:aws:s3:::flows"}
    double.answers["ec2:DescribeFlowLogs"] = {"FlowLogs": [log]}
    double.answers["s3:GetBucketVersioning"] = {"Status": "Enabled"}
    owned = {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}}
    double.answers["s3:GetBucketOwnershipControls"] = owned
    assert messages(double, "ST-09") == []
    double.refused["s3:GetBucketOwnershipControls"] = failure(
        "OwnershipControlsNotFoundError", "GetBucketOwnershipControls"
    )
    assert messages(double, "ST-09") == ["ACLs are on (ObjectOwnership is ObjectWriter)"]


def test_a_flow_log_of_another_account(double: DoubleOfAws) -> None:
    log = {"FlowLogId": "fl-0a1", "ResourceId": VPC, "LogDestinationType": "cloud-watch-logs", "LogGroupName": "flows",
           "DeliverCrossAccountRole": "arn:aws:iam::999999999999:role/x"}  # fmt: skip
    double.answers["ec2:DescribeFlowLogs"] = {"FlowLogs": [log]}
    assert "a role of another account delivers it" in messages(double, "NW-27")
