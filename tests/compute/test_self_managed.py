"""Self-managed nodes: as closed as managed ones, replaced in time, drained and notified of."""

import base64
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
import yaml
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match, Template
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hardened_eks as hardened
from hardened_eks.controls import CATALOGUE
from hardened_eks.data import instances
from hardened_eks.errors import ConfigurationError
from hardened_eks.evidence import Assembly
from hardened_eks.evidence import Template as Seen
from hardened_eks.evidence.objects import MANIFEST
from hardened_eks.judging.evaluation import evaluate

LT, ASG, ENTRY = "AWS::EC2::LaunchTemplate", "AWS::AutoScaling::AutoScalingGroup", "AWS::EKS::AccessEntry"
RULE, QUEUE = "AWS::Events::Rule", "AWS::SQS::Queue"
TWO = ["m7g.large", "m7gd.large"]


def stack_with(**arguments: Any) -> cdk.Stack:
    """A stack with a cluster and one group."""
    stack = cdk.Stack(cdk.App(), "Nodes")
    cdk.Tags.of(stack).add("application", "payments")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36", service_cidr="172.20.0.0/16")
    cluster.add_self_managed_nodes("own", **{"instance_types": TWO, **arguments})
    return stack


def properties(template: Template, type_: str) -> dict[str, Any]:
    (found,) = template.find_resources(type_).values()
    made: dict[str, Any] = found["Properties"]
    return made


def user_data(template: Template) -> str:
    """The user data of the one launch template; what only the deployment knows reads ``<Name>``."""
    written = properties(template, LT)["LaunchTemplateData"]["UserData"]
    if isinstance(written, str):
        return base64.b64decode(written).decode()
    parts = written["Fn::Base64"]["Fn::Join"][1]
    return "".join(part if isinstance(part, str) else f"<{part['Fn::GetAtt'][1]}>" for part in parts)


@pytest.fixture(scope="module")
def default() -> Template:
    return Template.from_stack(stack_with())


def test_the_group_is_bounded_and_replaces_before_it_removes(default: Template) -> None:
    group = properties(default, ASG)
    assert (group["MinSize"], group["MaxSize"], group["MaxInstanceLifetime"]) == ("2", "6", 14 * 86_400)
    assert "DesiredCapacity" not in group, "a deployment would set an autoscaler's number back"
    assert group["InstanceMaintenancePolicy"] == {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 110}
    assert (group["HealthCheckType"], group["HealthCheckGracePeriod"], group["CapacityRebalance"]) == (
        "EBS",
        300,
        False,
    )
    assert group["LifecycleHookSpecificationList"] == [
        {
            "LifecycleHookName": "Nodes-Cluster-drain",
            "LifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING",
            "HeartbeatTimeout": 900,
            "DefaultResult": "CONTINUE",
        }
    ]
    mixed = group["MixedInstancesPolicy"]
    assert [one["InstanceType"] for one in mixed["LaunchTemplate"]["Overrides"]] == TWO
    assert mixed["InstancesDistribution"]["OnDemandPercentageAboveBaseCapacity"] == 100


def test_tags_reach_the_group_and_its_instances(default: Template) -> None:
    tags = {tag["Key"]: (tag["Value"], tag["PropagateAtLaunch"]) for tag in properties(default, ASG)["Tags"]}
    assert tags["kubernetes.io/cluster/Nodes-Cluster"] == ("owned", True)
    assert tags["aws-node-termination-handler/managed"] == ("Nodes-Cluster", True)
    assert tags["application"] == ("payments", True)


def test_nodes_start_as_managed_ones_do(default: Template) -> None:
    data = properties(default, LT)["LaunchTemplateData"]
    managed = cdk.Stack(cdk.App(), "Nodes")
    cdk.Tags.of(managed).add("application", "payments")
    hardened.Cluster(managed, "Cluster", version="1.36").add_node_group("own", instance_types=["m7g.large"])
    same = properties(Template.from_stack(managed), LT)["LaunchTemplateData"]
    for key in ("MetadataOptions", "BlockDeviceMappings", "Monitoring", "NetworkInterfaces", "TagSpecifications"):
        assert data[key] == same[key]
    assert data["ImageId"] == "resolve:ssm:/aws/service/bottlerocket/aws-k8s-1.36/arm64/latest/image_id"
    assert "Profile" in data["IamInstanceProfile"]["Arn"]["Fn::GetAtt"][0]


