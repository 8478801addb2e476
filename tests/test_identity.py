import json
from datetime import date

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs

from hardened_eks.cluster import Cluster
from hardened_eks.errors import ConfigurationError
from hardened_eks.identity import PodRole, ServiceAccountRole
from hardened_eks.network import Network

ISSUER = "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"
PROVIDER = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"


def make_cluster():
    stack = cdk.Stack(cdk.App(), "S")
    network = Network(stack, "N", add_endpoints=False, add_flow_logs=False, close_default_security_group=False)
    return Cluster(stack, "Cluster", version="1.36", network=network, today=date(2026, 11, 21))


def existing(**attributes):
    return Cluster.from_cluster_attributes(cdk.Stack(cdk.App(), "S"), "Existing", name="prod", **attributes)


def template_of(construct):
    return assertions.Template.from_stack(cdk.Stack.of(construct))


def trust(role):
    resource = template_of(role).to_json()["Resources"][cdk.Stack.of(role).get_logical_id(role.role.node.default_child)]
    return resource["Properties"]["AssumeRolePolicyDocument"]


class TestPodRole:
    def test_only_the_service_account_of_this_cluster_takes_it(self):
        cluster = make_cluster()
        role = PodRole(cluster, "Api", cluster=cluster, namespace="payments", service_account="api")
        assert trust(role) == {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "pods.eks.amazonaws.com"},
                    "Action": ["sts:AssumeRole", "sts:TagSession"],
                    "Condition": {
                        "StringEquals": {
                            "aws:RequestTag/eks-cluster-arn": cdk.Stack.of(cluster).resolve(cluster.arn),
                            "aws:RequestTag/kubernetes-namespace": "payments",
                            "aws:RequestTag/kubernetes-service-account": "api",
                        }
                    },
                }
            ],
        }

    def test_eks_is_told_whose_it_is(self):
        cluster = make_cluster()
        role = PodRole(cluster, "Api", cluster=cluster, namespace="payments", service_account="api")
        resolve = cdk.Stack.of(cluster).resolve
        template_of(cluster).has_resource_properties(
            "AWS::EKS::PodIdentityAssociation",
            {
                "ClusterName": resolve(cluster.ref),
                "Namespace": "payments",
                "ServiceAccount": "api",
                "RoleArn": resolve(role.role.role_arn),
            },
        )

    def test_it_is_grantable(self):
        cluster = make_cluster()
        role = PodRole(cluster, "Api", cluster=cluster, namespace="payments", service_account="api")
        s3.Bucket(cluster, "Bucket").grant_read(role)
        sqs.Queue(cluster, "Queue").grant_consume_messages(role)
        template = template_of(cluster)
        template.resource_count_is("AWS::IAM::Policy", 0)  # IA-06
        name = cdk.Stack.of(cluster).resolve(role.role.role_name)
        granted = [p["Properties"] for p in template.find_resources("AWS::IAM::ManagedPolicy").values()]
        (policy,) = (properties for properties in granted if properties.get("Roles") == [name])
        actions = {action for s in policy["PolicyDocument"]["Statement"] for action in s["Action"]}
        assert {"s3:GetObject*", "sqs:ReceiveMessage"} <= actions

    def test_nothing_granted_no_policy(self):
        cluster = existing()
        PodRole(cluster, "Api", cluster=cluster, namespace="payments", service_account="api")
        template_of(cluster).resource_count_is("AWS::IAM::ManagedPolicy", 0)

    def test_policies_of_resources_name_the_role(self):
        cluster = existing()
        role = PodRole(cluster, "Api", cluster=cluster, namespace="payments", service_account="api")
        bucket = s3.Bucket(cluster, "Bucket", encryption_key=kms.Key(cluster, "Key"))
        bucket.grant_read_write(role)
        bucket.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["s3:GetObject"], resources=[bucket.bucket_arn], principals=[role.grant_principal]
            )
        )
        other = s3.Bucket.from_bucket_attributes(
            cluster, "Other", bucket_arn="arn:aws:s3:::other", account="210987654321"
        )
        grant = other.grant_read(role)
        assert grant.success
        resolve = cdk.Stack.of(cluster).resolve
        template = template_of(cluster)
        template.has_resource_properties(
            "AWS::S3::BucketPolicy",
            {"PolicyDocument": {"Statement": [{"Principal": {"AWS": resolve(role.role.role_arn)}}]}},
        )
        (policy,) = template.find_resources("AWS::IAM::ManagedPolicy").values()
        actions = {a for s in policy["Properties"]["PolicyDocument"]["Statement"] for a in s["Action"]}
        assert {"s3:PutObject", "kms:Decrypt"} <= actions

    def test_what_waits_for_a_grant_waits_for_the_policy(self):
        cluster = existing()
        role = PodRole(cluster, "Api", cluster=cluster, namespace="payments", service_account="api")
        later = cdk.CfnResource(cluster, "Later", type="AWS::SQS::Queue")
        s3.Bucket(cluster, "Bucket").grant_read(role).apply_before(later)
        template = template_of(cluster)
        (policy,) = template.find_resources("AWS::IAM::ManagedPolicy")
        assert (
            policy
            in template.find_resources("AWS::SQS::Queue")[cdk.Stack.of(cluster).get_logical_id(later)]["DependsOn"]
        )

    def test_grants_of_another_stack(self):
        app = cdk.App()
        place = cdk.Environment(account="123456789012", region="eu-west-1")
        data, pods = cdk.Stack(app, "Data", env=place), cdk.Stack(app, "Pods", env=place)
        bucket = s3.Bucket(data, "Bucket", encryption_key=kms.Key(data, "Key"))
        cluster = Cluster.from_cluster_attributes(pods, "Cluster", name="prod")
        role = PodRole(pods, "Api", cluster=cluster, namespace="payments", service_account="api")
        bucket.grant_read(role)
        template = template_of(role)
        template.resource_count_is("AWS::IAM::Policy", 0)
        template.resource_count_is("AWS::IAM::ManagedPolicy", 1)

    def test_policies_can_be_attached(self):
        cluster = existing()
        policy = iam.ManagedPolicy.from_managed_policy_arn(cluster, "P", "arn:aws:iam::123456789012:policy/p")
        PodRole(
            *(cluster, "Role"),
            cluster=cluster,
            namespace="n",
            service_account="s",
            managed_policies=[policy],
            description="why",
        )
        template_of(cluster).has_resource_properties(
            "AWS::IAM::Role", {"ManagedPolicyArns": ["arn:aws:iam::123456789012:policy/p"], "Description": "why"}
        )

    def test_an_imported_cluster(self):
        cluster = existing(arn="arn:aws:eks:eu-west-1:123456789012:cluster/prod")
        role = PodRole(cluster, "Role", cluster=cluster, namespace="n", service_account="s")
        (statement,) = trust(role)["Statement"]
        assert statement["Condition"]["StringEquals"]["aws:RequestTag/eks-cluster-arn"] == cluster.arn
        template_of(cluster).has_resource_properties("AWS::EKS::PodIdentityAssociation", {"ClusterName": "prod"})

    def test_a_cluster_of_another_stack(self):
        cluster = make_cluster()
        other = cdk.Stack(cdk.Stack.of(cluster).node.scope, "Other")
        role = PodRole(other, "Role", cluster=cluster, namespace="n", service_account="s")
        assert "Cluster" in str(trust(role))

    def test_deploy_time_values_pass(self):
        cluster = existing()
        namespace = cdk.CfnParameter(cluster, "Namespace").value_as_string
        role = PodRole(cluster, "Role", cluster=cluster, namespace=namespace, service_account=namespace)
        assert "Namespace" in str(trust(role))


