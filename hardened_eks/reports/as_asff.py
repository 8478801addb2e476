"""The AWS Security Finding Format, which Security Hub imports.

https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.reports.as_json import some_references
from hardened_eks.reports.environments import Place, moment, place, stable_id
from hardened_eks.reports.model import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hardened_eks.controls.model import Control
    from hardened_eks.reports.model import Entry, Report

GENERATOR: Final = "hardened-eks/"
"""The prefix of the generator ID of each finding; the control ID follows."""
_TYPES: Final = ["Software and Configuration Checks/AWS Security Best Practices"]
_RESOURCES: Final = {
    "AWS::AutoScaling::AutoScalingGroup": "AwsAutoScalingAutoScalingGroup",
    "AWS::CloudTrail::Trail": "AwsCloudTrailTrail",
    "AWS::EC2::Instance": "AwsEc2Instance",
    "AWS::EC2::LaunchTemplate": "AwsEc2LaunchTemplate",
    "AWS::EC2::NetworkAcl": "AwsEc2NetworkAcl",
    "AWS::EC2::RouteTable": "AwsEc2RouteTable",
    "AWS::EC2::SecurityGroup": "AwsEc2SecurityGroup",
    "AWS::EC2::Subnet": "AwsEc2Subnet",
    "AWS::EC2::VPC": "AwsEc2Vpc",
    "AWS::ECR::Repository": "AwsEcrRepository",
    "AWS::EKS::Cluster": "AwsEksCluster",
    "AWS::IAM::ManagedPolicy": "AwsIamPolicy",
    "AWS::IAM::Role": "AwsIamRole",
    "AWS::IAM::User": "AwsIamUser",
    "AWS::KMS::Key": "AwsKmsKey",
    "AWS::Lambda::Function": "AwsLambdaFunction",
    "AWS::S3::Bucket": "AwsS3Bucket",
    "AWS::SNS::Topic": "AwsSnsTopic",
    "AWS::SQS::Queue": "AwsSqsQueue",
    "AWS::SecretsManager::Secret": "AwsSecretsManagerSecret",
}
"""CloudFormation type -> its name in Security Hub; other types are ``Other``."""
_STATUS: Final = {
    State.FAIL: "FAILED",
    State.WARNING: "WARNING",
    State.WAIVED: "WARNING",
    State.UNSEEN: "NOT_AVAILABLE",
}
_WORST_LAST: Final = ("WARNING", "NOT_AVAILABLE", "FAILED")


def render(report: Report) -> str:
    """Return the findings on accounts for ``aws securityhub batch-import-findings``, which accepts 100 at a time."""
    return json.dumps(list(findings(report)), indent=2, ensure_ascii=False) + "\n"


def findings(report: Report) -> Iterator[dict[str, Any]]:
    """Yield each finding on an account; equal findings at the same place have a number in their ID."""
    seen: Counter[str] = Counter()
    for entry in (*report.entries, *report.unseen):
        where = place(entry)
        if where is not None:
            id_ = stable_id(entry)
            seen[id_] += 1
            yield _finding(entry, where, report, id_ if seen[id_] == 1 else f"{id_}-{seen[id_]}")


def _finding(entry: Entry, where: Place, report: Report, id_: str) -> dict[str, Any]:
    control, label = entry.control, str(entry.severity).upper()
    when = moment(report.day).isoformat().replace("+00:00", "Z")
    resource = entry.arn or f"{entry.file}/{entry.subject}"
    fields = {
        "hardened-eks/control": control.id, "hardened-eks/property": entry.property_path,
        "hardened-eks/stack": entry.stack, "hardened-eks/logicalId": entry.name,
        "hardened-eks/constructPath": entry.construct_path, "hardened-eks/waivedUntil": entry.waiver_until,
        "ProviderName": "hardened-eks", "ProviderVersion": report.version,
    }  # fmt: skip
    return {
        "SchemaVersion": "2018-10-08",
        "Id": f"{GENERATOR}{where.account}/{where.region}/{control.id}/{id_}",
        "ProductArn": product(where),
        "ProductName": "hardened-eks",
        "GeneratorId": f"{GENERATOR}{control.id}",
        "AwsAccountId": where.account,
        "Region": where.region,
        "Types": _TYPES,
        "CreatedAt": when,
        "UpdatedAt": when,
        "Severity": {"Label": label, "Original": str(entry.severity)},
        "Title": _short(f"{control.id} {control.title}", 256),
        "Description": _short(f"{entry.message}. {control.why}", 1024),
        "Remediation": {"Recommendation": {"Text": _short(control.fix, 512), "Url": control.source}},
        "ProductFields": {key: _short(value, 2048) for key, value in fields.items() if value},
        "Resources": [
            {
                "Type": _RESOURCES.get(entry.type, "Other" if entry.arn else "AwsAccount"),
                "Id": _short(resource if entry.arn or entry.name else f"AWS::::Account:{where.account}", 512),
                "Partition": where.partition,
                "Region": where.region,
            }
        ],
        "Compliance": {"Status": _STATUS[entry.state], "RelatedRequirements": related(control)},
        "Workflow": {"Status": "SUPPRESSED" if entry.state is State.WAIVED else "NEW"},
        "RecordState": "ACTIVE",
        "FindingProviderFields": {"Severity": {"Label": label, "Original": str(entry.severity)}, "Types": _TYPES},
    }


def product(where: Place) -> str:
    """Return the product ARN with which an account can import its own findings."""
    return f"arn:{where.partition}:securityhub:{where.region}:{where.account}:product/{where.account}/default"


def archiving(current: Sequence[dict[str, Any]], when: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Return a function that archives findings that no longer exist.

    If the control has another finding on the same resource, with another value or because the deciding value was not
    seen, the archived finding gets its status instead of PASSED.

    Args:
        current: the findings that exist, in the same Region of the same account.
        when: the time.
    """
    statuses: dict[tuple[str, str], str] = {}
    for one in sorted(current, key=lambda one: _WORST_LAST.index(one["Compliance"]["Status"])):
        statuses[_check(one)] = one["Compliance"]["Status"]
    return lambda finding: _archived(finding, when, statuses.get(_check(finding), "PASSED"))


def _check(finding: dict[str, Any]) -> tuple[str, str]:
    """Return the control and the resource of a finding."""
    return finding["GeneratorId"], finding["Resources"][0]["Id"]


def _archived(finding: dict[str, Any], when: str, status: str) -> dict[str, Any]:
    """Return a finding in the archived state of Security Hub."""
    kept = (
        "SchemaVersion", "Id", "ProductArn", "GeneratorId", "AwsAccountId", "Types", "CreatedAt", "Severity", "Title",
        "Description", "Resources",
    )  # fmt: skip
    return {
        **{key: finding[key] for key in kept if key in finding},
        "UpdatedAt": when,
        "RecordState": "ARCHIVED",
        "Compliance": {"Status": status},
    }


def related(control: Control) -> list[str]:
    """Return the requirements that a control covers, at most 32, as Security Hub accepts."""
    return some_references(control, 32, between=" ", longest=64)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 3]}..."
