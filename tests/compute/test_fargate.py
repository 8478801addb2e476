"""Pods without nodes: a pinned role, private subnets, encrypted logs, and no add-on that needs a node."""

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk.assertions import Annotations, Match, Template

import hardened_eks as hardened
from hardened_eks.errors import ConfigurationError

PROFILE, LOGS, ADDON, ROLE = "AWS::EKS::FargateProfile", "AWS::Logs::LogGroup", "AWS::EKS::Addon", "AWS::IAM::Role"
INGRESS = "AWS::EC2::SecurityGroupIngress"
APPS = hardened.FargateSelector(namespace="apps-*")


@pytest.fixture(scope="module")
def alone() -> tuple[cdk.Stack, hardened.FargateProfile, Template]:
    """A cluster that has Fargate alone, its second profile, and its template."""
    stack = cdk.Stack(cdk.App(), "Pods")
    cdk.Tags.of(stack).add("application", "payments")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36", addons=hardened.AddonOptions.for_fargate())
    cluster.add_fargate_profile("system", selectors=[hardened.FargateSelector.SYSTEM])
    apps = cluster.add_fargate_profile(
        "apps", selectors=[APPS, hardened.FargateSelector(namespace="jobs", labels={"on": "fargate"})]
    )
    grant = apps.add_role("Reader", namespace="apps-one", service_account="reader")
    assert isinstance(grant, hardened.ServiceAccountRole)
    return stack, apps, Template.from_stack(stack)


@pytest.fixture(scope="module")
def cluster() -> hardened.Cluster:
    cluster = hardened.Cluster(cdk.Stack(cdk.App(), "Pods"), "Cluster", version="1.36")
    cluster.add_node_group("general", instance_types=["m7g.large"])
    return cluster


Alone = tuple[cdk.Stack, hardened.FargateProfile, Template]


