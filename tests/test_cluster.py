import re
from datetime import date

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from hardened_eks.addons import AddonOptions
from hardened_eks.cluster import Cluster, ControlPlaneEgress, ImportedCluster, KubeApiServer
from hardened_eks.controls.control_plane import version_not_oldest, version_supported
from hardened_eks.errors import ConfigurationError
from hardened_eks.evidence import Assembly, Template
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.keys import Keys
from hardened_eks.network import Dns, DnsMode, Egress, Network

MATCH = assertions.Match
TODAY = date(2026, 11, 21)
POLICY = "AWS::IAM::ManagedPolicy"


def make(**arguments):
    """A cluster in a stack of its own; the network is kept small, it has its own tests."""
    stack = cdk.Stack(cdk.App(), "Payments")
    network = arguments.pop("network", None)
    if network is None and "vpc" not in arguments:
        network = Network(
            stack, "Network", add_endpoints=False, add_flow_logs=False, close_default_security_group=False
        )
    return Cluster(stack, "Cluster", **{"version": "1.36", "network": network, "today": TODAY, **arguments})


def refused(**arguments):
    with pytest.raises(ConfigurationError) as caught:
        make(**arguments)
    return str(caught.value)


def template_of(construct):
    return assertions.Template.from_stack(cdk.Stack.of(construct))


def resources(template, type_):
    return template.find_resources(type_)


def only(template, type_):
    (found,) = resources(template, type_).values()
    return found


@pytest.fixture(scope="module")
def default():
    """A cluster with everything made for it, and its nodes' security group."""
    cluster = Cluster(cdk.Stack(cdk.App(), "Payments"), "Cluster", version="1.36", today=TODAY)
    cluster.register_nodes(cdk.CfnWaitConditionHandle(cluster, "Nodes"))
    assert cluster.node_security_group is cluster.node_security_group
    return cluster


@pytest.fixture(scope="module")
def template(default):
    return template_of(default)


@pytest.fixture(scope="module")
def properties(template):
    return only(template, "AWS::EKS::Cluster")["Properties"]


def bare_network(stack: cdk.Stack) -> Network:
    """A network that makes no log group and no key."""
    return Network(
        stack,
        "N",
        add_endpoints=False,
        add_flow_logs=False,
        close_default_security_group=False,
        dns=Dns(mode=DnsMode.OFF, log_retention_days=None),
    )


class TestDefaults:
    def test_the_endpoint_is_private(self, properties):
        assert properties["ResourcesVpcConfig"]["EndpointPublicAccess"] is False
        assert properties["ResourcesVpcConfig"]["EndpointPrivateAccess"] is True

    def test_everything_is_logged(self, properties):
        types = [entry["Type"] for entry in properties["Logging"]["ClusterLogging"]["EnabledTypes"]]
        assert types == ["api", "audit", "authenticator", "controllerManager", "scheduler"]

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("Name", "Payments-Cluster"),
            ("Version", "1.36"),
            ("AccessConfig", {"AuthenticationMode": "API", "BootstrapClusterCreatorAdminPermissions": False}),
            ("BootstrapSelfManagedAddons", False),
            ("DeletionProtection", True),
            ("UpgradePolicy", {"SupportType": "STANDARD"}),
            ("ZonalShiftConfig", {"Enabled": True}),
            ("KubernetesNetworkConfig", None),
            ("KubeApiServerConfig", None),
        ],
    )
    def test_properties(self, properties, name, expected):
        assert properties.get(name) == expected

    def test_api_data_is_encrypted_with_the_secrets_key(self, properties, default):
        key = cdk.Stack.of(default).resolve(default.keys.secrets.key_arn)
        assert properties["EncryptionConfig"] == [{"Provider": {"KeyArn": key}, "Resources": ["secrets"]}]

    def test_the_control_plane_lives_in_its_own_subnets(self, properties, default):
        subnets = cdk.Stack.of(default).resolve(default.network.control_plane_subnet_ids)
        assert properties["ResourcesVpcConfig"]["SubnetIds"] == subnets
        assert len(subnets) == 3

    def test_the_cluster_stays(self, template):
        cluster = only(template, "AWS::EKS::Cluster")
        assert (cluster["DeletionPolicy"], cluster["UpdateReplacePolicy"]) == ("Retain", "Retain")

    def test_the_log_group_is_made_first_encrypted_and_kept(self, template, default):
        template.has_resource(
            "AWS::Logs::LogGroup",
            {
                "DeletionPolicy": "Retain",
                "UpdateReplacePolicy": "Retain",
                "Properties": {
                    "LogGroupName": "/aws/eks/Payments-Cluster/cluster",
                    "RetentionInDays": 365,
                    "KmsKeyId": cdk.Stack.of(default).resolve(default.keys.logs.key_arn),
                    "DeletionProtectionEnabled": True,
                },
            },
        )
        group = next(
            name
            for name, group in resources(template, "AWS::Logs::LogGroup").items()
            if group["Properties"].get("LogGroupName") == "/aws/eks/Payments-Cluster/cluster"
        )
        assert group in only(template, "AWS::EKS::Cluster")["DependsOn"]

    def test_there_is_no_warning(self, default):
        warnings = assertions.Annotations.from_stack(cdk.Stack.of(default)).find_warning("*", MATCH.any_value())
        assert [warning.id for warning in warnings if "Network" not in warning.id] == []


