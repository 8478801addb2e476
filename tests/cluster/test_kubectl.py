"""Helm charts and manifests of the CDK reach an isolated cluster, with least rights and no finding."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import cdk_nag
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3_assets as assets
from aws_cdk.assertions import Template
from aws_cdk.lambda_layer_kubectl_v35 import KubectlV35Layer

import hardened_eks as hardened
from hardened_eks.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

Resources = dict[str, dict[str, Any]]
CONFIG_MAP = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings", "namespace": "payments"}}


def build(folder: Path, **options: Any) -> cdk.App:
    chart = folder / "chart"
    chart.mkdir()
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: web\nversion: 0.1.0\n")
    app = cdk.App(outdir=str(folder / "cdk.out"), context={"@aws-cdk/aws-lambda:useCdkManagedLogGroup": True})
    stack = cdk.Stack(app, "Payments", **options)
    cdk.Tags.of(stack).add("application", "payments")
    cluster = hardened.Cluster(stack, "Cluster", version="1.35")
    cluster.add_node_group("general", instance_types=["m7g.large"])
    kubectl = cluster.add_kubectl(layer=KubectlV35Layer(stack, "Layer"), namespaces=["payments"])
    ecr.Repository.from_repository_name(stack, "Charts", "charts").grant_pull(kubectl.role)
    view = cluster.as_cdk_cluster
    asset = assets.Asset(stack, "Chart", path=str(chart))
    eks.HelmChart(stack, "Web", cluster=view, chart_asset=asset, namespace="payments", create_namespace=False)
    eks.KubernetesManifest(stack, "Settings", cluster=view, manifest=[CONFIG_MAP])
    cdk.Validations.of(app).add_plugins(
        hardened.Checks(),
        cdk_nag.AwsSolutionsChecks(),
        cdk_nag.NIST80053R5Checks(),
        cdk_nag.HIPAASecurityChecks(),
        cdk_nag.PCIDSS321Checks(),
    )
    return app


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Synthesizing raises on any finding of ours or of the packs."""
    found: dict[str, Any] = build(tmp_path_factory.mktemp("kubectl")).synth().get_stack_by_name("Payments").template
    return found


@pytest.fixture(scope="module")
def resources(template: dict[str, Any]) -> Resources:
    found: Resources = template["Resources"]
    return found


def of(resources: Resources, type_: str) -> dict[str, dict[str, Any]]:
    return {name: one["Properties"] for name, one in resources.items() if one["Type"] == type_}


def functions(resources: Resources) -> dict[str, dict[str, Any]]:
    found = of(resources, "AWS::Lambda::Function")
    return {one["Handler"]: {**one, "name": name} for name, one in found.items() if "VpcConfig" in one}


def statements(resources: Resources, handler: str) -> list[dict[str, Any]]:
    """Return all statements of the role of a function, in managed policies."""
    name = functions(resources)[handler]["Role"]["Fn::GetAtt"][0]
    attached = resources[name]["Properties"]["ManagedPolicyArns"]
    policies = of(resources, "AWS::IAM::ManagedPolicy")
    own = [one for key, one in policies.items() if {"Ref": key} in attached or {"Ref": name} in one.get("Roles", [])]
    return [statement for one in own for statement in one["PolicyDocument"]["Statement"]]


def test_charts_and_manifests_are_there(resources: Resources) -> None:
    (chart,) = of(resources, "Custom::AWSCDK-EKS-HelmChart").values()
    (manifest,) = of(resources, "Custom::AWSCDK-EKS-KubernetesResource").values()
    called = {"Fn::GetAtt": [functions(resources)["framework.onEvent"]["name"], "Arn"]}
    assert chart["ServiceToken"] == manifest["ServiceToken"] == called
    assert json.loads(manifest["Manifest"]) == [CONFIG_MAP], "pruning would add a label, and need rights over all kinds"


def test_every_dependency_exists(resources: Resources) -> None:
    needed = {name for one in resources.values() for name in one.get("DependsOn", [])}
    assert needed <= set(resources)


