"""Auto Mode: on as a whole, by pools of our own, and nothing beside it that it replaces."""

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Annotations, Match, Template

import hardened_eks as hardened
from hardened_eks.errors import ConfigurationError

CL, ADDON, ROLE, ENTRY = "AWS::EKS::Cluster", "AWS::EKS::Addon", "AWS::IAM::Role", "AWS::EKS::AccessEntry"


def stack_with(auto_mode: hardened.AutoMode, region: str | None = None, **arguments: Any) -> cdk.Stack:
    environment = None if region is None else cdk.Environment(account="123456789012", region=region)
    app = cdk.App(context={f"availability-zones:account=123456789012:region={region}": ["a", "b", "c"]})
    stack = cdk.Stack(app, "Auto", env=environment)
    hardened.Cluster(stack, "Cluster", version="1.36", auto_mode=auto_mode, **arguments)
    return stack


def the_cluster(stack: cdk.Stack) -> hardened.Cluster:
    found = stack.node.find_child("Cluster")
    assert isinstance(found, hardened.Cluster)
    return found


@pytest.fixture(scope="module")
def alone() -> cdk.Stack:
    """A cluster whose nodes Auto Mode runs, all of them."""
    return stack_with(hardened.AutoMode())


@pytest.fixture(scope="module")
def template(alone: cdk.Stack) -> Template:
    return Template.from_stack(alone)


def test_the_three_parts_are_on_together_without_built_in_pools(template: Template) -> None:
    (cluster,) = [one["Properties"] for one in template.find_resources(CL).values()]
    assert cluster["ComputeConfig"] == {"Enabled": True, "NodePools": []}
    assert cluster["StorageConfig"] == {"BlockStorage": {"Enabled": True}}
    assert cluster["KubernetesNetworkConfig"] == {"ElasticLoadBalancing": {"Enabled": True}}
    assert cluster["BootstrapSelfManagedAddons"] is False
    assert cluster["AccessConfig"]["AuthenticationMode"] == "API"


