"""The known mistakes of nodes: the app in which each is made, the control that finds it, and a change of templates.

Row by row what people get wrong with self-managed nodes, Karpenter, Auto Mode, Fargate, Windows and hybrid nodes.
"""

from __future__ import annotations

import base64
from typing import Any

import yaml

from tests.controls.cases import Mutation, both, change, drop
from tests.controls.self_managed import trust

ASG, LT, LC = "AWS::AutoScaling::AutoScalingGroup", "AWS::EC2::LaunchTemplate", "AWS::AutoScaling::LaunchConfiguration"
CLUSTER, NG, FARGATE, ENTRY = (
    f"AWS::EKS::{kind}" for kind in ("Cluster", "Nodegroup", "FargateProfile", "AccessEntry")
)
ROLE, INSTANCE = "AWS::IAM::Role", "AWS::EC2::Instance"
RULE, QUEUE, QUEUE_POLICY = "AWS::Events::Rule", "AWS::SQS::Queue", "AWS::SQS::QueuePolicy"
DATA = "LaunchTemplateData"
INTERFACE = f"{DATA}.NetworkInterfaces.0"
OVERRIDE = "MixedInstancesPolicy.LaunchTemplate.Overrides.0.InstanceType"
EVENTS = {
    "Effect": "Allow",
    "Principal": {"Service": "events.amazonaws.com"},
    "Action": "sqs:SendMessage",
    "Resource": "*",
}
REMOTE = "RemoteNetworkConfig"


