"""Add properties to a template that the CDK requires to include a resource, and that no rule here evaluates."""

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

NEEDED: dict[str, dict[str, Any]] = {
    "AWS::AutoScaling::AutoScalingGroup": {"MaxSize": "1", "MinSize": "1"},
    "AWS::AutoScaling::LaunchConfiguration": {"ImageId": "ami-1", "InstanceType": "m7g.large"},
    "AWS::Backup::BackupPlan": {"BackupPlan": {"BackupPlanName": "p", "BackupPlanRule": []}},
    "AWS::Backup::BackupVault": {"BackupVaultName": "v"},
    "AWS::CloudTrail::Trail": {"S3BucketName": "b", "IsLogging": True},
    "AWS::CloudWatch::Alarm": {"ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1},
    "AWS::EC2::FlowLog": {"ResourceId": "vpc-1", "ResourceType": "VPC"},
    "AWS::EC2::Route": {"RouteTableId": "rtb-1"},
    "AWS::EC2::SecurityGroup": {"GroupDescription": ""},
    "AWS::EC2::SecurityGroupEgress": {"IpProtocol": "tcp"},
    "AWS::EC2::SecurityGroupIngress": {"IpProtocol": "tcp"},
    "AWS::EC2::Subnet": {"VpcId": "vpc-1"},
    "AWS::EFS::MountTarget": {"FileSystemId": "fs-1", "SubnetId": "subnet-1", "SecurityGroups": ["sg-1"]},
    "AWS::EKS::Cluster": {"RoleArn": "arn:aws:iam::111122223333:role/r", "ResourcesVpcConfig": {}},
    "AWS::EKS::Nodegroup": {
        "ClusterName": "c",
        "NodeRole": "arn:aws:iam::111122223333:role/r",
        "Subnets": ["subnet-1"],
    },
    "AWS::Events::EventBus": {"Name": "b"},
    "AWS::EC2::LaunchTemplate": {"LaunchTemplateData": {}},
    "AWS::EC2::RouteTable": {"VpcId": "vpc-1"},
    "AWS::Backup::BackupSelection": {
        "BackupPlanId": "p",
        "BackupSelection": {"SelectionName": "s", "IamRoleArn": "arn:x"},
    },
    "AWS::Lambda::LayerVersionPermission": {
        "Action": "lambda:GetLayerVersion",
        "LayerVersionArn": "l",
        "Principal": "*",
    },
    "AWS::IAM::GroupPolicy": {"GroupName": "g", "PolicyName": "p"},
    "AWS::IAM::ManagedPolicy": {"PolicyDocument": {}},
    "AWS::IAM::Policy": {"PolicyName": "p", "PolicyDocument": {}},
    "AWS::IAM::Role": {"AssumeRolePolicyDocument": {}},
    "AWS::IAM::RolePolicy": {"RoleName": "r", "PolicyName": "p"},
    "AWS::IAM::UserPolicy": {"UserName": "u", "PolicyName": "p"},
    "AWS::Lambda::EventInvokeConfig": {"FunctionName": "f", "Qualifier": "$LATEST"},
    "AWS::Lambda::Permission": {"FunctionName": "f", "Action": "lambda:InvokeFunction", "Principal": "*"},
    "AWS::Lambda::Url": {"AuthType": "AWS_IAM", "TargetFunctionArn": "f"},
    "AWS::Lambda::Function": {"Code": {"ZipFile": "x"}, "Role": "arn:aws:iam::111122223333:role/r"},
    "AWS::SecretsManager::SecretTargetAttachment": {"TargetId": "t", "TargetType": "AWS::RDS::DBInstance"},
    "AWS::SNS::Subscription": {"Protocol": "sqs", "TopicArn": "arn:x"},
    "AWS::StepFunctions::StateMachine": {"RoleArn": "arn:aws:iam::111122223333:role/r"},
}
INSIDE: dict[str, tuple[str, dict[str, Any]]] = {
    "AWS::AutoScaling::AutoScalingGroup": (
        "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification",
        {"Version": "1"},
    ),
    "AWS::Backup::BackupSelection": ("BackupSelection", {"SelectionName": "s", "IamRoleArn": "arn:x"}),
    "AWS::EKS::Cluster": ("ResourcesVpcConfig", {"SubnetIds": ["subnet-1", "subnet-2"]}),
    "AWS::Events::Rule": ("Targets.*", {"Arn": "arn:x"}),
    "AWS::IAM::Group": ("Policies.*", {"PolicyDocument": {"Version": "2012-10-17", "Statement": []}}),
    "AWS::IAM::User": ("Policies.*", {"PolicyDocument": {"Version": "2012-10-17", "Statement": []}}),
    "AWS::S3::Bucket": ("ReplicationConfiguration", {"Role": "arn:aws:iam::111122223333:role/r"}),
}
"""By type: an optional property (`*`: each item of a list), and the properties that the CDK requires in it."""


def complete(body: Any) -> Any:
    """Add the missing properties, conditions and parameters."""
    text = json.dumps(body)
    resources = {
        name: {**entry, "Properties": _filled(entry["Type"], copy.deepcopy(entry.get("Properties") or {}))}
        for name, entry in body["Resources"].items()
    }
    conditions = {
        name: {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]} for name in re.findall(r'"Fn::If": \["(\w+)"', text)
    }
    known = {*resources, *body.get("Parameters", {})}
    missing = {name: {"Type": "String"} for name in re.findall(r'\{"Ref": "(\w+)"\}', text) if name not in known}
    return {
        **body,
        "Resources": resources,
        "Conditions": {**conditions, **body.get("Conditions", {})},
        "Parameters": {**missing, **body.get("Parameters", {})},
    }


def _filled(type_: str, properties: dict[str, Any]) -> dict[str, Any]:
    filled = {**NEEDED.get(type_, {}), **properties}
    path, defaults = INSIDE.get(type_, ("", {}))
    for inner in _at(filled, path.split(".")):
        if isinstance(inner, dict) and not any(key.startswith("Fn::") or key == "Ref" for key in inner):
            inner.update({key: value for key, value in defaults.items() if key not in inner})
    return filled


def _at(value: Any, path: list[str]) -> Iterator[Any]:
    if not path:
        yield value
    elif path[0] == "*" and isinstance(value, list):
        for item in value:
            yield from _at(item, path[1:])
    elif isinstance(value, dict) and path[0] in value:
        yield from _at(value[path[0]], path[1:])