def test_the_handler_may_change_workloads_in_its_namespaces_and_no_more(resources: Resources) -> None:
    (entry,) = of(resources, "AWS::EKS::AccessEntry").values()
    assert entry["PrincipalArn"] == functions(resources)["index.handler"]["Role"]
    (policy,) = entry["AccessPolicies"]
    assert policy["AccessScope"] == {"Type": "namespace", "Namespaces": ["payments"]}
    assert policy["PolicyArn"]["Fn::Join"][1][-1] == ":eks::aws:cluster-access-policy/AmazonEKSEditPolicy"


def test_the_roles_allow_what_is_needed_and_no_more(resources: Resources) -> None:
    common = {
        "logs:CreateLogStream", "logs:PutLogEvents", "kms:Decrypt",
        "xray:PutTelemetryRecords", "xray:PutTraceSegments", "ec2:DescribeSubnets",
    }  # fmt: skip
    pulls = {
        "ecr:GetAuthorizationToken",
        "ecr:BatchCheckLayerAvailability",
        "ecr:GetDownloadUrlForLayer",
        "ecr:BatchGetImage",
    }
    reads = {"s3:GetObject", "s3:GetBucketLocation", "s3:ListBucket"}
    for handler, own in {
        "index.handler": {"eks:DescribeCluster", *pulls, *reads},
        "framework.onEvent": {"lambda:InvokeFunction", "lambda:GetFunction"},
    }.items():
        allowed: set[str] = set()
        for statement in statements(resources, handler):
            if statement["Effect"] == "Allow":
                actions = statement["Action"]
                allowed |= {actions} if isinstance(actions, str) else set(actions)
        assert allowed == common | own


def test_no_policy_of_aws_is_attached_but_the_one_for_network_interfaces(resources: Resources) -> None:
    for handler, function in functions(resources).items():
        attached = resources[function["Role"]["Fn::GetAtt"][0]]["Properties"]["ManagedPolicyArns"]
        assert [str(arn).rsplit("/", 1)[-1].rstrip("]}'") for arn in attached if "aws:policy/" in str(arn)] == [
            "AWSLambdaENIManagementAccess"
        ], handler


def test_code_that_takes_over_a_function_makes_no_network_interface(resources: Resources) -> None:
    for handler in functions(resources):
        (denied,) = [one for one in statements(resources, handler) if one["Effect"] == "Deny"]
        assert "ec2:CreateNetworkInterface" in denied["Action"]
        assert "lambda:SourceFunctionArn" in denied["Condition"]["ArnLike"]


def test_functions_are_encrypted_traced_and_logged(resources: Resources) -> None:
    logs = of(resources, "AWS::Logs::LogGroup")
    assert set(functions(resources)) == {"index.handler", "framework.onEvent"}
    for function in functions(resources).values():
        assert function["KmsKeyArn"]["Fn::GetAtt"][0].startswith("ClusterKeysFunctions")
        assert function["TracingConfig"] == {"Mode": "Active"}
        log = logs[function["LoggingConfig"]["LogGroup"]["Ref"]]
        assert log["RetentionInDays"] == 365
        assert log["KmsKeyId"]["Fn::GetAtt"][0].startswith("ClusterKeysLogs")


def test_both_functions_are_in_the_subnets_of_the_nodes_and_in_their_own_group(resources: Resources) -> None:
    """The CDK would do this with a view of the VPC, which takes fifty requests."""
    (nodes,) = of(resources, "AWS::EKS::Nodegroup").values()
    handler, caller = functions(resources).values()
    assert handler["VpcConfig"] == caller["VpcConfig"]
    assert handler["VpcConfig"]["SubnetIds"] == nodes["Subnets"]


def test_the_functions_work_where_encryption_is_enforced() -> None:
    stack = cdk.Stack(cdk.App(), "Payments")
    network = hardened.Network(stack, "Network", encryption_control=hardened.EncryptionControl.ENFORCE)
    cluster = hardened.Cluster(stack, "Cluster", version="1.35", network=network)
    cluster.add_kubectl(layer=KubectlV35Layer(stack, "Layer"), namespaces=["payments"])
    control = network.node.find_child("EncryptionControl")
    assert isinstance(control, ec2.CfnVPCEncryptionControl) and control.lambda_exclusion_input == "enable"


