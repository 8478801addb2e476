"""Changes of an account by hand, past its templates: what an attacker or somebody in a hurry does in the console."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.emulator.conftest import Account

NAME = "hardened"
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
EVERYBODY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
}


class Made:
    """What the stacks made."""

    def __init__(self, account: Account, stacks: tuple[str, ...]) -> None:
        self.entries: list[dict[str, Any]] = []
        for stack in stacks:
            answer = account.client("cloudformation").describe_stack_resources(StackName=stack)
            self.entries += answer["StackResources"]

    def one(self, type_: str, part: str = "") -> str:
        """Return the physical id of the first resource of a type with `part` in its logical id."""
        return next(
            entry["PhysicalResourceId"] for entry in self.entries
            if entry["ResourceType"] == f"AWS::{type_}" and part in entry["LogicalResourceId"]
        )  # fmt: skip


@dataclass(frozen=True)
class Change:
    name: str
    make: Callable[[Account, Made], str]
    """Returns a text that is in the ARN or the name of what is changed."""
    controls: tuple[str, ...]
    """Those that find it."""
    differs: str | None = None
    """The property that differs from the template, empty where the resource is gone; None for what no template has."""


def open_port(account: Account, made: Made) -> str:
    group = made.one("EC2::SecurityGroup", "ClusterNode")
    account.client("ec2").authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
    )
    return group


def default_group(account: Account, made: Made) -> str:
    ec2, vpc = account.client("ec2"), made.one("EC2::VPC")
    found = ec2.describe_security_groups(
        Filters=[{"Name": "vpc-id", "Values": [vpc]}, {"Name": "group-name", "Values": ["default"]}]
    )
    group = found["SecurityGroups"][0]["GroupId"]
    ec2.authorize_security_group_egress(
        GroupId=group, IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    )
    return vpc


def rotation(account: Account, made: Made) -> str:
    key = made.one("KMS::Key", "Keys")
    account.client("kms").disable_key_rotation(KeyId=key)
    return key


def key_policy(account: Account, made: Made) -> str:
    key = account.client("kms").describe_key(KeyId=_cluster(account)["encryptionConfig"][0]["provider"]["keyArn"])
    id = key["KeyMetadata"]["KeyId"]
    account.client("kms").put_key_policy(KeyId=id, PolicyName="default", Policy=json.dumps(EVERYBODY))
    return str(id)


def _cluster(account: Account) -> dict[str, Any]:
    found: dict[str, Any] = account.client("eks").describe_cluster(name=NAME)["cluster"]
    return found


def retention(account: Account, made: Made) -> str:
    group = made.one("Logs::LogGroup", "ClusterLogGroup")
    account.client("logs").delete_retention_policy(logGroupName=group)
    return group


def log_key(account: Account, made: Made) -> str:
    group = made.one("Logs::LogGroup", "DnsLogGroup")
    account.client("logs").disassociate_kms_key(logGroupName=group)
    return group


def _repository(account: Account) -> str:
    return str(account.client("ecr").describe_repositories()["repositories"][0]["repositoryName"])


def mutable(account: Account, made: Made) -> str:
    name = _repository(account)
    account.client("ecr").put_image_tag_mutability(repositoryName=name, imageTagMutability="MUTABLE")
    return name


def no_scan(account: Account, made: Made) -> str:
    name = _repository(account)
    account.client("ecr").put_image_scanning_configuration(
        repositoryName=name, imageScanningConfiguration={"scanOnPush": False}
    )
    return name


def shared_images(account: Account, made: Made) -> str:
    name = _repository(account)
    policy = {"Version": "2012-10-17", "Statement": [
        {"Sid": "All", "Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"}]}  # fmt: skip
    account.client("ecr").set_repository_policy(repositoryName=name, policyText=json.dumps(policy))
    return name


def no_lifecycle(account: Account, made: Made) -> str:
    name = _repository(account)
    account.client("ecr").delete_lifecycle_policy(repositoryName=name)
    return name


def basic_scans(account: Account, made: Made) -> str:
    account.client("ecr").put_registry_scanning_configuration(scanType="BASIC", rules=[])
    return "RegistryScanningConfiguration"


def admin_nodes(account: Account, made: Made) -> str:
    role = made.one("IAM::Role", "general")
    account.client("iam").attach_role_policy(RoleName=role, PolicyArn=ADMIN)
    return role


def inline(account: Account, made: Made) -> str:
    role = made.one("IAM::Role", "ClusterRole")
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:*", "Resource": "*"}]}
    account.client("iam").put_role_policy(RoleName=role, PolicyName="more", PolicyDocument=json.dumps(policy))
    return role


def trust(account: Account, made: Made) -> str:
    role = made.one("IAM::Role", "BreakGlassRole")
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
    }
    account.client("iam").update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(policy))
    return role


def long_session(account: Account, made: Made) -> str:
    role = made.one("IAM::Role", "BreakGlassRole")
    account.client("iam").update_role(RoleName=role, MaxSessionDuration=43_200)
    return role


def rogue_entry(account: Account, made: Made) -> str:
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
    }
    arn = account.client("iam").create_role(RoleName="rogue", AssumeRolePolicyDocument=json.dumps(policy))["Role"][
        "Arn"
    ]
    eks = account.client("eks")
    eks.create_access_entry(clusterName=NAME, principalArn=arn)
    eks.associate_access_policy(
        clusterName=NAME, principalArn=arn, accessScope={"type": "cluster"},
        policyArn="arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
    )  # fmt: skip
    return "rogue"


def _update(account: Account, **change: Any) -> str:
    eks = account.client("eks")
    eks.get_waiter("cluster_active").wait(name=NAME, WaiterConfig={"Delay": 1})
    eks.update_cluster_config(name=NAME, **change)
    eks.get_waiter("cluster_active").wait(name=NAME, WaiterConfig={"Delay": 1})
    return f"cluster/{NAME}"


def public(account: Account, made: Made) -> str:
    return _update(account, resourcesVpcConfig={"endpointPublicAccess": True, "publicAccessCidrs": ["0.0.0.0/0"]})


def silent(account: Account, made: Made) -> str:
    types = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
    return _update(account, logging={"clusterLogging": [{"types": types, "enabled": False}]})


def unprotected(account: Account, made: Made) -> str:
    return _update(account, deletionProtection=False)


def no_enforcement(account: Account, made: Made) -> str:
    account.client("eks").delete_addon(clusterName=NAME, addonName="vpc-cni")
    return f"cluster/{NAME}"


def hop_limit(account: Account, made: Made) -> str:
    ec2, eks, template = account.client("ec2"), account.client("eks"), made.one("EC2::LaunchTemplate")
    version = ec2.create_launch_template_version(
        LaunchTemplateId=template, SourceVersion="1",
        LaunchTemplateData={"MetadataOptions": {"HttpTokens": "optional", "HttpPutResponseHopLimit": 2}},
    )["LaunchTemplateVersion"]["VersionNumber"]  # fmt: skip
    group = eks.list_nodegroups(clusterName=NAME)["nodegroups"][0]
    eks.update_nodegroup_version(
        clusterName=NAME, nodegroupName=group, launchTemplate={"id": template, "version": str(version)}
    )
    return template


def no_flow_log(account: Account, made: Made) -> str:
    account.client("ec2").delete_flow_logs(FlowLogIds=[made.one("EC2::FlowLog")])
    return made.one("EC2::VPC")


def public_subnet(account: Account, made: Made) -> str:
    subnet = made.one("EC2::Subnet")
    account.client("ec2").modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})
    return subnet


def way_out(account: Account, made: Made) -> str:
    ec2, table = account.client("ec2"), made.one("EC2::RouteTable")
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=made.one("EC2::VPC"))
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    return table


def open_endpoint(account: Account, made: Made) -> str:
    endpoint = made.one("EC2::VPCEndpoint", "EcrApi")
    account.client("ec2").modify_vpc_endpoint(VpcEndpointId=endpoint, PolicyDocument=json.dumps(EVERYBODY))
    return endpoint


def no_endpoint(account: Account, made: Made) -> str:
    account.client("ec2").delete_vpc_endpoints(VpcEndpointIds=[made.one("EC2::VPCEndpoint", "Sts")])
    return made.one("EC2::VPC")


def open_topic(account: Account, made: Made) -> str:
    topic = made.one("SNS::Topic", "Alert")
    account.client("sns").set_topic_attributes(
        TopicArn=topic, AttributeName="Policy", AttributeValue=json.dumps(EVERYBODY)
    )
    return topic


def plain_queue(account: Account, made: Made) -> str:
    queue = made.one("SQS::Queue")
    account.client("sqs").set_queue_attributes(
        QueueUrl=queue,
        Attributes={"KmsMasterKeyId": "", "SqsManagedSseEnabled": "false", "Policy": json.dumps(EVERYBODY)},
    )
    return queue.rpartition("/")[2]


def no_alarm(account: Account, made: Made) -> str:
    alarm = made.one("CloudWatch::Alarm", "Undelivered")
    account.client("cloudwatch").disable_alarm_actions(AlarmNames=[alarm])
    return alarm


def untagged(account: Account, made: Made) -> str:
    role, iam = made.one("IAM::Role", "ebscsi"), account.client("iam")
    keys = [tag["Key"] for tag in iam.list_role_tags(RoleName=role)["Tags"] if not tag["Key"].startswith("aws:")]
    iam.untag_role(RoleName=role, TagKeys=keys)
    return role


def no_validation(account: Account, made: Made) -> str:
    account.client("cloudtrail").update_trail(Name="hardened-eks", EnableLogFileValidation=False)
    return "trail/hardened-eks"


def stopped(account: Account, made: Made) -> str:
    account.client("cloudtrail").stop_logging(Name="hardened-eks")
    return "trail/hardened-eks"


def open_bucket(account: Account, made: Made) -> str:
    bucket = made.one("S3::Bucket", "Files")
    account.client("s3").delete_public_access_block(Bucket=bucket)
    return bucket


def plain_bucket(account: Account, made: Made) -> str:
    bucket = made.one("S3::Bucket", "Files")
    account.client("s3").delete_bucket_policy(Bucket=bucket)
    return bucket


CHANGES = (
    Change("port 22 open", open_port, ("SG-01",), "SecurityGroupIngress"),
    Change("rules in the default security group", default_group, ("NW-02",)),
    Change("key rotation off", rotation, ("KY-01",), "EnableKeyRotation"),
    Change("key policy for everybody", key_policy, ("KY-02",), "KeyPolicy.Statement"),
    Change("log retention removed", retention, ("LG-02",), "RetentionInDays"),
    Change("log group without a key", log_key, ("LG-01",), "KmsKeyId"),
    Change("tags mutable", mutable, ("IM-01",), "ImageTagMutability"),
    Change("no scan on push", no_scan, ("IM-04",), "ImageScanningConfiguration.ScanOnPush"),
    Change("images for everybody", shared_images, ("IM-06",), "RepositoryPolicyText.Statement"),
    Change("no lifecycle of images", no_lifecycle, ("IM-08",), "LifecyclePolicy"),
    Change("basic scans", basic_scans, ("IM-05",), "ScanType"),
    Change("administrator on the node role", admin_nodes, ("IA-01",), "ManagedPolicyArns"),
    Change("inline policy on the cluster role", inline, ("IA-01",), "Policies"),
    Change("break-glass role for everybody", trust, ("IA-07",), "AssumeRolePolicyDocument.Statement"),
    Change("break-glass session of twelve hours", long_session, ("IA-17",), "MaxSessionDuration"),
    Change("access entry for a rogue role", rogue_entry, ("CP-14", "IA-07")),
    Change("public endpoint", public, ("CP-01", "CP-03"), "ResourcesVpcConfig.EndpointPublicAccess"),
    Change("no control-plane logs", silent, ("CP-04", "CP-05"), "Logging"),
    Change("no deletion protection", unprotected, ("CP-10",), "DeletionProtection"),
    Change("no network policy", no_enforcement, ("CP-13",), ""),
    Change(
        "metadata for pods by a new template version",
        hop_limit,
        ("ND-03", "ND-04"),
        "LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit",
    ),
    Change("flow log deleted", no_flow_log, ("NW-01",), ""),
    Change("public addresses", public_subnet, ("NW-03",), "MapPublicIpOnLaunch"),
    Change("route to the internet", way_out, ("NW-04",)),
    Change("endpoint for everybody", open_endpoint, ("NW-16",), "PolicyDocument.Statement.0.Action"),
    Change("endpoint deleted", no_endpoint, ("NW-15",), ""),
    Change("topic for everybody", open_topic, ("MQ-03", "MQ-04"), "PolicyDocument.Statement"),
    Change("queue without a key", plain_queue, ("MQ-10", "MQ-11"), "KmsMasterKeyId"),
    Change("alarm that tells nobody", no_alarm, ("DT-03",), "ActionsEnabled"),
    Change("role without tags", untagged, ("CF-07",), "Tags"),
    Change("trail without validation", no_validation, ("LG-05",), "EnableLogFileValidation"),
    Change("trail stopped", stopped, ("LG-03",), "IsLogging"),
    Change("bucket open to the public", open_bucket, ("ST-01",), "PublicAccessBlockConfiguration"),
    Change("bucket without a policy", plain_bucket, ("ST-03",), ""),
)