class TestServiceAccountRole:
    def test_the_trust_is_a_text_where_the_issuer_is_known_at_deployment_only(self):
        cluster = make_cluster()
        role = ServiceAccountRole(cluster, "Api", cluster=cluster, namespace="payments", service_account="api")
        parts = trust(role)["Fn::Join"][1]
        resource = cdk.Stack.of(cluster).get_logical_id(cluster.resource)
        host = {"Fn::Select": [1, {"Fn::Split": ["//", {"Fn::GetAtt": [resource, "OpenIdConnectIssuerUrl"]}]}]}
        provider = cdk.Stack.of(cluster).resolve(cluster.oidc_provider_arn)
        known = {json.dumps(host): "issuer", json.dumps(provider): "provider"}
        text = "".join(part if isinstance(part, str) else known[json.dumps(part)] for part in parts)
        assert json.loads(text) == {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Federated": "provider"},
                    "Action": "sts:AssumeRoleWithWebIdentity",
                    "Condition": {
                        "StringEquals": {
                            "issuer:aud": "sts.amazonaws.com",
                            "issuer:sub": "system:serviceaccount:payments:api",
                        }
                    },
                }
            ],
        }

    def test_the_cluster_has_one_provider_without_custom_resources(self):
        cluster = make_cluster()
        for name in ("a", "b"):
            ServiceAccountRole(cluster, name, cluster=cluster, namespace="n", service_account=name)
        template = template_of(cluster)
        template.resource_count_is("AWS::Lambda::Function", 0)
        (provider,) = template.find_resources("AWS::IAM::OIDCProvider").values()
        assert provider["Properties"] == {
            "ClientIdList": ["sts.amazonaws.com"],
            "Url": cdk.Stack.of(cluster).resolve(cluster.oidc_issuer),
            "Tags": [{"Key": "hardened-eks:owner", "Value": {"Ref": "AWS::StackName"}}],
        }

    def test_it_is_grantable(self):
        cluster = existing(oidc_issuer=ISSUER, oidc_provider_arn=PROVIDER)
        role = ServiceAccountRole(cluster, "Role", cluster=cluster, namespace="n", service_account="s")
        s3.Bucket(cluster, "Bucket").grant_read(role)
        template_of(cluster).resource_count_is("AWS::IAM::Policy", 0)
        template_of(cluster).resource_count_is("AWS::IAM::ManagedPolicy", 1)

    def test_an_imported_cluster_with_a_known_issuer(self):
        cluster = existing(oidc_issuer=ISSUER, oidc_provider_arn=PROVIDER)
        role = ServiceAccountRole(cluster, "Role", cluster=cluster, namespace="n", service_account="s")
        (statement,) = trust(role)["Statement"]
        host = ISSUER.removeprefix("https://")
        assert statement["Principal"] == {"Federated": PROVIDER}
        assert statement["Condition"] == {
            "StringEquals": {f"{host}:aud": "sts.amazonaws.com", f"{host}:sub": "system:serviceaccount:n:s"}
        }

    def test_fails_when_the_issuer_of_an_imported_cluster_is_not_told(self):
        with pytest.raises(ConfigurationError, match="oidc_provider_arn is not known"):
            cluster = existing()
            ServiceAccountRole(cluster, "Role", cluster=cluster, namespace="n", service_account="s")