class TestRole:
    def test_only_eks_for_this_one_cluster_takes_it(self, template):
        arn = {
            "Fn::Join": [
                "",
                [
                    *("arn:", {"Ref": "AWS::Partition"}, ":eks:", {"Ref": "AWS::Region"}, ":"),
                    *({"Ref": "AWS::AccountId"}, ":cluster/Payments-Cluster"),
                ],
            ]
        }
        template.has_resource_properties(
            "AWS::IAM::Role",
            {
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "eks.amazonaws.com"},
                            "Action": "sts:AssumeRole",
                            "Condition": {
                                "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
                                "ArnEquals": {"aws:SourceArn": arn},
                            },
                        }
                    ],
                }
            },
        )

    def test_it_may_use_the_secrets_key_and_no_other(self, template, default):
        template.has_resource_properties(
            "AWS::IAM::ManagedPolicy",
            {
                "Description": "Control plane of EKS cluster Payments-Cluster",
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": ["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey", "kms:ListGrants"],
                            "Resource": cdk.Stack.of(default).resolve(default.keys.secrets.key_arn),
                        }
                    ],
                },
            },
        )

    def test_a_given_role_is_given_the_use_of_the_key_before_the_cluster(self):
        cluster = make()
        stack = cdk.Stack.of(cluster)
        role = iam.Role.from_role_arn(stack, "Given", "arn:aws:iam::123456789012:role/control-plane")
        other = Cluster(stack, "Other", version="1.36", network=cluster.network, role=role, today=TODAY)
        template = template_of(cluster)
        (policy,) = (
            i for i, r in resources(template, POLICY).items() if r["Properties"].get("Roles") == ["control-plane"]
        )
        template.resource_count_is("AWS::IAM::Policy", 0)  # auditors' packs, and IA-06, refuse inline policies
        made = resources(template, "AWS::EKS::Cluster")[stack.get_logical_id(other.resource)]
        assert made["Properties"]["RoleArn"] == "arn:aws:iam::123456789012:role/control-plane"
        assert policy in made["DependsOn"]
        assert other.role is role

    def test_a_given_role_that_must_not_be_changed_is_left_alone(self):
        stack = cdk.Stack(cdk.App(), "S")
        network = bare_network(stack)
        role = iam.Role.from_role_arn(stack, "Given", "arn:aws:iam::123456789012:role/fixed", mutable=False)
        Cluster(stack, "Cluster", version="1.36", network=network, role=role, today=TODAY)
        template = template_of(network)
        template.resource_count_is("AWS::IAM::Policy", 0)
        assert not [i for i in resources(template, POLICY) if i.startswith("ClusterRolePolicy")]

    def test_a_role_of_another_stack_gets_its_permission_beside_the_cluster(self):
        app = cdk.App()
        roles, stack = cdk.Stack(app, "Roles"), cdk.Stack(app, "S")
        network = bare_network(stack)
        role = iam.Role(roles, "Role", assumed_by=iam.ServicePrincipal("eks.amazonaws.com"))
        Cluster(stack, "Cluster", version="1.36", network=network, role=role, today=TODAY)
        (policy,) = (r for i, r in resources(template_of(network), POLICY).items() if i.startswith("ClusterRolePolicy"))
        assert "Fn::ImportValue" in policy["Properties"]["Roles"][0]

    def test_the_made_role_can_be_granted_more(self):
        cluster = make()
        kms.Key(cdk.Stack.of(cluster), "Key").grant_decrypt(cluster.role)
        policies = [one["Properties"] for one in resources(template_of(cluster), "AWS::IAM::ManagedPolicy").values()]
        (policy,) = [one for one in policies if one["Description"] == "Grants to the role"]
        (name,) = policy["Roles"]
        assert "ClusterRole" in str(name)
        assert policy["PolicyDocument"]["Statement"][0]["Action"] == "kms:Decrypt"


def rules(template, direction, group):
    """Every rule of a group, inline or not, as protocol, ports and peer."""
    inline = template.to_json()["Resources"][group]["Properties"].get(f"SecurityGroup{direction}", [])
    separate = [
        resource["Properties"]
        for resource in resources(template, f"AWS::EC2::SecurityGroup{direction}").values()
        if resource["Properties"]["GroupId"] == {"Fn::GetAtt": [group, "GroupId"]}
    ]
    found = set()
    for rule in (*inline, *separate):
        peer = next(rule[key] for key in rule if key.startswith(("Source", "Destination", "Cidr")))
        peer = peer["Fn::GetAtt"][0] if isinstance(peer, dict) else peer
        found.add((rule["IpProtocol"], rule.get("FromPort"), rule.get("ToPort"), peer))
    return found


