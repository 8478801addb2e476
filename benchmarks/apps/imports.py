"""The CDK modules of the reference cluster, with one L1 of each: the minimum cost of typed resources."""

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_eks as eks
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_route53resolver as route53resolver
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs

app = cdk.App()
stack = cdk.Stack(app, "Imports")
role = "arn:aws:iam::123456789012:role/eks"
cloudwatch.CfnAlarm(stack, "Alarm", comparison_operator="GreaterThanThreshold", evaluation_periods=1)
ec2.CfnVPC(stack, "Vpc", cidr_block="10.0.0.0/16")
ecr.CfnRepository(stack, "Repository")
eks.CfnCluster(stack, "Cluster", role_arn=role, resources_vpc_config={"subnetIds": ["subnet-1", "subnet-2"]})
events.CfnRule(stack, "Rule", schedule_expression="rate(1 day)")
iam.CfnRole(stack, "Role", assume_role_policy_document={"Version": "2012-10-17", "Statement": []})
kms.CfnKey(stack, "Key")
lambda_.CfnFunction(stack, "Function", code={"zipFile": "#"}, role=role)
logs.CfnLogGroup(stack, "Logs")
route53resolver.CfnFirewallRuleGroup(stack, "Firewall")
sns.CfnTopic(stack, "Topic")
sqs.CfnQueue(stack, "Queue")
app.synth()
