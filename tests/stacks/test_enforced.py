"""What our constructs enforce: the default passes with something examined, and weakening the template is caught."""

import copy
import json
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.lambda_layer_kubectl_v35 import KubectlV35Layer

import hardened_eks as hardened
from hardened_eks.baseline import Namespace, Settings
from hardened_eks.controls import CATALOGUE
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.evidence import Assembly, Template
from hardened_eks.controls.model import Control
from tests.controls.cases import Case, Mutation, both, change
from tests.controls.test_catalogue import CASES

ENFORCED = [control for control in CATALOGUE if control.enforced_by]
NEEDS_A_PREDECESSOR = {"DP-24"}
# Types that the all-in-one stack below does not contain by design: the control watches for their absence.
ABSENT_BY_DESIGN = {
    "NW-04": "no route to an internet gateway is made",
}


def without(gone: Callable[[dict[str, Any]], bool]) -> Mutation:
    return lambda body: {**body, "Resources": {i: r for i, r in body["Resources"].items() if not gone(r)}}


def without_endpoint(service: str) -> Mutation:
    return without(
        lambda r: (
            r["Type"] == "AWS::EC2::VPCEndpoint"
            and json.dumps(r["Properties"]["ServiceName"]).endswith(f'.{service}"]]}}')
        )
    )


def without_dependencies(body: dict[str, Any]) -> dict[str, Any]:
    changed = copy.deepcopy(body)
    for resource in changed["Resources"].values():
        resource.pop("DependsOn", None)
    return changed


def without_nodes(body: dict[str, Any]) -> dict[str, Any]:
    return without(lambda r: r["Type"] in {"AWS::EKS::Nodegroup", "AWS::AutoScaling::AutoScalingGroup"})(body)


def with_internet_route(body: dict[str, Any]) -> dict[str, Any]:
    table = next(i for i, r in body["Resources"].items() if r["Type"] == "AWS::EC2::RouteTable")
    added = {
        "Gateway": {"Type": "AWS::EC2::InternetGateway"},
        "Open": {
            "Type": "AWS::EC2::Route",
            "Properties": {
                "RouteTableId": {"Ref": table},
                "DestinationCidrBlock": "0.0.0.0/0",
                "GatewayId": {"Ref": "Gateway"},
            },
        },
    }
    return {**body, "Resources": {**body["Resources"], **added}}


def rewritten(old: str, new: str) -> Mutation:
    """Change the text of the objects for Kubernetes that parameters and manifests hold."""

    def mutate(body: dict[str, Any]) -> dict[str, Any]:
        changed = copy.deepcopy(body)
        for resource in changed["Resources"].values():
            held = {"AWS::SSM::Parameter": "Value", "Custom::AWSCDK-EKS-KubernetesResource": "Manifest"}
            if name := held.get(resource["Type"]):
                text = json.dumps(resource["Properties"][name])
                quoted = (json.dumps(part)[1:-1] for part in (old, new))
                resource["Properties"][name] = json.loads(text.replace(*quoted))
        assert changed != body
        return changed

    return mutate


def files_without(*names: str) -> Mutation:
    """Take properties off the bucket of the trail; the one of access logs, which the tables change, is exempt."""

    def mutate(body: dict[str, Any]) -> dict[str, Any]:
        changed = copy.deepcopy(body)
        trail = next(r for r in changed["Resources"].values() if r["Type"] == "AWS::CloudTrail::Trail")
        bucket = changed["Resources"][trail["Properties"]["S3BucketName"]["Ref"]]
        for name in names:
            del bucket["Properties"][name]
        return changed

    return mutate


def with_the_boundary_attached(body: dict[str, Any]) -> dict[str, Any]:
    boundary = next(
        name
        for name, r in body["Resources"].items()
        if r["Type"] == "AWS::IAM::ManagedPolicy" and "boundary" in r["Properties"].get("Description", "")
    )
    return change("AWS::IAM::Role", "ManagedPolicyArns", [{"Ref": boundary}])(body)