def test_bottlerocket_is_told_its_cluster_beside_what_hardens_it(default: Template) -> None:
    found = tomllib.loads(user_data(default))["settings"]
    assert found["kubernetes"] == {
        "seccomp-default": True,
        "cluster-name": "Nodes-Cluster",
        "api-server": "<Endpoint>",
        "cluster-certificate": "<CertificateAuthorityData>",
        "cluster-dns-ip": "172.20.0.10",
    }
    assert found["kernel"] == {"lockdown": "integrity"}
    assert found["host-containers"]["admin"] == {"enabled": False}


def test_settings_labels_and_taints_are_written_into_the_user_data() -> None:
    both: dict[str, Any] = {
        "labels": {"team": "payments", "example.com/tier": "one"},
        "taints": [
            hardened.Taint(key="gpu", value="yes"),
            hardened.Taint(key="gpu", effect=hardened.TaintEffect.NO_EXECUTE),
        ],
        "kubelet": hardened.KubeletSettings(max_pods=50, kube_reserved={"cpu": "100m"}),
    }
    mirrors = hardened.BottlerocketSettings(registry_mirrors={"docker.io": ["https://mirror.example.com"]})
    found = tomllib.loads(user_data(Template.from_stack(stack_with(bottlerocket=mirrors, **both))))["settings"]
    assert found["kubernetes"]["node-labels"] == both["labels"]
    assert found["kubernetes"]["node-taints"] == {"gpu": ["yes:NoSchedule", ":NoExecute"]}
    assert (found["kubernetes"]["max-pods"], found["kubernetes"]["kube-reserved"]) == (50, {"cpu": "100m"})
    assert found["container-registry"]["mirrors"][0]["registry"] == "docker.io"
    al2023 = stack_with(operating_system=hardened.OperatingSystem.AL2023, **both)
    document = user_data(Template.from_stack(al2023)).split("node.eks.aws\n\n", 1)[1].split("--//", 1)[0]
    config = yaml.safe_load(document)
    assert config["spec"]["cluster"] == {
        "name": "Nodes-Cluster",
        "apiServerEndpoint": "<Endpoint>",
        "certificateAuthority": "<CertificateAuthorityData>",
        "cidr": "172.20.0.0/16",
    }
    kubelet = config["spec"]["kubelet"]
    assert kubelet["config"]["maxPods"] == 50 and kubelet["config"]["protectKernelDefaults"] is True
    assert kubelet["flags"] == [
        "--node-labels=team=payments,example.com/tier=one",
        "--register-with-taints=gpu=yes:NoSchedule,gpu=:NoExecute",
    ]


@pytest.mark.parametrize(
    ("arguments", "parameter"),
    [
        ({"release_version": "1.50.0-0a1b2c3d"}, "bottlerocket/aws-k8s-1.36/arm64/1.50.0-0a1b2c3d/image_id"),
        ({"version": "1.35"}, "bottlerocket/aws-k8s-1.35/arm64/latest/image_id"),
        (
            {"fips": True, "instance_types": ["m7i.large", "m7a.large"]},
            "bottlerocket/aws-k8s-1.36-fips/x86_64/latest/image_id",
        ),
        (
            {"nvidia": True, "instance_types": ["g6.xlarge", "g6e.xlarge"]},
            "bottlerocket/aws-k8s-1.36-nvidia/x86_64/latest/image_id",
        ),
        (
            {"operating_system": hardened.OperatingSystem.AL2023},
            "eks/optimized-ami/1.36/amazon-linux-2023/arm64/standard/recommended/image_id",
        ),
        (
            {"operating_system": hardened.OperatingSystem.AL2023, "release_version": "1.36.2-20261101"},
            "eks/optimized-ami/1.36/amazon-linux-2023/arm64/standard/"
            "amazon-eks-node-al2023-arm64-standard-1.36-v20261101/image_id",
        ),
    ],
)
def test_the_image_follows_the_version_of_the_cluster(arguments: dict[str, Any], parameter: str) -> None:
    data = properties(Template.from_stack(stack_with(**arguments)), LT)["LaunchTemplateData"]
    assert data["ImageId"] == f"resolve:ssm:/aws/service/{parameter}"