@pytest.fixture(scope="module")
def names(default):
    resolve = cdk.Stack.of(default).resolve
    return {
        "plane": resolve(default.security_group_id)["Fn::GetAtt"][0],
        "nodes": resolve(default.node_security_group_id)["Fn::GetAtt"][0],
        "endpoints": resolve(default.network.endpoints_security_group.security_group_id)["Fn::GetAtt"][0],
    }


class TestSecurityGroups:
    WEBHOOKS = [(443, 443), (4443, 4443), (6443, 6443), (8443, 8443), (9443, 9443), (10250, 10251)]

    def test_the_control_plane_has_its_group(self, properties, names):
        assert properties["ResourcesVpcConfig"]["SecurityGroupIds"] == [{"Fn::GetAtt": [names["plane"], "GroupId"]}]

    def test_the_control_plane_admits_the_nodes_alone(self, template, names):
        assert rules(template, "Ingress", names["plane"]) == {("tcp", 443, 443, names["nodes"])}

    def test_the_control_plane_reaches_kubelets_and_webhooks_alone(self, template, names):
        nothing = ("icmp", 252, 86, "255.255.255.255/32")
        expected = {("tcp", *ports, names["nodes"]) for ports in self.WEBHOOKS}
        assert rules(template, "Egress", names["plane"]) == {nothing, *expected}

    def test_nodes_admit_the_control_plane_and_each_other(self, template, names):
        expected = {("tcp", *ports, names["plane"]) for ports in self.WEBHOOKS}
        each_other = {(protocol, 0, 65535, names["nodes"]) for protocol in ("tcp", "udp")}
        assert rules(template, "Ingress", names["nodes"]) == expected | each_other

    def test_nodes_reach_the_api_each_other_endpoints_and_what_routes_lead_to(self, template, names):
        each_other = {(protocol, 0, 65535, names["nodes"]) for protocol in ("tcp", "udp")}
        assert rules(template, "Egress", names["nodes"]) == each_other | {
            ("tcp", 443, 443, names["plane"]),
            ("tcp", 443, 443, names["endpoints"]),
            ("tcp", 443, 443, "0.0.0.0/0"),
        }

    @pytest.mark.parametrize(
        ("egress", "expected"),
        [(Egress.NONE, {"pl-0123456789abcdef0"}), (Egress.NAT, {"pl-0123456789abcdef0", "0.0.0.0/0"})],
    )
    def test_a_known_s3_prefix_list_closes_the_way_out(self, egress, expected):
        stack = cdk.Stack(cdk.App(), "S")
        network = Network(
            *(stack, "N"),
            add_endpoints=False,
            add_flow_logs=False,
            close_default_security_group=False,
            egress=egress,
            s3_prefix_list_id="pl-0123456789abcdef0",
        )
        cluster = make_on(network)
        nodes = stack.resolve(cluster.node_security_group_id)["Fn::GetAtt"][0]
        plane = stack.resolve(cluster.security_group_id)["Fn::GetAtt"][0]
        https = {peer for _, first, _, peer in rules(template_of(cluster), "Egress", nodes) if first == 443}
        assert https == {plane, *expected}

    def test_connections_admit_to_the_api(self):
        cluster = make()
        host = ec2.SecurityGroup(cluster, "Host", vpc=cluster.network.vpc, allow_all_outbound=False)
        host.connections.allow_to_default_port(cluster)
        template_of(cluster).has_resource_properties(
            "AWS::EC2::SecurityGroupIngress",
            {
                "FromPort": 443,
                "ToPort": 443,
                "GroupId": cdk.Stack.of(cluster).resolve(cluster.security_group_id),
                "SourceSecurityGroupId": cdk.Stack.of(cluster).resolve(host.security_group_id),
            },
        )


def make_on(network, **arguments):
    return Cluster(cdk.Stack.of(network), "Cluster", version="1.36", network=network, today=TODAY, **arguments)


