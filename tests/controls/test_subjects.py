"""What is not about the resource that a control was asked about is reported on what it is about, once."""

import pytest

from hardened_eks.controls.detection import audit_surge_alarmed, config_eks_rules, eks_changes_alerted
from hardened_eks.controls.model import Control
from hardened_eks.controls.network import network_acl_sane
from hardened_eks.controls.stack import no_secrets
from hardened_eks.evidence import Assembly, Template
from hardened_eks.judging.evaluation import evaluate
from tests.controls.cases import Body, template


def found(control: Control, body: Body, regions: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    assembly = Assembly([Template("S", body, region="eu-west-1")], regions=regions)
    return [(f.subject.id, f.problem.message) for f in evaluate(assembly, [control]).findings]


def rule(call: str) -> tuple[str, dict[str, object]]:
    pattern = {"source": ["aws.eks"], "detail-type": ["AWS API Call via CloudTrail"], "detail": {"eventName": [call]}}
    return "AWS::Events::Rule", {"EventPattern": pattern, "Targets": [{"Id": "1", "Arn": "arn:x"}]}


def counting(code: int) -> tuple[str, dict[str, object]]:
    metric = {"MetricNamespace": "Audit", "MetricName": "Refused", "MetricValue": "1"}
    pattern = f"{{ $.responseStatus.code = {code} }}"
    log = "/aws/eks/prod/cluster"
    return "AWS::Logs::MetricFilter", {"LogGroupName": log, "FilterPattern": pattern, "MetricTransformations": [metric]}


ALARM = ("AWS::CloudWatch::Alarm", {"Namespace": "Audit", "MetricName": "Refused", "AlarmActions": ["arn:x"]})
CONFIG = ("AWS::Config::ConfigRule", {"Source": {"Owner": "AWS", "SourceIdentifier": "EKS_SECRETS_ENCRYPTED"}})


@pytest.mark.parametrize(("control", "body", "message"), [
    (eks_changes_alerted, template({"A": rule("CreateCluster"), "B": rule("DeleteCluster")}), "no rule matches Up"),
    (audit_surge_alarmed, template({"A": counting(401), "B": counting(401), "C": ALARM}), "no metric filter counts responses with 403"),
    (config_eks_rules, template({"A": CONFIG, "B": CONFIG}), "no rule or pack has EKS_ENDPOINT_NO_PUBLIC_ACCESS"),
])  # fmt: skip
def test_what_all_together_miss_is_said_once_of_all_together(control: Control, body: Body, message: str) -> None:
    for regions, subject in (((), "assembly"), (("eu-west-1",), "account:eu-west-1")):
        ((id_, text),) = found(control, body, regions)
        assert (id_, text[: len(message)]) == (subject, message)


def test_an_entry_of_a_network_acl_is_reported_on_itself() -> None:
    def entry(number: int, **more: str) -> tuple[str, dict[str, object]]:
        settings = {"NetworkAclId": {"Ref": "Acl"}, "RuleNumber": number, "Protocol": -1, "CidrBlock": "10.0.0.0/8"}
        return "AWS::EC2::NetworkAclEntry", {**settings, "RuleAction": "allow", **more}

    body = template({
        "Acl": ("AWS::EC2::NetworkAcl", {}),
        "Used": ("AWS::EC2::SubnetNetworkAclAssociation", {"NetworkAclId": {"Ref": "Acl"}}),
        "First": entry(100), "Again": entry(110), "Late": entry(120, RuleAction="deny"),
    })  # fmt: skip
    assert found(network_acl_sane, body) == [
        ("S/Again", "it duplicates First"),
        ("S/Late", "it denies traffic that First already allows"),
    ]


@pytest.mark.parametrize(("sections", "subjects"), [
    ({"Parameters": {"DbPassword": {"Default": "horse"}}}, ["S/Parameters/DbPassword"]),
    ({"Outputs": {"DbPassword": {"Value": "horse"}}}, ["S/Outputs/DbPassword"]),
    ({"Mappings": {"M": {"eu": {"DbPassword": "horse"}}}}, ["S/Mappings/M"]),
    ({"Metadata": {"M": [{"DbPassword": "horse"}]}}, ["S/Metadata/M"]),
    ({"Mappings": {"M": {"eu": {"DbPassword": "{{resolve:ssm:/x}}"}}}}, []),
    ({"Metadata": {"AWS::CloudFormation::Interface": {"ParameterLabels": {"DbPassword": {"default": "Password"}}}}}, []),
    ({"Parameters": {"Secret": {"NoEcho": True}}, "Outputs": {"O": {"Value": {"Ref": "Secret"}}}}, ["S/Outputs/O"]),
])  # fmt: skip
def test_a_secret_is_reported_on_the_entry_that_holds_it(sections: Body, subjects: list[str]) -> None:
    topics = {"A": ("AWS::SNS::Topic", {}), "B": ("AWS::SNS::Topic", {})}
    assert [id_ for id_, _ in found(no_secrets, template(topics, **sections))] == subjects
