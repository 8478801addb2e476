"""Controllers in one line: a role of their own that reaches what is named, and nothing of anybody else."""

import json
import re
from collections.abc import Iterator
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk.assertions import Template
from aws_cdk.lambda_layer_kubectl_v35 import KubectlV35Layer

import hardened_eks as hardened
from hardened_eks.baseline.addons import PROFILES
from hardened_eks.baseline.policies.service import MODERN_TLS
from hardened_eks.controls import CATALOGUE
from hardened_eks.data.controllers import CONTROLLERS
from hardened_eks.errors import ConfigurationError
from hardened_eks.evidence import Assembly
from hardened_eks.evidence import Template as Seen
from hardened_eks.judging.evaluation import evaluate as judge
from tests.addons.controllers_app import (
    ACCOUNT,
    GROUP,
    KEY,
    KINDS,
    NAME,
    REGION,
    REGISTRY,
    SECRET,
    TARGET,
    WORKSPACE,
    ZONE,
    a_stack,
    cluster_in,
    everything,
)
from tests.iam import Policies, Request, evaluate


@pytest.fixture(scope="module")
def built() -> tuple[cdk.Stack, dict[str, Any]]:
    return everything(hardened.Egress.NAT)


@pytest.fixture(scope="module")
def template(built: tuple[cdk.Stack, dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = Template.from_stack(built[0]).to_json()
    return found


@pytest.fixture(scope="module")
def isolated() -> tuple[dict[str, Any], dict[str, Any]]:
    stack, made = everything(hardened.Egress.NONE)
    return made, Template.from_stack(stack).to_json()


def resolved(value: Any) -> Any:
    """Render what CloudFormation would; a reference to another resource becomes its logical id."""
    if isinstance(value, list):
        return [resolved(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "Ref" in value:
        return {"AWS::Partition": "aws", "AWS::Region": REGION, "AWS::AccountId": ACCOUNT}.get(
            value["Ref"], value["Ref"]
        )
    if "Fn::GetAtt" in value:
        return value["Fn::GetAtt"][0]
    if "Fn::Join" in value:
        return value["Fn::Join"][0].join(str(resolved(part)) for part in value["Fn::Join"][1])
    return {key: resolved(item) for key, item in value.items()}


def policies(stack: cdk.Stack, template: dict[str, Any], controller: Any) -> list[dict[str, Any]]:
    """The policies of a controller's roles."""
    roles = {stack.get_logical_id(one.role.node.default_child) for one in controller.roles.values()}
    return [
        resolved(one["Properties"]["PolicyDocument"])
        for one in template["Resources"].values()
        if one["Type"] == "AWS::IAM::ManagedPolicy"
        and roles & {resolved(role) for role in one["Properties"].get("Roles", ())}
    ]


def arn(service: str, resource: str, account: str = ACCOUNT) -> str:
    return f"arn:aws:{service}:{REGION}:{account}:{resource}"


LB, RULE = arn("elasticloadbalancing", "loadbalancer/app/a/1"), arn("elasticloadbalancing", "listener-rule/app/a/1/2/3")
TARGETS = arn("elasticloadbalancing", "targetgroup/a/1")
TAG, NEW_TAG = "aws:ResourceTag/elbv2.k8s.aws/cluster", "aws:RequestTag/elbv2.k8s.aws/cluster"
OURS, OTHERS = {TAG: NAME}, {TAG: "other"}
HOSTED = "arn:aws:route53:::hostedzone/"
TXT = {
    "route53:ChangeResourceRecordSetsRecordTypes": ["TXT"],
    "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["_acme-challenge.shop.example.com"],
}
ASG = arn("autoscaling", "autoScalingGroup:1:autoScalingGroupName/a")
OWNED, FOREIGN = (
    {f"aws:ResourceTag/kubernetes.io/cluster/{NAME}": "owned"},
    {"aws:ResourceTag/kubernetes.io/cluster/b": "owned"},
)
THROUGH = {"kms:ViaService": f"secretsmanager.{REGION}.amazonaws.com"}
LOGS = arn("logs", "log-group:/payments/containers:log-stream:a")

Row = tuple[str, str, str, dict[str, Any], bool]
ROWS: list[Row] = [
    *(
        ("load-balancer-controller", action, resource, context, allowed)
        for action, resource in (
            ("elasticloadbalancing:DeleteLoadBalancer", LB),
            ("elasticloadbalancing:SetSecurityGroups", LB),
            ("elasticloadbalancing:CreateListener", LB),
            ("elasticloadbalancing:SetRulePriorities", RULE),
            ("elasticloadbalancing:DeleteRule", RULE),
            ("elasticloadbalancing:RegisterTargets", TARGETS),
            ("elasticloadbalancing:RemoveTags", LB),
            ("ec2:DeleteSecurityGroup", arn("ec2", "security-group/sg-1")),
            ("ec2:AuthorizeSecurityGroupIngress", arn("ec2", "security-group/sg-1")),
        )
        for context, allowed in ((OURS, True), (OTHERS, False), ({}, False))
    ),
    ("load-balancer-controller", "elasticloadbalancing:RegisterTargets", GROUP, {}, True),
    ("load-balancer-controller", "elasticloadbalancing:DeleteTargetGroup", GROUP, {}, False),
    ("load-balancer-controller", "elasticloadbalancing:AddTags", LB, {**OURS, NEW_TAG: "other"}, False),
    ("load-balancer-controller", "elasticloadbalancing:AddTags", LB, {NEW_TAG: NAME}, False),
    ("load-balancer-controller", "elasticloadbalancing:AddTags", RULE,
     {NEW_TAG: NAME, "elasticloadbalancing:CreateAction": "CreateRule"}, True),
    ("load-balancer-controller", "elasticloadbalancing:CreateLoadBalancer", LB, {NEW_TAG: NAME}, True),
    ("load-balancer-controller", "elasticloadbalancing:CreateLoadBalancer", LB, {NEW_TAG: "other"}, False),
    ("load-balancer-controller", "elasticloadbalancing:DescribeRules", "*", {}, True),
    ("load-balancer-controller", "ec2:CreateSecurityGroup", arn("ec2", "security-group/sg-1"), {NEW_TAG: NAME}, True),
    ("load-balancer-controller", "ec2:CreateSecurityGroup", arn("ec2", "security-group/sg-1"), {}, False),
    ("load-balancer-controller", "ec2:CreateSecurityGroup", arn("ec2", "vpc/vpc-other"), {}, False),
    ("load-balancer-controller", "ec2:CreateTags", arn("ec2", "security-group/sg-1"), {NEW_TAG: NAME}, False),
    ("load-balancer-controller", "iam:CreateServiceLinkedRole",
     f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/elasticloadbalancing.amazonaws.com/AWSServiceRoleForElasticLoadBalancing",
     {"iam:AWSServiceName": "elasticloadbalancing.amazonaws.com"}, True),
    ("load-balancer-controller", "iam:CreateServiceLinkedRole",
     f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot",
     {"iam:AWSServiceName": "spot.amazonaws.com"}, False),
    ("load-balancer-controller", "elasticloadbalancing:DeleteLoadBalancer", LB.replace(ACCOUNT, "999999999999"), OURS, False),
    ("external-dns", "route53:ChangeResourceRecordSets", HOSTED + ZONE, {}, True),
    ("external-dns", "route53:ChangeResourceRecordSets", HOSTED + "ZOTHER", {}, False),
    ("external-dns", "route53:ListResourceRecordSets", HOSTED + "ZOTHER", {}, False),
    ("external-dns", "route53:DeleteHostedZone", HOSTED + ZONE, {}, False),
    ("cert-manager", "route53:ChangeResourceRecordSets", HOSTED + ZONE, TXT, True),
    ("cert-manager", "route53:ChangeResourceRecordSets", HOSTED + "ZOTHER", TXT, False),
    ("cert-manager", "route53:ChangeResourceRecordSets", HOSTED + ZONE, {}, False),
    *(
        ("cert-manager", "route53:ChangeResourceRecordSets", HOSTED + ZONE, {**TXT, key: values}, False)
        for key, values in (
            ("route53:ChangeResourceRecordSetsRecordTypes", ["TXT", "A"]),
            ("route53:ChangeResourceRecordSetsNormalizedRecordNames", ["www.example.com"]),
        )
    ),
    ("external-secrets", "secretsmanager:GetSecretValue", SECRET, {}, True),
    ("external-secrets", "secretsmanager:GetSecretValue", arn("secretsmanager", "secret:payments/api-AbCdEf"), {}, True),
    ("external-secrets", "secretsmanager:GetSecretValue", arn("secretsmanager", "secret:payments/api2-AbCdEf"), {}, False),
    ("external-secrets", "secretsmanager:GetSecretValue", arn("secretsmanager", "secret:other-AbCdEf"), {}, False),
    ("external-secrets", "secretsmanager:PutSecretValue", SECRET, {}, False),
    ("external-secrets", "secretsmanager:ListSecrets", "*", {}, False),
    ("external-secrets", "ssm:GetParameter", arn("ssm", "parameter/payments/url"), {}, True),
    ("external-secrets", "ssm:GetParameter", arn("ssm", "parameter/other/url"), {}, False),
    ("external-secrets", "kms:Decrypt", KEY, THROUGH, True),
    ("external-secrets", "kms:Decrypt", KEY, {}, False),
    ("external-secrets", "kms:Decrypt", KEY.replace("1111-2222", "1111-9999"), THROUGH, False),
    *(
        ("cluster-autoscaler", action, ASG, context, allowed)
        for action in ("autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup")
        for context, allowed in ((OWNED, True), (FOREIGN, False), ({}, False))
    ),
    ("cluster-autoscaler", "autoscaling:UpdateAutoScalingGroup", ASG, OWNED, False),
    ("cluster-autoscaler", "eks:DescribeNodegroup", arn("eks", f"nodegroup/{NAME}/a/1"), {}, True),
    ("cluster-autoscaler", "eks:DescribeNodegroup", arn("eks", "nodegroup/other/a/1"), {}, False),
    ("argo-cd", "sts:AssumeRole", TARGET, {}, True),
    ("argo-cd", "sts:TagSession", TARGET, {}, True),
    ("argo-cd", "sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/admin", {}, False),
    ("fluent-bit", "logs:PutLogEvents", LOGS, {}, True),
    *(
        ("fsx-csi-driver", action, arn("fsx", "file-system/fs-1"), context, allowed)
        for action in ("fsx:DeleteFileSystem", "fsx:UpdateFileSystem")
        for context, allowed in (({"aws:ResourceTag/CSIVolumeName": "pvc-1"}, True), ({}, False))
    ),
    ("fsx-csi-driver", "fsx:CreateFileSystem", arn("fsx", "file-system/*"), {"aws:RequestTag/CSIVolumeName": "p"}, True),
    ("fsx-csi-driver", "fsx:CreateFileSystem", arn("fsx", "file-system/*"), {}, False),
    ("fsx-csi-driver", "fsx:DeleteBackup", arn("fsx", "backup/b-1"), {"aws:ResourceTag/CSIVolumeName": "p"}, False),
    ("adot-collector", "aps:RemoteWrite", WORKSPACE, {}, True),
    ("adot-collector", "aps:RemoteWrite", WORKSPACE.replace("ws-1", "ws-2"), {}, False),
    ("adot-collector", "aps:DeleteWorkspace", WORKSPACE, {}, False),
    ("adot-collector", "xray:PutTraceSegments", "*", {}, True),
    ("fluent-bit", "logs:PutLogEvents", LOGS.replace("/payments/containers", "/aws/eks/payments/cluster"), {}, False),
    ("fluent-bit", "logs:CreateLogGroup", arn("logs", "log-group:/payments/containers"), {}, False),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[1]} {row[4]} {sorted(row[3].items())}"[:110])
def test_what_is_foreign_is_denied(built: tuple[cdk.Stack, dict[str, Any]], template: dict[str, Any], row: Row) -> None:
    name, action, resource, context, allowed = row
    stack, made = built
    request = Request(action=action, resource=resource, context=context)
    assert bool(evaluate(request, Policies(identity=policies(stack, template, made[name])))) is allowed


def test_the_security_group_of_the_nodes_is_the_one_without_a_tag(
    built: tuple[cdk.Stack, dict[str, Any]], template: dict[str, Any]
) -> None:
    stack, made = built
    (group,) = (
        id_ for id_, one in template["Resources"].items()
        if one["Type"] == "AWS::EC2::SecurityGroup" and "NodeSecurity" in id_
    )  # fmt: skip
    (vpc,) = (id_ for id_, one in template["Resources"].items() if one["Type"] == "AWS::EC2::VPC")
    found = policies(stack, template, made["load-balancer-controller"])
    for action, resource in (
        ("AuthorizeSecurityGroupIngress", f"security-group/{group}"),
        ("CreateSecurityGroup", f"vpc/{vpc}"),
    ):
        assert evaluate(Request(action=f"ec2:{action}", resource=arn("ec2", resource)), Policies(identity=found))
    request = Request(action="ec2:DeleteSecurityGroup", resource=arn("ec2", f"security-group/{group}"))
    assert not evaluate(request, Policies(identity=found))


def test_a_part_that_nobody_asked_for_is_not_allowed() -> None:
    found = list(CONTROLLERS["load-balancer-controller"].statements([], VALUES))
    actions = {action.partition(":")[0] for _, statement in found for action in statement["Action"]}
    assert actions == {"ec2", "elasticloadbalancing", "iam"}
    assert "elasticloadbalancing:SetWebAcl" not in {a for _, statement in found for a in statement["Action"]}


VALUES: dict[str, Any] = {
    "cluster": "c" * 100, "partition": "aws-us-gov", "region": "ap-southeast-99", "account": ACCOUNT,
    "vpc": "vpc-0123456789abcdef0", "vpc_account": ACCOUNT, "node_group": "sg-0123456789abcdef0",
    **{name: [f"arn:aws:x:::{'y' * 60}{n}" for n in range(5)]
       for name in ("target_groups", "zones", "secrets", "parameters", "keys", "roles", "workspaces")},
    "log_group": "arn:aws:logs:eu-west-1:111122223333:log-group:/payments/containers:*",
}  # fmt: skip
PARTS = [
    "certificates",
    "cognito",
    "waf",
    "shield",
    "target_groups",
    "zones",
    "secrets",
    "parameters",
    "keys",
    "roles",
    "create",
    "metrics",
    "traces",
]


@pytest.mark.parametrize("name", KINDS)
def test_each_policy_fits_for_the_longest_name_of_a_cluster(name: str) -> None:
    written: dict[str, list[Any]] = {}
    for rule, statement in CONTROLLERS[name].statements(PARTS, VALUES):
        written.setdefault(rule.policy, []).append({"Effect": "Allow", **statement})
    for policy in written.values():
        assert len(json.dumps({"Version": "2012-10-17", "Statement": policy}, separators=(",", ":"))) <= 6144


def test_only_the_service_account_of_this_cluster_takes_the_role(
    built: tuple[cdk.Stack, dict[str, Any]], template: dict[str, Any]
) -> None:
    stack, made = built
    for name, controller in made.items():
        profile = CONTROLLERS[name].profile
        assert controller.namespace == (PROFILES[profile].namespace if profile else "payments")
        for account, role in controller.roles.items():
            trust = template["Resources"][stack.get_logical_id(role.role.node.default_child)]["Properties"]
            (statement,) = trust["AssumeRolePolicyDocument"]["Statement"]
            asked = resolved(statement["Condition"]["StringEquals"])
            assert asked["aws:RequestTag/kubernetes-service-account"] == account
            assert asked["aws:RequestTag/kubernetes-namespace"] == controller.namespace
            tied = template["Resources"][stack.get_logical_id(role.resource)]["Properties"]
            assert (tied["Namespace"], tied["ServiceAccount"]) == (controller.namespace, account)


def test_an_add_on_waits_for_its_role(built: tuple[cdk.Stack, dict[str, Any]], template: dict[str, Any]) -> None:
    stack, made = built
    for name in ("external-dns", "cert-manager", "fluent-bit", "fsx-csi-driver"):
        addon = template["Resources"][stack.get_logical_id(made[name].addon.resource)]
        assert addon["Properties"]["AddonName"] == CONTROLLERS[name].addon
        (role,) = made[name].roles.values()
        assert stack.get_logical_id(role.resource) in addon["DependsOn"]


def test_our_controls_find_nothing_but_the_way_out(template: dict[str, Any]) -> None:
    outcome = judge(Assembly([Seen("Open", template)]), CATALOGUE)
    assert {one.control.id for one in outcome.findings} == {"NW-04"}, "Egress.NAT, as its page says"


def endpoints(template: dict[str, Any]) -> set[str]:
    return {
        resolved(one["Properties"]["ServiceName"]).rpartition(f"{REGION}.")[2]
        for one in template["Resources"].values()
        if one["Type"] == "AWS::EC2::VPCEndpoint"
    }


def test_an_isolated_network_gets_the_endpoints_and_its_nodes_pull_from_ecr(
    isolated: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    made, found = isolated
    assert {"elasticloadbalancing", "acm", "wafv2", "cognito-idp", "shield", "autoscaling"} <= endpoints(found)
    stack = cdk.Stack.of(made["argo-cd"])
    for name, path, image in (
        ("load-balancer-controller", ("image",), "aws-load-balancer-controller"),
        ("external-secrets", ("webhook", "image"), "external-secrets"),
        ("cluster-autoscaler", ("image",), "cluster-autoscaler"),
        ("argo-cd", ("global", "image"), "argocd"),
    ):
        value: Any = stack.resolve(made[name].values)
        for part in path:
            value = value[part]
        assert resolved(value["repository"]).startswith(f"{ACCOUNT}.dkr.ecr.{REGION}.")
        assert resolved(value["repository"]).endswith(f"/{image}")


def test_the_values_of_the_chart_are_those_that_the_policies_admit(built: tuple[cdk.Stack, dict[str, Any]]) -> None:
    stack, made = built
    values = stack.resolve(made["load-balancer-controller"].values)
    assert values["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert (values["clusterName"], values["enableWafv2"], values["enableShield"]) == (NAME, True, True)
    assert re.match(MODERN_TLS, values["defaultSSLPolicy"])
    assert "image" not in values, "the chart's own"
    autoscaler = stack.resolve(made["cluster-autoscaler"].values)
    assert autoscaler["image"] == {"tag": "v1.36.0"}
    assert autoscaler["autoDiscovery"]["tags"] == [f"kubernetes.io/cluster/{NAME}"]
    assert "auto_create_group false" in made["fluent-bit"].output


@pytest.fixture(scope="module")
def parts() -> tuple[hardened.Cluster, hardened.TrustedCharts]:
    stack = a_stack("Install")
    cluster = cluster_in(stack, egress=hardened.Egress.NONE)
    cluster.add_kubectl(layer=KubectlV35Layer(stack, "Layer"), namespaces=["external-secrets"])
    return cluster, hardened.TrustedCharts(stack, "Charts", repositories=[REGISTRY, "https://charts.example.com"])


@pytest.fixture(scope="module")
def cluster() -> hardened.Cluster:
    return cluster_in(a_stack("Bad"), egress=hardened.Egress.NONE)


class TestInstall:
    def test_a_pinned_chart_of_a_trusted_place_follows_its_role(self, parts: Any) -> None:
        cluster, charts = parts
        controller = hardened.addons.LoadBalancerController(cluster)
        chart = controller.install(
            charts, repository=f"{REGISTRY}/aws-load-balancer-controller", values={"replicaCount": 3}
        )
        stack = cdk.Stack.of(cluster)
        template = Template.from_stack(stack).to_json()["Resources"]
        made = template[stack.get_logical_id(chart.node.find_child("Resource").node.default_child)]
        properties = made["Properties"]
        assert (properties["Version"], properties["Release"]) == ("3.5.0", "load-balancer-controller")
        assert (properties["Namespace"], properties.get("CreateNamespace", False)) == (
            "aws-load-balancer-controller",
            False,
        )
        values = json.loads(resolved(properties["Values"]))
        assert values["replicaCount"] == 3 and values["securityContext"]["runAsNonRoot"] is True
        (role,) = controller.roles.values()
        assert stack.get_logical_id(role.resource) in made["DependsOn"]

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            ({"repository": "https://charts.example.com"}, "helm pull external-secrets --repo https://charts.external"),
            ({"repository": "oci://elsewhere.example/external-secrets"}, "is not one of"),
            ({"repository": f"{REGISTRY}/external-secrets", "version": "^2"}, "version needs one version"),
            ({"repository": f"{REGISTRY}/external-secrets", "values": "a: b"}, "values needs a mapping"),
        ],
    )
    def test_what_cannot_be_installed_is_refused(self, parts: Any, arguments: dict[str, Any], words: str) -> None:
        cluster, charts = parts
        found = cluster.node.try_find_child("ExternalSecrets")
        secret = secretsmanager.Secret.from_secret_complete_arn(cluster, f"S{abs(hash(words))}", SECRET)
        controller: Any = found or hardened.addons.ExternalSecrets(cluster, secrets=[secret])
        with pytest.raises(ConfigurationError, match=words):
            controller.install(charts, **arguments)


class TestBadInput:
    def refused(self, make: Any) -> Iterator[str]:
        with pytest.raises(ConfigurationError) as error:
            make()
        return iter(error.value.problems)

    def test_one_error_names_every_mistake(self, cluster: hardened.Cluster) -> None:
        wrong: Any = {
            "namespace": "Not_A_Name",
            "waf": "yes",
            "target_group_arns": ["arn:aws:s3:::b", 7],
            "image_repository": "",
        }
        found = list(self.refused(lambda: hardened.addons.LoadBalancerController(cluster, **wrong)))
        assert [one.split(" needs ")[0] for one in found] == [
            "namespace", "image_repository", "waf", "target_group_arns", "target_group_arns",
        ]  # fmt: skip

    def test_a_network_without_a_way_out_cannot_reach_route_53(self, cluster: hardened.Cluster) -> None:
        zone = route53.HostedZone.from_hosted_zone_attributes(
            cluster, "Zone", hosted_zone_id=ZONE, zone_name="a.example"
        )
        for make in (hardened.addons.ExternalDns, hardened.addons.CertManager):
            (found,) = self.refused(lambda make=make: make(cluster, zones=[zone]))
            assert "Route 53, which has no VPC endpoint" in found and "Egress.NAT" in found

    def test_nothing_named_is_refused(self, cluster: hardened.Cluster) -> None:
        assert next(self.refused(lambda: hardened.addons.ExternalSecrets(cluster))).startswith(
            "name at least one secret"
        )
        assert any("zones needs" in one for one in self.refused(lambda: hardened.addons.ExternalDns(cluster, zones=[])))
        none: Any = None
        assert any(
            "log_group" in one for one in self.refused(lambda: hardened.addons.FluentBit(cluster, log_group=none))
        )

    def test_kinds_are_told(self, cluster: hardened.Cluster) -> None:
        wrong: Any = "Z0123"
        calls = (
            lambda: hardened.addons.ExternalDns(cluster, zones=[wrong]),
            lambda: hardened.addons.ExternalSecrets(cluster, secrets=[wrong]),
            lambda: hardened.addons.ArgoCd(cluster, target_roles=[wrong]),
            lambda: hardened.addons.ClusterAutoscaler(wrong),
        )
        for make in calls:
            assert any("got 'Z0123'" in one for one in self.refused(make))

    def test_a_second_one_is_refused(self, cluster: hardened.Cluster) -> None:
        hardened.addons.ClusterAutoscaler(cluster)
        (found,) = self.refused(lambda: hardened.addons.ClusterAutoscaler(cluster))
        assert "already has Cluster Autoscaler" in found

    def test_without_the_agent_nobody_hands_out_the_role(self) -> None:
        options = hardened.AddonOptions(exclude=["eks-pod-identity-agent"])
        cluster = cluster_in(a_stack("NoAgent"), egress=hardened.Egress.NONE, addons=options)
        (found,) = self.refused(lambda: hardened.addons.ClusterAutoscaler(cluster))
        assert "eks-pod-identity-agent" in found

    def test_an_imported_cluster_needs_its_network(self) -> None:
        cluster = hardened.Cluster.from_cluster_attributes(a_stack("Imported"), "Existing", name="prod")
        found = list(self.refused(lambda: hardened.addons.LoadBalancerController(cluster)))
        assert any("network" in one for one in found)