class TestChoices:
    @pytest.mark.parametrize(
        ("arguments", "expected"),
        [
            ({"name": "prod_1"}, {"Name": "prod_1"}),
            ({"name": "x" * 100}, {"Name": "x" * 100}),
            ({"service_cidr": "172.20.0.0/16"}, {"KubernetesNetworkConfig": {"ServiceIpv4Cidr": "172.20.0.0/16"}}),
            ({"service_cidr": "192.168.4.0/24"}, {"KubernetesNetworkConfig": {"ServiceIpv4Cidr": "192.168.4.0/24"}}),
            ({"zonal_shift": False}, {"ZonalShiftConfig": {"Enabled": False}}),
            ({"deletion_protection": False}, {"DeletionProtection": False}),
            (
                {"control_plane_egress": ControlPlaneEgress.CUSTOMER_ROUTED},
                {"ResourcesVpcConfig": {"ControlPlaneEgressMode": "CUSTOMER_ROUTED"}},
            ),
            ({"api_server": KubeApiServer(event_ttl="30m")}, {"KubeApiServerConfig": {"EventTtl": "30m"}}),
            (
                {"api_server": KubeApiServer(service_node_port_range=(30000, 31000))},
                {"KubeApiServerConfig": {"ServiceNodePortRange": {"MinPort": 30000, "MaxPort": 31000}}},
            ),
        ],
    )
    def test_a_choice_reaches_the_resource(self, arguments, expected):
        template_of(make(**arguments)).has_resource_properties("AWS::EKS::Cluster", expected)

    def test_retention(self):
        template_of(make(log_retention_days=731)).has_resource_properties(
            "AWS::Logs::LogGroup", {"RetentionInDays": 731}
        )

    def test_deploy_time_values_pass(self):
        stack = cdk.Stack(cdk.App(), "S")
        network = bare_network(stack)
        parameters = {
            argument: cdk.CfnParameter(stack, argument.title().replace("_", ""))
            for argument in ("name", "version", "service_cidr")
        }
        days = cdk.CfnParameter(stack, "Days", type="Number")
        texts = {argument: parameter.value_as_string for argument, parameter in parameters.items()}
        cluster = Cluster(stack, "Cluster", network=network, log_retention_days=days.value_as_number, **texts)
        template = template_of(cluster)
        template.has_resource_properties("AWS::EKS::Cluster", {"Name": {"Ref": "Name"}, "Version": {"Ref": "Version"}})
        template.has_resource_properties(
            "AWS::Logs::LogGroup",
            {
                "LogGroupName": {"Fn::Join": ["", ["/aws/eks/", {"Ref": "Name"}, "/cluster"]]},
                "RetentionInDays": {"Ref": "Days"},
            },
        )

    def test_keys_can_be_brought(self):
        stack = cdk.Stack(cdk.App(), "S")
        network = bare_network(stack)
        arn = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
        key = kms.Key.from_key_arn(stack, "Given", arn)
        make_on(network, keys=Keys(stack, "Keys", secrets=key, volumes=key, logs=key))
        template = template_of(network)
        template.resource_count_is("AWS::KMS::Key", 0)
        template.has_resource_properties(
            "AWS::EKS::Cluster", {"EncryptionConfig": [{"Provider": {"KeyArn": arn}, "Resources": ["secrets"]}]}
        )

    def test_an_existing_log_group_is_used(self):
        stack = cdk.Stack(cdk.App(), "S")
        network = bare_network(stack)
        group = logs.LogGroup.from_log_group_name(stack, "Given", "/aws/eks/S-Cluster/cluster")
        cluster = make_on(network, log_group=group)
        assert cluster.log_group is group
        template_of(cluster).resource_count_is("AWS::Logs::LogGroup", 0)

    def test_the_cluster_waits_for_a_log_group_of_the_same_stack(self):
        stack = cdk.Stack(cdk.App(), "S")
        network = bare_network(stack)
        group = logs.LogGroup(stack, "Given", log_group_name="/aws/eks/S-Cluster/cluster")
        make_on(network, log_group=group)
        template = template_of(network)
        assert list(resources(template, "AWS::Logs::LogGroup")) == only(template, "AWS::EKS::Cluster")["DependsOn"]

    def test_the_made_log_group_can_be_read_from(self):
        cluster = make()
        role = iam.Role(cluster, "Auditor", assumed_by=iam.AccountRootPrincipal())
        cluster.log_group.grant_read(role)
        template_of(cluster).has_resource_properties("AWS::IAM::Policy", {"Roles": [MATCH.any_value()]})

    def test_an_existing_vpc_is_adopted(self):
        stack = cdk.Stack(cdk.App(), "S")
        vpc = ec2.Vpc.from_vpc_attributes(
            stack,
            "Vpc",
            vpc_id="vpc-1",
            availability_zones=["a", "b"],
            isolated_subnet_ids=["subnet-1", "subnet-2"],
            isolated_subnet_route_table_ids=["rtb-1", "rtb-2"],
        )
        cluster = Cluster(stack, "Cluster", version="1.36", vpc=vpc, today=TODAY, service_cidr="172.20.0.0/16")
        template = template_of(cluster)
        template.resource_count_is("AWS::EC2::VPC", 0)
        assert only(template, "AWS::EKS::Cluster")["Properties"]["ResourcesVpcConfig"]["SubnetIds"] == [
            "subnet-1",
            "subnet-2",
        ]

    def test_network_and_keys_of_another_stack(self):
        app = cdk.App()
        foundation = cdk.Stack(app, "Foundation")
        keys = Keys(foundation, "Keys")
        network = Network(foundation, "Network", logs_key=keys.logs, close_default_security_group=False)
        cluster = Cluster(cdk.Stack(app, "C"), "Cluster", version="1.36", network=network, keys=keys, today=TODAY)
        cluster.register_nodes(cdk.CfnWaitConditionHandle(cluster, "Nodes"))
        assert cluster.node_security_group_id
        cluster.add_addon("amazon-cloudwatch-observability")
        app.synth()  # a cycle between the stacks would raise