def test_no_view_of_the_network_is_made_before_somebody_asks() -> None:
    stack = cdk.Stack(cdk.App(), "Payments")
    cluster = hardened.Cluster(stack, "Cluster", version="1.35")
    kubectl = cluster.add_kubectl(layer=KubectlV35Layer(stack, "Layer"), namespaces=["payments"])
    views = [one.node.path for one in stack.node.find_all() if one.node.id.endswith("View")]
    assert not [path for path in views if "Vpc" in path or "SecurityGroup" in path]
    assert kubectl.security_group is not None
    assert kubectl.security_group.node.id == "SecurityGroupView"


def test_the_functions_reach_the_api_the_endpoints_and_s3_alone(resources: Resources) -> None:
    function = functions(resources)["index.handler"]
    (group,) = function["VpcConfig"]["SecurityGroupIds"]
    own = resources[group["Fn::GetAtt"][0]]["Properties"]
    assert "SecurityGroupIngress" not in own
    assert {rule["FromPort"] for rule in own["SecurityGroupEgress"]} == {443}
    rules = of(resources, "AWS::EC2::SecurityGroupIngress").values()
    assert [rule for rule in rules if rule["GroupId"] == group] == []
    admitted = [rule for rule in rules if rule["SourceSecurityGroupId"] == group]
    assert [(rule["FromPort"], rule["ToPort"]) for rule in admitted] == [(443, 443)] * 2
    (cluster,) = of(resources, "AWS::EKS::Cluster").values()
    assert cluster["ResourcesVpcConfig"]["SecurityGroupIds"][0] in [rule["GroupId"] for rule in admitted]


def test_endpoints_for_its_calls_and_answers(resources: Resources) -> None:
    endpoints = list(of(resources, "AWS::EC2::VPCEndpoint").values())
    names = {str(one["ServiceName"]).rsplit(".", 1)[-1].rstrip("'\"]}") for one in endpoints}
    assert {"lambda", "eks", "sts"} <= names
    (s3,) = [one for one in endpoints if one["VpcEndpointType"] == "Gateway"]
    answers = s3["PolicyDocument"]["Statement"][-1]
    assert answers["Action"] == "s3:PutObject"
    assert "cloudformation-custom-resource-response-" in str(answers["Resource"])
    (called,) = [one for one in endpoints if str(one["ServiceName"]).find(".lambda") > 0]
    assert "lambda:*" not in str(called["PolicyDocument"])


def test_charts_wait_for_access_rules_endpoints_and_routes(resources: Resources) -> None:
    waits = set(resources[functions(resources)["framework.onEvent"]["name"]]["DependsOn"])
    types = {resources[name]["Type"] for name in waits}
    assert {
        "AWS::EKS::AccessEntry", "AWS::EC2::SecurityGroupIngress", "AWS::EC2::VPCEndpoint",
        "AWS::EC2::SubnetRouteTableAssociation",
    } <= types  # fmt: skip


def test_a_network_without_handler_admits_no_answers() -> None:
    stack = cdk.Stack(cdk.App(), "Payments")
    hardened.Network(stack, "Network")
    assert "custom-resource-response" not in json.dumps(Template.from_stack(stack).to_json())


def test_in_a_known_account_and_region(tmp_path: Path) -> None:
    env = cdk.Environment(account="123456789012", region="eu-west-1")
    build(tmp_path, env=env).synth()


def imported(stack: cdk.Stack) -> hardened.ImportedCluster:
    return hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="platform")