def test_the_clusters_role_has_five_policies_its_tags_and_the_volumes_key(template: Template) -> None:
    (role,) = [r["Properties"] for n, r in template.find_resources(ROLE).items() if n.startswith("ClusterRole")]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Action"] == ["sts:AssumeRole", "sts:TagSession"]
    assert set(trust["Condition"]) == {"StringEquals", "ArnEquals"}, "only this cluster may take it"
    names = [arn["Fn::Join"][1][-1].rsplit("/", 1)[-1] for arn in role["ManagedPolicyArns"] if "Fn::Join" in arn]
    assert names == [
        f"AmazonEKS{name}Policy" for name in ("Cluster", "Compute", "BlockStorage", "LoadBalancing", "Networking")
    ]
    statements = [
        statement
        for policy in template.find_resources("AWS::IAM::ManagedPolicy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if "Volumes" in json.dumps(statement["Resource"])
    ]
    use, grant = statements
    assert "kms:GenerateDataKeyWithoutPlaintext" in use["Action"] and not any("*" in one for one in use["Action"])
    assert grant["Action"] == "kms:CreateGrant"
    assert grant["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}


def test_nodes_have_a_role_of_their_own_and_join_by_an_entry(template: Template) -> None:
    ((name, role),) = [(n, r) for n, r in template.find_resources(ROLE).items() if "AutoMode" in n]
    policies = json.dumps(role["Properties"]["ManagedPolicyArns"])
    assert "AmazonEKSWorkerNodeMinimalPolicy" in policies and "AmazonEC2ContainerRegistryPullOnly" in policies
    assert len(role["Properties"]["ManagedPolicyArns"]) == 2
    (entry,) = [one["Properties"] for one in template.find_resources(ENTRY).values()]
    assert (entry["Type"], entry["PrincipalArn"]) == ("EC2", {"Fn::GetAtt": [name, "Arn"]})
    (policy,) = entry["AccessPolicies"]
    assert policy["AccessScope"] == {"Type": "cluster"}
    assert policy["PolicyArn"]["Fn::Join"][1][-1].endswith(":cluster-access-policy/AmazonEKSAutoNodePolicy")


def test_auto_mode_may_admit_its_load_balancers_to_the_nodes(template: Template) -> None:
    """AmazonEKSLoadBalancingPolicy changes only security groups with the tag of the cluster, or of EKS's own name."""
    tag = {"Key": "eks:eks-cluster-name", "Value": "Auto-Cluster"}
    groups = template.find_resources("AWS::EC2::SecurityGroup")
    tagged = [name for name, group in groups.items() if tag in group["Properties"]["Tags"]]
    assert len(tagged) == 1 and "NodeSecurity" in tagged[0]


def test_no_add_on_waits_for_nodes_that_nothing_starts(template: Template) -> None:
    template.resource_count_is(ADDON, 0)


def test_the_output_is_what_kubectl_applies(template: Template) -> None:
    (output,) = template.find_outputs("*", {}).values()
    parts = output["Value"]["Fn::Join"][1]
    listed = json.loads(
        "".join(part if isinstance(part, str) else json.dumps(part)[1:-1].replace('"', "'") for part in parts)
    )
    assert listed["kind"] == "List"
    assert [item["kind"] for item in listed["items"]] == [
        "ConfigMap", "NetworkPolicy", "StorageClass", "NodeClass", "NodePool",
    ]  # fmt: skip
    spec = listed["items"][3]["spec"]
    assert "ClusterAutoModeRole" in spec["role"] and "Ref" in spec["role"], "a NodeClass takes the role's name"
    assert "Volumes" in spec["ephemeralStorage"]["kmsKeyID"]
    assert "NodeSecurity" in spec["securityGroupSelectorTerms"][0]["id"]
    assert len(spec["subnetSelectorTerms"]) == 3


def test_a_warning_says_that_nothing_runs_until_it_is_applied(alone: cdk.Stack, template: Template) -> None:
    (name,) = template.find_outputs("*", {})
    (found,) = Annotations.from_stack(alone).find_warning("*", Match.string_like_regexp("no pod runs in this cluster"))
    assert name in str(found.entry.data) and "hardened-eks manifests" in str(found.entry.data)


def test_once_applied_add_ons_on_nodes_come_and_the_warning_goes() -> None:
    stack = stack_with(hardened.AutoMode(applied=True), addons=hardened.AddonOptions(extra=["snapshot-controller"]))
    addons = {one["Properties"]["AddonName"] for one in Template.from_stack(stack).find_resources(ADDON).values()}
    assert addons == {"metrics-server", "snapshot-controller"}
    Annotations.from_stack(stack).has_no_warning("*", Match.string_like_regexp("no pod runs in this cluster"))


def test_other_nodes_get_the_add_ons_that_auto_mode_replaces_on_its_own() -> None:
    stack = stack_with(hardened.AutoMode(other_nodes=True))
    the_cluster(stack).add_node_group("general", instance_types=["m7g.large"])
    addons = {one["Properties"]["AddonName"] for one in Template.from_stack(stack).find_resources(ADDON).values()}
    assert {"vpc-cni", "kube-proxy", "coredns", "aws-ebs-csi-driver", "eks-pod-identity-agent"} <= addons


def test_other_nodes_are_refused_where_their_add_ons_are_left_out(alone: cdk.Stack) -> None:
    for add in (
        lambda c: c.add_node_group("general", instance_types=["m7g.large"]),
        lambda c: c.add_fargate_profile("apps", selectors=[hardened.FargateSelector(namespace="apps")]),
    ):
        with pytest.raises(ConfigurationError, match="AutoMode\\(other_nodes=True\\)"):
            add(the_cluster(alone))


def test_a_role_of_yours_gets_the_use_of_both_keys() -> None:
    stack = cdk.Stack(cdk.App(), "Auto")
    role = iam.Role(stack, "Mine", assumed_by=iam.ServicePrincipal("eks.amazonaws.com"))
    hardened.Cluster(stack, "Cluster", version="1.36", role=role, auto_mode=hardened.AutoMode())
    (policy,) = [
        one["Properties"]["PolicyDocument"]["Statement"]
        for name, one in Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy").items()
        if name.startswith("ClusterRolePolicy")
    ]
    assert ["Secrets" in json.dumps(s["Resource"]) for s in policy] == [True, False, False]
    assert ["Volumes" in json.dumps(s["Resource"]) for s in policy] == [False, True, True]


def test_fips_is_where_its_images_are() -> None:
    stack = stack_with(hardened.AutoMode(fips=True), region="us-east-1")
    nodes = the_cluster(stack).auto_mode_nodes
    assert nodes is not None
    (node_class,) = [one for one in nodes.objects if one["kind"] == "NodeClass"]
    assert node_class["spec"]["advancedSecurity"] == {"fips": True, "kernelLockdown": "integrity"}
    Annotations.from_stack(stack).has_warning("*", Match.string_like_regexp("FIPS endpoint of ECR"))
    with pytest.raises(ConfigurationError, match="no FIPS image in eu-west-1"):
        stack_with(hardened.AutoMode(fips=True), region="eu-west-1")


def test_every_mistake_is_named_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        hardened.AutoMode(pools=[], disk_gib=5, fips="yes", other_nodes=1, applied="no")  # type: ignore[arg-type]
    for word in ("at least one AutoModePool", "disk_gib needs 20", "fips", "'yes'", "other_nodes", "applied"):
        assert word in str(caught.value)
    with pytest.raises(ConfigurationError, match="'a' twice"):
        hardened.AutoMode(pools=[hardened.AutoModePool(name="a"), hardened.AutoModePool(name="a")])
    with pytest.raises(ConfigurationError, match="pools needs a list of AutoModePool, got 'general'"):
        hardened.AutoMode(pools="general")  # type: ignore[arg-type]


def test_add_ons_that_it_replaces_are_refused_beside_it() -> None:
    with pytest.raises(ConfigurationError) as caught:
        stack_with(
            hardened.AutoMode(),
            addons=hardened.AddonOptions(
                versions={"coredns": "v1.12.4-eksbuild.1"}, configurations={"vpc-cni": {"env": {}}}
            ),
            service_cidr="10.0.0.0/30",
        )
    assert "addons names coredns" in str(caught.value) and "addons names vpc-cni" in str(caught.value)
    assert "service_cidr" in str(caught.value), "all mistakes of the call"
    with pytest.raises(ConfigurationError, match="auto_mode needs an AutoMode, got True"):
        stack_with(True)  # type: ignore[arg-type]
