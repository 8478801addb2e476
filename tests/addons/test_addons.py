import json
from datetime import date

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from hypothesis import given, settings
from hypothesis import strategies as st

from hardened_eks.addons import AFTER_NODES, BEFORE_NODES, Addon, AddonOptions
from hardened_eks.addons._addon import merged
from hardened_eks.addons._arguments import configuration_problems
from hardened_eks.cluster import Cluster
from hardened_eks.data.addons import ADDONS, SOURCE
from hardened_eks.data.endpoints import INTERFACE
from hardened_eks.errors import ConfigurationError
from hardened_eks.identity import PodRole
from hardened_eks.network import Egress, Network

MATCH = assertions.Match
TODAY = date(2026, 11, 21)


def make(*, nodes=("Nodes",), network=None, **arguments):
    stack = cdk.Stack(cdk.App(), "S")
    options = {"add_flow_logs": False, "close_default_security_group": False, **(network or {})}
    cluster = Cluster(
        stack, "Cluster", version="1.36", network=Network(stack, "Network", **options), today=TODAY, **arguments
    )
    for name in nodes:
        cluster.register_nodes(cdk.CfnWaitConditionHandle(stack, name))
    return cluster


def addons(cluster):
    template = assertions.Template.from_stack(cdk.Stack.of(cluster))
    return {addon["Properties"]["AddonName"]: addon for addon in template.find_resources("AWS::EKS::Addon").values()}


def configuration(cluster, name):
    return json.loads(addons(cluster)[name]["Properties"]["ConfigurationValues"])


@pytest.fixture(scope="module")
def cluster():
    return make(nodes=("Nodes", "MoreNodes"))


@pytest.fixture(scope="module")
def made(cluster):
    return addons(cluster)


