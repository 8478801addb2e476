"""Reading Karpenter's template: short forms of CloudFormation, policies as JSON, events under the names on record."""

import json
import sys
from pathlib import Path

import pytest

from hardened_eks.data import karpenter
from tools import karpenter as tool

EVERYTHING = "arn:${AWS::Partition}:ec2:${AWS::Region}:*"
LAUNCH = {
    "Sid": "Launch",
    "Effect": "Allow",
    "Resource": [f"{EVERYTHING}:instance/*", f"{EVERYTHING}:fleet/*"],
    "Action": ["ec2:RunInstances", "ec2:CreateFleet", "ec2:CreateLaunchTemplate"],
}
TAG = {
    "Effect": "Allow",
    "Resource": f"{EVERYTHING}:instance/*",
    "Action": "ec2:CreateTags",
    "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["karpenter.sh/nodeclaim", "Name"]}},
}
LOOK = {"Effect": "Allow", "Resource": "*", "Action": ["ec2:DescribeNews", "ec2:DescribeImages"]}
HEAR = {"Effect": "Allow", "Resource": "${Queue.Arn}", "Action": ["sqs:ReceiveMessage"]}
TEMPLATE = f"""\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties: {{RoleName: !Sub "Node-${{ClusterName}}"}}
  Lifecycle:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: !Sub |
        {json.dumps({"Statement": [LAUNCH, TAG]})}
  Others:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: !Sub |
        {json.dumps({"Statement": [LOOK, HEAR]})}
  InstanceStateChangeRule:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {{source: [aws.ec2], detail-type: [EC2 Instance State-change Notification]}}
      Targets: [{{Id: Queue, Arn: !GetAtt Queue.Arn}}]
  NewsRule:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {{source: [aws.news], detail-type: [Something New]}}
"""


def test_a_template_is_read() -> None:
    known = {name: list(event) for name, event in karpenter.EVENTS.items()}
    assert tool.read(TEMPLATE, known) == {
        "events": {
            "StateChange": ["aws.ec2", "EC2 Instance State-change Notification"],  # its name makes a logical id
            "News": ["aws.news", "Something New"],
        },
        "describe": ["ec2:DescribeImages", "ec2:DescribeNews"],
        "queue": ["sqs:ReceiveMessage"],
        "created": ["fleet", "instance"],
        "instance_tags": ["Name", "karpenter.sh/nodeclaim"],
        "actions": sorted(
            {*LAUNCH["Action"], "ec2:CreateTags", "ec2:DescribeImages", "ec2:DescribeNews", "sqs:ReceiveMessage"}
        ),
    }


def test_it_says_what_a_release_may_do_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    target, template = tmp_path / "karpenter.json", tmp_path / "cloudformation.yaml"
    target.write_text(tool.TARGET.read_text())
    template.write_text(TEMPLATE)
    monkeypatch.setattr(tool, "TARGET", target)
    monkeypatch.setattr(
        sys, "argv", ["karpenter", str(template), "1.16.0", "https://x", "r:1.16.0", "1.38", "2027-01-02"]
    )
    tool.main()
    said = capsys.readouterr().out
    assert "new: ec2:DescribeNews\n" in said and "gone: " in said and "ssm:GetParameter" in said
    document = json.loads(target.read_text())
    assert (document["release"], document["read"], document["newest_kubernetes"]) == ("1.16.0", "2027-01-02", "1.38")
    assert document["chart"] == karpenter.CHART, "what the template does not say stays"