def test_the_role_is_let_in_as_a_node_before_the_nodes_start(default: Template) -> None:
    ((name, entry),) = default.find_resources(ENTRY).items()
    assert entry["Properties"]["Type"] == "EC2_LINUX"
    assert {"KubernetesGroups", "AccessPolicies", "Username"} & set(entry["Properties"]) == set()
    ((group_name, group),) = default.find_resources(ASG).items()
    needed = " ".join(group["DependsOn"])
    for part in (
        name,
        "vpccni",
        "kubeproxy",
        "ekspodidentityagent",
        "S3Endpoint",
        "NodeSecurity",
        "AutoscalingEndpoint",
    ):
        assert part in needed
    addons = {addon["Properties"]["AddonName"]: addon for addon in default.find_resources("AWS::EKS::Addon").values()}
    assert group_name in addons["coredns"]["DependsOn"]


def test_the_handler_hears_of_the_hook_and_may_let_nodes_go(default: Template) -> None:
    default.has_resource_properties(
        RULE,
        {
            "EventPattern": {
                "source": ["aws.autoscaling"],
                "detail-type": ["EC2 Instance-terminate Lifecycle Action"],
                "detail": {"LifecycleHookName": ["Nodes-Cluster-drain"]},
            },
            "Targets": [Match.object_like({"DeadLetterConfig": Match.any_value()})],
        },
    )
    statements = next(
        policy["Properties"]["PolicyDocument"]["Statement"]
        for name, policy in default.find_resources("AWS::IAM::ManagedPolicy").items()
        if "TerminationHandler" in name
    )
    by_action = {action: s for s in statements for action in _listed(s["Action"])}
    complete = by_action["autoscaling:CompleteLifecycleAction"]
    assert complete["Condition"] == {
        "StringEquals": {"aws:ResourceTag/aws-node-termination-handler/managed": "Nodes-Cluster"}
    }
    assert "TerminationHandler" in by_action["sqs:ReceiveMessage"]["Resource"]["Fn::GetAtt"][0]
    assert {a for a, s in by_action.items() if s["Resource"] == "*"} == {
        "autoscaling:DescribeAutoScalingInstances",
        "autoscaling:DescribeTags",
        "ec2:DescribeInstances",
    }
    for queue in default.find_resources(QUEUE).values():
        assert "Notifications" in queue["Properties"]["KmsMasterKeyId"]["Fn::GetAtt"][0]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_somebody_is_told_by_a_topic_of_the_groups_own_or_the_channel_given(default: Template) -> None:
    (told,) = [
        rule["Properties"]
        for rule in default.find_resources(RULE).values()
        if "AutoScalingGroupName" in rule["Properties"]["EventPattern"].get("detail", {})
    ]
    assert len(told["EventPattern"]["detail-type"]) == 4
    assert [target["Id"] for target in told["Targets"]] == ["Topic"]
    stack = cdk.Stack(cdk.App(), "Nodes")
    topic = sns.Topic(stack, "Given", master_key=kms.Key(stack, "Key"))
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    cluster.add_self_managed_nodes("own", instance_types=TWO, alerts=topic)
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::SNS::Topic", 1)
    quiet = cdk.Stack(cdk.App(), "Nodes")
    cluster = hardened.Cluster(quiet, "Cluster", version="1.36")
    cluster.add_self_managed_nodes("own", instance_types=TWO, alerts=hardened.alerts.nobody(reason="a test"))
    Template.from_stack(quiet).resource_count_is("AWS::SNS::Topic", 0)