def recorder_after_channel(body: dict[str, Any]) -> dict[str, Any]:
    changed = copy.deepcopy(body)
    named = {r["Type"]: i for i, r in changed["Resources"].items()}
    changed["Resources"][named["AWS::Config::ConfigurationRecorder"]]["DependsOn"] = named[
        "AWS::Config::DeliveryChannel"
    ]
    return changed


def pack_without(word: str) -> Mutation:
    """Misspell a word in the templates of packs."""

    def mutate(body: dict[str, Any]) -> dict[str, Any]:
        changed = copy.deepcopy(body)
        for resource in changed["Resources"].values():
            if resource["Type"] == "AWS::Config::ConformancePack":
                text = resource["Properties"]["TemplateBody"]
                resource["Properties"]["TemplateBody"] = text.replace(word, "other")
        assert changed != body
        return changed

    return mutate


READS_A_SECRET = {
    "Effect": "Allow",
    "Action": "secretsmanager:GetSecretValue",
    "Resource": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-1",
}
NO_CUSTOM_RESOURCE = without(lambda r: r["Type"].startswith("Custom::"))
# Weakenings for controls whose own table consists of templates of another shape than ours.
WEAKENED: dict[str, Mutation] = {
    "DP-97": rewritten('"169.254.170.23/32"', '"169.254.171.23/32"'),
    "DP-94": change("AWS::EC2::LaunchTemplate", "LaunchTemplateData.NetworkInterfaces.0.InterfaceType", "efa"),
    "DP-110": recorder_after_channel,
    "DP-111": pack_without("oldestVersionSupported"),
    "DT-12": without(lambda r: str(r["Properties"].get("ConformancePackName", "")).endswith("-core")),
    "DP-91": change("AWS::EC2::LaunchTemplate", "LaunchTemplateData.NetworkInterfaces.0.InterfaceType", "efa"),
    "DP-90": change("AWS::EKS::Nodegroup", "CapacityType", "CAPACITY_BLOCK"),
    "DP-45": change("AWS::EKS::Cluster", "ComputeConfig.Enabled", True),
    "ND-30": change("AWS::EKS::Cluster", "ComputeConfig", {"Enabled": True, "NodePools": ["system"]}),
    "DP-46": change("AWS::EKS::Cluster", "KubernetesNetworkConfig.IpFamily", "ipv6"),
    "DP-82": without_nodes,
    "IA-20": with_the_boundary_attached,
    "NW-04": with_internet_route,
    "NW-07": with_internet_route,
    "NW-08": without_endpoint("ecr.api"),
    "NW-09": without_endpoint("ecr.dkr"),
    "NW-10": without_endpoint("ssm"),
    "NW-11": without_endpoint("ec2"),
    "NW-12": both(
        change("AWS::IAM::ManagedPolicy", "PolicyDocument.Statement", [READS_A_SECRET]),
        without_endpoint("secretsmanager"),
    ),
    "NW-15": without_endpoint("sts"),
    "KB-14": rewritten('"pod-security.kubernetes.io/enforce":"restricted"', '"enforce":"restricted"'),
    "KB-15": rewritten('"verbs":["create","delete"]', '"verbs":["*"]'),
    "KB-16": rewritten('"except":["169.254.169.254/32"]', '"but":[]'),
    "KB-35": rewritten('"encrypted":"true"', '"encrypted":"false"'),
    "KB-21": rewritten('"httpPutResponseHopLimit":1', '"httpPutResponseHopLimit":2'),
    "KB-22": rewritten('"encrypted":true', '"encrypted":false'),
    "KB-23": rewritten('"kmsKeyID"', '"other"'),
    "KB-24": rewritten('"associatePublicIPAddress":false', '"associatePublicIPAddress":true'),
    "KB-25": rewritten('"instanceProfile"', '"role"'),
    "KB-26": rewritten("@v1.66.0", "@latest"),
    "KB-27": both(
        rewritten("instance-hypervisor", "other"), rewritten('"m7g"', '"m4"'), rewritten('"arm64"', '"amd64"')
    ),
    "KB-28": both(rewritten("encryption-in-transit", "other"), rewritten('"m7g"', '"m6g"')),
    "KB-29": rewritten('"336h"', '"Never"'),
    "FN-03": NO_CUSTOM_RESOURCE,
    "FN-04": NO_CUSTOM_RESOURCE,
    "DP-29": without_dependencies,
    "ST-04": files_without("BucketEncryption"),
    "ST-06": files_without("LoggingConfiguration"),
    "DP-21": change("AWS::IAM::Role", "ManagedPolicyArns", []),
}


