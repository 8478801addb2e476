"""What each service answers, in the shape of the provider schema of its type; kinds that the emulator does not make."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hardened_eks.data.account_settings import ONLY_IN_ACCOUNTS
from hardened_eks.sources.account.found import Found
from hardened_eks.sources.account.reading import Seen, read
from tests.emulator.resources import schemas
from tests.sources.account.double import ACCOUNT, REGION, TRUST, DoubleOfAws, failure

ROLE = f"arn:aws:iam::{ACCOUNT}:role/eks"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TOPIC, QUEUE = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts", f"arn:aws:sqs:{REGION}:{ACCOUNT}:dead"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:closer"
MACHINE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:digest"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:token-AbCdEf"
POLICY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}
)
TAGS = [{"Key": "owner", "Value": "team"}, {"Key": "aws:cloudformation:stack-name", "Value": "S"}]


def absent(code: str) -> Any:
    def answer(_arguments: dict[str, Any]) -> Any:
        raise failure(code, "Get")

    return answer


def everything() -> DoubleOfAws:
    double = DoubleOfAws()
    of = double.answers
    of["eks:ListNodegroups"] = {"nodegroups": ["general"]}
    of["eks:DescribeNodegroup"] = {"nodegroup": {
        "nodegroupName": "general", "nodegroupArn": f"arn:aws:eks:{REGION}:{ACCOUNT}:nodegroup/payments/general/1",
        "clusterName": "payments", "version": "1.36", "releaseVersion": "1.36.1-20261101", "status": "ACTIVE",
        "capacityType": "ON_DEMAND", "scalingConfig": {"minSize": 1, "maxSize": 3, "desiredSize": 2},
        "instanceTypes": ["m7g.large"], "subnets": ["subnet-0a0"], "amiType": "BOTTLEROCKET_ARM_64", "nodeRole": ROLE,
        "labels": {"camelCase": "kept"}, "taints": [{"key": "k", "value": "v", "effect": "NO_SCHEDULE"}],
        "launchTemplate": {"id": "lt-0a1", "name": "n", "version": "3"}, "updateConfig": {"maxUnavailable": 1},
        "resources": {"autoScalingGroups": [{"name": "eks-x"}]}, "tags": {"owner": "team"},
    }}  # fmt: skip
    of["ec2:DescribeLaunchTemplates"] = {"LaunchTemplates": [
        {"LaunchTemplateId": "lt-0a1", "LatestVersionNumber": 4, "DefaultVersionNumber": 1, "Tags": TAGS}]}  # fmt: skip
    of["ec2:DescribeLaunchTemplateVersions"] = {"LaunchTemplateVersions": [{
        "LaunchTemplateId": "lt-0a1", "LaunchTemplateName": "n", "VersionNumber": 3, "LaunchTemplateData": {
            "MetadataOptions": {"State": "applied", "HttpTokens": "required", "HttpPutResponseHopLimit": 1},
            "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": True, "KmsKeyId": KEY}}],
            "SecurityGroupIds": ["sg-0a1"], "UserData": "W3NldHRpbmdzXQ=="}}]}  # fmt: skip
    of["eks:ListFargateProfiles"] = {"fargateProfileNames": ["web"]}
    of["eks:DescribeFargateProfile"] = {"fargateProfile": {
        "fargateProfileName": "web", "fargateProfileArn": "arn:f", "clusterName": "payments", "podExecutionRoleArn": ROLE,
        "subnets": ["subnet-0a0"], "selectors": [{"namespace": "web", "labels": {"tier": "front"}}], "tags": {}}}  # fmt: skip
    linked = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS"
    of["iam:GetAccountAuthorizationDetails"]["RoleDetailList"].append({
        "RoleName": "AWSServiceRoleForAmazonEKS", "Arn": linked, "Path": "/aws-service-role/eks.amazonaws.com/",
        "AssumeRolePolicyDocument": TRUST})  # fmt: skip
    of["eks:ListAccessEntries"] = {"accessEntries": [linked, f"arn:aws:iam::{ACCOUNT}:user/alice", ROLE]}
    of["eks:DescribeAccessEntry"] = lambda a: {"accessEntry": {
        "clusterName": "payments", "principalArn": a["principalArn"], "kubernetesGroups": ["viewers"], "username": "u",
        "accessEntryArn": "arn:e", "type": "STANDARD", "tags": {}}}  # fmt: skip
    of["eks:ListAssociatedAccessPolicies"] = {"associatedAccessPolicies": [{
        "policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
        "accessScope": {"type": "namespace", "namespaces": ["web"]}}]}  # fmt: skip
    of["eks:ListPodIdentityAssociations"] = {"associations": [
        {"associationId": "a-1"}, {"associationId": "a-2", "ownerArn": "arn:addon"}]}  # fmt: skip
    of["eks:DescribePodIdentityAssociation"] = lambda a: {"association": {
        "clusterName": "payments", "namespace": "web", "serviceAccount": "app", "roleArn": ROLE,
        "associationArn": f"arn:aws:eks:{REGION}:{ACCOUNT}:podidentityassociation/payments/{a['associationId']}",
        "associationId": a["associationId"], "tags": {}, "disableSessionTags": False}}  # fmt: skip
    of["eks:ListIdentityProviderConfigs"] = {"identityProviderConfigs": [{"type": "oidc", "name": "sso"}]}
    of["eks:DescribeIdentityProviderConfig"] = {"identityProviderConfig": {"oidc": {
        "identityProviderConfigName": "sso", "identityProviderConfigArn": "arn:i", "clusterName": "payments",
        "issuerUrl": "https://sso.example.org", "clientId": "eks", "requiredClaims": {"aud": "eks"}, "tags": {},
        "status": "ACTIVE"}}}  # fmt: skip
    of["eks:ListCapabilities"] = {"capabilities": [{"capabilityName": "argo"}]}
    of["eks:DescribeCapability"] = {"capability": {
        "capabilityName": "argo", "arn": f"arn:aws:eks:{REGION}:{ACCOUNT}:capability/payments/argocd/argo/1",
        "clusterName": "payments", "type": "ARGOCD", "roleArn": ROLE, "status": "ACTIVE", "version": "1",
        "deletePropagationPolicy": "RETAIN", "tags": {}}}  # fmt: skip
    of["iam:GetAccountAuthorizationDetails"]["UserDetailList"] = [{
        "UserName": "alice", "Arn": f"arn:aws:iam::{ACCOUNT}:user/alice", "Path": "/", "GroupList": ["ops"],
        "AttachedManagedPolicies": [{"PolicyName": "P", "PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/P"}],
        "PermissionsBoundary": {"PermissionsBoundaryArn": f"arn:aws:iam::{ACCOUNT}:policy/P"}, "Tags": TAGS}]  # fmt: skip
    of["iam:GetAccountAuthorizationDetails"]["GroupDetailList"] = [{
        "GroupName": "ops", "Arn": f"arn:aws:iam::{ACCOUNT}:group/ops", "Path": "/",
        "GroupPolicyList": [{"PolicyName": "inline", "PolicyDocument": json.loads(POLICY)}]}]  # fmt: skip
    of["iam:GetAccountAuthorizationDetails"]["Policies"] = [{
        "PolicyName": "P", "Arn": f"arn:aws:iam::{ACCOUNT}:policy/P", "Path": "/team/", "DefaultVersionId": "v2",
        "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": False, "Document": {}},
                              {"VersionId": "v2", "IsDefaultVersion": True, "Document": json.loads(POLICY)}]}]  # fmt: skip
    of["iam:GetAccountAuthorizationDetails"]["RoleDetailList"][0]["InstanceProfileList"] = [
        {"InstanceProfileName": "nodes"}
    ]
    of["iam:GetAccountAuthorizationDetails"]["RoleDetailList"].append({
        "RoleName": "pod", "Arn": f"arn:aws:iam::{ACCOUNT}:role/pod", "Path": "/",
        "AssumeRolePolicyDocument": {**TRUST, "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "pods.eks.amazonaws.com"}, "Action": "sts:AssumeRole"}]}})  # fmt: skip
    of["iam:GetInstanceProfile"] = {
        "InstanceProfile": {
            "InstanceProfileName": "nodes",
            "Arn": f"arn:aws:iam::{ACCOUNT}:instance-profile/nodes",
            "Roles": [{"RoleName": "eks"}],
        }
    }
    of["iam:GetOpenIDConnectProvider"] = {
        "ClientIDList": ["sts.amazonaws.com"],
        "ThumbprintList": ["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"],
    }
    of["autoscaling:DescribeAutoScalingGroups"] = {"AutoScalingGroups": [{
        "AutoScalingGroupName": "own", "AutoScalingGroupARN": "arn:asg", "MinSize": 1, "MaxSize": 2, "DesiredCapacity": 1,
        "DefaultCooldown": 300, "HealthCheckType": "EC2", "HealthCheckGracePeriod": 0, "VPCZoneIdentifier": "subnet-0a0,subnet-0a1",
        "LaunchConfigurationName": "old", "EnabledMetrics": [{"Metric": "GroupMinSize", "Granularity": "1Minute"}],
        "Tags": [{"Key": "kubernetes.io/cluster/payments", "Value": "owned", "PropagateAtLaunch": True}]}, {
        "AutoScalingGroupName": "managed", "MinSize": 1, "MaxSize": 2, "Tags": [
            {"Key": "kubernetes.io/cluster/payments", "Value": "owned"}, {"Key": "eks:nodegroup-name", "Value": "general"}]}]}  # fmt: skip
    of["autoscaling:DescribeLaunchConfigurations"] = {"LaunchConfigurations": [{
        "LaunchConfigurationName": "old", "ImageId": "ami-0a1", "InstanceType": "m5.large", "InstanceMonitoring": {"Enabled": False},
        "MetadataOptions": {"HttpTokens": "optional"}, "KernelId": ""}]}  # fmt: skip
    of["autoscaling:DescribeLifecycleHooks"] = {"LifecycleHooks": [{
        "AutoScalingGroupName": "own", "LifecycleHookName": "drain", "LifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING",
        "HeartbeatTimeout": 300, "DefaultResult": "CONTINUE", "NotificationTargetARN": QUEUE}]}  # fmt: skip
    of["autoscaling:DescribeNotificationConfigurations"] = {"NotificationConfigurations": [
        {"TopicARN": TOPIC, "NotificationType": "autoscaling:EC2_INSTANCE_LAUNCH_ERROR"}]}  # fmt: skip
    of["ec2:DescribeInstances"] = {"Reservations": [{"Instances": [
        {"InstanceId": "i-0a1", "ImageId": "ami-0a1", "InstanceType": "t3.micro", "SubnetId": "subnet-0a0",
         "State": {"Name": "running"}, "SecurityGroups": [{"GroupId": "sg-0a1"}], "Monitoring": {"State": "disabled"},
         "MetadataOptions": {"State": "applied", "HttpTokens": "optional", "HttpPutResponseHopLimit": 2, "HttpEndpoint": "enabled"},
         "IamInstanceProfile": {"Arn": f"arn:aws:iam::{ACCOUNT}:instance-profile/nodes"}, "PublicIpAddress": "203.0.113.1",
         "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeId": "vol-0a1"}}], "Tags": TAGS},
        {"InstanceId": "i-0a2", "State": {"Name": "running"}, "Tags": [{"Key": "aws:autoscaling:groupName", "Value": "own"}]},
        {"InstanceId": "i-0a3", "State": {"Name": "terminated"}}]}]}  # fmt: skip
    of["ec2:DescribeInstanceAttribute"] = {"UserData": {"Value": "IyEvYmluL3No"}}
    of["ec2:DescribeVolumes"] = {
        "Volumes": [{"VolumeId": "vol-0a1", "Encrypted": False, "Size": 20, "VolumeType": "gp3"}]
    }
    _network(of)
    _messages(of)
    _watchers(of)
    return double


def _network(of: dict[str, Any]) -> None:
    of["ec2:DescribeVpcs"] = {
        "Vpcs": [{"VpcId": "vpc-0a1", "CidrBlock": "10.0.0.0/16", "DhcpOptionsId": "dopt-0a1", "Tags": TAGS}]
    }
    of["ec2:DescribeDhcpOptions"] = {
        "DhcpOptions": [
            {
                "DhcpOptionsId": "dopt-0a1",
                "DhcpConfigurations": [
                    {"Key": "domain-name-servers", "Values": [{"Value": "10.0.0.2"}]},
                    {"Key": "domain-name", "Values": [{"Value": "x.org"}]},
                ],
            }
        ]
    }
    of["ec2:DescribeSecurityGroups"] = {"SecurityGroups": [{
        "GroupId": "sg-0a1", "GroupName": "nodes", "Description": "d", "VpcId": "vpc-0a1", "IpPermissions": [
            {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "ssh"}],
             "Ipv6Ranges": [{"CidrIpv6": "::/0"}], "PrefixListIds": [{"PrefixListId": "pl-0a1"}],
             "UserIdGroupPairs": [{"GroupId": "sg-0b1", "UserId": "999999999999"}]}],
        "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
                                 "UserIdGroupPairs": [{"GroupId": "sg-0a1", "UserId": ACCOUNT}]}]}]}  # fmt: skip
    of["ec2:DescribeManagedPrefixLists"] = {"PrefixLists": [{
        "PrefixListId": "pl-0a1", "PrefixListName": "offices", "OwnerId": ACCOUNT, "AddressFamily": "IPv4", "MaxEntries": 5,
        "PrefixListArn": "arn:pl"}]}  # fmt: skip
    of["ec2:GetManagedPrefixListEntries"] = {"Entries": [{"Cidr": "198.51.100.0/24", "Description": "hq"}]}
    of["ec2:DescribeRouteTables"] = {"RouteTables": [
        {"RouteTableId": "rtb-0a1", "Associations": [{"Main": True, "RouteTableAssociationId": "rtbassoc-0a1"}], "Routes": [
            {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local"}, {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-0a1"},
            {"DestinationPrefixListId": "pl-0b1", "GatewayId": "vpce-0a1"}]},
        {"RouteTableId": "rtb-0a2", "Associations": [{"SubnetId": "subnet-0a1", "RouteTableAssociationId": "rtbassoc-0a2"}],
         "Routes": [{"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-0a1"}]}]}  # fmt: skip
    of["ec2:DescribeNetworkAcls"] = {"NetworkAcls": [
        {"NetworkAclId": "acl-0a1", "IsDefault": True, "Entries": [
            {"RuleNumber": 100, "Protocol": "-1", "RuleAction": "allow", "CidrBlock": "0.0.0.0/0", "Egress": True}]},
        {"NetworkAclId": "acl-0a2", "IsDefault": False, "Entries": [
            {"RuleNumber": 10, "Protocol": "6", "RuleAction": "allow", "CidrBlock": "0.0.0.0/0", "Egress": False,
             "PortRange": {"From": 22, "To": 22}},
            {"RuleNumber": 32767, "Protocol": "-1", "RuleAction": "deny", "CidrBlock": "0.0.0.0/0", "Egress": False}]}]}  # fmt: skip
    of["ec2:DescribeVpcEndpoints"] = {"VpcEndpoints": [{
        "VpcEndpointId": "vpce-0a1", "VpcEndpointType": "Interface", "VpcId": "vpc-0a1", "SubnetIds": ["subnet-0a0"],
        "ServiceName": f"com.amazonaws.{REGION}.sts", "PolicyDocument": POLICY, "PrivateDnsEnabled": True, "RouteTableIds": [],
        "Groups": [{"GroupId": "sg-0a1"}]}]}  # fmt: skip
    of["ec2:DescribeFlowLogs"] = {"FlowLogs": [{
        "FlowLogId": "fl-0a1", "ResourceId": "vpc-0a1", "TrafficType": "ALL", "LogDestinationType": "s3",
        "LogDestination": "arn:aws:s3:::flows", "LogFormat": "${version}", "MaxAggregationInterval": 600}]}  # fmt: skip
    of["ec2:DescribeInternetGateways"] = {"InternetGateways": [{"InternetGatewayId": "igw-0a1"}]}
    of["ec2:DescribeNatGateways"] = {"NatGateways": [{"NatGatewayId": "nat-0a1", "SubnetId": "subnet-0a0", "State": "available"},
                                                     {"NatGatewayId": "nat-0a2", "State": "deleted"}]}  # fmt: skip
    peer = {"VpcPeeringConnectionId": "pcx-0a1", "Status": {"Code": "active"}, "RequesterVpcInfo": {"VpcId": "vpc-0a1"},
            "AccepterVpcInfo": {"VpcId": "vpc-0b1", "OwnerId": "999999999999", "Region": "eu-central-1"}}  # fmt: skip
    foreign = {**peer, "VpcPeeringConnectionId": "pcx-0a2", "RequesterVpcInfo": {"VpcId": "vpc-0c1"}}
    of["ec2:DescribeVpcPeeringConnections"] = {"VpcPeeringConnections": [peer, foreign]}
    of["ec2:DescribeTransitGatewayVpcAttachments"] = {
        "TransitGatewayVpcAttachments": [
            {
                "TransitGatewayAttachmentId": "tgw-attach-0a1",
                "TransitGatewayId": "tgw-0a1",
                "VpcId": "vpc-0a1",
                "SubnetIds": ["subnet-0a0"],
            }
        ]
    }
    of["ec2:DescribeInstanceConnectEndpoints"] = {
        "InstanceConnectEndpoints": [
            {
                "InstanceConnectEndpointId": "eice-0a1",
                "SubnetId": "subnet-0a0",
                "SecurityGroupIds": ["sg-0a1"],
                "PreserveClientIp": False,
            }
        ]
    }
    of["ec2:DescribeVpcBlockPublicAccessExclusions"] = {"VpcBlockPublicAccessExclusions": [{
        "ExclusionId": "vpcbpa-exclude-0a1", "InternetGatewayExclusionMode": "allow-egress", "State": "create-complete",
        "ResourceArn": f"arn:aws:ec2:{REGION}:{ACCOUNT}:vpc/vpc-0a1"}]}  # fmt: skip
    of["efs:DescribeFileSystems"] = {"FileSystems": [
        {"FileSystemId": "fs-0a1", "FileSystemArn": "arn:fs", "Encrypted": True, "KmsKeyId": KEY, "Tags": TAGS,
         "PerformanceMode": "generalPurpose", "ThroughputMode": "elastic"}]}  # fmt: skip
    of["efs:DescribeMountTargets"] = {"MountTargets": [
        {"MountTargetId": "fsmt-0a1", "VpcId": "vpc-0a1", "SubnetId": "subnet-0a0"}]}  # fmt: skip
    of["efs:DescribeBackupPolicy"] = {"BackupPolicy": {"Status": "ENABLING"}}
    of["efs:DescribeFileSystemPolicy"] = {"Policy": POLICY}
    of["efs:DescribeAccessPoints"] = {
        "AccessPoints": [
            {
                "AccessPointId": "fsap-0a1",
                "FileSystemId": "fs-0a1",
                "PosixUser": {"Uid": 1000, "Gid": 1000},
                "RootDirectory": {"Path": "/a"},
            }
        ]
    }
    balancer = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:loadbalancer/net/web/1"
    of["elbv2:DescribeLoadBalancers"] = {"LoadBalancers": [
        {"LoadBalancerArn": balancer, "LoadBalancerName": "web", "Scheme": "internet-facing", "Type": "network", "VpcId": "vpc-0a1",
         "AvailabilityZones": [{"SubnetId": "subnet-0a0"}]},
        {"LoadBalancerArn": "arn:other", "LoadBalancerName": "other", "VpcId": "vpc-0b1"}]}  # fmt: skip
    of["elbv2:DescribeLoadBalancerAttributes"] = {
        "Attributes": [{"Key": "deletion_protection.enabled", "Value": "false"}]
    }
    of["elbv2:DescribeTags"] = {"TagDescriptions": [{"Tags": TAGS}]}
    of["elb:DescribeLoadBalancers"] = {
        "LoadBalancerDescriptions": [
            {
                "LoadBalancerName": "a1b2",
                "VPCId": "vpc-0a1",
                "Scheme": "internet-facing",
                "Subnets": ["subnet-0a0"],
                "ListenerDescriptions": [
                    {
                        "Listener": {
                            "Protocol": "TCP",
                            "LoadBalancerPort": 80,
                            "InstanceProtocol": "TCP",
                            "InstancePort": 31000,
                        }
                    }
                ],
            },
            {"LoadBalancerName": "other", "VPCId": "vpc-0b1"},
        ]
    }
    of["elb:DescribeTags"] = {
        "TagDescriptions": [
            {"LoadBalancerName": "a1b2", "Tags": [{"Key": "kubernetes.io/service-name", "Value": "web"}]}
        ]
    }
    of["network-firewall:ListFirewalls"] = {"Firewalls": [{"FirewallArn": "arn:fw"}]}
    of["network-firewall:DescribeFirewall"] = {"Firewall": {
        "FirewallName": "fw", "FirewallArn": "arn:aws:network-firewall:fw", "VpcId": "vpc-0a1", "DeleteProtection": True,
        "FirewallPolicyArn": "arn:aws:network-firewall:p", "SubnetMappings": [{"SubnetId": "subnet-0a0"}]}}  # fmt: skip
    of["route53resolver:ListResolverRuleAssociations"] = {
        "ResolverRuleAssociations": [{"Id": "rslvr-a", "ResolverRuleId": "rslvr-r"}]
    }
    of["route53resolver:GetResolverRule"] = {"ResolverRule": {
        "RuleType": "FORWARD", "DomainName": "corp.", "Name": "corp", "TargetIps": [{"Ip": "10.9.0.2", "Port": 53}]}}  # fmt: skip
    of["route53profiles:ListProfileAssociations"] = {"ProfileAssociations": [
        {"Id": "rpassoc-1", "Name": "vpc", "ProfileId": "rp-1", "ResourceId": "vpc-0a1", "Status": "COMPLETE"}]}  # fmt: skip
    of["route53profiles:ListProfiles"] = {
        "ProfileSummaries": [{"Id": "rp-1", "Name": "corp", "ShareStatus": "NOT_SHARED"}]
    }
    of["route53profiles:ListProfileResourceAssociations"] = {"ProfileResourceAssociations": [
        {"Id": "rpr-1", "Name": "zone", "ProfileId": "rp-1", "ResourceArn": "arn:aws:route53:::hostedzone/Z1"}]}  # fmt: skip
    of["route53:GetHostedZone"] = {
        "HostedZone": {"Id": "/hostedzone/Z1", "Name": "corp.example."},
        "VPCs": [{"VPCId": "vpc-0a1", "VPCRegion": REGION}],
    }


def _messages(of: dict[str, Any]) -> None:
    of["events:ListRules"] = {"Rules": [
        {"Name": "eks", "Arn": f"arn:aws:events:{REGION}:{ACCOUNT}:rule/eks", "EventPattern": '{"source": ["aws.eks"]}', "State": "ENABLED",
         "EventBusName": "default"},
        {"Name": "lambda", "Arn": "arn:l", "EventPattern": '{"source": ["aws.lambda"]}'},
        {"Name": "managed", "Arn": "arn:m", "EventPattern": '{"source": ["aws.eks"]}', "ManagedBy": "guardduty.amazonaws.com"}]}  # fmt: skip
    of["events:ListTargetsByRule"] = {"Targets": [
        {"Id": str(n), "Arn": arn, "DeadLetterConfig": {"Arn": QUEUE}} for n, arn in enumerate(
            (TOPIC, QUEUE, FUNCTION, MACHINE, SECRET, f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/central"))]}  # fmt: skip
    of["events:DescribeEventBus"] = {
        "Name": "central",
        "Arn": f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/central",
        "Policy": POLICY,
    }
    of["sns:GetTopicAttributes"] = {"Attributes": {
        "KmsMasterKeyId": KEY, "Policy": POLICY, "HTTPSuccessFeedbackRoleArn": ROLE, "HTTPFailureFeedbackRoleArn": ROLE,
        "TracingConfig": "PassThrough"}}  # fmt: skip
    of["sns:ListSubscriptionsByTopic"] = {"Subscriptions": [
        {"SubscriptionArn": f"{TOPIC}:1", "Protocol": "https", "Endpoint": "https://x.org", "TopicArn": TOPIC},
        {"SubscriptionArn": "PendingConfirmation", "Protocol": "email", "Endpoint": "a@x.org", "TopicArn": TOPIC}]}  # fmt: skip
    of["sns:GetSubscriptionAttributes"] = {"Attributes": {"RedrivePolicy": json.dumps({"deadLetterTargetArn": QUEUE})}}
    of["sqs:GetQueueUrl"] = {"QueueUrl": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/dead"}
    of["sqs:GetQueueAttributes"] = {"Attributes": {
        "Policy": POLICY, "SqsManagedSseEnabled": "true", "MessageRetentionPeriod": "1209600", "DelaySeconds": "0",
        "RedriveAllowPolicy": json.dumps({"redrivePermission": "denyAll"})}}  # fmt: skip
    of["lambda:GetFunctionConfiguration"] = {
        "FunctionName": "closer", "FunctionArn": FUNCTION, "Runtime": "python3.13", "Role": ROLE, "Handler": "i.h", "MemorySize": 128,
        "Timeout": 30, "PackageType": "Zip", "VpcConfig": {"VpcId": "vpc-0a1", "SubnetIds": ["subnet-0a0"], "SecurityGroupIds": ["sg-0a1"]},
        "Environment": {"Variables": {"A": "b"}}, "TracingConfig": {"Mode": "Active"}, "Layers": [{"Arn": "arn:layer"}],
        "Architectures": ["arm64"],
    }  # fmt: skip
    of["lambda:ListFunctions"] = {"Functions": [{"FunctionArn": FUNCTION, "VpcConfig": {"VpcId": "vpc-0a1"}}]}
    of["lambda:GetPolicy"] = {"Policy": json.dumps({"Statement": [{
        "Sid": "events", "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "lambda:InvokeFunction",
        "Condition": {"ArnLike": {"AWS:SourceArn": f"arn:aws:events:{REGION}:{ACCOUNT}:rule/eks"}}}]})}  # fmt: skip
    of["lambda:GetFunctionUrlConfig"] = {"FunctionUrl": "https://f.on.aws/", "AuthType": "NONE"}
    of["lambda:GetFunctionEventInvokeConfig"] = {
        "MaximumRetryAttempts": 0,
        "DestinationConfig": {"OnFailure": {"Destination": QUEUE}},
    }
    of["stepfunctions:DescribeStateMachine"] = {
        "stateMachineArn": MACHINE, "name": "digest", "roleArn": ROLE, "type": "STANDARD", "definition": "{}",
        "loggingConfiguration": {"level": "ALL", "includeExecutionData": True, "destinations": [
            {"cloudWatchLogsLogGroup": {"logGroupArn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/eks/payments/cluster:*"}}]},
    }  # fmt: skip
    of["secretsmanager:DescribeSecret"] = {"ARN": SECRET, "Name": "token", "KmsKeyId": KEY, "RotationEnabled": True, "Tags": TAGS,
                                           "RotationRules": {"AutomaticallyAfterDays": 30}}  # fmt: skip
    of["secretsmanager:GetResourcePolicy"] = {"ResourcePolicy": POLICY}


def _watchers(of: dict[str, Any]) -> None:
    of["cloudtrail:DescribeTrails"] = {"trailList": [{
        "Name": "all", "TrailARN": f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/all", "S3BucketName": "trails", "IsMultiRegionTrail": True,
        "LogFileValidationEnabled": True, "KmsKeyId": KEY, "SnsTopicARN": TOPIC, "IncludeGlobalServiceEvents": True}]}  # fmt: skip
    of["cloudtrail:GetTrailStatus"] = {"IsLogging": True}
    of["cloudtrail:GetEventSelectors"] = {"EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": True}]}
    of["cloudtrail:ListTags"] = {"ResourceTagList": [{"TagsList": TAGS}]}
    of["s3:GetBucketVersioning"] = {"Status": "Enabled"}
    of["s3:GetBucketEncryption"] = {"ServerSideEncryptionConfiguration": {"Rules": [{
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}, "BucketKeyEnabled": True}]}}  # fmt: skip
    of["s3:GetPublicAccessBlock"] = absent("NoSuchPublicAccessBlockConfiguration")
    of["s3:GetObjectLockConfiguration"] = {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}}
    of["s3:GetBucketLogging"] = {"LoggingEnabled": {"TargetBucket": "access", "TargetPrefix": "t/"}}
    of["s3:GetBucketLifecycleConfiguration"] = {"Rules": [{
        "ID": "old", "Status": "Enabled", "Filter": {"Prefix": "a/"}, "Expiration": {"Days": 400},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 7}, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}]}  # fmt: skip
    of["s3:GetBucketReplication"] = absent("ReplicationConfigurationNotFoundError")
    of["s3:GetBucketPolicy"] = {"Policy": POLICY}
    of["s3:GetBucketTagging"] = {"TagSet": TAGS}
    of["guardduty:ListDetectors"] = {"DetectorIds": ["d1"]}
    of["guardduty:GetDetector"] = {"Status": "ENABLED", "FindingPublishingFrequency": "FIFTEEN_MINUTES", "Features": [
        {"Name": "EKS_AUDIT_LOGS", "Status": "ENABLED"},
        {"Name": "RUNTIME_MONITORING", "Status": "ENABLED", "AdditionalConfiguration": [{"Name": "EKS_ADDON_MANAGEMENT", "Status": "ENABLED"}]},
    ]}  # fmt: skip
    of["config:DescribeConfigurationRecorders"] = {"ConfigurationRecorders": [
        {"name": "default", "roleARN": ROLE, "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True}},
        {"name": "stopped", "roleARN": ROLE}]}  # fmt: skip
    of["config:DescribeConfigurationRecorderStatus"] = {"ConfigurationRecordersStatus": [
        {"name": "default", "recording": True}, {"name": "stopped", "recording": False}]}  # fmt: skip
    of["config:DescribeDeliveryChannels"] = {"DeliveryChannels": [{"name": "default", "s3BucketName": "config"}]}
    of["config:DescribeConfigRules"] = {
        "ConfigRules": [
            {
                "ConfigRuleName": "eks",
                "ConfigRuleArn": "arn:r",
                "Source": {"Owner": "AWS", "SourceIdentifier": "EKS_ENDPOINT_NO_PUBLIC_ACCESS"},
            }
        ]
    }
    of["accessanalyzer:ListAnalyzers"] = {
        "analyzers": [
            {
                "arn": f"arn:aws:access-analyzer:{REGION}:{ACCOUNT}:analyzer/a",
                "name": "a",
                "type": "ACCOUNT",
                "status": "ACTIVE",
            },
            {"arn": "arn:b", "name": "b", "type": "ACCOUNT", "status": "DISABLED"},
        ]
    }
    of["backup:ListBackupPlans"] = {"BackupPlansList": [{"BackupPlanId": "p1", "BackupPlanArn": "arn:plan"}]}
    of["backup:GetBackupPlan"] = {"BackupPlan": {"BackupPlanName": "daily", "Rules": [{
        "RuleName": "daily", "RuleId": "r", "TargetBackupVaultName": "vault", "ScheduleExpression": "cron(0 5 ? * * *)",
        "Lifecycle": {"DeleteAfterDays": 35}}]}}  # fmt: skip
    of["backup:ListBackupSelections"] = {"BackupSelectionsList": [{"SelectionId": "s1"}]}
    of["backup:GetBackupSelection"] = {
        "BackupSelection": {"SelectionName": "eks", "IamRoleArn": ROLE, "Resources": ["*"]}
    }
    of["backup:ListBackupVaults"] = {"BackupVaultList": [
        {"BackupVaultName": "vault", "BackupVaultArn": "arn:v", "EncryptionKeyArn": KEY, "Locked": True, "MinRetentionDays": 7,
         "MaxRetentionDays": 365}]}  # fmt: skip
    of["backup:GetBackupVaultAccessPolicy"] = {"Policy": POLICY}
    of["ecr:DescribeRepositories"] = {"repositories": [
        {"repositoryName": "team/app", "repositoryArn": f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/team/app", "imageTagMutability": "IMMUTABLE",
         "imageScanningConfiguration": {"scanOnPush": True}, "encryptionConfiguration": {"encryptionType": "KMS", "kmsKey": KEY}},
        {"repositoryName": f"cdk-hnb659fds-container-assets-{ACCOUNT}-{REGION}", "repositoryArn": "arn:cdk"}]}  # fmt: skip
    of["ecr:GetRepositoryPolicy"] = {"policyText": POLICY}
    of["ecr:GetLifecyclePolicy"] = {"lifecyclePolicyText": '{"rules": []}'}
    of["ecr:GetRegistryPolicy"] = {"policyText": POLICY}
    of["ecr:GetRegistryScanningConfiguration"] = {"scanningConfiguration": {"scanType": "ENHANCED", "rules": [
        {"scanFrequency": "CONTINUOUS_SCAN", "repositoryFilters": [{"filter": "*", "filterType": "WILDCARD"}]}]}}  # fmt: skip
    of["ecr:DescribeRegistry"] = {
        "replicationConfiguration": {"rules": [{"destinations": [{"region": "eu-central-1", "registryId": ACCOUNT}]}]}
    }
    of["ecr:DescribePullThroughCacheRules"] = {"pullThroughCacheRules": [{
        "ecrRepositoryPrefix": "public", "upstreamRegistryUrl": "public.ecr.aws", "createdAt": "x", "registryId": ACCOUNT}]}  # fmt: skip
    of["ecr:DescribeRepositoryCreationTemplates"] = {"repositoryCreationTemplates": [{
        "prefix": "ROOT", "appliedFor": ["CREATE_ON_PUSH"], "imageTagMutability": "IMMUTABLE", "createdAt": "x"}]}  # fmt: skip
    of["logs:DescribeMetricFilters"] = {"metricFilters": [{
        "filterName": "denied", "filterPattern": "{ $.x = 1 }", "metricTransformations": [
            {"metricName": "Denied", "metricNamespace": "Audit", "metricValue": "1", "dimensions": {"verb": "$.verb"}}]}]}  # fmt: skip
    of["logs:DescribeSubscriptionFilters"] = {"subscriptionFilters": [{
        "filterName": "siem", "filterPattern": "", "destinationArn": f"arn:aws:firehose:{REGION}:{ACCOUNT}:deliverystream/s"}]}  # fmt: skip
    of["logs:DescribeResourcePolicies"] = {"resourcePolicies": [{"policyName": "events", "policyDocument": POLICY}]}
    of["cloudwatch:DescribeAlarms"] = {
        "MetricAlarms": [
            {"AlarmName": "denied", "AlarmArn": "arn:alarm", "Namespace": "Audit", "MetricName": "Denied", "AlarmActions": [TOPIC],
             "EvaluationPeriods": 1, "ComparisonOperator": "GreaterThanThreshold", "Threshold": 1.0},
            {"AlarmName": "unrelated", "AlarmArn": "arn:u", "Namespace": "Shop", "MetricName": "Orders"}],
        "CompositeAlarms": [
            {"AlarmName": "any", "AlarmArn": "arn:any", "AlarmRule": 'ALARM("denied")'},
            {"AlarmName": "shop", "AlarmArn": "arn:shop", "AlarmRule": 'ALARM("unrelated")'}],
    }  # fmt: skip


@pytest.fixture(scope="module")
def account() -> Seen:
    double = everything()
    return read(double.clients(), ACCOUNT, REGION)


def of(account: Seen, type_: str) -> list[Found]:
    return [one for one in account.found if one.type == f"AWS::{type_}"]


def one(account: Seen, type_: str) -> dict[str, Any]:
    (found,) = of(account, type_)
    return found.properties


def test_nothing_is_refused(account: Seen) -> None:
    assert account.refusals == []


def test_every_resource_has_the_shape_of_its_type(account: Seen) -> None:
    """A property that the provider schema has not would be read by no control."""
    kinds = {found.type for found in account.found}
    assert len(kinds) > 75
    wrong = {}
    for found in account.found:
        if found.type in ONLY_IN_ACCOUNTS:
            continue
        try:
            schemas.validate(found.type, found.properties)
        except schemas.InvalidPropertiesError as error:  # lengths and patterns are of what the double makes up
            told = [one for one in str(error).split("; ") if "extraneous" in one or "expected type" in one]
            wrong |= {found.type: told} if told else {}
    assert wrong == {}


def test_what_belongs_to_others_is_left_out(account: Seen) -> None:
    assert [found.id for found in of(account, "AutoScaling::AutoScalingGroup")] == ["own"]
    assert [found.id for found in of(account, "EC2::Instance")] == ["i-0a1"]
    assert [found.id for found in of(account, "EC2::NetworkAcl")] == ["acl-0a2"]
    assert [found.id for found in of(account, "EC2::NatGateway")] == ["nat-0a1"]
    assert [found.id for found in of(account, "EC2::VPCPeeringConnection")] == ["pcx-0a1"]
    assert [found.id for found in of(account, "ECR::Repository")] == ["team/app"]
    assert [found.id for found in of(account, "Events::Rule")] == ["eks"]
    assert [found.id for found in of(account, "CloudWatch::Alarm")] == ["denied"]
    assert [found.id for found in of(account, "CloudWatch::CompositeAlarm")] == ["any"]
    assert [found.id for found in of(account, "Config::ConfigurationRecorder")] == ["default"]
    assert [found.id for found in of(account, "AccessAnalyzer::Analyzer")] == [
        f"arn:aws:access-analyzer:{REGION}:{ACCOUNT}:analyzer/a"
    ]
    assert [found.id for found in of(account, "IAM::Role")] == ["eks", "pod"]
    assert {
        found.properties.get("LoadBalancerArn", "").rpartition("/")[0][-3:]
        for found in of(account, "ElasticLoadBalancingV2::LoadBalancer")
    } == {"web"}
    assert [found.id for found in of(account, "ElasticLoadBalancing::LoadBalancer")] == ["a1b2"]
    assert len(of(account, "EKS::PodIdentityAssociation")) == 1
    assert len(of(account, "EKS::AccessEntry")) == 2  # not that of the service-linked role


def test_rules_of_a_group_stand_one_by_one(account: Seen) -> None:
    group = one(account, "EC2::SecurityGroup")
    assert [{k: v for k, v in rule.items() if k not in {"IpProtocol", "FromPort", "ToPort"}} for rule in group["SecurityGroupIngress"]] == [
        {"CidrIp": "0.0.0.0/0", "Description": "ssh"}, {"CidrIpv6": "::/0"}, {"SourcePrefixListId": "pl-0a1"},
        {"SourceSecurityGroupId": "sg-0b1", "SourceSecurityGroupOwnerId": "999999999999"},
    ]  # fmt: skip
    assert group["SecurityGroupEgress"] == [
        {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}, {"IpProtocol": "-1", "DestinationSecurityGroupId": "sg-0a1"},
    ]  # fmt: skip


def test_subnets_without_a_route_table_have_the_main_one(account: Seen) -> None:
    tables = {
        found.properties["SubnetId"]: found.properties["RouteTableId"]
        for found in of(account, "EC2::SubnetRouteTableAssociation")
    }
    assert tables == {"subnet-0a0": "rtb-0a1", "subnet-0a1": "rtb-0a2", "subnet-0a2": "rtb-0a1"}
    assert sorted(found.properties["DestinationCidrBlock"] for found in of(account, "EC2::Route")) == ["0.0.0.0/0"] * 2


def test_a_launch_template_is_shown_in_the_version_that_is_used(account: Seen) -> None:
    template = one(account, "EC2::LaunchTemplate")
    assert template["LaunchTemplateData"]["MetadataOptions"] == {"HttpTokens": "required", "HttpPutResponseHopLimit": 1}
    assert (template["LatestVersionNumber"], template["DefaultVersionNumber"]) == ("4", "1")
    assert one(account, "EKS::Nodegroup")["LaunchTemplate"] == {"Id": "lt-0a1", "Version": "3"}


def test_keys_of_users_keep_their_case(account: Seen) -> None:
    assert one(account, "EKS::Nodegroup")["Labels"] == {"camelCase": "kept"}
    assert one(account, "EKS::FargateProfile")["Selectors"] == [
        {"Namespace": "web", "Labels": [{"Key": "tier", "Value": "front"}]}
    ]


def test_a_machine_shows_what_its_volumes_are(account: Seen) -> None:
    machine = one(account, "EC2::Instance")
    assert machine["BlockDeviceMappings"] == [
        {"DeviceName": "/dev/xvda", "Ebs": {"VolumeType": "gp3", "Encrypted": False, "VolumeSize": 20}}
    ]
    assert machine["NetworkInterfaces"][0]["AssociatePublicIpAddress"] is True
    assert machine["Tags"] == [{"Key": "owner", "Value": "team"}]


def test_identities_and_their_policies(account: Seen) -> None:
    assert one(account, "IAM::User")["Groups"] == ["ops"]
    assert one(account, "IAM::Group")["Policies"][0]["PolicyDocument"]["Statement"][0]["Action"] == "*"
    assert one(account, "IAM::ManagedPolicy")["PolicyDocument"]["Statement"][0]["Effect"] == "Allow"
    assert one(account, "IAM::InstanceProfile")["Roles"] == ["eks"]


def test_a_bucket_is_what_its_calls_say(account: Seen) -> None:
    bucket = next(found for found in of(account, "S3::Bucket") if found.id == "trails").properties
    assert "PublicAccessBlockConfiguration" not in bucket
    assert bucket["LifecycleConfiguration"]["Rules"] == [{
        "Status": "Enabled", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}, "Id": "old", "Prefix": "a/",
        "ExpirationInDays": 400, "NoncurrentVersionExpiration": {"NoncurrentDays": 7}}]  # fmt: skip
    assert (
        bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"][0]["ServerSideEncryptionByDefault"][
            "KMSMasterKeyID"
        ]
        == KEY
    )


def test_a_topic_that_logs_its_deliveries(account: Seen) -> None:
    assert one(account, "SNS::Topic")["DeliveryStatusLogging"] == [
        {"Protocol": "http/s", "SuccessFeedbackRoleArn": ROLE, "FailureFeedbackRoleArn": ROLE}
    ]
    assert {found.properties["Protocol"] for found in of(account, "SNS::Subscription")} == {"https", "email"}