def test_on_an_imported_cluster_in_a_vpc_that_keeps_its_endpoints() -> None:
    stack = cdk.Stack(cdk.App(), "Team")
    vpc = ec2.Vpc.from_vpc_attributes(
        stack, "Vpc", vpc_id="vpc-1", availability_zones=["a", "b"], private_subnet_ids=["subnet-1", "subnet-2"]
    )
    plane = ec2.SecurityGroup.from_security_group_id(stack, "Plane", "sg-plane")
    cluster = hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="prod", vpc=vpc, security_group=plane)
    kubectl = cluster.add_kubectl(layer=KubectlV35Layer(stack, "Layer"), namespaces=["team-a"])
    eks.KubernetesManifest(stack, "Settings", cluster=cluster.as_cdk_cluster, manifest=[CONFIG_MAP])
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::EC2::VPCEndpoint", 0)
    template.has_resource_properties("AWS::EC2::SecurityGroupIngress", {"GroupId": "sg-plane", "FromPort": 443})
    template.has_resource_properties(
        "AWS::Lambda::Function", {"Handler": "index.handler", "VpcConfig": {"SubnetIds": ["subnet-1", "subnet-2"]}}
    )
    assert kubectl.entry is not None


def test_the_handlers_role_takes_policies_and_grants_of_yours() -> None:
    stack = cdk.Stack(cdk.App(), "Payments")
    cluster = hardened.Cluster(stack, "Cluster", version="1.35")
    role = cluster.add_kubectl(layer=KubectlV35Layer(stack, "Layer"), namespaces=["payments"]).role
    secret = iam.PolicyStatement(actions=["secretsmanager:GetSecretValue"], resources=["arn:aws:secretsmanager:::s"])
    iam.Grant.add_to_principal(
        grantee=role, actions=["ssm:GetParameter"], resource_arns=["arn:aws:ssm:eu-west-1:1:parameter/x"]
    )
    assert role.add_to_principal_policy(secret).statement_added
    role.add_managed_policy(iam.ManagedPolicy.from_aws_managed_policy_name("AmazonEC2ContainerRegistryPullOnly"))
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::IAM::Policy", 0)
    (attached,) = [
        one["Properties"]["ManagedPolicyArns"]
        for name, one in template.find_resources("AWS::IAM::Role").items()
        if name.startswith("ClusterKubectlRole")
    ]
    assert len(attached) == 2
    assert "AmazonEC2ContainerRegistryPullOnly" in str(attached[1])
    grants = [str(one) for one in template.find_resources("AWS::IAM::ManagedPolicy").values()]
    assert any("secretsmanager:GetSecretValue" in one and "ssm:GetParameter" in one for one in grants)


def test_a_handler_of_somebody_else() -> None:
    stack = cdk.Stack(cdk.App(), "Team")
    cluster = imported(stack)
    role = iam.Role.from_role_arn(stack, "Handler", "arn:aws:iam::123456789012:role/handler")
    token = "arn:aws:lambda:eu-west-1:123456789012:function:kubectl"
    theirs = eks.KubectlProvider.from_kubectl_provider_attributes(stack, "Theirs", role=role, service_token=token)
    kubectl = cluster.add_kubectl(provider=theirs)
    assert (kubectl.entry, kubectl.security_group) == (None, None)
    eks.KubernetesManifest(stack, "Settings", cluster=cluster.as_cdk_cluster, manifest=[CONFIG_MAP])
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "Custom::AWSCDK-EKS-KubernetesResource", {"ServiceToken": token, "ClusterName": "platform"}
    )
    template.resource_count_is("AWS::EKS::AccessEntry", 0)
    template.resource_count_is("AWS::Lambda::Function", 0)


def test_a_handler_of_somebody_else_can_be_given_access() -> None:
    stack = cdk.Stack(cdk.App(), "Team")
    role = iam.Role.from_role_arn(stack, "Handler", "arn:aws:iam::123456789012:role/handler")
    theirs = eks.KubectlProvider.from_kubectl_provider_attributes(stack, "Theirs", role=role, service_token="arn")
    imported(stack).add_kubectl(provider=theirs, namespaces=["team-a"], policy=hardened.AccessPolicy.ADMIN)
    Template.from_stack(stack).has_resource_properties(
        "AWS::EKS::AccessEntry", {"PrincipalArn": "arn:aws:iam::123456789012:role/handler"}
    )