@pytest.fixture(scope="module")
def everything() -> dict[str, Any]:
    """One stack with every construct."""
    app = cdk.App()
    stack = cdk.Stack(app, "All")
    cdk.Tags.of(stack).add("application", "payments")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    cluster.add_node_group("general", instance_types=["m7g.large"])
    cluster.add_self_managed_nodes("own", instance_types=["m7g.large", "m7gd.large"])
    cluster.add_fargate_profile("apps", selectors=[hardened.FargateSelector(namespace="apps-*")])
    cluster.add_karpenter(bottlerocket_version="1.66.0")
    cluster.add_break_glass_role(trusted=["arn:aws:iam::123456789012:user/on-call"])
    cluster.grant_view(f"arn:{cdk.Aws.PARTITION}:iam::{cdk.Aws.ACCOUNT_ID}:role/dev", namespaces=["payments"])
    hardened.PodRole(stack, "Pod", cluster=cluster, namespace="payments", service_account="api")
    hardened.AdminHost(stack, "Admin", cluster=cluster)
    hardened.IdentityProvider(
        stack, "People", cluster=cluster, issuer="https://login.bank.example/realms/staff", client_id="kubernetes"
    )
    hardened.CreatorRole(stack, "Creator", stack_prefix="Payments")
    hardened.Registry(stack, "Registry", encryption_key=cluster.keys.images)
    hardened.Repository(
        stack, "Repository", encryption_key=cluster.keys.images, push=["arn:aws:iam::123456789012:role/ci"]
    )
    cluster.add_addon("aws-guardduty-agent")
    hardened.Detection(
        stack, "Detection", cluster=cluster, alerts=hardened.alerts.Topic(stack, "Alerts"), trail="elsewhere"
    )
    hardened.ManagedDetectors(stack, "Managed", security_hub=True)
    somebody = hardened.alerts.Sender(
        service="events.amazonaws.com", arn="arn:aws:events:eu-west-1:123456789012:rule/r"
    )
    hardened.alerts.Email("on-call@example.com").connect(stack, somebody)
    hardened.alerts.Slack(workspace_id="T0123ABCD", channel_id="C0123ABCD").connect(stack, somebody)
    # Recording all objects costs by volume and is a choice (LG-08).
    hardened.Trail(stack, "Trail", data_events="all")
    hardened.Backups(stack, "Backups", clusters=[cluster], alerts=hardened.alerts.Topic(stack, "BackupAlerts"))
    hardened.AccountDefaults(stack, "Defaults", vpc="block-ingress")
    hardened.ConfigRecorder(stack, "Recorder")
    hardened.ClusterRules(
        stack, "Rules", clusters=[cluster], registries=["123456789012.dkr.ecr.eu-west-1.amazonaws.com"],
        alerts=hardened.alerts.Topic(stack, "RuleAlerts"),
    )  # fmt: skip
    hardened.AuditAssessment(
        stack, "Audit", account_active=True, owner="arn:aws:iam::123456789012:role/auditor", reports_bucket_name="audit-reports",
        control_sets={"PCI DSS 1.3": ["01234567-89ab-cdef-0123-456789abcdef"]},
    )  # fmt: skip
    hardened.PermissionsBoundary(stack, "Boundary")
    open_to = [{"to": {"cidr": "0.0.0.0/0"}, "ports": [443]}]
    payments = Namespace(name="payments", pod_identity=True, allow=open_to)
    hardened.Workloads(
        stack, "Workloads", cluster=cluster, layer=KubectlV35Layer(stack, "Kubectl"), mode="deny",
        baseline=Settings(namespaces=[payments], storage_class=True),
    )  # fmt: skip
    hardened.AccessLogs(stack, "AccessLogs")
    cluster.add_kubectl(layer=KubectlV35Layer(stack, "ChartsKubectl"), namespaces=["payments"])
    charts = hardened.TrustedCharts(
        stack, "Charts", repositories=["oci://123456789012.dkr.ecr.eu-west-1.amazonaws.com"]
    )
    charts.add_chart(
        "Web", cluster=cluster.as_cdk_cluster, version="1.4.2",
        repository="oci://123456789012.dkr.ecr.eu-west-1.amazonaws.com/charts/web",
    )  # fmt: skip
    hardened.ArgoCdCapability(
        stack, "ArgoCd", cluster=cluster, identity_center="arn:aws:sso:::instance/ssoins-1234567890abcdef",
        vpc_endpoints=["vpce-0123456789abcdef0"], namespaces=["payments"], admins=["b4d8e428-f011-70a1-5c3e-9f1de2e4b0aa"],
    )  # fmt: skip
    hardened.OrganizationDefaults(stack, "AllAccounts", target_ids=["r-ab12"])
    # Which rules there are depends on the Region.
    placed = cdk.Stack(app, "Placed", env=cdk.Environment(region="eu-west-1"))
    hardened.ConformancePacks(placed, "Packs", recorder="existing")
    assembly = app.synth()
    one, other = (assembly.get_stack_by_name(name).template for name in ("All", "Placed"))
    return {**one, "Resources": {**other["Resources"], **one["Resources"]}}