class TestName:
    def test_it_is_made_of_stack_and_constructs(self):
        stack = cdk.Stack(cdk.App(), "Payments", stack_name="prod-payments")
        network = bare_network(stack)
        inner = Cluster(Construct(stack, "Team A"), "Main", version="1.36", network=network, today=TODAY)
        assert inner.name == "prod-payments-Team-A-Main"

    def test_in_a_nested_stack_it_is_made_of_constructs_alone(self):
        stack = cdk.Stack(cdk.App(), "Payments")
        network = bare_network(stack)
        nested = cdk.NestedStack(stack, "Inner")
        assert Cluster(nested, "C", version="1.36", network=network, today=TODAY).name == "Payments-Inner-C"

    def test_a_long_one_is_cut_and_stays_unique(self):
        from hardened_eks.cluster._names import NAME, derived_name

        names = [derived_name("s" * 90, part) for part in ("FirstCluster", "OtherCluster")]
        assert len({*names}) == 2
        assert all(len(name) == 100 and NAME.fullmatch(name) for name in names)
        assert derived_name("-_") == "cluster"


class TestVersion:
    def test_the_end_of_support_is_announced(self):
        cluster = make(version="1.34", today=date(2026, 9, 10))
        assertions.Annotations.from_stack(cdk.Stack.of(cluster)).has_warning(
            "/Payments/Cluster",
            MATCH.string_like_regexp("standard support of Kubernetes 1.34 ends on 2026-12-02.*upgrade to 1.35"),
        )

    @pytest.mark.parametrize(
        ("version", "today", "words"),
        [
            ("1.34", date(2026, 11, 29), "ends on 2026-12-02.*oldest in standard support.*CP-09.*upgrade to 1.35"),
            ("1.35", date(2026, 12, 3), "^Kubernetes 1.35 is the oldest in standard support.*CP-09.*upgrade to 1.36"),
            ("1.36", date(2026, 12, 3), None),
            ("1.37", date(2029, 12, 3), None),
        ],
    )
    def test_cluster_and_checks_say_the_same(self, version, today, words):
        """A version that `Cluster` takes without a warning passes CP-08 and CP-09, one that they refuse is warned of."""
        cluster = make(version=version, today=today)
        stack = cdk.Stack.of(cluster)
        found = assertions.Annotations.from_stack(stack).find_warning("/Payments/Cluster", MATCH.any_value())
        warned = [text for text in (str(one.entry.data) for one in found) if "hardened-eks:version-ends-soon" in text]
        body = cdk.App.of(stack).synth().get_stack_by_name("Payments").template
        judged = evaluate(Assembly([Template("Payments", body)]), [version_supported, version_not_oldest], today=today)
        assert bool(judged.findings) is (words is not None)
        assert len(warned) == (words is not None)
        assert words is None or re.search(words, warned[0])

    @pytest.mark.parametrize(("today", "warned"), [(date(2026, 12, 1), False), (date(2027, 9, 1), True)])
    def test_a_release_older_than_its_data_says_so(self, today, warned):
        stack = cdk.Stack.of(make(version="1.37", today=today))
        found = assertions.Annotations.from_stack(stack).find_warning(
            "/Payments/Cluster", MATCH.string_like_regexp("upgrade hardened-eks")
        )
        assert bool(found) is warned

    def test_fails_when_support_has_ended(self):
        message = refused(version="1.33")
        assert "standard support of Kubernetes 1.33 ended on 2026-07-29" in message
        assert "choose one of 1.35, 1.36, 1.37" in message

    @pytest.mark.parametrize("version", ["1.99", "1.3", "latest", "", "v1.36", 1.36, None])
    def test_fails_when_unknown(self, version):
        message = refused(version=version)
        assert f"got {version!r}" in message
        assert "choose one of 1.35, 1.36, 1.37" in message