def aws(name: str) -> dict[str, str]:
    """ARN of a policy of AWS."""
    return {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::aws:policy/{name}"}


def of(part: str, mutation: Mutation) -> Mutation:
    """Apply a mutation to the resources whose logical id has a part."""

    def mutate(body: dict[str, Any]) -> dict[str, Any]:
        chosen = {name: one for name, one in body["Resources"].items() if part in name}
        return {**body, "Resources": {**body["Resources"], **mutation({"Resources": chosen})["Resources"]}}

    return mutate


def without(part: str) -> Mutation:
    """Remove the resources whose logical id has a part."""
    return lambda body: {**body, "Resources": {k: v for k, v in body["Resources"].items() if part not in k}}


def with_one(name: str, type_: str, **properties: Any) -> Mutation:
    """Add a resource to the templates that have a cluster."""

    def mutate(body: dict[str, Any]) -> dict[str, Any]:
        if not any(one["Type"] == CLUSTER for one in body["Resources"].values()):
            return body
        return {**body, "Resources": {**body["Resources"], name: {"Type": type_, "Properties": properties}}}

    return mutate


def user_data(text: str) -> Mutation:
    return change(LT, f"{DATA}.UserData", base64.b64encode(text.encode()).decode())


def script(option: str) -> str:
    """A script that starts the kubelet with an option."""
    return f"#!/bin/bash\n/etc/eks/bootstrap.sh one --kubelet-extra-args '{option}'\n"


def bottlerocket(*, admin: bool = False, lockdown: str = "integrity") -> str:
    """Settings of Bottlerocket."""
    return (
        f"[settings.host-containers.admin]\nenabled = {str(admin).lower()}\n"
        f"[settings.kernel]\nlockdown = '{lockdown}'\n"
    )


def public(body: dict[str, Any]) -> dict[str, Any]:
    """Give the first route table a way to the internet."""
    table = next((name for name in body["Resources"] if name.startswith("NetworkRoutes1")), None)
    if table is None:
        return body
    route = {"RouteTableId": {"Ref": table}, "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": {"Ref": "Gateway"}}
    added = {
        "Out": {"Type": "AWS::EC2::Route", "Properties": route},
        "Gateway": {"Type": "AWS::EC2::InternetGateway", "Properties": {}},
    }
    return {**body, "Resources": {**body["Resources"], **added}}


def mime(text: str) -> str:
    """User data of AL2023, in the form in which EKS merges parts."""
    head = 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="B"\n\n'
    return f"{head}--B\nContent-Type: application/node.eks.aws\n\n{text}\n--B--\n"


def kubelet(**config: Any) -> str:
    """A NodeConfig that sets the kubelet."""
    spec = {"kubelet": {"config": config}}
    return mime(yaml.safe_dump({"apiVersion": "node.eks.aws/v1alpha1", "kind": "NodeConfig", "spec": spec}))


PUSHES, ADMIN, POWER, BUCKETS = (
    aws(name)
    for name in (
        "AmazonEC2ContainerRegistryPowerUser",
        "AdministratorAccess",
        "PowerUserAccess",
        "AmazonS3FullAccess",
    )
)
NODES_OF_AUTO_MODE = {"Fn::GetAtt": ["ClusterAutoModeRole2C2D7A94", "Arn"]}
AL2023 = change(
    LT,
    f"{DATA}.ImageId",
    "resolve:ssm:/aws/service/eks/optimized-ami/1.37/amazon-linux-2023/arm64/standard/recommended/image_id",
)
OPEN_BLOCK = change(LT, f"{DATA}.InstanceMarketOptions", {"MarketType": "capacity-block"})

Row = tuple[str, str, str, Mutation]
"""The app, what is wrong, the control that finds it, and how it is done."""

LAUNCH: list[Row] = [
    ("self-managed", "IMDSv1 answers", "ND-03", change(LT, f"{DATA}.MetadataOptions.HttpTokens", "optional")),
    ("self-managed", "pods reach IMDS", "ND-04", change(LT, f"{DATA}.MetadataOptions.HttpPutResponseHopLimit", 2)),
    ("self-managed", "no word of IMDS", "ND-03", drop(LT, f"{DATA}.MetadataOptions")),
    ("self-managed", "a plain volume", "ND-05", change(LT, f"{DATA}.BlockDeviceMappings.1.Ebs.Encrypted", False)),
    ("self-managed", "the AWS key", "ND-06", drop(LT, f"{DATA}.BlockDeviceMappings.1.Ebs.KmsKeyId")),
    ("self-managed", "a public address", "ND-07", change(LT, f"{INTERFACE}.AssociatePublicIpAddress", True)),
    ("self-managed", "a key pair", "ND-10", change(LT, f"{DATA}.KeyName", "ops")),
    ("self-managed", "Xen", "ND-11", change(ASG, OVERRIDE, "m4.large")),
    ("self-managed", "Xen in the template", "ND-11", change(LT, f"{DATA}.InstanceType", "m4.large")),
    ("self-managed", "plain traffic", "ND-12", change(ASG, OVERRIDE, "m6g.large")),
    ("self-managed", "a type misspelt", "DP-03", change(ASG, OVERRIDE, "m7g.lagre")),
    ("self-managed", "min above max", "DP-04", change(ASG, "MinSize", "7")),
    ("self-managed", "groups of a node", "DP-28", change(ENTRY, "KubernetesGroups", ["system:masters"])),
    (
        "self-managed",
        "entries that do not count",
        "DP-28",
        change(CLUSTER, "AccessConfig.AuthenticationMode", "CONFIG_MAP"),
    ),
    ("self-managed", "public subnets", "NW-07", public),
    ("self-managed", "nodes in public subnets", "ND-08", public),
    ("self-managed", "no profile", "DP-81", drop(LT, f"{DATA}.IamInstanceProfile")),
    ("self-managed", "no security group", "DP-81", drop(LT, f"{INTERFACE}.Groups")),
    (
        "self-managed",
        "no tag of the cluster",
        "DP-81",
        change(ASG, "Tags", [{"Key": "a", "Value": "b", "PropagateAtLaunch": True}]),
    ),
    ("self-managed", "no entry", "DP-80", without("generalEntry")),
    ("self-managed", "an entry for people", "DP-80", of("generalEntry", change(ENTRY, "Type", "STANDARD"))),
    (
        "self-managed",
        "AL2",
        "ND-13",
        change(
            LT,
            f"{DATA}.ImageId",
            "resolve:ssm:/aws/service/eks/optimized-ami/1.32/amazon-linux-2-arm64/recommended/image_id",
        ),
    ),
    (
        "self-managed",
        "four versions old",
        "DP-17",
        change(LT, f"{DATA}.ImageId", "resolve:ssm:/aws/service/bottlerocket/aws-k8s-1.33/arm64/latest/image_id"),
    ),
    ("self-managed", "newer than the cluster", "DP-17", both(change(CLUSTER, "Version", "1.36"))),
    ("self-managed", "another architecture", "DP-02", change(ASG, OVERRIDE, "m7i.large")),
    ("self-managed", "one type alone", "ND-18", drop(ASG, "MixedInstancesPolicy.LaunchTemplate.Overrides.1")),
    ("self-managed", "nobody hears of them", "ND-19", without("generalAlertsRule")),
    ("self-managed", "nothing bounds their life", "ND-02", drop(ASG, "MaxInstanceLifetime")),
    ("self-managed", "nothing holds them", "ND-02", drop(ASG, "LifecycleHookSpecificationList")),
    ("self-managed", "a hook that nobody hears", "ND-02", without("TerminationHandlerRule")),
]
"""What starts nodes."""

USER_DATA: list[Row] = [
    (
        "self-managed",
        "anonymous calls of the kubelet",
        "ND-21",
        both(AL2023, user_data(script("--anonymous-auth=true"))),
    ),
    (
        "self-managed",
        "its read-only port",
        "ND-21",
        both(AL2023, user_data(mime("#!/bin/bash\nkubelet --read-only-port=10255\n"))),
    ),
    (
        "self-managed",
        "anybody may do anything",
        "ND-21",
        both(AL2023, user_data(kubelet(authorization={"mode": "AlwaysAllow"}))),
    ),
    ("self-managed", "kernel defaults", "ND-21", both(AL2023, user_data(kubelet(protectKernelDefaults=False)))),
    (
        "self-managed",
        "anonymous in a NodeConfig",
        "ND-21",
        both(AL2023, user_data(kubelet(authentication={"anonymous": {"enabled": True}}))),
    ),
    ("self-managed", "Bottlerocket's admin container", "ND-22", user_data(bottlerocket(admin=True))),
    ("self-managed", "an open kernel", "ND-22", user_data(bottlerocket(lockdown="none"))),
    ("self-managed", "a shell script for Bottlerocket", "ND-23", user_data("#!/bin/bash\n/etc/eks/bootstrap.sh one\n")),
    ("isolated", "in a managed group", "ND-22", user_data(bottlerocket(admin=True))),
    (
        "isolated",
        "in a launch configuration",
        "ND-21",
        with_one("Old", LC, UserData={"Fn::Base64": script("--anonymous-auth=true")}),
    ),
    (
        "isolated",
        "on one instance",
        "ND-21",
        with_one("Host", INSTANCE, UserData={"Fn::Base64": script("--read-only-port=10255")}),
    ),
]
"""What nodes are told at first boot."""

WITH_BUCKETS = [aws("AmazonEKSWorkerNodePolicy"), BUCKETS]
PUSH = {
    "PolicyName": "push",
    "PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "ecr:PutImage", "Resource": "*"}]},
}
ROLES: list[Row] = [
    (
        "self-managed",
        "nodes push",
        "ND-15",
        of("generalRole", change(ROLE, "ManagedPolicyArns", [aws("AmazonEKSWorkerNodePolicy"), PUSHES])),
    ),
    (
        "self-managed",
        "a role without an entry",
        "ND-16",
        both(without("generalEntry"), of("generalRole", change(ROLE, "ManagedPolicyArns.0", POWER))),
    ),
    (
        "self-managed",
        "a role that is known by its policy alone",
        "ND-16",
        with_one("Stray", ROLE, ManagedPolicyArns=WITH_BUCKETS, AssumeRolePolicyDocument=trust("ec2.amazonaws.com")),
    ),
    (
        "self-managed",
        "a role of hybrid nodes",
        "ND-16",
        both(
            with_one("Hybrid", ROLE, ManagedPolicyArns=[BUCKETS], AssumeRolePolicyDocument=trust("ssm.amazonaws.com")),
            with_one(
                "HybridEntry",
                ENTRY,
                Type="HYBRID_LINUX",
                PrincipalArn={"Fn::GetAtt": ["Hybrid", "Arn"]},
                ClusterName="hardened",
            ),
        ),
    ),
    ("karpenter", "Karpenter's nodes without an entry", "DP-84", without("KarpenterEntry")),
    ("karpenter", "an entry for people", "DP-84", of("KarpenterEntry", change(ENTRY, "Type", "STANDARD"))),
    (
        "karpenter",
        "their role without an entry",
        "ND-16",
        both(without("KarpenterEntry"), of("KarpenterRole", change(ROLE, "ManagedPolicyArns", WITH_BUCKETS))),
    ),
    ("auto-mode", "nodes are administrators", "ND-16", of("AutoModeRole", change(ROLE, "ManagedPolicyArns.0", ADMIN))),
    ("auto-mode", "nodes push", "ND-15", of("AutoModeRole", change(ROLE, "ManagedPolicyArns.1", PUSHES))),
    ("auto-mode", "an administrator", "IA-01", of("AutoModeRole", change(ROLE, "ManagedPolicyArns.0", ADMIN))),
    ("fargate", "pods push to every repository", "IM-07", of("appsRole", change(ROLE, "Policies", [PUSH]))),
    ("self-managed", "nodes push to every repository", "IM-07", of("generalRole", change(ROLE, "Policies", [PUSH]))),
    (
        "fargate",
        "any profile of anybody",
        "IA-08",
        of("appsRole", drop(ROLE, "AssumeRolePolicyDocument.Statement.0.Condition")),
    ),
    ("isolated", "nodes push", "ND-15", of("generalRole", change(ROLE, "ManagedPolicyArns.1", PUSHES))),
]
"""Whom nodes are, and what they may."""

AUTO_MODE: list[Row] = [
    ("auto-mode", "no block storage", "DP-45", change(CLUSTER, "StorageConfig.BlockStorage.Enabled", False)),
    ("auto-mode", "no load balancing", "DP-45", drop(CLUSTER, "KubernetesNetworkConfig.ElasticLoadBalancing")),
    ("auto-mode", "no compute", "DP-45", change(CLUSTER, "ComputeConfig.Enabled", False)),
    ("auto-mode", "add-ons that it replaces", "DP-45", change(CLUSTER, "BootstrapSelfManagedAddons", True)),
    ("auto-mode", "pools without a role", "DP-45", change(CLUSTER, "ComputeConfig.NodePools", ["system"])),
    ("auto-mode", "a role without pools", "DP-45", change(CLUSTER, "ComputeConfig.NodeRoleArn", NODES_OF_AUTO_MODE)),
    (
        "auto-mode",
        "no TagSession",
        "DP-45",
        of("ClusterRole", change(ROLE, "AssumeRolePolicyDocument.Statement.0.Action", "sts:AssumeRole")),
    ),
    *[
        (
            "auto-mode",
            f"policy {number} of the five is missing",
            "DP-45",
            of("ClusterRole", drop(ROLE, f"ManagedPolicyArns.{number}")),
        )
        for number in range(1, 5)
    ],
    (
        "auto-mode",
        "built-in pools",
        "ND-30",
        both(
            change(CLUSTER, "ComputeConfig.NodePools", ["system", "general-purpose"]),
            change(CLUSTER, "ComputeConfig.NodeRoleArn", NODES_OF_AUTO_MODE),
        ),
    ),
    (
        "auto-mode",
        "a managed group without the add-ons",
        "DP-29",
        with_one("Group", NG, ClusterName={"Ref": "ClusterEB0386A7"}, NodeRole=NODES_OF_AUTO_MODE, Subnets=[]),
    ),
    ("auto-mode", "no policy for the nodes", "DP-28", of("AutoModeEntry", change(ENTRY, "AccessPolicies", []))),
]
"""EKS Auto Mode."""

FARGATE_AND_OTHERS: list[Row] = [
    ("fargate", "every namespace", "ND-24", of("apps", change(FARGATE, "Selectors.0.Namespace", "*"))),
    (
        "fargate",
        "six selectors",
        "DP-50",
        of("apps", change(FARGATE, "Selectors", [{"Namespace": f"n{i}"} for i in range(6)])),
    ),
    ("fargate", "a name of EKS's", "DP-50", of("apps", change(FARGATE, "FargateProfileName", "eks-apps"))),
    ("fargate", "public subnets", "ND-08", change("AWS::EC2::Subnet", "MapPublicIpOnLaunch", True)),
    ("fargate", "CoreDNS waits for nodes", "DP-82", drop("AWS::EKS::Addon", "ConfigurationValues")),
    ("isolated", "Windows", "ND-13", change(NG, "AmiType", "WINDOWS_CORE_2022_x86_64")),
    (
        "isolated",
        "hybrid nodes from anywhere",
        "NW-29",
        change(CLUSTER, f"{REMOTE}.RemoteNodeNetworks", [{"Cidrs": ["0.0.0.0/0"]}]),
    ),
    (
        "isolated",
        "hybrid nodes of the internet",
        "NW-29",
        change(CLUSTER, f"{REMOTE}.RemoteNodeNetworks", [{"Cidrs": ["203.0.113.0/24"]}]),
    ),
    (
        "isolated",
        "hybrid pods in the VPC's range",
        "DP-95",
        change(CLUSTER, f"{REMOTE}.RemotePodNetworks", [{"Cidrs": ["10.0.0.0/24"]}]),
    ),
    (
        "isolated",
        "hybrid nodes in the services' range",
        "DP-95",
        both(
            change(CLUSTER, "KubernetesNetworkConfig.ServiceIpv4Cidr", "172.20.0.0/16"),
            change(CLUSTER, f"{REMOTE}.RemoteNodeNetworks", [{"Cidrs": ["172.20.8.0/24"]}]),
        ),
    ),
    (
        "isolated",
        "hybrid nodes and pods in one range",
        "DP-95",
        both(
            change(CLUSTER, f"{REMOTE}.RemoteNodeNetworks", [{"Cidrs": ["192.168.0.0/24"]}]),
            change(CLUSTER, f"{REMOTE}.RemotePodNetworks", [{"Cidrs": ["192.168.0.0/25"]}]),
        ),
    ),
    ("isolated", "a block that EC2 is not told of", "DP-01", change(NG, "CapacityType", "CAPACITY_BLOCK")),
    ("isolated", "a block that EKS is not told of", "DP-01", OPEN_BLOCK),
    ("isolated", "spot by the template", "DP-01", change(LT, f"{DATA}.InstanceMarketOptions", {"MarketType": "spot"})),
    ("isolated", "EFA over zones", "DP-90", change(LT, f"{INTERFACE}.InterfaceType", "efa")),
    ("isolated", "EFA behind TCP rules", "DP-91", change(LT, f"{INTERFACE}.InterfaceType", "efa")),
    ("isolated", "a type without EFA", "DP-94", change(LT, f"{INTERFACE}.InterfaceType", "efa")),
    (
        "isolated",
        "near each other over zones",
        "DP-90",
        both(
            with_one("Near", "AWS::EC2::PlacementGroup", Strategy="cluster"),
            change(LT, f"{DATA}.Placement.GroupName", {"Ref": "Near"}),
        ),
    ),
]
"""Fargate, Windows, hybrid nodes, and nodes that are near each other."""

KARPENTER: list[Row] = [
    ("karpenter", "no way to the queue", "NW-15", without("NetworkSqsEndpoint")),
    ("karpenter", "no way to the EC2 API", "NW-11", without("NetworkEc2Endpoint")),
    ("karpenter", "no way to parameters", "NW-10", without("NetworkSsmEndpoint")),
    ("karpenter", "no way to the EKS API", "NW-15", without("NetworkEksEndpoint")),
    ("karpenter", "no way to its role", "NW-15", without("NetworkEksAuthEndpoint")),
    ("self-managed", "no way to the hook", "NW-15", without("NetworkAutoscalingEndpoint")),
    ("self-managed", "no way to the handler's queue", "NW-15", without("NetworkSqsEndpoint")),
    ("fargate", "no way to the pods' logs", "NW-15", without("NetworkLogsEndpoint")),
    ("fargate", "no way to images", "NW-09", without("NetworkEcrDkrEndpoint")),
    ("auto-mode", "no way to the EKS API", "NW-15", without("NetworkEksEndpoint")),
    ("auto-mode", "no way to layers of images", "NW-15", without("NetworkS3Endpoint")),
    ("isolated", "no way to tokens", "NW-15", without("NetworkStsEndpoint")),
    (
        "karpenter",
        "a queue under the AWS key",
        "DP-63",
        of("KarpenterQueue", change(QUEUE, "KmsMasterKeyId", "alias/aws/sqs")),
    ),
    (
        "karpenter",
        "a key that does not admit events",
        "DP-63",
        of(
            "KeysNotifications",
            change(
                "AWS::KMS::Key",
                "KeyPolicy.Statement",
                [
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}},
                        "Action": "kms:*",
                        "Resource": "*",
                    }
                ],
            ),
        ),
    ),
    (
        "karpenter",
        "an event that there is not",
        "DP-12",
        of("KarpenterStateChange", change(RULE, "EventPattern.detail-type", ["C2 Instance State-change Notification"])),
    ),
    (
        "karpenter",
        "anybody's events",
        "MQ-11",
        of("KarpenterQueuePolicy", change(QUEUE_POLICY, "PolicyDocument.Statement.0", EVENTS)),
    ),
    (
        "karpenter",
        "a rule without dead letters",
        "MQ-09",
        of("KarpenterStateChange", drop(RULE, "Targets.0.DeadLetterConfig")),
    ),
    ("karpenter", "a queue without dead letters", "MQ-12", of("KarpenterQueue", drop(QUEUE, "RedrivePolicy"))),
]
"""What Karpenter hears, and what each kind of compute calls from an isolated network."""

MISTAKES = [*LAUNCH, *USER_DATA, *ROLES, *AUTO_MODE, *FARGATE_AND_OTHERS, *KARPENTER]