def test_the_role_is_pinned_to_profiles_of_the_cluster(alone: Alone) -> None:
    _, _, template = alone
    roles = [
        role["Properties"]
        for role in template.find_resources(ROLE).values()
        if "eks-fargate-pods" in json.dumps(role["Properties"]["AssumeRolePolicyDocument"])
    ]
    assert len(roles) == 2
    for role in roles:
        (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
        assert json.dumps(statement["Condition"]["ArnLike"]).endswith(':fargateprofile/Pods-Cluster/*"]]}}')
        policies = json.dumps(role["ManagedPolicyArns"])
        assert "AmazonEKSFargatePodExecutionRolePolicy" in policies and "CNI" not in policies


def test_logs_go_to_one_encrypted_group_that_the_router_may_not_create(alone: Alone) -> None:
    _, profile, template = alone
    (name,) = [n for n, g in template.find_resources(LOGS).items() if "fargate" in str(g["Properties"])]
    group = template.find_resources(LOGS)[name]
    assert group["Properties"]["LogGroupName"] == "/aws/eks/Pods-Cluster/fargate"
    assert group["Properties"]["RetentionInDays"] == 365 and group["DeletionPolicy"] == "Retain"
    assert "Logs" in group["Properties"]["KmsKeyId"]["Fn::GetAtt"][0]
    allowed = [
        statement
        for policy in template.find_resources("AWS::IAM::ManagedPolicy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement["Resource"] == {"Fn::GetAtt": [name, "Arn"]}
    ]
    assert len(allowed) == 2
    for statement in allowed:
        assert statement["Action"] == ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    namespace, settings = profile.logging_objects
    assert namespace["metadata"]["labels"]["aws-observability"] == "enabled"
    assert (settings["metadata"]["name"], settings["metadata"]["namespace"]) == ("aws-logging", "aws-observability")
    assert "auto_create_group false" in settings["data"]["output.conf"]


def test_profiles_are_private_and_created_one_after_the_other(alone: Alone) -> None:
    _, _, template = alone
    profiles = template.find_resources(PROFILE)
    system, apps = (next(n for n in profiles if part in n) for part in ("system", "apps"))
    subnets = template.find_resources("AWS::EC2::Subnet")
    for profile in profiles.values():
        assert "FargateProfileName" not in profile["Properties"], "it could not be replaced"
        names = [subnet["Ref"] for subnet in profile["Properties"]["Subnets"]]
        assert len(names) == 3 and all(subnets[name]["Properties"]["MapPublicIpOnLaunch"] is False for name in names)
    assert system in profiles[apps]["DependsOn"] and apps not in profiles[system]["DependsOn"]
    assert profiles[apps]["Properties"]["Selectors"] == [
        {"Namespace": "apps-*"},
        {"Namespace": "jobs", "Labels": [{"Key": "on", "Value": "fargate"}]},
    ]
    assert {tag["Key"] for tag in profiles[apps]["Properties"]["Tags"]} >= {"application"}


def test_a_cluster_without_nodes_has_no_add_on_that_needs_one(alone: Alone) -> None:
    _, _, template = alone
    addons = {addon["Properties"]["AddonName"]: addon for addon in template.find_resources(ADDON).values()}
    assert set(addons) == {"coredns", "metrics-server"}
    assert json.loads(addons["coredns"]["Properties"]["ConfigurationValues"]) == {"computeType": "Fargate"}
    assert any("system" in name for name in addons["coredns"]["DependsOn"])
    template.resource_count_is("AWS::EKS::PodIdentityAssociation", 0)


def test_pods_reach_the_endpoints_with_the_clusters_security_group(alone: Alone) -> None:
    _, _, template = alone
    rules = [rule["Properties"] for rule in template.find_resources(INGRESS).values()]
    assert [
        (rule["FromPort"], rule["ToPort"])
        for rule in rules
        if rule["SourceSecurityGroupId"].get("Fn::GetAtt", ["", ""])[1] == "ClusterSecurityGroupId"
    ] == [(443, 443)]


@pytest.mark.parametrize("nodes_first", [True, False])
def test_nodes_and_pods_on_fargate_reach_each_other(nodes_first: bool) -> None:
    stack = cdk.Stack(cdk.App(), "Pods")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    if nodes_first:
        cluster.add_node_group("general", instance_types=["m7g.large"])
        cluster.add_fargate_profile("apps", selectors=[APPS])
    else:
        cluster.add_fargate_profile("apps", selectors=[APPS])
        cluster.add_node_group("general", instance_types=["m7g.large"])
    ends = {
        (_end(rule["Properties"]["SourceSecurityGroupId"]), _end(rule["Properties"]["GroupId"]))
        for rule in Template.from_stack(stack).find_resources(INGRESS).values()
        if rule["Properties"]["ToPort"] == 65535
    }
    assert ends == {
        ("GroupId", "GroupId"),
        ("ClusterSecurityGroupId", "GroupId"),
        ("GroupId", "ClusterSecurityGroupId"),
    }


def _end(value: dict[str, Any]) -> str:
    attribute: str = value["Fn::GetAtt"][1]
    return attribute


def test_a_profile_for_others_than_the_system_is_not_what_core_dns_waits_for(cluster: hardened.Cluster) -> None:
    stack = cdk.Stack(cdk.App(), "Pods")
    apart = hardened.Cluster(stack, "Cluster", version="1.36")
    apart.add_fargate_profile("apps", selectors=[APPS])
    assert "coredns" not in apart.addons, "nothing can run it yet"
    apart.add_node_group("general", instance_types=["m7g.large"])
    assert "coredns" in apart.addons


def test_that_the_log_router_may_need_a_way_out_is_said(alone: Alone) -> None:
    stack, _, _ = alone
    Annotations.from_stack(stack).has_warning(
        "/Pods/Cluster/apps", Match.string_like_regexp("containers-roadmap/issues/1254")
    )
    open_ = cdk.Stack(cdk.App(), "Open")
    network = hardened.Network(open_, "Network", egress=hardened.Egress.NAT)
    quiet = hardened.Cluster(open_, "Cluster", version="1.36", network=network)
    quiet.add_fargate_profile("apps", selectors=[APPS])
    assert Annotations.from_stack(open_).find_warning("*", Match.string_like_regexp("1254")) == []


def test_logs_can_be_left_out_or_go_elsewhere(cluster: hardened.Cluster) -> None:
    silent = cluster.add_fargate_profile("silent", selectors=[APPS], logs=False)
    assert silent.logging_objects == []
    given = logs.LogGroup.from_log_group_name(cluster, "Given", "/team/pods")
    told = cluster.add_fargate_profile("told", selectors=[APPS], log_group=given)
    assert "log_group_name /team/pods" in told.logging_objects[1]["data"]["output.conf"]


def test_a_role_and_subnets_of_ones_own() -> None:
    stack = cdk.Stack(cdk.App(), "Pods")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    role = iam.Role.from_role_arn(stack, "Role", "arn:aws:iam::123456789012:role/pods")
    subnet = ec2.Subnet.from_subnet_id(stack, "Subnet", "subnet-1")
    profile = cluster.add_fargate_profile("own", selectors=[APPS], role=role, subnets=[subnet], logs=False)
    assert profile.role_arn == "arn:aws:iam::123456789012:role/pods"
    Template.from_stack(stack).has_resource_properties(PROFILE, {"Subnets": ["subnet-1"]})


def test_of_an_imported_cluster_the_security_group_is_not_known() -> None:
    stack = cdk.Stack(cdk.App(), "Pods")
    network = hardened.Network(stack, "Network")
    cluster = hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="theirs", network=network)
    cluster.add_fargate_profile("apps", selectors=[APPS])
    Annotations.from_stack(stack).has_warning("*", Match.string_like_regexp("have the security group that EKS created"))


def test_add_ons_of_fargate_take_versions_and_settings() -> None:
    options = hardened.AddonOptions.for_fargate(
        versions={"coredns": "v1.12.4-eksbuild.1"}, configurations={"coredns": {"replicaCount": 3}}
    )
    assert options.configurations["coredns"] == {"computeType": "Fargate", "replicaCount": 3}
    with pytest.raises(ConfigurationError, match="vpc-cni"):
        hardened.AddonOptions.for_fargate(versions={"vpc-cni": "v1.20.0-eksbuild.1"})


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"namespace": "*"}, ("'*' matches every namespace",)),
        ({"namespace": "?*"}, ("'?*' matches every namespace",)),
        (
            {"namespace": "Apps", "labels": {f"k{n}": "v" for n in range(6)}},
            ("'Apps'", "at most 5, got 6"),
        ),
        ({"namespace": "a", "labels": {"bad key": "v"}}, ("'bad key'",)),
        ({"namespace": "a", "labels": ["x"]}, ("labels needs a mapping",)),
    ],
)
def test_a_selector_fails_when(arguments: dict[str, Any], words: tuple[str, ...]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        hardened.FargateSelector(**arguments)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            {
                "selectors": [APPS] * 6,
                "subnets": [],
                "role": "pods",
                "log_group": "/team",
                "logs": False,
                "log_retention_days": 4,
            },
            ("selectors needs 1 to 5, got 6", "subnets needs at least one", "role needs", "log_group needs", "got 4"),
        ),
        ({"selectors": []}, ("selectors needs 1 to 5, got 0",)),
        ({"selectors": ["apps"]}, ("list of FargateSelector",)),
        ({"selectors": [APPS], "logs": "yes"}, ("logs needs True or False",)),
    ],
)
def test_a_profile_fails_when(cluster: hardened.Cluster, arguments: dict[str, Any], words: tuple[str, ...]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        cluster.add_fargate_profile("bad", **arguments)
    for word in words:
        assert word in str(caught.value)
    assert cluster.node.try_find_child("bad") is None


def test_a_role_for_pods_elsewhere_is_refused(alone: Alone) -> None:
    _, profile, _ = alone
    with pytest.raises(ConfigurationError, match=r"'payments' is not one of the profile's \(apps-\*, jobs\)"):
        profile.add_role("Other", namespace="payments", service_account="api")