class TestDefaults:
    def test_the_add_ons(self, made, cluster):
        assert set(made) == {*BEFORE_NODES, *AFTER_NODES} == set(cluster.addons)
        assert BEFORE_NODES == ("eks-pod-identity-agent", "vpc-cni", "kube-proxy", "eks-node-monitoring-agent")
        assert AFTER_NODES == ("coredns", "aws-ebs-csi-driver", "metrics-server")

    @pytest.mark.parametrize("name", BEFORE_NODES)
    def test_before_nodes(self, made, name):
        assert "DependsOn" not in made[name]

    @pytest.mark.parametrize("name", AFTER_NODES)
    def test_after_all_nodes(self, made, name):
        assert {"Nodes", "MoreNodes"} <= set(made[name]["DependsOn"])

    @pytest.mark.parametrize("name", [*BEFORE_NODES, *AFTER_NODES])
    def test_each_waits_for_the_cluster_and_overwrites_what_was_changed_by_hand(self, made, name, cluster):
        properties = made[name]["Properties"]
        assert properties["ClusterName"] == cdk.Stack.of(cluster).resolve(cluster.ref)
        assert properties["ResolveConflicts"] == "OVERWRITE"
        assert "AddonVersion" not in properties

    def test_network_policies_are_enforced(self, made):
        assert made["vpc-cni"]["Properties"]["ConfigurationValues"] == '{"enableNetworkPolicy":"true"}'

    @pytest.mark.parametrize(
        ("name", "account"), [("vpc-cni", "aws-node"), ("aws-ebs-csi-driver", "ebs-csi-controller-sa")]
    )
    def test_those_that_call_aws_have_a_role_of_their_own(self, made, cluster, name, account):
        template = assertions.Template.from_stack(cdk.Stack.of(cluster))
        (association,) = made[name]["Properties"]["PodIdentityAssociations"]
        assert association["ServiceAccount"] == account
        role = template.to_json()["Resources"][association["RoleArn"]["Fn::GetAtt"][0]]
        (statement,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Principal"] == {"Service": "pods.eks.amazonaws.com"}
        assert statement["Condition"] == {
            "StringEquals": {
                "aws:RequestTag/eks-cluster-arn": cdk.Stack.of(cluster).resolve(cluster.arn),
                "aws:RequestTag/kubernetes-namespace": "kube-system",
                "aws:RequestTag/kubernetes-service-account": account,
            }
        }

    def test_others_have_none(self, made):
        with_identity = {name for name, addon in made.items() if "PodIdentityAssociations" in addon["Properties"]}
        assert with_identity == {"vpc-cni", "aws-ebs-csi-driver"}

    def test_the_ebs_driver_may_use_the_volumes_key(self, cluster):
        template = assertions.Template.from_stack(cdk.Stack.of(cluster))
        key = cdk.Stack.of(cluster).resolve(cluster.keys.volumes.key_arn)
        template.has_resource_properties(
            "AWS::IAM::ManagedPolicy",
            {
                "PolicyDocument": {
                    "Statement": [
                        {
                            "Action": ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
                            "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}},
                            "Effect": "Allow",
                            "Resource": key,
                        },
                        {
                            "Action": MATCH.array_with(["kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext"]),
                            "Effect": "Allow",
                            "Resource": key,
                        },
                    ]
                }
            },
        )

    def test_what_runs_on_nodes_is_not_made_where_there_are_none(self):
        assert set(make(nodes=()).addons) == set(BEFORE_NODES)


class TestPodSubnets:
    def test_the_cni_is_told_the_pod_subnets(self):
        cluster = make(network={"pod_cidrs": ["100.64.0.0/16"], "availability_zones": ["eu-west-1a", "eu-west-1b"]})
        values = addons(cluster)["vpc-cni"]["Properties"]["ConfigurationValues"]
        text = "".join(part if isinstance(part, str) else "token" for part in values["Fn::Join"][1])
        subnet = {"id": "token", "securityGroups": ["token"]}
        assert json.loads(text) == {
            "enableNetworkPolicy": "true",
            "env": {
                "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG": "true",
                "ENI_CONFIG_LABEL_DEF": "topology.kubernetes.io/zone",
            },
            "eniConfig": {
                "create": True,
                "region": "token",
                "subnets": {"eu-west-1a": subnet, "eu-west-1b": subnet},
            },
        }


class TestOptions:
    def test_versions_configurations_extra_and_exclude(self):
        options = AddonOptions(
            versions={"coredns": "v1.12.4-eksbuild.1"},
            configurations={"vpc-cni": {"env": {"ENABLE_PREFIX_DELEGATION": "true"}}, "coredns": {"replicaCount": 3}},
            extra=["snapshot-controller"],
            exclude=["metrics-server"],
        )
        cluster = make(addons=options)
        assert addons(cluster)["coredns"]["Properties"]["AddonVersion"] == "v1.12.4-eksbuild.1"
        assert configuration(cluster, "coredns") == {"replicaCount": 3}
        assert configuration(cluster, "vpc-cni") == {
            "enableNetworkPolicy": "true",
            "env": {"ENABLE_PREFIX_DELEGATION": "true"},
        }
        assert "snapshot-controller" in cluster.addons
        assert "Nodes" in addons(cluster)["snapshot-controller"]["DependsOn"]
        assert "metrics-server" not in cluster.addons

    def test_the_ebs_driver_gets_tagged_volumes_only_where_that_is_chosen(self):
        def policies(cluster: Cluster) -> list[str]:
            role = cluster.addons["aws-ebs-csi-driver"].node.find_child("Role")
            return [arn.rsplit(":policy/")[-1] for arn in role.managed_policy_arns if ":policy/" in arn]

        cluster = make(addons=AddonOptions(tagged_volumes_only=True))
        assert policies(cluster) == ["AmazonEBSCSIDriverPolicyV2"]
        assert policies(make()) == ["service-role/AmazonEBSCSIDriverPolicy"]

    @pytest.mark.parametrize(
        ("arguments", "expected"),
        [
            ({"tagged_volumes_only": "yes"}, "tagged_volumes_only"),
            (
                {"tagged_volumes_only": True, "exclude": ["aws-ebs-csi-driver"]},
                "tagged_volumes_only is only for aws-ebs-csi-driver, which exclude leaves out",
            ),
            (
                {"exclude": ["snapshot-controller"]},
                "exclude names 'snapshot-controller', which is not a default add-on",
            ),
            ({"extra": ["coredns"]}, "extra names 'coredns', which every cluster gets"),
            ({"extra": ["core-dns"]}, "add-on 'core-dns' is not known; did you mean coredns"),
            ({"extra": "adot"}, "extra needs a list of names, got the string 'adot'"),
            ({"exclude": "coredns"}, "exclude needs a list of names"),
            ({"versions": {"adot": "v0.1.0-eksbuild.1"}}, "versions names 'adot', which the cluster does not get"),
            (
                {"versions": {"coredns": "v1.12.4-eksbuild.1"}, "exclude": ["coredns"]},
                "versions names 'coredns', which the cluster does not get",
            ),
            ({"versions": {"coredns": "1.12"}}, "the version of add-on 'coredns' needs a string such as"),
            ({"versions": {"coredns": 1}}, "the version of add-on 'coredns' needs a string such as"),
            ({"configurations": {"adot": {}}}, "configurations names 'adot', which the cluster does not get"),
            ({"configurations": {"coredns": "{}"}}, "the configuration of add-on 'coredns' needs a mapping, got '{}'"),
            ({"configurations": {"coredns": {"a": [{1}]}}}, "is not JSON: a[0] is {1}"),
            ({"configurations": {"coredns": {"a": {"b": float("nan")}}}}, "is not JSON: a.b is nan"),
            ({"configurations": {"coredns": {1: 2}}}, "is not JSON: the key 1 in it"),
            ({"configurations": {"coredns": {"a": date}}}, "is not JSON: a is <class"),
        ],
    )
    def test_fails_when(self, arguments, expected):
        with pytest.raises(ConfigurationError) as caught:
            AddonOptions(**arguments)
        assert expected in str(caught.value)

    def test_all_mistakes_are_told_at_once(self):
        with pytest.raises(ConfigurationError) as caught:
            AddonOptions(exclude=["x"], extra=["y"], versions={"z": "1"}, configurations={"z": 1})
        assert len(caught.value.problems) == 6


def services(cluster: Cluster) -> frozenset[str]:
    assert cluster.network._endpoints is not None
    return cluster.network._endpoints.services


class TestAddAddon:
    def test_fails_with_tagged_only_where_there_is_no_such_policy_or_role(self):
        cluster = make(addons=AddonOptions(exclude=["aws-ebs-csi-driver"]))
        with pytest.raises(ConfigurationError, match="AWS has no such policy for 'adot'"):
            cluster.add_addon("adot", tagged_volumes_only=True)
        role = PodRole(cluster, "Own", cluster=cluster, namespace="kube-system", service_account="ebs").role
        with pytest.raises(ConfigurationError, match="a role is given"):
            cluster.add_addon("aws-ebs-csi-driver", role=role, tagged_volumes_only=True)

    def test_an_add_on_with_a_policy_on_record_gets_role_and_endpoints(self):
        cluster = make()
        before = services(cluster)
        addon = cluster.add_addon("amazon-cloudwatch-observability")
        assert cluster.addons["amazon-cloudwatch-observability"] is addon
        properties = addons(cluster)["amazon-cloudwatch-observability"]["Properties"]
        assert properties["PodIdentityAssociations"][0]["ServiceAccount"] == "cloudwatch-agent"
        assert services(cluster) - before == {"monitoring", "xray"}

    def test_guardduty_gets_its_endpoint_from_us(self):
        cluster = make()
        cluster.add_addon("aws-guardduty-agent")
        assert "guardduty-data" in services(cluster)

    def test_before_nodes(self):
        cluster = make()
        cluster.add_addon("snapshot-controller", before_nodes=True)
        assert "DependsOn" not in addons(cluster)["snapshot-controller"]

    def test_nodes_wait_for_what_is_added_before_them_later(self):
        cluster = make(nodes=())
        nodes = cdk.CfnWaitConditionHandle(cluster, "Nodes")
        nodes.node.add_dependency(*cluster.nodes_ready)
        cluster.add_addon("snapshot-controller", before_nodes=True)
        template = assertions.Template.from_stack(cdk.Stack.of(cluster)).to_json()["Resources"]
        (waiting,) = [r for r in template.values() if r["Type"] == "AWS::CloudFormation::WaitConditionHandle"]
        awaited = {template[name]["Properties"].get("AddonName") for name in waiting["DependsOn"]}
        assert {*BEFORE_NODES, "snapshot-controller"} <= awaited

    def test_nodes_keep_their_rules_as_long_as_they_live(self):
        cluster = make(nodes=())
        assert cluster.node_security_group_id
        nodes = cdk.CfnWaitConditionHandle(cluster, "Nodes")
        nodes.node.add_dependency(*cluster.nodes_ready)
        template = assertions.Template.from_stack(cdk.Stack.of(cluster)).to_json()["Resources"]
        (waiting,) = [r for r in template.values() if r["Type"] == "AWS::CloudFormation::WaitConditionHandle"]
        rules = {name for name, r in template.items() if r["Type"].startswith("AWS::EC2::SecurityGroup")}
        assert {name for name in rules if "NodeSecurity" in name} <= set(waiting["DependsOn"])

    def test_a_role_can_be_brought(self):
        cluster = make()
        role = iam.Role.from_role_arn(cluster, "Given", "arn:aws:iam::123456789012:role/mountpoint")
        cluster.add_addon("aws-mountpoint-s3-csi-driver", role=role)
        assert addons(cluster)["aws-mountpoint-s3-csi-driver"]["Properties"]["PodIdentityAssociations"] == [
            {"RoleArn": "arn:aws:iam::123456789012:role/mountpoint", "ServiceAccount": "s3-csi-driver-sa"}
        ]

    def test_marketplace_and_unlisted_names(self):
        cluster = make()
        cluster.add_addon("kubecost_kubecost", version="v2.0.0-eksbuild.1")
        cluster.add_addon("brand-new", allow_unlisted_name=True)
        assert {"kubecost_kubecost", "brand-new"} <= set(addons(cluster))

    def test_deploy_time_values_pass(self):
        cluster = make()
        version = cdk.CfnParameter(cdk.Stack.of(cluster), "Version").value_as_string
        Addon(cluster, "Direct", cluster=cluster, name="adot", version=version, configuration={"a": version})
        properties = addons(cluster)["adot"]["Properties"]
        assert properties["AddonVersion"] == {"Ref": "Version"}
        assert properties["ConfigurationValues"] == {"Fn::Join": ["", ['{"a":"', {"Ref": "Version"}, '"}']]}

    @pytest.mark.parametrize(
        ("arguments", "expected"),
        [
            ({"name": "snapshot-controler"}, "did you mean snapshot-controller"),
            ({"name": ""}, "an add-on's name needs 1 to 100 letters"),
            ({"name": "a b", "allow_unlisted_name": True}, "an add-on's name needs 1 to 100 letters"),
            ({"name": "coredns"}, "the cluster already has it"),
            ({"name": "adot", "version": "latest"}, "the version of add-on 'adot' needs a string such as"),
            ({"name": "adot", "configuration": []}, "the configuration of add-on 'adot' needs a mapping"),
            ({"name": "adot", "service_account": "Bad Name"}, "service_account needs 1 to 253 lower-case"),
        ],
    )
    def test_fails_when(self, cluster, arguments, expected):
        with pytest.raises(ConfigurationError) as caught:
            cluster.add_addon(**arguments)
        assert expected in str(caught.value)

    def test_fails_when_nobody_takes_the_role(self, cluster):
        role = iam.Role.from_role_arn(cluster, "Unused", "arn:aws:iam::123456789012:role/x")
        with pytest.raises(
            ConfigurationError, match="the service account of add-on 'snapshot-controller' is not known"
        ):
            cluster.add_addon("snapshot-controller", role=role)

    def test_nothing_is_announced_where_routes_are_not_known(self):
        stack = cdk.Stack(cdk.App(), "Adopting")
        vpc = ec2.Vpc.from_vpc_attributes(
            stack, "Vpc", vpc_id="vpc-1", availability_zones=["a", "b"], private_subnet_ids=["subnet-1", "subnet-2"]
        )
        cluster = Cluster.from_cluster_attributes(stack, "Existing", name="prod", vpc=vpc)
        cluster.add_addon("external-dns")
        assertions.Annotations.from_stack(stack).has_no_warning("*", MATCH.string_like_regexp("external-dns"))

    @pytest.mark.parametrize(("egress", "warned"), [(Egress.NONE, True), (Egress.NAT, False)])
    def test_a_service_without_endpoint_is_announced_in_an_isolated_network(self, egress, warned):
        cluster = make(network={"egress": egress})
        cluster.add_addon("external-dns")
        found = assertions.Annotations.from_stack(cdk.Stack.of(cluster)).find_warning(
            "*", MATCH.string_like_regexp("add-on 'external-dns' needs Route 53, which has no VPC endpoint")
        )
        assert bool(found) is warned


class TestTable:
    def test_every_endpoint_of_the_table_exists(self):
        assert {endpoint for known in ADDONS.values() for endpoint in known.endpoints} <= set(INTERFACE)

    def test_a_policy_has_a_service_account_to_take_it(self):
        assert all(known.namespace and known.service_account for known in ADDONS.values() if known.policies)
        assert SOURCE.startswith("https://docs.aws.amazon.com/eks/")

    def test_every_default_is_on_record(self):
        assert {*BEFORE_NODES, *AFTER_NODES} <= set(ADDONS)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
OBJECTS = st.dictionaries(st.text(max_size=5), JSON, max_size=3)


@settings(max_examples=50, deadline=None)
@given(OBJECTS)
def test_everything_that_is_json_is_accepted(value):
    assert list(configuration_problems("adot", value)) == []
    assert json.loads(json.dumps(merged({}, value))) == value


@settings(max_examples=50, deadline=None)
@given(OBJECTS, OBJECTS)
def test_what_is_laid_over_wins(base, over):
    result = merged(base, over)
    assert set(result) == {*base, *over}
    assert merged(result, over) == result