class TestBadInput:
    @pytest.mark.parametrize("name", ["", "-prod", "_prod", "pro d", "prod.eu", "x" * 101, "prød", 7])
    def test_fails_when_the_name_is_bad(self, name):
        assert "name needs 1 to 100 letters, digits, '-' or '_'" in refused(name=name)

    @pytest.mark.parametrize("days", [0, 2, 364, 366, 3654, -1, True, None, "365"])
    def test_fails_when_cloudwatch_has_no_such_retention(self, days):
        message = refused(log_retention_days=days)
        assert "log_retention_days needs a number of days that CloudWatch Logs supports (1, 3, 5," in message
        assert message.endswith(f"got {days!r}")

    @pytest.mark.parametrize(
        ("service_cidr", "expected"),
        [
            ("172.20.0.0", "needs a block from /12 to /24"),
            ("172.20.0.1/16", "needs an IPv4 block"),
            ("services", "needs an IPv4 block"),
            ("fd00::/108", "needs an IPv4 block"),
            (16, "needs an IPv4 block"),
            ("100.64.0.0/16", "needs a block within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16"),
            ("172.0.0.0/12", "needs a block within"),
            ("10.0.0.0/8", "needs a block from /12 to /24"),
            ("172.20.0.0/25", "needs a block from /12 to /24"),
            ("10.0.128.0/20", "overlaps '10.0.0.0/16' of the network"),
        ],
    )
    def test_fails_when_the_service_range_is_bad(self, service_cidr, expected):
        assert expected in refused(service_cidr=service_cidr)

    def test_fails_when_the_service_range_overlaps_the_pods(self):
        network = Network(
            *(cdk.Stack(cdk.App(), "S"), "N"),
            add_endpoints=False,
            add_flow_logs=False,
            close_default_security_group=False,
            pod_cidrs=["10.1.0.0/16"],
        )
        with pytest.raises(ConfigurationError, match=r"overlaps '10\.1\.0\.0/16' of the network"):
            make_on(network, service_cidr="10.1.0.0/20")

    def test_fails_when_the_service_range_overlaps_the_default_network(self):
        with pytest.raises(ConfigurationError, match=r"overlaps '10\.0\.0\.0/16'"):
            Cluster(cdk.Stack(cdk.App(), "S"), "C", version="1.36", service_cidr="10.0.0.0/20", today=TODAY)

    def test_fails_when_the_service_range_overlaps_an_adopted_vpc(self):
        stack = cdk.Stack(cdk.App(), "S")
        vpc = ec2.Vpc.from_vpc_attributes(
            stack, "V", vpc_id="vpc-1", availability_zones=["a"], vpc_cidr_block="172.20.0.0/16"
        )
        with pytest.raises(ConfigurationError, match=r"overlaps '172\.20\.0\.0/16'"):
            Cluster(stack, "C", version="1.36", vpc=vpc, service_cidr="172.20.0.0/20", today=TODAY)

    def test_fails_when_network_and_vpc_are_given(self):
        stack = cdk.Stack(cdk.App(), "S")
        network = bare_network(stack)
        with pytest.raises(ConfigurationError, match="network and vpc are given: pass only one of them"):
            make_on(network, vpc=network.vpc)

    def test_fails_when_the_log_group_is_not_where_eks_writes(self):
        stack = cdk.Stack(cdk.App(), "S")
        network = bare_network(stack)
        group = logs.LogGroup.from_log_group_name(stack, "Given", "/eks/audit")
        with pytest.raises(ConfigurationError, match="log_group needs to be named '/aws/eks/S-Cluster/cluster'"):
            make_on(network, log_group=group)

    @pytest.mark.parametrize(
        ("arguments", "expected"),
        [
            ({"control_plane_egress": "PUBLIC"}, "control_plane_egress needs one of 'AWS_MANAGED', 'CUSTOMER_ROUTED'"),
            ({"api_server": {"event_ttl": "1h"}}, "api_server needs a KubeApiServer"),
            ({"addons": {"coredns": "v1"}}, "addons needs AddonOptions"),
        ],
    )
    def test_fails_when_a_choice_is_of_the_wrong_kind(self, arguments, expected):
        assert expected in refused(**arguments)

    def test_all_mistakes_are_told_at_once_before_anything_is_made(self):
        stack = cdk.Stack(cdk.App(), "S")
        with pytest.raises(ConfigurationError) as caught:
            Cluster(stack, "C", version="1.2", name="-", log_retention_days=2, service_cidr="8.8.8.0/24", today=TODAY)
        assert len(caught.value.problems) == 4
        assert stack.node.children == []

    @pytest.mark.parametrize("event_ttl", ["", "1", "1h30m", "0h", "h", "-1h", 5])
    def test_fails_when_the_event_ttl_is_no_duration(self, event_ttl):
        with pytest.raises(ConfigurationError, match="event_ttl needs a duration in one unit"):
            KubeApiServer(event_ttl=event_ttl)

    @pytest.mark.parametrize("ports", [(1,), (5, 5), (9, 3), (0, 9), (1, 65536), ("a", "b"), (True, 3), 30000])
    def test_fails_when_the_port_range_is_bad(self, ports):
        with pytest.raises(ConfigurationError, match=r"service_node_port_range needs two ports"):
            KubeApiServer(service_node_port_range=ports)