def test_groups_of_a_cluster_share_the_handler_also_from_another_stack() -> None:
    app = cdk.App()
    stack, other = cdk.Stack(app, "Cluster"), cdk.Stack(app, "More")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    one = cluster.add_self_managed_nodes("one", instance_types=TWO)
    two = hardened.SelfManagedNodeGroup(other, "two", cluster=cluster, instance_types=TWO, spot=True)
    assert one.handler is two.handler
    assembly = app.synth()
    assert [needed.id for needed in assembly.get_stack_by_name("Cluster").dependencies if needed.id == "More"] == []
    (group,) = [
        resource["Properties"]
        for resource in assembly.get_stack_by_name("More").template["Resources"].values()
        if resource["Type"] == ASG
    ]
    assert group["CapacityRebalance"] is True
    assert group["MixedInstancesPolicy"]["InstancesDistribution"] == {
        "OnDemandPercentageAboveBaseCapacity": 0,
        "SpotAllocationStrategy": "price-capacity-optimized",
    }


def test_a_role_of_ones_own_gets_a_profile_and_an_entry_on_request() -> None:
    stack = cdk.Stack(cdk.App(), "Nodes")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    role = iam.Role.from_role_arn(stack, "Role", "arn:aws:iam::123456789012:role/team/nodes")
    cluster.add_self_managed_nodes("one", instance_types=TWO, role=role)
    cluster.add_self_managed_nodes("two", instance_types=TWO, role=role, access_entry=False)
    template = Template.from_stack(stack)
    template.resource_count_is(ENTRY, 1)
    template.all_resources_properties("AWS::IAM::InstanceProfile", {"Roles": ["nodes"]})


def test_an_imported_cluster_needs_to_say_what_user_data_tells() -> None:
    stack = cdk.Stack(cdk.App(), "Nodes")
    cluster = hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="theirs")
    with pytest.raises(ConfigurationError) as caught:
        cluster.add_self_managed_nodes("own", instance_types=TWO)
    for word in ("endpoint", "certificate_authority", "network", "version is required"):
        assert word in str(caught.value)


def test_fips_without_a_way_out_is_warned_of() -> None:
    stack = stack_with(fips=True, instance_types=["m7i.large", "m7a.large"])
    Annotations.from_stack(stack).has_warning("*", Match.string_like_regexp("FIPS images pull"))


def test_the_handlers_values_are_those_of_its_chart() -> None:
    stack = cdk.Stack(cdk.App(), "Nodes")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    handler = hardened.TerminationHandler(stack, "Handler", cluster=cluster, service_account="nth")
    group = cluster.add_self_managed_nodes("own", instance_types=TWO, handler=handler)
    assert group.handler is handler
    values = stack.resolve(handler.helm_values(image_repository="123456789012.dkr.ecr.eu-west-1.amazonaws.com/nth"))
    assert values["enableSqsTerminationDraining"] is True and values["checkTagBeforeDraining"] is True
    assert values["managedTag"] == "aws-node-termination-handler/managed"
    assert values["queueURL"] == {"Ref": stack.get_logical_id(handler.queue)}
    assert values["serviceAccount"] == {"create": True, "name": "nth"}
    assert (values["replicas"], values["podDisruptionBudget"]) == (2, {"maxUnavailable": 1})


def test_the_page_gives_the_chart_the_same_values() -> None:
    stack = cdk.Stack(cdk.App(), "Nodes")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    values = hardened.TerminationHandler(stack, "Handler", cluster=cluster).helm_values(image_repository="r")
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "choose-nodes.md").read_text(encoding="utf-8")
    command = page.split("helm upgrade --install aws-node-termination-handler")[1].split("```")[0]
    written = dict(re.findall(r"--set '?([\w.]+)=([^\s']+)", command))
    assert len(written) >= 9
    for name, text in written.items():
        value: Any = values
        for step in name.split("."):
            value = value[step]
        if not text.startswith('"$'):
            assert text == (
                f"{{{','.join(value)}}}"
                if isinstance(value, list)
                else str(value).replace("True", "true").replace("False", "false")
            )


def test_the_handlers_pods_keep_to_the_restricted_profile() -> None:
    stack = cdk.Stack(cdk.App(), "Nodes")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    values = hardened.TerminationHandler(stack, "Handler", cluster=cluster).helm_values(image_repository="r")
    container = {
        "name": "nth", "image": "r@sha256:" + "0" * 64, "securityContext": values["securityContext"],
        "resources": values["resources"],
    }  # fmt: skip
    spec = {"containers": [container], "securityContext": values["podSecurityContext"], "serviceAccountName": "nth"}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "nth", "namespace": "nodes"}, "spec": spec}
    template = {"Resources": {"M": {"Type": MANIFEST, "Properties": {"Manifest": json.dumps([pod])}}}}
    outcome = evaluate(Assembly([Seen("T", template)]), CATALOGUE)
    assert {finding.control.id for finding in outcome.findings} <= {"KB-01"}, "the image alone is not of ECR here"


