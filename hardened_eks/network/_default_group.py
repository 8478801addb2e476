"""Close the default security group of a VPC.

CloudFormation cannot take rules out of a group that it did not make, so this is the library's one Lambda function. Its
code is inline: nothing is uploaded, and an auditor reads it in the template.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_

from hardened_eks import _aws
from hardened_eks._nag import acknowledge
from hardened_eks._roles import document, role

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2
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
_ONCE = "runs once at deployment, for seconds, and has nothing but the rights to revoke rules of this one group"


_CLOSED = "the rules are taken out at deployment by DefaultGroup, which this rule does not see"


def close(scope: Construct, vpc: ec2.CfnVPC) -> None:
    """Take all rules out of the VPC's group, at creation and whenever the group changes; deleting puts nothing back."""
    group_id = vpc.attr_default_security_group
    acknowledge(
        vpc,
        {
            f"{pack}::{pack}-VPCDefaultSecurityGroupClosed": _CLOSED
            for pack in ("NIST.800.53.R5", "PCI.DSS.321", "HIPAA.Security")
        },
    )
    runner = role(
        scope,
        "DefaultGroupRole",
        description="Takes the rules out of the default security group",
        trust=document({"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}),
        aws_policies={
            "service-role/AWSLambdaBasicExecutionRole": "lets the function write its own log, and nothing else",
        },
        statements=[
            {
                "Action": ["ec2:RevokeSecurityGroupIngress", "ec2:RevokeSecurityGroupEgress"],
                "Resource": _aws.arn("ec2", f"security-group/{group_id}"),
            },
            {"Action": "ec2:DescribeSecurityGroups", "Resource": "*"},
        ],
        wildcard="ec2:DescribeSecurityGroups knows no resource",
    )
    function = lambda_.CfnFunction(
        scope,
        "DefaultGroupFunction",
        description="Takes the rules out of the default security group",
        runtime="python3.14",
        handler="index.handler",
        code={"zipFile": _CODE},
        role=runner.attr_arn,
        timeout=60,
        memory_size=256,
        reserved_concurrent_executions=1,
        tracing_config={"mode": "Active"},
    )
    cdk.CfnResource(
        scope,
        "DefaultGroup",
        type="Custom::ClosedDefaultSecurityGroup",
        properties={"ServiceToken": function.attr_arn, "GroupId": group_id},
    )
    acknowledge(
        function,
        {
            "NIST.800.53.R5::NIST.800.53.R5-LambdaDLQ": _ONCE,
            "NIST.800.53.R5::NIST.800.53.R5-LambdaInsideVPC": _ONCE,
            "HIPAA.Security::HIPAA.Security-LambdaDLQ": _ONCE,
            "HIPAA.Security::HIPAA.Security-LambdaInsideVPC": _ONCE,
            "PCI.DSS.321::PCI.DSS.321-LambdaInsideVPC": _ONCE,
        },
    )
