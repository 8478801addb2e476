"""A cluster that somebody created by hand or with Terraform, written for `cdk import` into a stack."""

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs

import hardened_eks as hardened

NAME, ACCOUNT, REGION = "payments", "111122223333", "eu-west-1"

app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
stack = cdk.Stack(app, "Payments", env=cdk.Environment(account=ACCOUNT, region=REGION))
vpc = ec2.Vpc.from_vpc_attributes(
    stack,
    "Vpc",
    vpc_id="vpc-0a1b2c3d4e5f60718",
    vpc_cidr_block="10.20.0.0/16",
    availability_zones=["eu-west-1a", "eu-west-1b"],
    isolated_subnet_ids=["subnet-0a1b2c3d1", "subnet-0a1b2c3d2"],
    isolated_subnet_route_table_ids=["rtb-0a1b2c3d1", "rtb-0a1b2c3d2"],
)
quiet = hardened.Dns(mode=hardened.DnsMode.OFF, log_retention_days=None)
network = hardened.Network(stack, "Network", vpc=vpc, add_endpoints=False, add_flow_logs=False, dns=quiet)
key = kms.Key.from_key_arn(stack, "Key", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555")
cluster = hardened.Cluster(
    stack,
    "Cluster",
    name=NAME,
    version="1.36",
    network=network,
    keys=hardened.Keys(stack, "Keys", secrets=key),
    role=iam.Role.from_role_arn(stack, "Role", f"arn:aws:iam::{ACCOUNT}:role/eks-payments", mutable=False),
    log_group=logs.LogGroup.from_log_group_name(stack, "Logs", f"/aws/eks/{NAME}/cluster"),
)

# The settings that the cluster has today. Remove one line, deploy, check the result, remove the next.
today = cluster.resource
today.add_property_override("ResourcesVpcConfig.SecurityGroupIds", ["sg-0a1b2c3d4e5f60718"])
today.add_property_override("ResourcesVpcConfig.EndpointPublicAccess", value=True)
today.add_property_override("ResourcesVpcConfig.PublicAccessCidrs", ["203.0.113.0/24"])
today.add_property_override("AccessConfig.AuthenticationMode", "API_AND_CONFIG_MAP")
today.add_property_override("DeletionProtection", value=False)
app.synth()