class TestOtherPeoplesLibraries:
    def test_as_cdk_cluster(self):
        cluster = make()
        view = cluster.as_cdk_cluster
        resolve = cdk.Stack.of(cluster).resolve
        assert view is cluster.as_cdk_cluster
        assert resolve(view.cluster_name) == resolve(cluster.ref)
        assert resolve(view.cluster_endpoint) == resolve(cluster.endpoint)

    def test_the_l1_is_the_one_that_cdk_nag_sees(self):
        from aws_cdk import aws_eks

        assert isinstance(make().resource, aws_eks.CfnCluster)

    def test_cdk_nag_finds_an_opened_endpoint_and_a_dropped_log_type(self, tmp_path):
        import json

        import cdk_nag

        app = cdk.App(outdir=str(tmp_path))
        stack = cdk.Stack(app, "S")
        network = bare_network(stack)
        resource = make_on(network).resource
        resource.resources_vpc_config = {"subnetIds": network.control_plane_subnet_ids, "endpointPublicAccess": True}
        resource.logging = {"clusterLogging": {"enabledTypes": [{"type": "audit"}]}}
        cdk.Validations.of(app).add_plugins(cdk_nag.AwsSolutionsChecks())
        with pytest.raises(RuntimeError, match="ValidationFailed"):
            app.synth()
        report = json.loads((tmp_path / "validation-report.json").read_text())
        found = {violation["ruleName"] for plugin in report["pluginReports"] for violation in plugin["violations"]}
        assert any("AwsSolutions-EKS1" in rule for rule in found)
        assert {f"AwsSolutions-EKS2[LogExport::{log}]" for log in ("api", "authenticator", "scheduler")} <= {
            rule.removeprefix("AwsSolutions::") for rule in found
        }

    def test_nothing_of_aws_eks_v2_is_loaded_before_it_is_asked_for(self):
        import subprocess
        import sys

        code = "import sys, hardened_eks.cluster; print(any(m.startswith('aws_cdk.aws_eks_v2') for m in sys.modules))"
        result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert result.stdout.strip() == "False"


class TestImported:
    def make(self, **attributes):
        stack = cdk.Stack(cdk.App(), "S")
        return Cluster.from_cluster_attributes(stack, "Existing", **{"name": "prod", **attributes})

    def test_it_makes_nothing_by_itself(self):
        cluster = self.make(version="1.36")
        assert isinstance(cluster, ImportedCluster)
        assert (cluster.name, cluster.ref, cluster.version) == ("prod", "prod", "1.36")
        assert template_of(cluster).to_json().get("Resources", {}) == {}

    def test_its_arn_is_of_this_account_and_region_or_as_told(self):
        cluster = self.make()
        assert cdk.Stack.of(cluster).resolve(cluster.arn)["Fn::Join"][1][-1] == ":cluster/prod"
        told = "arn:aws:eks:eu-west-1:123456789012:cluster/prod"
        assert self.make(arn=told).arn == told

    def test_nodes_can_be_admitted_to_it(self):
        stack = cdk.Stack(cdk.App(), "S")
        vpc = ec2.Vpc.from_vpc_attributes(
            stack,
            "Vpc",
            vpc_id="vpc-1",
            availability_zones=["a", "b"],
            isolated_subnet_ids=["subnet-1", "subnet-2"],
            isolated_subnet_route_table_ids=["rtb-1", "rtb-2"],
        )
        group = ec2.SecurityGroup.from_security_group_id(stack, "Plane", "sg-plane")
        others = ec2.SecurityGroup.from_security_group_id(stack, "Others", "sg-others")
        cluster = Cluster.from_cluster_attributes(
            stack, "Existing", name="prod", vpc=vpc, security_group=group, node_security_group=others
        )
        assert cluster.node_security_group_id
        template_of(cluster).has_resource_properties(
            "AWS::EC2::SecurityGroupIngress", {"GroupId": "sg-plane", "FromPort": 443}
        )
        assert cluster.keys.volumes is cluster.keys.volumes

    def test_add_ons_can_be_added(self):
        stack = cdk.Stack(cdk.App(), "S")
        network = bare_network(stack)
        cluster = Cluster.from_cluster_attributes(stack, "Existing", name="prod", network=network)
        cluster.add_addon("snapshot-controller")
        cluster.register_nodes(cdk.CfnWaitConditionHandle(stack, "Nodes"))
        addon = only(template_of(cluster), "AWS::EKS::Addon")
        assert addon["Properties"]["ClusterName"] == "prod"
        assert addon["DependsOn"] == ["Nodes"]

    @pytest.mark.parametrize(
        ("what", "needs"),
        [
            ("security_group", "security_group"),
            ("network", "network"),
            ("endpoint", "endpoint"),
            ("certificate_authority", "certificate_authority"),
            ("oidc_issuer", "oidc_issuer"),
            ("oidc_provider_arn", "oidc_provider_arn"),
        ],
    )
    def test_fails_when_something_needed_was_not_told(self, what, needs):
        cluster = self.make()
        with pytest.raises(
            ConfigurationError, match=f"{needs} is not known: pass it to Cluster.from_cluster_attribute"
        ):
            getattr(cluster, what)

    def test_fails_when_attributes_are_bad(self):
        with pytest.raises(ConfigurationError) as caught:
            self.make(name="", oidc_issuer="oidc.eks.eu-west-1.amazonaws.com/id/X")
        assert len(caught.value.problems) == 2