def test_cluster_admin_is_reported(tmp_path: Path) -> None:
    app = cdk.App(outdir=str(tmp_path))
    stack = cdk.Stack(app, "Payments")
    cdk.Tags.of(stack).add("application", "payments")
    cluster = hardened.Cluster(stack, "Cluster", version="1.35")
    cluster.add_kubectl(layer=KubectlV35Layer(stack, "Layer"), policy=hardened.AccessPolicy.CLUSTER_ADMIN)
    cdk.Validations.of(app).add_plugins(hardened.Checks())
    with pytest.raises(RuntimeError, match="(?s)nobody is alerted when the role is assumed.*Cluster/Kubectl/Role"):
        app.synth()


def test_the_view_knows_the_clusters_own_group() -> None:
    stack = cdk.Stack(cdk.App(), "Payments")
    cluster = hardened.Cluster(stack, "Cluster", version="1.35")
    view = cluster.as_cdk_cluster
    assert stack.resolve(view.cluster_security_group_id)["Fn::GetAtt"][1] == "ClusterSecurityGroupId"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({}, "pass either layer, such as KubectlV37Layer(...)"),
        (
            {"layer": "arn:aws:lambda:eu-west-1:123456789012:layer:kubectl:1"},
            "layer needs a layer with kubectl and Helm",
        ),
        ({"provider": "arn"}, "provider needs a kubectl provider (aws_eks_v2.IKubectlProvider)"),
        ({"policy": "AmazonEKSEditPolicy"}, "policy needs an AccessPolicy"),
        ({"namespaces": "payments"}, "namespaces needs a list of names"),
        ({"memory_mib": 128}, "memory_mib needs 512 to 10240 MiB, got 128"),
        ({"log_retention_days": 2}, "log_retention_days needs a number of days"),
    ],
)
def test_fails_when_arguments_are_bad(arguments: dict[str, Any], problem: str) -> None:
    stack = cdk.Stack(cdk.App(), "Payments")
    cluster = hardened.Cluster(stack, "Cluster", version="1.35")
    with pytest.raises(ConfigurationError) as caught:
        cluster.add_kubectl(**arguments)
    assert any(problem in one for one in caught.value.problems)


def test_fails_when_a_handler_made_here_has_no_namespaces() -> None:
    stack = cdk.Stack(cdk.App(), "Payments")
    cluster = hardened.Cluster(stack, "Cluster", version="1.35")
    with pytest.raises(ConfigurationError) as caught:
        cluster.add_kubectl(layer=KubectlV35Layer(stack, "Layer"))
    (problem,) = caught.value.problems
    assert "namespaces needs the namespaces" in problem
    assert "CLUSTER_ADMIN" in problem


def test_fails_when_the_network_of_the_cluster_is_not_known() -> None:
    stack = cdk.Stack(cdk.App(), "Team")
    with pytest.raises(ConfigurationError) as caught:
        imported(stack).add_kubectl(layer=KubectlV35Layer(stack, "Layer"), namespaces=["team-a"])
    assert [one.split(" is")[0] for one in caught.value.problems] == ["network", "security_group"]


def test_fails_when_a_provider_without_role_is_to_get_access() -> None:
    stack = cdk.Stack(cdk.App(), "Team")
    theirs = eks.KubectlProvider.from_kubectl_provider_attributes(stack, "Theirs", service_token="arn")
    with pytest.raises(ConfigurationError, match="provider has no role"):
        imported(stack).add_kubectl(provider=theirs, namespaces=["team-a"])


def test_fails_when_it_comes_too_late_or_twice() -> None:
    stack = cdk.Stack(cdk.App(), "Team")
    theirs = eks.KubectlProvider.from_kubectl_provider_attributes(stack, "Theirs", service_token="arn")
    late = imported(stack)
    _ = late.as_cdk_cluster
    with pytest.raises(ConfigurationError, match="call add_kubectl first"):
        late.add_kubectl(provider=theirs)
    twice = imported(cdk.Stack(cdk.App(), "Other"))
    twice.add_kubectl(provider=theirs)
    with pytest.raises(ConfigurationError, match="already has a kubectl handler"):
        twice.add_kubectl(provider=theirs)


def test_no_condition_is_left_of_a_policy_that_is_not_attached(template: dict[str, Any]) -> None:
    assert "Conditions" not in template