@pytest.mark.parametrize("kind", [PodRole, ServiceAccountRole])
@pytest.mark.parametrize(
    ("namespace", "service_account", "expected"),
    [
        ("", "api", ["namespace needs 1 to 63 lower-case letters, digits or '-', got ''"]),
        ("*", "api", ["namespace needs 1 to 63 lower-case letters, digits or '-', got '*'"]),
        ("Payments", "api", ["namespace needs 1 to 63 lower-case letters, digits or '-', got 'Payments'"]),
        ("n" * 64, "api", [f"namespace needs 1 to 63 lower-case letters, digits or '-', got '{'n' * 64}'"]),
        ("-n", "api", ["namespace needs 1 to 63 lower-case letters, digits or '-', got '-n'"]),
        ("n", "*", ["service_account needs 1 to 253 lower-case letters, digits, '-' or '.', got '*'"]),
        (
            None,
            3,
            [
                "namespace needs 1 to 63 lower-case letters, digits or '-', got None",
                "service_account needs 1 to 253 lower-case letters, digits, '-' or '.', got 3",
            ],
        ),
    ],
)
def test_fails_when_a_name_is_no_kubernetes_name(kind, namespace, service_account, expected):
    cluster = existing(oidc_issuer=ISSUER, oidc_provider_arn=PROVIDER)
    with pytest.raises(ConfigurationError) as caught:
        kind(cluster, "Role", cluster=cluster, namespace=namespace, service_account=service_account)
    assert list(caught.value.problems) == expected
    assert cluster.node.children == []