def test_the_text_of_errors_starts_lower_case_and_has_no_full_stop():
    for problem in re.split("; ", refused(version="0", name="", log_retention_days=2).split(": ", 1)[1]):
        assert problem[0].islower()
        assert not problem.endswith(".")


def test_options_are_accepted():
    cluster = make(addons=AddonOptions(exclude=["eks-node-monitoring-agent"]))
    assert "eks-node-monitoring-agent" not in cluster.addons


class TestGrants:
    DEV = "arn:aws:iam::123456789012:role/dev"

    def test_a_role_gets_the_policy_of_the_grant(self):
        cluster = make()
        role = iam.Role(cluster, "Viewer", assumed_by=iam.AccountRootPrincipal())
        cluster.grant_view(role)
        cluster.grant_edit("arn:aws:iam::123456789012:role/ops")
        cluster.grant_admin(self.DEV, namespaces=["payments"])
        template = template_of(cluster)
        for principal, policy, scope in (
            (cdk.Stack.of(cluster).resolve(role.role_arn), "View", {"Type": "cluster"}),
            ("arn:aws:iam::123456789012:role/ops", "Edit", {"Type": "cluster"}),
            (self.DEV, "Admin", {"Type": "namespace", "Namespaces": ["payments"]}),
        ):
            arn = f":eks::aws:cluster-access-policy/AmazonEKS{policy}Policy"
            template.has_resource_properties(
                "AWS::EKS::AccessEntry",
                {
                    "ClusterName": cdk.Stack.of(cluster).resolve(cluster.ref),
                    "PrincipalArn": principal,
                    "AccessPolicies": [
                        {
                            "AccessScope": scope,
                            "PolicyArn": {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, arn]]},
                        }
                    ],
                },
            )

    def test_nobody_is_granted_cluster_admin(self):
        cluster = make()
        cluster.grant_admin(self.DEV)
        assert "AmazonEKSClusterAdminPolicy" not in str(template_of(cluster).to_json())

    def test_ids_do_not_depend_on_the_order_of_grants(self):
        other = "arn:aws:iam::123456789012:role/ops"
        ids = []
        for principals in ((self.DEV, other), (other, self.DEV)):
            cluster = make()
            for principal in principals:
                cluster.grant_view(principal)
            ids.append(set(resources(template_of(cluster), "AWS::EKS::AccessEntry")))
        assert ids[0] == ids[1]
        assert len(ids[0]) == 2

    def test_an_imported_cluster_can_be_granted(self):
        cluster = Cluster.from_cluster_attributes(cdk.Stack(cdk.App(), "S"), "Existing", name="prod")
        cluster.grant_view(self.DEV)
        template_of(cluster).has_resource_properties("AWS::EKS::AccessEntry", {"ClusterName": "prod"})

    def test_fails_when_a_principal_is_granted_twice(self):
        cluster = make()
        cluster.grant_view(self.DEV)
        with pytest.raises(
            ConfigurationError, match="dev' already has access: grant a principal access once in a cluster"
        ):
            cluster.grant_edit(self.DEV)


class TestNodes:
    def test_a_node_group_stands_between_the_add_ons(self):
        cluster = make()
        group = cluster.add_node_group("general", instance_types=["m7g.large"])
        template = template_of(cluster)
        names = {a["Properties"]["AddonName"]: name for name, a in resources(template, "AWS::EKS::Addon").items()}
        ((nodes, resource),) = resources(template, "AWS::EKS::Nodegroup").items()
        assert {names["vpc-cni"], names["kube-proxy"], names["eks-pod-identity-agent"]} <= set(resource["DependsOn"])
        assert nodes in resources(template, "AWS::EKS::Addon")[names["coredns"]]["DependsOn"]
        assert cdk.Stack.of(cluster).get_logical_id(group.resource) == nodes

    def test_the_break_glass_role_is_the_clusters(self):
        cluster = make()
        cluster.add_break_glass_role(trusted=["arn:aws:iam::123456789012:user/security"])
        assert "AmazonEKSClusterAdminPolicy" in str(only(template_of(cluster), "AWS::EKS::AccessEntry"))