BAD: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    (
        {
            "instance_types": ["m4.large", "m7g.large", "m7i.large", "nope.large"],
            "version": "1.30",
            "max_lifetime_days": 31,
            "drain_seconds": 10,
            "disk_gib": 5,
            "alerts": "topic",
            "handler": "mine",
            "access_entry": False,
            "service_cidr": "10.0.0.0/28",
        },
        (
            "m4.large runs on Xen",
            "mixes architectures",
            "'nope.large' is not known",
            "'1.30'",
            "max_lifetime_days needs 1 to 30 days, got 31",
            "drain_seconds needs 30 to 7200 seconds, got 10",
            "disk_gib",
            "alerts needs an alert channel",
            "handler needs a TerminationHandler",
            "access_entry=False is only for a role",
            "service_cidr needs",
        ),
    ),
    ({"version": "1.37"}, ("needs the cluster's version 1.36 or up to 3 before it, got '1.37'",)),
    ({"release_version": "newest"}, ("release_version needs a release",)),
    ({"instance_types": "m7g.large"}, ("instance_types needs a list",)),
    ({"max_lifetime_days": True, "drain_seconds": "900"}, ("got True", "got '900'")),
    ({"access_entry": "no"}, ("access_entry needs True or False",)),
    ({"bottlerocket": "x", "kubelet": 3}, ("BottlerocketSettings", "KubeletSettings")),
]


@pytest.fixture(scope="module")
def cluster() -> hardened.Cluster:
    return hardened.Cluster(cdk.Stack(cdk.App(), "Nodes"), "Cluster", version="1.36")


