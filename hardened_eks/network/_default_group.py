"""The removal of all rules from the default security group of a VPC.

CloudFormation cannot remove rules from a group that it did not create, so a network has this Lambda function. Its code
is inline: nothing is uploaded, and an auditor can read it in the template.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

from hardened_eks import _aws
from hardened_eks._l1 import create
from hardened_eks._nag import PACKS, acknowledge
from hardened_eks._roles import role, trust_of

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_kms as kms
    from constructs import Construct

_CODE = """\
import boto3
import cfnresponse


def handler(event, context):
    group = event["ResourceProperties"]["GroupId"]
    try:
        if event["RequestType"] != "Delete":
            ec2 = boto3.client("ec2")
            found = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
            if found["IpPermissions"]:
                ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=found["IpPermissions"])
            if found["IpPermissionsEgress"]:
                ec2.revoke_security_group_egress(GroupId=group, IpPermissions=found["IpPermissionsEgress"])
        cfnresponse.send(event, context, cfnresponse.SUCCESS, {}, "closed-" + group)
    except Exception as error:
        print(error)
        cfnresponse.send(event, context, cfnresponse.FAILED, {}, "closed-" + group, reason=str(error))
"""
_ONCE = "runs once at deployment, for seconds, and may only revoke rules of this one group"
_NO_RESERVATION = f"{_ONCE}; a reservation is refused by accounts with the quota of 10 that new accounts have"
_CLOSED = "DefaultGroup removes the rules at deployment, which this rule does not see"


def close(scope: Construct, vpc: ec2.CfnVPC, *, key: kms.IKey, retention_days: int) -> None:
    """Remove all rules from the VPC's group, at creation and when the group changes. Deletion does not restore them."""
    group_id = vpc.attr_default_security_group
    acknowledge(
        vpc,
        {f"{pack}::{pack}-VPCDefaultSecurityGroupClosed": _CLOSED for pack in PACKS},
    )
    log = create(
        logs.CfnLogGroup, scope, "DefaultGroupLog", kms_key_id=key, retention_in_days=retention_days
    )  # a group that Lambda creates would be unencrypted and never expire
    runner = role(
        scope,
        "DefaultGroupRole",
        description="Takes the rules out of the default security group",
        trust=trust_of("lambda.amazonaws.com"),
        aws_policies={},
        statements=[
            {
                "Action": ["ec2:RevokeSecurityGroupIngress", "ec2:RevokeSecurityGroupEgress"],
                "Resource": _aws.arn("ec2", f"security-group/{group_id}"),
            },
            {"Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": log.attr_arn},
            {
                # Lambda refuses a traced function whose role may not write traces.
                "Action": ["ec2:DescribeSecurityGroups", "xray:PutTelemetryRecords", "xray:PutTraceSegments"],
                "Resource": "*",
            },
        ],
        wildcard="ec2:DescribeSecurityGroups and X-Ray's actions take no resource ARN",
    )
    function = create(
        lambda_.CfnFunction,
        scope,
        "DefaultGroupFunction",
        description="Takes the rules out of the default security group",
        runtime="python3.14",
        handler="index.handler",
        code={"zipFile": _CODE},
        role=runner,
        timeout=60,
        memory_size=256,
        logging_config={"logGroup": log.ref},
        tracing_config={"mode": "Active"},
    )
    create(
        cdk.CfnResource,
        scope,
        "DefaultGroup",
        type="Custom::ClosedDefaultSecurityGroup",
        properties={"ServiceToken": function.attr_arn, "GroupId": group_id},
    )
    acknowledge(
        function,
        {
            "NIST.800.53.R5::NIST.800.53.R5-LambdaConcurrency": _NO_RESERVATION,
            "HIPAA.Security::HIPAA.Security-LambdaConcurrency": _NO_RESERVATION,
            "NIST.800.53.R5::NIST.800.53.R5-LambdaDLQ": _ONCE,
            "NIST.800.53.R5::NIST.800.53.R5-LambdaInsideVPC": _ONCE,
            "HIPAA.Security::HIPAA.Security-LambdaDLQ": _ONCE,
            "HIPAA.Security::HIPAA.Security-LambdaInsideVPC": _ONCE,
            "PCI.DSS.321::PCI.DSS.321-LambdaInsideVPC": _ONCE,
        },
    )
