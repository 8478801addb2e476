"""The baseline applied by a stack: objects, order, the one principal, and the network of the handler."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.lambda_layer_kubectl_v35 import KubectlV35Layer

import hardened_eks as hardened
from hardened_eks.baseline import Namespace, Settings
from hardened_eks.baseline import delivery as data
from hardened_eks.data.lambda_runtimes import supported
from hardened_eks.errors import ConfigurationError
from tests.workloads.conftest import SETTINGS

Resources = dict[str, dict[str, Any]]
MANIFEST = "Custom::AWSCDK-EKS-KubernetesResource"


def of(resources: Resources, type_: str) -> Resources:
    return {name: one for name, one in resources.items() if one["Type"] == type_}


def in_order(resources: Resources) -> list[str]:
    """Logical ids of the manifests, first that which waits for none."""
    left = of(resources, MANIFEST)
    found: list[str] = []
    while len(found) < len(left):
        found += [
            name
            for name, one in left.items()
            if name not in found and {n for n in one.get("DependsOn", ()) if n in left} == set(found[-1:])
        ][:1] or [f"nothing after {found}"]
    return found


def test_pieces_wait_for_each_other_in_the_order_of_the_baseline(delivery: Resources) -> None:
    manifests = of(delivery, MANIFEST)
    objects = [o for name in in_order(delivery) for o in json.loads(manifests[name]["Properties"]["Manifest"])]
    kinds = list(dict.fromkeys(o["kind"] for o in objects))
    assert kinds == [
        "Namespace", "ServiceAccount", "Role", "RoleBinding", "ValidatingAdmissionPolicy", "LimitRange",
        "ResourceQuota", "NetworkPolicy", "CronJob", "ValidatingAdmissionPolicyBinding",
    ]  # fmt: skip
    assert len(objects) == sum(len(piece.objects) for piece in data.pieces(SETTINGS))


def test_nothing_is_deleted_or_pruned(delivery: Resources) -> None:
    for one in of(delivery, MANIFEST).values():
        assert (one["DeletionPolicy"], one["UpdateReplacePolicy"]) == ("Retain", "Retain")
        assert one["Properties"]["Overwrite"] is True
        assert "PruneLabel" not in one["Properties"]
        assert "aws.cdk.eks/prune" not in one["Properties"]["Manifest"]


def test_policies_warn_until_somebody_says_deny(delivery: Resources) -> None:
    text = "".join(one["Properties"]["Manifest"] for one in of(delivery, MANIFEST).values())
    assert '"validationActions":["Audit","Warn"]' in text
    assert '"Deny"]' not in text


def test_the_entry_has_one_group_and_no_access_policy(delivery: Resources) -> None:
    (entry,) = of(delivery, "AWS::EKS::AccessEntry").values()
    properties = entry["Properties"]
    assert properties["KubernetesGroups"] == ["hardened-eks:delivery"]
    assert "AccessPolicies" not in properties
    assert properties["Username"] == "hardened-eks:delivery:{{SessionName}}"
    role = delivery[properties["PrincipalArn"]["Fn::GetAtt"][0]]
    (statement,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_the_handler_is_not_that_of_charts(delivery: Resources, cluster_stack: Resources) -> None:
    """Whoever writes a chart must not write the policies that judge it."""
    tokens = {one["Properties"]["ServiceToken"]["Fn::GetAtt"][0] for one in of(delivery, MANIFEST).values()}
    (called,) = tokens
    assert called in of(delivery, "AWS::Lambda::Function")
    groups = [e["Properties"].get("KubernetesGroups") for e in of(cluster_stack, "AWS::EKS::AccessEntry").values()]
    assert groups
    assert groups == [None] * len(groups)


def test_manifests_wait_for_access_and_for_the_network(delivery: Resources) -> None:
    (called,) = {one["Properties"]["ServiceToken"]["Fn::GetAtt"][0] for one in of(delivery, MANIFEST).values()}
    needed = {delivery[name]["Type"] for name in delivery[called]["DependsOn"]}
    assert {"AWS::EKS::AccessEntry", "AWS::IAM::Role", "AWS::EC2::SecurityGroupIngress"} <= needed


def test_lambda_patches_every_runtime_on_each_day_of_make_test_later(delivery: Resources) -> None:
    """FN-02 rightly stops the demo later. Choose earlier days, or a newer CDK, which chooses the function of kubectl."""
    makefile = (Path(__file__).parents[2] / "Makefile").read_text(encoding="utf-8")
    (days,) = re.findall(r"^LATER \?= (.*)$", makefile, re.M)
    runtimes = {one["Properties"]["Runtime"] for one in of(delivery, "AWS::Lambda::Function").values()}
    late = [(day, one) for day in days.split() for one in runtimes if not supported(one, date.fromisoformat(day))]
    assert late == []


def test_the_functions_are_in_the_isolated_subnets(delivery: Resources) -> None:
    functions = [f["Properties"] for f in of(delivery, "AWS::Lambda::Function").values()]
    inside = [f for f in functions if "VpcConfig" in f]
    assert len(inside) == 2
    for function in inside:
        assert len(function["VpcConfig"]["SubnetIds"]) >= 2
        (group,) = function["VpcConfig"]["SecurityGroupIds"]
        assert delivery[group["Fn::GetAtt"][0]]["Type"] == "AWS::EC2::SecurityGroup"


def test_it_says_what_it_opens(assembly: Any, delivery: Resources, cluster_stack: Resources) -> None:
    messages = [m.entry.data for m in assembly.get_stack_by_name("Delivery").messages]
    (opens,) = [m for m in messages if "it opens" in str(m)]
    (output,) = assembly.get_stack_by_name("Delivery").template["Outputs"].values()
    services = {
        str(e["Properties"]["ServiceName"]) for e in of(cluster_stack, "AWS::EC2::VPCEndpoint").values()
    }  # those of the network are in the stack of the cluster
    for service in ("lambda", "eks", "sts"):
        assert service in opens
        assert service in output["Value"]
        assert len([s for s in services if s.rstrip("'}])").endswith(f".{service}")]) == 1, service
    bucket = json.dumps(of(cluster_stack, "AWS::EC2::VPCEndpoint"))
    assert "cloudformation-custom-resource-response-" in bucket
    assert [m for m in messages if "--bootstrap" in str(m)]
    assert [m for m in messages if 'pass mode="deny"' in str(m)]


def test_requests_while_no_deployment_runs_raise_an_alarm(delivery: Resources) -> None:
    (called,) = {one["Properties"]["ServiceToken"]["Fn::GetAtt"][0] for one in of(delivery, MANIFEST).values()}
    (alarm,) = (a["Properties"] for n, a in of(delivery, "AWS::CloudWatch::Alarm").items() if "Outside" in n)
    requests, running, outside = alarm["Metrics"]
    assert outside["Expression"] == "IF(FILL(requests, 0) > 0 AND FILL(running, 0) == 0, 1, 0)"
    assert (requests["Id"], running["Id"]) == ("requests", "running")
    (filter_,) = (f["Properties"] for n, f in of(delivery, "AWS::Logs::MetricFilter").items() if "Requests" in n)
    (transformed,) = filter_["MetricTransformations"]
    metric = requests["MetricStat"]["Metric"]
    assert (metric["Namespace"], metric["MetricName"]) == (transformed["MetricNamespace"], transformed["MetricName"])
    assert running["MetricStat"]["Metric"]["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": called}}]
    assert running["MetricStat"]["Period"] == requests["MetricStat"]["Period"] == 60
    assert alarm["AlarmActions"]
    assert 'user.groups[0] = "hardened-eks:delivery"' in filter_["FilterPattern"]


@pytest.fixture
def scope() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Delivery")


def imported(scope: cdk.Stack, **more: Any) -> Any:
    vpc = ec2.Vpc.from_vpc_attributes(
        scope, "Vpc", vpc_id="vpc-1", availability_zones=["a", "b"], vpc_cidr_block="10.0.0.0/16",
        isolated_subnet_ids=["subnet-1", "subnet-2"], isolated_subnet_route_table_ids=["rtb-1", "rtb-2"],
    )  # fmt: skip
    group = ec2.SecurityGroup.from_security_group_id(scope, "Group", "sg-0123456789abcdef0")
    return hardened.Cluster.from_cluster_attributes(
        scope, "Cluster", name="shop", version="1.36", **{"vpc": vpc, "security_group": group, **more}
    )


def test_a_cluster_that_exists_takes_it_too(scope: cdk.Stack, tmp_path: Path) -> None:
    """With the settings of a file, as the command line reads it."""
    file = tmp_path / "baseline.yaml"
    file.write_text("mode: audit\nnamespaces: [{name: payments}]\n")
    made = hardened.Workloads(
        scope, "Workloads", cluster=imported(scope), baseline=file, layer=KubectlV35Layer(scope, "Layer"), mode="deny"
    )
    assert made.settings == Settings(namespaces=[Namespace(name="payments")], mode="deny")
    assert "kind: ClusterRole\n" in made.bootstrap
    assert "hardened-eks:delivery" in made.bootstrap
    template = scope.node.root.synth().get_stack_by_name("Delivery").template["Resources"]
    (entry,) = of(template, "AWS::EKS::AccessEntry").values()
    assert entry["Properties"]["ClusterName"] == "shop"
    text = "".join(one["Properties"]["Manifest"] for one in of(template, MANIFEST).values())
    assert '"validationActions":["Audit","Deny"]' in text
    assert made.role.node.path.startswith("Delivery/Workloads/Handler")


def test_a_stack_that_creates_the_cluster_too_is_warned_of(scope: cdk.Stack) -> None:
    layer = KubectlV35Layer(scope, "Layer")
    cluster = hardened.Cluster(scope, "New", version="1.36")
    here = hardened.Workloads(scope, "Here", cluster=cluster, baseline=Settings(), layer=layer)
    told = [str(one.data) for one in here.node.metadata]
    assert [one for one in told if "create Workloads in a separate stack" in one]
    there = hardened.Workloads(scope, "There", cluster=imported(scope), baseline=Settings(), layer=layer)
    assert not [one for one in there.node.metadata if "in a separate stack" in str(one.data)]


def test_namespaces_on_auto_mode_need_the_address_of_dns(scope: cdk.Stack) -> None:
    stack = cdk.Stack(scope.node.root, "Automatic")
    cluster = hardened.Cluster(stack, "Cluster", version="1.37", auto_mode=hardened.AutoMode())
    spaces, layer = [Namespace(name="payments")], KubectlV35Layer(scope, "Kubectl")
    with pytest.raises(ConfigurationError, match=r"baseline needs dns_addresses, because DNS is not a pod"):
        hardened.Workloads(scope, "Closed", cluster=cluster, baseline=Settings(namespaces=spaces), layer=layer)
    known = Settings(namespaces=spaces, dns_addresses=["172.20.0.10"])
    assert hardened.Workloads(scope, "Open", cluster=cluster, baseline=known, layer=layer)


def test_domains_are_for_auto_mode(scope: cdk.Stack) -> None:
    """Elsewhere nothing enforces the policy, so that the connection stays closed without an error."""
    stack, layer = cdk.Stack(scope.node.root, "Managed"), KubectlV35Layer(scope, "Layers")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    spaces = [Namespace(name="payments", allow=[{"to": {"domains": ["api.example.com"]}, "ports": [443]}])]
    with pytest.raises(ConfigurationError, match="opens domains in payments, which only nodes of Auto Mode enforce"):
        hardened.Workloads(scope, "ByName", cluster=cluster, baseline=Settings(namespaces=spaces), layer=layer)
    there = imported(scope)
    assert hardened.Workloads(scope, "Else", cluster=there, baseline=Settings(namespaces=spaces), layer=layer)


def test_every_mistake_is_named(scope: cdk.Stack, tmp_path: Path) -> None:
    file = tmp_path / "baseline.yaml"
    file.write_text("mode: audit\nnamespaces: [{name: Payments}, {names: x}]\n")
    many = Settings(namespaces=[Namespace(name=f"n{number}") for number in range(200)])
    wrong: dict[str, Any] = {"layer": KubectlV35Layer(scope, "Layer"), "baseline": Settings()}
    cases: list[tuple[dict[str, Any], list[str]]] = [
        (
            {"layer": None, "mode": "enforce"},
            ["layer needs a layer with kubectl and Helm", "mode needs one of audit, warn, deny"],
        ),
        ({"baseline": file}, ["baseline.yaml:2:21: namespaces[0].name", "needs a name", "names is an unknown key"]),
        ({"baseline": tmp_path / "none.yaml"}, ["none.yaml' cannot be read: No such file"]),
        ({"baseline": {"mode": "deny"}}, ["baseline needs Settings", "path of a settings file"]),
        ({"baseline": many}, ["bytes for 200 namespaces", "GitOps"]),
        ({"memory_mib": 5, "log_retention_days": 5000}, ["memory_mib", "log_retention_days"]),
        ({"alerts": 5}, ["alerts"]),
        ({"cluster": imported(scope, vpc=None)}, ["network is not known"]),
    ]
    known = imported(cdk.Stack(scope.node.root, "Other"))
    for number, (arguments, messages) in enumerate(cases):
        with pytest.raises(ConfigurationError) as caught:
            hardened.Workloads(scope, f"W{number}", **{"cluster": known, **wrong, **arguments})
        for message in messages:
            assert message in str(caught.value), (arguments, str(caught.value))
