"""Karpenter: nodes as closed as managed ones, rights of one cluster, and objects that say when to be applied."""

import json
import re
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Annotations, Match, Template
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hardened_eks as hardened
from hardened_eks.controls import CATALOGUE
from hardened_eks.data import instances, karpenter
from hardened_eks.errors import ConfigurationError
from hardened_eks.evidence import Assembly
from hardened_eks.evidence import Template as Seen
from hardened_eks.judging.evaluation import evaluate

RELEASE = "1.66.0"
CLUSTER, POLICY, PARAMETER = "Nodes-Cluster", "AWS::IAM::ManagedPolicy", "AWS::SSM::Parameter"
TAGGED = "kubernetes.io/cluster/Nodes-Cluster"


def stack_with(*, egress: hardened.Egress = hardened.Egress.NONE, **arguments: Any) -> cdk.Stack:
    """A stack with a cluster and Karpenter."""
    stack = cdk.Stack(cdk.App(context={"hardened-eks:dns_firewall": "block"}), "Nodes")
    cdk.Tags.of(stack).add("application", "payments")
    network = hardened.Network(stack, "Network", egress=egress)
    cluster = hardened.Cluster(stack, "Cluster", version="1.36", network=network)
    cluster.add_node_group("system", instance_types=["m7g.large"])
    cluster.add_karpenter(**{"bottlerocket_version": RELEASE, **arguments})
    return stack


def text(value: Any) -> str:
    """A text of the template; what only the deployment knows reads ``<Name>`` or ``<Name.Attribute>``."""
    if isinstance(value, str):
        return value
    if "Ref" in value:
        return f"<{value['Ref']}>"
    if "Fn::GetAtt" in value:
        return f"<{'.'.join(value['Fn::GetAtt'])}>"
    return "".join(text(part) for part in value["Fn::Join"][1])


def parameters(template: Template) -> dict[str, Any]:
    """The parameters by the end of their name, as JSON."""
    found = [one["Properties"] for one in template.find_resources(PARAMETER).values()]
    return {one["Name"].rpartition("/")[2]: json.loads(text(one["Value"])) for one in found}