@pytest.mark.parametrize(("arguments", "words"), BAD)
def test_fails_when(cluster: hardened.Cluster, arguments: dict[str, Any], words: tuple[str, ...]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        cluster.add_self_managed_nodes("bad", **{"instance_types": TWO, **arguments})
    for word in words:
        assert word in str(caught.value)
    assert cluster.node.try_find_child("bad") is None


def test_fails_when_sizes_are_out_of_order() -> None:
    with pytest.raises(ConfigurationError, match="min=5, desired=5, max=2"):
        hardened.Scaling(min=5, max=2)


def test_fails_when_al2023_does_not_know_the_services(cluster: hardened.Cluster) -> None:
    with pytest.raises(ConfigurationError, match="service_cidr is required for AL2023"):
        cluster.add_self_managed_nodes("al2023", instance_types=TWO, operating_system=hardened.OperatingSystem.AL2023)


def test_fails_when_the_handler_is_of_another_cluster(cluster: hardened.Cluster) -> None:
    stack = cdk.Stack(cdk.App(), "Other")
    theirs = hardened.Cluster(stack, "Cluster", version="1.36", name="theirs")
    handler = hardened.TerminationHandler(stack, "Handler", cluster=theirs)
    with pytest.raises(ConfigurationError, match="handler drains nodes of the cluster 'theirs'"):
        cluster.add_self_managed_nodes("other", instance_types=TWO, handler=handler)


def test_fails_when_the_handler_has_no_kubernetes_names(cluster: hardened.Cluster) -> None:
    with pytest.raises(ConfigurationError) as caught:
        hardened.TerminationHandler(cluster, "Bad", cluster=cluster, namespace="Kube", service_account="N T H")
    assert "'Kube'" in str(caught.value) and "'N T H'" in str(caught.value)


COUNTER = iter(range(10_000))
LIKELY = ["m7g.large", "m7gd.large", "m7i.large", "m7a.large", "m5.large", "m4.large", "g6.xlarge", "c7g.metal"]
ACCEPTED = st.fixed_dictionaries(
    {
        "instance_types": st.lists(
            st.one_of(st.sampled_from(LIKELY), st.sampled_from(instances.names())), min_size=1, max_size=3
        )
    },
    optional={
        "operating_system": st.sampled_from(list(hardened.OperatingSystem)),
        "fips": st.booleans(),
        "nvidia": st.booleans(),
        "spot": st.booleans(),
        "session_manager": st.booleans(),
        "max_lifetime_days": st.integers(0, 31),
        "drain_seconds": st.integers(20, 7300),
        "disk_gib": st.integers(15, 200),
        "service_cidr": st.sampled_from(["172.20.0.0/16", "10.0.0.0/30", None]),
        "labels": st.sampled_from([None, {"a": "b"}]),
    },
)


@pytest.fixture(scope="module")
def accepted() -> list[tuple[hardened.SelfManagedNodeGroup, cdk.Stack]]:
    """Whatever the property test got accepted, in one stack."""
    stack = cdk.Stack(cdk.App(), "Accepted")
    cdk.Tags.of(stack).add("application", "payments")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    made: list[tuple[hardened.SelfManagedNodeGroup, cdk.Stack]] = []

    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(ACCEPTED)
    def try_it(arguments: dict[str, Any]) -> None:
        try:
            group = cluster.add_self_managed_nodes(f"group{next(COUNTER)}", **arguments)
        except ConfigurationError:
            return
        made.append((group, stack))

    try_it()
    return made


def test_whatever_is_accepted_is_nitro_encrypted_private_and_speaks_imdsv2(
    accepted: list[tuple[hardened.SelfManagedNodeGroup, cdk.Stack]],
) -> None:
    assert len(accepted) >= 5
    template = Template.from_stack(accepted[0][1]).to_json()
    resources = template["Resources"]
    for group in (body["Properties"] for body in resources.values() if body["Type"] == ASG):
        names = [one["InstanceType"] for one in group["MixedInstancesPolicy"]["LaunchTemplate"]["Overrides"]]
        kinds = [instances.known(name) for name in names]
        assert all(kind is not None and kind.nitro and kind.encryption_in_transit for kind in kinds)
        assert len({kind.architectures[0] for kind in kinds if kind is not None}) == 1
        assert 86_400 <= group["MaxInstanceLifetime"] <= 30 * 86_400
        assert group["VPCZoneIdentifier"] and "AvailabilityZones" not in group
    for data in (body["Properties"]["LaunchTemplateData"] for body in resources.values() if body["Type"] == LT):
        assert (data["MetadataOptions"]["HttpTokens"], data["MetadataOptions"]["HttpPutResponseHopLimit"]) == (
            "required",
            1,
        )
        assert all(one["Ebs"]["Encrypted"] and "KmsKeyId" in one["Ebs"] for one in data["BlockDeviceMappings"])
        assert data["NetworkInterfaces"][0]["AssociatePublicIpAddress"] is False
        assert "KeyName" not in data
    outcome = evaluate(Assembly([Seen("Accepted", template)]), CATALOGUE)
    left = {f.control.id for f in outcome.findings} - {"ND-18"}  # a group of one type
    assert left == set()


def test_a_bootstrap_container_is_pinned_and_found_unless_waived() -> None:
    image = f"123456789012.dkr.ecr.eu-west-1.amazonaws.com/setup@sha256:{'a' * 64}"
    stack = stack_with(bottlerocket=hardened.BottlerocketSettings(bootstrap_containers={"setup": image}))
    template = Template.from_stack(stack)
    written = tomllib.loads(user_data(template))["settings"]["bootstrap-containers"]["setup"]
    assert written == {"source": image, "mode": "once", "essential": True}
    outcome = evaluate(Assembly([Seen("Nodes", template.to_json())]), CATALOGUE)
    assert {finding.control.id for finding in outcome.findings} == {"ND-22"}
    with pytest.raises(ConfigurationError, match="bootstrap_containers needs a name and an image"):
        hardened.BottlerocketSettings(bootstrap_containers={"setup": "registry/setup:latest"})


def test_the_group_is_the_clouds_own_resource(default: Template) -> None:
    stack = cdk.Stack(cdk.App(), "Nodes")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    group = cluster.add_self_managed_nodes("own", instance_types=TWO)
    assert isinstance(group.resource, autoscaling.CfnAutoScalingGroup)
    assert isinstance(group, hardened.ComputeLike)
