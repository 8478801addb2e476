"""Each kind of compute of the reference app, really created, changed and deleted by a CloudFormation engine."""

from __future__ import annotations

import base64
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from hardened_eks.baseline.emit import to_yaml
from hardened_eks.controls import CATALOGUE
from hardened_eks.data.karpenter import EVENTS
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.sources import load
from tests.emulator.conftest import Account, StackFailed
from tests.emulator.test_reference import CLUSTER, FOUNDATION, edited
from tests.stacks.conftest import synthesize

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
Templates = dict[str, dict[str, Any]]
GROUP, PROFILE = "AWS::AutoScaling::AutoScalingGroup", "AWS::EKS::FargateProfile"


@pytest.fixture(scope="module")
def self_managed(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    return synthesize(tmp_path_factory.mktemp("self-managed"), "self-managed").templates


@pytest.fixture(scope="module")
def fargate(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    return synthesize(tmp_path_factory.mktemp("fargate"), "fargate").templates


@pytest.fixture(scope="module")
def karpenter(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    return synthesize(tmp_path_factory.mktemp("karpenter"), "karpenter").templates


@pytest.fixture(scope="module")
def auto_mode(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    return synthesize(tmp_path_factory.mktemp("auto-mode"), "auto-mode").templates


def deployed(account: Account, templates: Templates) -> Account:
    account.deploy(FOUNDATION, templates[FOUNDATION])
    account.deploy(CLUSTER, templates[CLUSTER])
    return account


def the_group(account: Account) -> dict[str, Any]:
    (group,) = account.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    found: dict[str, Any] = group
    return found


def profiles(account: Account) -> list[dict[str, Any]]:
    eks = account.client("eks")
    names = eks.list_fargate_profiles(clusterName="hardened")["fargateProfileNames"]
    return [
        eks.describe_fargate_profile(clusterName="hardened", fargateProfileName=name)["fargateProfile"]
        for name in names
    ]


def test_self_managed_nodes_start_closed_and_are_let_in(account: Account, self_managed: Templates) -> None:
    deployed(account, self_managed)
    group = the_group(account)
    assert (group["MinSize"], group["MaxSize"], len(group["VPCZoneIdentifier"].split(","))) == (2, 6, 3)
    assert group["MaxInstanceLifetime"] == 14 * 86_400
    assert group["InstanceMaintenancePolicy"] == {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 110}
    tags = {tag["Key"]: (tag["Value"], tag["PropagateAtLaunch"]) for tag in group["Tags"]}
    assert tags["kubernetes.io/cluster/hardened"] == ("owned", True)
    assert tags["application"] == ("hardened-eks", True)
    mixed = group["MixedInstancesPolicy"]["LaunchTemplate"]
    assert [one["InstanceType"] for one in mixed["Overrides"]] == ["m7g.large", "m7gd.large"]
    (version,) = account.client("ec2").describe_launch_template_versions(
        LaunchTemplateId=mixed["LaunchTemplateSpecification"]["LaunchTemplateId"]
    )["LaunchTemplateVersions"]
    data = version["LaunchTemplateData"]
    assert data["ImageId"] == "resolve:ssm:/aws/service/bottlerocket/aws-k8s-1.37/arm64/latest/image_id"
    assert (data["MetadataOptions"]["HttpTokens"], data["MetadataOptions"]["HttpPutResponseHopLimit"]) == (
        "required",
        1,
    )
    assert all(mapping["Ebs"]["Encrypted"] for mapping in data["BlockDeviceMappings"])
    settings = tomllib.loads(base64.b64decode(data["UserData"]).decode())["settings"]["kubernetes"]
    cluster = account.client("eks").describe_cluster(name="hardened")["cluster"]
    assert settings["api-server"] == cluster["endpoint"]
    assert settings["cluster-certificate"] == cluster["certificateAuthority"]["data"]
    entries = account.client("eks").list_access_entries(clusterName="hardened")["accessEntries"]
    kinds = {
        account.client("eks").describe_access_entry(clusterName="hardened", principalArn=arn)["accessEntry"]["type"]
        for arn in entries
    }
    assert kinds == {"STANDARD", "EC2_LINUX"}


def test_a_node_that_goes_is_held_and_the_handler_hears_of_it(account: Account, self_managed: Templates) -> None:
    deployed(account, self_managed)
    name = the_group(account)["AutoScalingGroupName"]
    (hook,) = account.client("autoscaling").describe_lifecycle_hooks(AutoScalingGroupName=name)["LifecycleHooks"]
    assert hook["LifecycleTransition"] == "autoscaling:EC2_INSTANCE_TERMINATING"
    assert (hook["HeartbeatTimeout"], hook["DefaultResult"]) == (900, "CONTINUE")
    events = account.client("events")
    (rule,) = [
        rule for rule in events.list_rules()["Rules"] if hook["LifecycleHookName"] in rule.get("EventPattern", "")
    ]
    (target,) = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
    assert account.client("sqs").get_queue_url(QueueName=target["Arn"].rsplit(":", 1)[1])["QueueUrl"]
    for hook_name, heard in ((hook["LifecycleHookName"], True), ("somebody-elses", False)):
        event = {
            **{"version": "0", "id": "1", "account": "123456789012", "time": "2026-11-29T00:00:00Z"},
            **{"region": "us-east-1", "resources": [], "source": "aws.autoscaling"},
            "detail-type": "EC2 Instance-terminate Lifecycle Action",
            "detail": {"LifecycleHookName": hook_name, "AutoScalingGroupName": name, "EC2InstanceId": "i-1"},
        }
        answer = events.test_event_pattern(EventPattern=rule["EventPattern"], Event=json.dumps(event))
        assert answer["Result"] is heard
    accounts = account.client("eks").list_pod_identity_associations(clusterName="hardened")["associations"]
    assert "aws-node-termination-handler" in {one["serviceAccount"] for one in accounts}


def test_other_sizes_change_the_group_in_place(account: Account, self_managed: Templates) -> None:
    deployed(account, self_managed)
    before = the_group(account)["AutoScalingGroupName"]
    account.deploy(CLUSTER, edited(self_managed[CLUSTER], GROUP, MaxSize="9", MaxInstanceLifetime=86_400))
    after = the_group(account)
    assert (after["AutoScalingGroupName"], after["MaxSize"], after["MaxInstanceLifetime"]) == (before, 9, 86_400)


def test_a_group_that_auto_scaling_refuses_rolls_back(account: Account, self_managed: Templates) -> None:
    deployed(account, self_managed)
    with pytest.raises(StackFailed, match="Max bound"):
        account.deploy(CLUSTER, edited(self_managed[CLUSTER], GROUP, MinSize="7"))
    assert the_group(account)["MinSize"] == 2


def test_self_managed_nodes_are_destroyed(account: Account, self_managed: Templates) -> None:
    deployed(account, self_managed)
    account.delete(CLUSTER)
    assert account.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"] == []
    assert account.client("eks").list_access_entries(clusterName="hardened")["accessEntries"] == []


def test_fargate_runs_core_dns_and_nothing_that_needs_nodes(account: Account, fargate: Templates) -> None:
    deployed(account, fargate)
    found = profiles(account)
    assert sorted(one["selectors"][0]["namespace"] for one in found) == ["apps-*", "kube-system"]
    vpc = account.client("eks").describe_cluster(name="hardened")["cluster"]["resourcesVpcConfig"]["vpcId"]
    subnets = account.client("ec2").describe_subnets(SubnetIds=found[0]["subnets"])["Subnets"]
    assert {subnet["VpcId"] for subnet in subnets} == {vpc}
    assert not any(subnet["MapPublicIpOnLaunch"] for subnet in subnets)
    eks = account.client("eks")
    assert set(eks.list_addons(clusterName="hardened")["addons"]) == {"coredns", "metrics-server"}
    coredns = eks.describe_addon(clusterName="hardened", addonName="coredns")["addon"]
    assert json.loads(coredns["configurationValues"]) == {"computeType": "Fargate"}
    assert eks.list_nodegroups(clusterName="hardened")["nodegroups"] == []
    groups = {group["logGroupName"]: group for group in account.client("logs").describe_log_groups()["logGroups"]}
    assert ":key/" in groups["/aws/eks/hardened/fargate"]["kmsKeyId"]
    role = account.client("iam").get_role(RoleName=found[0]["podExecutionRoleArn"].rsplit("/", 1)[1])["Role"]
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Condition"]["ArnLike"]["aws:SourceArn"].endswith(":fargateprofile/hardened/*")


def test_another_selector_replaces_a_profile(account: Account, fargate: Templates) -> None:
    deployed(account, fargate)
    before = {one["fargateProfileName"] for one in profiles(account)}
    account.deploy(CLUSTER, edited(fargate[CLUSTER], PROFILE, Selectors=[{"Namespace": "team-*"}]))
    after = profiles(account)
    assert before.isdisjoint(one["fargateProfileName"] for one in after)
    assert [one["selectors"][0]["namespace"] for one in after] == ["team-*", "team-*"]


def test_fargate_profiles_are_destroyed(account: Account, fargate: Templates) -> None:
    deployed(account, fargate)
    account.delete(CLUSTER)
    assert profiles(account) == []
    groups = {group["logGroupName"] for group in account.client("logs").describe_log_groups()["logGroups"]}
    assert "/aws/eks/hardened/fargate" in groups, "what pods wrote outlives the cluster"


def parameter(account: Account, name: str) -> dict[str, Any]:
    """What docs/how-to/run-karpenter.md pipes into kubectl and helm."""
    found = account.client("ssm").get_parameter(Name=f"/hardened-eks/hardened/karpenter/{name}")["Parameter"]["Value"]
    value: dict[str, Any] = json.loads(found)
    return value


def test_karpenter_finds_what_its_objects_name(account: Account, karpenter: Templates, tmp_path: Path) -> None:
    deployed(account, karpenter)
    spec = parameter(account, "node-class")["spec"]
    profile = account.client("iam").get_instance_profile(InstanceProfileName=spec["instanceProfile"])["InstanceProfile"]
    (role,) = profile["Roles"]
    entry = account.client("eks").describe_access_entry(clusterName="hardened", principalArn=role["Arn"])["accessEntry"]
    assert entry["type"] == "EC2_LINUX"
    ids = [one["id"] for one in spec["subnetSelectorTerms"]]
    subnets = account.client("ec2").describe_subnets(SubnetIds=ids)["Subnets"]
    assert len(subnets) == 3 and not any(subnet["MapPublicIpOnLaunch"] for subnet in subnets)
    tags = [{tag["Key"]: tag["Value"] for tag in subnet["Tags"]} for subnet in subnets]
    assert [one["karpenter.sh/discovery/hardened"] for one in tags] == ["nodes"] * 3
    (group,) = [one["id"] for one in spec["securityGroupSelectorTerms"]]
    assert account.client("ec2").describe_security_groups(GroupIds=[group])["SecurityGroups"]
    (key_arn,) = {mapping["ebs"]["kmsKeyID"] for mapping in spec["blockDeviceMappings"]}
    assert account.client("kms").describe_key(KeyId=key_arn)["KeyMetadata"]["KeyManager"] == "CUSTOMER"
    settings = parameter(account, "values")["settings"]
    cluster = account.client("eks").describe_cluster(name="hardened")["cluster"]
    assert (settings["clusterName"], settings["clusterEndpoint"]) == ("hardened", cluster["endpoint"])
    assert account.client("sqs").get_queue_url(QueueName=settings["interruptionQueue"])["QueueUrl"]
    written = [parameter(account, "node-class"), *parameter(account, "node-pools")["items"]]
    file = tmp_path / "karpenter.yaml"
    file.write_text(to_yaml(written))
    outcome = evaluate(load([str(file)]).assembly, CATALOGUE)
    assert list(outcome.findings) == []
    assert all(number == 1 for control, number in outcome.examined.items() if "KB-21" <= control.id <= "KB-29")


def test_each_interruption_reaches_karpenters_queue(account: Account, karpenter: Templates) -> None:
    deployed(account, karpenter)
    name = parameter(account, "values")["settings"]["interruptionQueue"]
    events = account.client("events")
    rules = [
        rule
        for rule in events.list_rules()["Rules"]
        for target in events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
        if target["Arn"].endswith(f":{name}")
    ]
    for source, detail_type in EVENTS.values():
        event = {
            **{"version": "0", "id": "1", "account": "123456789012", "time": "2026-11-29T00:00:00Z"},
            **{"region": "us-east-1", "resources": [], "source": source, "detail-type": detail_type, "detail": {}},
        }
        heard = [
            rule["Name"]
            for rule in rules
            if events.test_event_pattern(EventPattern=rule["EventPattern"], Event=json.dumps(event))["Result"]
        ]
        assert len(heard) == 1, detail_type


def test_another_release_changes_the_objects_and_karpenter_is_destroyed(account: Account, karpenter: Templates) -> None:
    deployed(account, karpenter)
    text = json.dumps(karpenter[CLUSTER]).replace("bottlerocket@v1.66.0", "bottlerocket@v1.67.0")
    account.deploy(CLUSTER, json.loads(text))
    assert parameter(account, "node-class")["spec"]["amiSelectorTerms"] == [{"alias": "bottlerocket@v1.67.0"}]
    account.delete(CLUSTER)
    assert account.client("eks").list_access_entries(clusterName="hardened")["accessEntries"] == []
    assert account.client("ssm").describe_parameters()["Parameters"] == []


def test_auto_mode_is_on_as_a_whole_and_says_what_to_apply(account: Account, auto_mode: Templates) -> None:
    deployed(account, auto_mode)
    eks = account.client("eks")
    cluster = eks.describe_cluster(name="hardened")["cluster"]
    assert cluster["computeConfig"]["enabled"] is True and not cluster["computeConfig"].get("nodePools")
    assert cluster["storageConfig"]["blockStorage"]["enabled"] is True
    assert cluster["kubernetesNetworkConfig"]["elasticLoadBalancing"]["enabled"] is True
    assert eks.list_addons(clusterName="hardened")["addons"] == []
    assert eks.list_nodegroups(clusterName="hardened")["nodegroups"] == []
    (stack,) = account.client("cloudformation").describe_stacks(StackName=CLUSTER)["Stacks"]
    (text,) = [one["OutputValue"] for one in stack["Outputs"] if "AutoModeManifests" in one["OutputKey"]]
    items = json.loads(text)["items"]
    assert [item["kind"] for item in items] == [
        "ConfigMap", "NetworkPolicy", "StorageClass", "NodeClass", "NodePool",
    ]  # fmt: skip
    spec = items[3]["spec"]
    role = account.client("iam").get_role(RoleName=spec["role"])["Role"]
    entry = eks.describe_access_entry(clusterName="hardened", principalArn=role["Arn"])["accessEntry"]
    assert entry["type"] == "EC2"
    policies = eks.list_associated_access_policies(clusterName="hardened", principalArn=role["Arn"])
    (policy,) = policies["associatedAccessPolicies"]
    assert policy["policyArn"].endswith("/AmazonEKSAutoNodePolicy")
    subnets = [term["id"] for term in spec["subnetSelectorTerms"]]
    found = account.client("ec2").describe_subnets(SubnetIds=subnets)["Subnets"]
    assert {subnet["VpcId"] for subnet in found} == {cluster["resourcesVpcConfig"]["vpcId"]}
    account.client("ec2").describe_security_groups(GroupIds=[spec["securityGroupSelectorTerms"][0]["id"]])
    key = account.client("kms").describe_key(KeyId=spec["ephemeralStorage"]["kmsKeyID"])["KeyMetadata"]
    assert key["KeyManager"] == "CUSTOMER"
    assert "${" not in text, "every value is known"


def test_auto_mode_is_changed_in_place_and_destroyed(account: Account, auto_mode: Templates) -> None:
    deployed(account, auto_mode)
    account.deploy(CLUSTER, edited(auto_mode[CLUSTER], "AWS::EKS::Cluster", ZonalShiftConfig={"Enabled": False}))
    cluster = account.client("eks").describe_cluster(name="hardened")["cluster"]
    assert cluster["zonalShiftConfig"]["enabled"] is False and cluster["computeConfig"]["enabled"] is True
    account.delete(CLUSTER)
    entries = account.client("eks").list_access_entries(clusterName="hardened")["accessEntries"]
    assert entries == [], "the role and its entry go, the cluster stays"


def test_half_of_auto_mode_is_refused(account: Account, auto_mode: Templates) -> None:
    account.deploy(FOUNDATION, auto_mode[FOUNDATION])
    half = edited(auto_mode[CLUSTER], "AWS::EKS::Cluster", StorageConfig={"BlockStorage": {"Enabled": False}})
    with pytest.raises(StackFailed, match="fully enabled or fully disabled"):
        account.deploy(CLUSTER, half)