def allowed(template: Template) -> list[dict[str, Any]]:
    """The statements of the controller's policies."""
    return [
        statement
        for id_, policy in template.find_resources(POLICY).items()
        if "Karpenter" in id_
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.fixture(scope="module")
def stack() -> cdk.Stack:
    return stack_with()


@pytest.fixture(scope="module")
def default(stack: cdk.Stack) -> Template:
    return Template.from_stack(stack)


def test_nodes_start_as_closed_as_managed_ones(default: Template) -> None:
    spec = parameters(default)["node-class"]["spec"]
    assert spec["metadataOptions"] == {
        "httpEndpoint": "enabled",
        "httpProtocolIPv6": "disabled",
        "httpPutResponseHopLimit": 1,
        "httpTokens": "required",
    }
    assert [one["deviceName"] for one in spec["blockDeviceMappings"]] == ["/dev/xvda", "/dev/xvdb"]
    for mapping in spec["blockDeviceMappings"]:
        assert mapping["ebs"]["encrypted"] is True
        assert re.fullmatch(r"<ClusterKeysVolumes\w+\.Arn>", mapping["ebs"]["kmsKeyID"])
    assert spec["associatePublicIPAddress"] is False
    assert spec["amiSelectorTerms"] == [{"alias": "bottlerocket@v1.66.0"}]
    assert re.fullmatch(r"<ClusterKarpenterProfile\w+>", spec["instanceProfile"])
    assert "role" not in spec
    managed = default.find_resources("AWS::EC2::LaunchTemplate").values()
    (data,) = (one["Properties"]["LaunchTemplateData"] for one in managed)
    assert [one["id"] for one in spec["securityGroupSelectorTerms"]] == [
        text(one) for one in data["NetworkInterfaces"][0]["Groups"]
    ]
    (group,) = default.find_resources("AWS::EKS::Nodegroup").values()
    assert [one["id"] for one in spec["subnetSelectorTerms"]] == [text(one) for one in group["Properties"]["Subnets"]]


def test_a_pool_asks_for_nitro_and_encryption_and_ends_its_nodes(default: Template) -> None:
    (pool,) = parameters(default)["node-pools"]["items"]
    template = pool["spec"]["template"]["spec"]
    needed = {one["key"]: (one["operator"], one["values"]) for one in template["requirements"]}
    assert needed["karpenter.k8s.aws/instance-hypervisor"] == ("In", ["nitro"])
    assert needed["karpenter.k8s.aws/instance-encryption-in-transit-supported"] == ("In", ["true"])
    assert needed["kubernetes.io/arch"] == ("In", ["arm64"])
    assert needed["karpenter.sh/capacity-type"] == ("In", ["on-demand"])
    assert (template["expireAfter"], template["terminationGracePeriod"]) == ("336h", "24h")
    assert template["nodeClassRef"]["name"] == parameters(default)["node-class"]["metadata"]["name"]
    assert pool["spec"]["limits"] == {"cpu": "256"}
    assert pool["spec"]["disruption"]["budgets"] == [{"nodes": "10%"}]


def test_the_chart_runs_under_the_restricted_profile(default: Template) -> None:
    values = parameters(default)["values"]
    assert values["podSecurityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert values["podSecurityContext"]["runAsNonRoot"] is True
    assert values["hostNetwork"] is False
    assert values["controller"]["resources"]["limits"] == {"cpu": "1", "memory": "1Gi"}
    assert values["settings"]["isolatedVPC"] is True
    assert values["settings"]["clusterName"] == CLUSTER
    assert re.fullmatch(r"<ClusterKarpenterQueue\w+\.QueueName>", values["settings"]["interruptionQueue"])
    assert values["controller"]["image"]["repository"].endswith("/karpenter/controller")


def test_a_cluster_that_is_newer_than_the_release_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    words = Match.string_like_regexp("supports Kubernetes up to 1.35, and the cluster has 1.36")
    Annotations.from_stack(stack_with()).has_no_warning("*", Match.string_like_regexp("supports Kubernetes up to"))
    monkeypatch.setattr(karpenter, "NEWEST_KUBERNETES", "1.35")
    Annotations.from_stack(stack_with()).has_warning("*", words)


LEFT_OUT = {
    "arc-zonal-shift:GetManagedResource": "zonal shifts are left out",
    "ec2:RebootInstances": "only for the feature gate rebootForRepair",
    "iam:AddRoleToInstanceProfile": "the instance profile is given",
    "iam:CreateInstanceProfile": "the instance profile is given",
    "iam:DeleteInstanceProfile": "the instance profile is given",
    "iam:RemoveRoleFromInstanceProfile": "the instance profile is given",
    "iam:TagInstanceProfile": "the instance profile is given",
    "pricing:GetProducts": "nothing leads to the price list from an isolated network",
}
"""What the release's own template allows and ours does not, with the reason."""


def test_it_may_do_what_the_release_may_less_what_is_not_used(default: Template) -> None:
    actions = {action for statement in allowed(default) for action in listed(statement["Action"])}
    of_keys = {action for action in actions if action.startswith("kms:")}  # the release's queue has no key of yours
    assert actions - of_keys <= karpenter.ACTIONS
    assert karpenter.ACTIONS - actions == set(LEFT_OUT)


def test_what_the_controller_changes_is_this_clusters(default: Template) -> None:
    writing = re.compile(r"ec2:(?!Describe)")
    for statement in allowed(default):
        actions = [one for one in listed(statement["Action"]) if writing.match(one)]
        kinds = {text(one).rpartition(":")[2].partition("/")[0] for one in listed(statement["Resource"])}
        if not actions or kinds <= {"image", "snapshot", "subnet", "security-group"}:
            continue
        tags = statement["Condition"]["StringEquals"]
        assert [value for key, value in tags.items() if key.endswith(TAGGED)] == ["owned"]
        assert any(key.endswith("karpenter.sh/nodepool") for key in statement["Condition"]["StringLike"])


def test_it_starts_nodes_in_the_node_subnets_with_the_one_group_and_role(default: Template) -> None:
    (group,) = default.find_resources("AWS::EKS::Nodegroup").values()
    own = {text(one) for one in group["Properties"]["Subnets"]}
    named = [text(one) for statement in allowed(default) for one in listed(statement["Resource"])]
    assert {one.rpartition("/")[2] for one in named if ":subnet/" in one} == own
    (group_arn,) = (one for one in named if ":security-group/" in one)
    assert re.search(r"/<ClusterNodeSecurity\w+\.GroupId>$", group_arn)
    (passing,) = (one for one in allowed(default) if one["Action"] == "iam:PassRole")
    assert re.fullmatch(r"<ClusterKarpenterRole\w+\.Arn>", text(passing["Resource"]))
    assert "iam:PassedToService" in passing["Condition"]["StringEquals"]


def test_it_makes_no_instance_profiles_and_asks_prices_only_where_a_way_leads_there(default: Template) -> None:
    def actions(template: Template) -> set[str]:
        return {action for statement in allowed(template) for action in listed(statement["Action"])}

    changing = re.compile(r"iam:(Create|Add|Remove|Delete|Tag)")
    assert [one for one in actions(default) if changing.match(one)] == []
    assert "pricing:GetProducts" not in actions(default)
    with_nat = Template.from_stack(stack_with(egress=hardened.Egress.NAT))
    assert "pricing:GetProducts" in actions(with_nat)
    assert parameters(with_nat)["values"]["settings"]["isolatedVPC"] is False
    assert "image" not in parameters(with_nat)["values"]["controller"]


def test_volumes_are_encrypted_through_ec2_alone(default: Template) -> None:
    for statement in allowed(default):
        if "CreateGrant" in str(statement["Action"]) or "kms:Encrypt" in statement["Action"]:
            assert text(statement["Condition"]["StringLike"]["kms:ViaService"]) == "ec2.<AWS::Region>.amazonaws.*"


def test_policies_fit_with_the_longest_name() -> None:
    stack = cdk.Stack(cdk.App(), "Nodes")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36", name="c" * 100)
    cluster.add_karpenter(bottlerocket_version=RELEASE)
    for id_, policy in Template.from_stack(stack).find_resources(POLICY).items():
        if "Karpenter" in id_:
            written = json.dumps(policy["Properties"]["PolicyDocument"], separators=(",", ":"))
            assert len(written) < 6144, id_  # the references are longer than what they become


def test_the_five_events_reach_an_encrypted_queue_and_nothing_else_may_send(default: Template) -> None:
    rules = {
        id_: rule["Properties"]
        for id_, rule in default.find_resources("AWS::Events::Rule").items()
        if "Karpenter" in id_
    }
    patterns = {(one["EventPattern"]["source"][0], one["EventPattern"]["detail-type"][0]) for one in rules.values()}
    assert patterns == set(karpenter.EVENTS.values())
    assert len(patterns) == 5
    queues = {
        id_: queue["Properties"]
        for id_, queue in default.find_resources("AWS::SQS::Queue").items()
        if "Karpenter" in id_
    }
    assert all("ClusterKeysNotifications" in text(queue["KmsMasterKeyId"]) for queue in queues.values())
    targets = {text(rule["Targets"][0]["Arn"]) for rule in rules.values()}
    refused = {text(rule["Targets"][0]["DeadLetterConfig"]["Arn"]) for rule in rules.values()}
    assert (len(targets), len(refused), targets & refused) == (1, 1, set())
    for id_, policy in default.find_resources("AWS::SQS::QueuePolicy").items():
        if "Karpenter" not in id_:
            continue
        admitted, denied = policy["Properties"]["PolicyDocument"]["Statement"]
        sources = listed(admitted["Condition"]["ArnEquals"]["aws:SourceArn"])
        assert {text(one) for one in sources} == {f"<{rule}.Arn>" for rule in rules}
        assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_nodes_are_let_in_and_sqs_is_reachable(default: Template) -> None:
    entries = [one["Properties"] for one in default.find_resources("AWS::EKS::AccessEntry").values()]
    (entry,) = (one for one in entries if one["Type"] == "EC2_LINUX")
    assert "ClusterKarpenterRole" in text(entry["PrincipalArn"])
    assert set(entry) & {"KubernetesGroups", "AccessPolicies"} == set()
    default.has_resource_properties(
        "AWS::EC2::VPCEndpoint",
        {"ServiceName": {"Fn::Join": ["", ["com.amazonaws.", {"Ref": "AWS::Region"}, ".sqs"]]}},
    )


def test_subnets_and_the_group_can_be_discovered(default: Template) -> None:
    tag = {"Key": "karpenter.sh/discovery/Nodes-Cluster", "Value": "nodes"}
    subnets = default.find_resources("AWS::EC2::Subnet", {"Properties": {"Tags": Match.array_with([tag])}})
    (group,) = default.find_resources("AWS::EKS::Nodegroup").values()
    assert {f"<{id_}>" for id_ in subnets} == {text(one) for one in group["Properties"]["Subnets"]}
    groups = default.find_resources("AWS::EC2::SecurityGroup", {"Properties": {"Tags": Match.array_with([tag])}})
    assert len(groups) == 1


def test_it_is_said_what_to_apply_in_which_order(stack: cdk.Stack, default: Template) -> None:
    (output,) = (one for id_, one in default.to_json()["Outputs"].items() if "Karpenter" in id_)
    steps = output["Value"]
    places = [steps.index(part) for part in ("/values", "helm upgrade", "/node-class", "/node-pools")]
    assert places == sorted(places)
    assert f"--version {karpenter.RELEASE}" in steps
    names = {one["Properties"]["Name"] for one in default.find_resources(PARAMETER).values()}
    assert all(f"--name {name} " in steps for name in names)
    warnings = Annotations.from_stack(stack).find_warning("*", Match.string_like_regexp("starts no node until"))
    assert len(warnings) == 1


def test_no_parameter_is_longer_than_systems_manager_takes() -> None:
    pools = [
        hardened.KarpenterPool(name=f"team-{number}", labels={"example.com/team": f"team-{number}"})
        for number in range(12)
    ]
    template = Template.from_stack(stack_with(pools=pools))
    found = parameters(template)
    lists = [found[name]["items"] for name in ("node-pools", "node-pools-2")]
    assert [pool["metadata"]["name"] for pools in lists for pool in pools] == [f"team-{n}" for n in range(12)]
    values = [text(one["Properties"]["Value"]) for one in template.find_resources(PARAMETER).values()]
    assert all(len(value) <= 8192 for value in values), [len(value) for value in values]
    (apply,) = (one["Value"] for name, one in template.to_json()["Outputs"].items() if "Apply" in name)
    assert apply.endswith("karpenter/node-pools-2 --query Parameter.Value --output text | kubectl apply -f -")
    with pytest.raises(ConfigurationError, match="bottlerocket and tags need .* characters of the EC2NodeClass"):
        stack_with(bottlerocket=hardened.BottlerocketSettings(certificates={"company": "QUJD" * 1500}))


def test_settings_reach_the_objects() -> None:
    pools = [
        hardened.KarpenterPool(
            name="batch",
            families=["m7i", "m7g"],
            spot=True,
            cpu_limit=10,
            max_lifetime_days=1,
            labels={"team": "payments"},
            taints=[hardened.Taint(key="batch", effect=hardened.TaintEffect.PREFER_NO_SCHEDULE)],
        )
    ]
    template = Template.from_stack(
        stack_with(
            pools=pools,
            disk_gib=200,
            tags={"team": "payments"},
            namespace="karpenter",
            service_account="controller",
            image_repository="registry.example.com/karpenter",
            kubelet=hardened.KubeletSettings(
                max_pods=30, pod_pids_limit=200, image_gc_high_threshold=70, image_gc_low_threshold=60
            ),
        )
    )
    found = parameters(template)
    (pool,) = found["node-pools"]["items"]
    body = pool["spec"]["template"]
    needed = {one["key"]: one["values"] for one in body["spec"]["requirements"]}
    assert needed["kubernetes.io/arch"] == ["amd64", "arm64"]
    assert needed["karpenter.sh/capacity-type"] == ["spot", "on-demand"]
    assert body["metadata"]["labels"] == {"team": "payments"}
    assert body["spec"]["taints"] == [{"key": "batch", "effect": "PreferNoSchedule"}]
    assert (pool["spec"]["limits"], body["spec"]["expireAfter"]) == ({"cpu": "10"}, "24h")
    spec = found["node-class"]["spec"]
    planned = {"maxPods": 30, "imageGCHighThresholdPercent": 70, "imageGCLowThresholdPercent": 60}
    assert (spec["kubelet"], spec["tags"]) == (planned, {"team": "payments"})
    assert "pod-pids-limit = 200" in spec["userData"]
    # Karpenter reads user data before it adds these percentages, and refuses to launch a node if they are numbers.
    assert "image-gc" not in spec["userData"]
    assert spec["blockDeviceMappings"][1]["ebs"]["volumeSize"] == "200Gi"
    assert found["values"]["controller"]["image"]["repository"] == "registry.example.com/karpenter"
    template.has_resource_properties(
        "AWS::EKS::PodIdentityAssociation", {"Namespace": "karpenter", "ServiceAccount": "controller"}
    )


def test_every_control_passes_with_the_objects_examined(stack: cdk.Stack) -> None:
    body = Template.from_stack(stack).to_json()
    outcome = evaluate(Assembly([Seen("Nodes", body)]), CATALOGUE)
    assert [f"{one.control.id} {one.subject.id}: {one.problem.message}" for one in outcome.findings] == []
    examined = {one.id: outcome.examined[one] for one in CATALOGUE}
    assert all(examined[f"KB-{number}"] == 1 for number in range(21, 30))


def test_a_second_one_in_a_cluster_is_refused() -> None:
    stack = cdk.Stack(cdk.App(), "Nodes")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    cluster.add_karpenter(bottlerocket_version=RELEASE)
    with pytest.raises(ConfigurationError, match="the cluster already has Karpenter"):
        cluster.add_karpenter("Other", bottlerocket_version=RELEASE)


def test_a_cluster_without_the_pod_identity_agent_is_refused() -> None:
    stack = cdk.Stack(cdk.App(), "Nodes")
    without = hardened.AddonOptions(exclude=["eks-pod-identity-agent"])
    cluster = hardened.Cluster(stack, "Cluster", version="1.36", addons=without)
    with pytest.raises(ConfigurationError, match="has no add-on eks-pod-identity-agent"):
        cluster.add_karpenter(bottlerocket_version=RELEASE)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    families=st.lists(st.sampled_from(instances.families()), min_size=1, max_size=4),
    spot=st.booleans(),
    days=st.integers(-1, 40),
)
def test_whatever_is_accepted_is_nitro_and_encrypted_and_ends(families: list[str], spot: bool, days: int) -> None:
    try:
        pool = hardened.KarpenterPool(families=families, spot=spot, max_lifetime_days=days)
    except ConfigurationError:
        return
    assert 1 <= days <= 30
    for name in pool.families:
        kind = instances.family(name)
        assert kind is not None and kind.nitro and kind.encryption_in_transit
        assert kind.architectures[0] in {"arm64", "x86_64"}