def judged(template: dict[str, Any], control: Control) -> tuple[list[str], int]:
    outcome = evaluate(Assembly([Template("All", template)]), [control])
    found = [f"{f.resource.logical_id if f.resource else 'assembly'}: {f.problem.message}" for f in outcome.findings]
    return found, outcome.examined[control]


@pytest.mark.parametrize("control", ENFORCED, ids=[c.id for c in ENFORCED])
def test_our_defaults_pass_with_something_examined(everything: dict[str, Any], control: Control) -> None:
    found, examined = judged(everything, control)
    assert found == []
    assert examined > 0 or control.id in ABSENT_BY_DESIGN


def test_nothing_else_is_found_in_our_defaults(everything: dict[str, Any]) -> None:
    outcome = evaluate(Assembly([Template("All", everything)]), CATALOGUE)
    assert [f"{f.control.id} {f.resource.logical_id}: {f.problem.message}" for f in outcome.findings] == []


MUTABLE = [c for c in CASES if c.control in ENFORCED and c.control.id not in NEEDS_A_PREDECESSOR]


@pytest.mark.parametrize("case", MUTABLE, ids=[c.control.id for c in MUTABLE])
def test_weakening_our_own_template_is_caught(everything: dict[str, Any], case: Case) -> None:
    """At least one mutation of the control's own table, applied to what our constructs synthesize, is caught."""
    caught = []
    own = {"weakened": WEAKENED[case.control.id]} if case.control.id in WEAKENED else {}
    table = {name: bad.mutation for name, bad in case.bad.items()}
    for name, mutation in {**table, **own}.items():
        if callable(mutation):
            try:
                mutated = mutation(everything)
            except (KeyError, IndexError, TypeError, AttributeError):
                continue  # the mutation is about a shape that our template does not have
            if judged(mutated, case.control)[0]:
                caught.append(name)
    assert caught
