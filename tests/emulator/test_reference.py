"""The reference stacks, really created by a CloudFormation engine; every service is asked what is there."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.conftest import Account, StackFailed
from tests.stacks.conftest import Synthesized, synthesize

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
FOUNDATION, CLUSTER, REGISTRY = (f"HardenedEks-{name}" for name in ("Foundation", "Cluster", "Registry"))


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return synthesize(tmp_path_factory.mktemp("reference"), "isolated").templates


@pytest.fixture(scope="module")
def deployed(emulator: str, templates: dict[str, dict[str, Any]]) -> Account:
    """All three stacks, created once for the tests that only read."""
    account = Account(emulator)
    account.reset()
    for name in (FOUNDATION, CLUSTER, REGISTRY):
        account.deploy(name, templates[name])
    return account


@pytest.fixture
def fresh(account: Account, templates: dict[str, dict[str, Any]]) -> Account:
    account.deploy(FOUNDATION, templates[FOUNDATION])
    return account


def cluster(account: Account) -> dict[str, Any]:
    return account.client("eks").describe_cluster(name="hardened")["cluster"]


class TestCreated:
    """What describe calls say after creation."""

    def test_cluster(self, deployed: Account) -> None:
        found = cluster(deployed)
        assert found["status"] == "ACTIVE"
        assert found["version"] == "1.37"
        assert found["resourcesVpcConfig"]["endpointPublicAccess"] is False
        assert found["resourcesVpcConfig"]["endpointPrivateAccess"] is True
        assert len(found["resourcesVpcConfig"]["subnetIds"]) == 3
        enabled = next(e for e in found["logging"]["clusterLogging"] if e["enabled"])
        assert enabled["types"] == ["api", "audit", "authenticator", "controllerManager", "scheduler"]
        assert found["accessConfig"] == {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False}
        assert found["deletionProtection"] is True
        assert found["upgradePolicy"] == {"supportType": "STANDARD"}
        assert found["zonalShiftConfig"] == {"enabled": True}

    def test_api_data_is_encrypted_with_a_rotating_customer_key(self, deployed: Account) -> None:
        arn = cluster(deployed)["encryptionConfig"][0]["provider"]["keyArn"]
        assert cluster(deployed)["encryptionConfig"][0]["resources"] == ["secrets"]
        key = deployed.client("kms").describe_key(KeyId=arn)["KeyMetadata"]
        assert key["KeyManager"] == "CUSTOMER"
        assert deployed.client("kms").get_key_rotation_status(KeyId=arn)["KeyRotationEnabled"] is True

    def test_logs_are_encrypted_and_kept(self, deployed: Account) -> None:
        groups = {g["logGroupName"]: g for g in deployed.client("logs").describe_log_groups()["logGroups"]}
        control_plane = groups["/aws/eks/hardened/cluster"]
        assert control_plane["retentionInDays"] == 365
        assert ":key/" in control_plane["kmsKeyId"]

    def test_nodes(self, deployed: Account) -> None:
        eks = deployed.client("eks")
        name = eks.list_nodegroups(clusterName="hardened")["nodegroups"][0]
        group = eks.describe_nodegroup(clusterName="hardened", nodegroupName=name)["nodegroup"]
        assert group["amiType"] == "BOTTLEROCKET_ARM_64"
        assert group["instanceTypes"] == ["m7g.large"]
        assert group["nodeRepairConfig"] == {"enabled": True}
        template = deployed.client("ec2").describe_launch_template_versions(
            LaunchTemplateId=group["launchTemplate"]["id"]
        )
        data = template["LaunchTemplateVersions"][0]["LaunchTemplateData"]
        assert data["MetadataOptions"]["HttpTokens"] == "required"
        assert data["MetadataOptions"]["HttpPutResponseHopLimit"] == 1
        assert all(m["Ebs"]["Encrypted"] for m in data["BlockDeviceMappings"])

    def test_addons_and_their_roles(self, deployed: Account) -> None:
        eks = deployed.client("eks")
        names = set(eks.list_addons(clusterName="hardened")["addons"])
        assert names == {
            "eks-pod-identity-agent",
            "vpc-cni",
            "kube-proxy",
            "eks-node-monitoring-agent",
            "coredns",
            "aws-ebs-csi-driver",
            "metrics-server",
        }
        cni = eks.describe_addon(clusterName="hardened", addonName="vpc-cni")["addon"]
        assert json.loads(cni["configurationValues"])["enableNetworkPolicy"] == "true"
        accounts = {
            a["serviceAccount"] for a in eks.list_pod_identity_associations(clusterName="hardened")["associations"]
        }
        assert accounts == {"aws-node", "ebs-csi-controller-sa"}

    def test_the_break_glass_role_is_the_one_administrator(self, deployed: Account) -> None:
        eks = deployed.client("eks")
        entries = eks.list_access_entries(clusterName="hardened")["accessEntries"]
        assert len(entries) == 1
        policies = eks.list_associated_access_policies(clusterName="hardened", principalArn=entries[0])[
            "associatedAccessPolicies"
        ]
        assert [p["policyArn"].rsplit("/", 1)[1] for p in policies] == ["AmazonEKSClusterAdminPolicy"]
        role = deployed.client("iam").get_role(RoleName=entries[0].rsplit("/", 1)[1])["Role"]
        assert role["MaxSessionDuration"] == 3600
        assert "aws:MultiFactorAuthPresent" in json.dumps(role["AssumeRolePolicyDocument"])

    def test_network(self, deployed: Account) -> None:
        ec2 = deployed.client("ec2")
        vpc_id = cluster(deployed)["resourcesVpcConfig"]["vpcId"]
        mine = [{"Name": "vpc-id", "Values": [vpc_id]}]
        endpoints = [e for e in ec2.describe_vpc_endpoints()["VpcEndpoints"] if e["VpcId"] == vpc_id]
        assert {e["ServiceName"].removeprefix("com.amazonaws.us-east-1.") for e in endpoints} == {
            "s3",
            "ecr.api",
            "ecr.dkr",
            "ec2",
            "eks-auth",
            "eks",
            "sts",
            "logs",
            "ssm",
            "ssmmessages",
            "secretsmanager",
        }
        assert not [
            g
            for g in ec2.describe_internet_gateways()["InternetGateways"]
            if any(a["VpcId"] == vpc_id for a in g["Attachments"])
        ]
        assert (
            ec2.describe_flow_logs(Filters=[{"Name": "resource-id", "Values": [vpc_id]}])["FlowLogs"][0]["TrafficType"]
            == "ALL"
        )
        assert not any(s["MapPublicIpOnLaunch"] for s in ec2.describe_subnets(Filters=mine)["Subnets"])
        default = next(
            g for g in ec2.describe_security_groups(Filters=mine)["SecurityGroups"] if g["GroupName"] == "default"
        )
        assert (default["IpPermissions"], default["IpPermissionsEgress"]) == ([], [])

    def test_repository(self, deployed: Account) -> None:
        found = deployed.client("ecr").describe_repositories()["repositories"][0]
        assert found["imageTagMutability"] == "IMMUTABLE"
        assert found["imageScanningConfiguration"]["scanOnPush"] is True
        assert found["encryptionConfiguration"]["encryptionType"] == "KMS"
        policy = deployed.client("ecr").get_repository_policy(repositoryName=found["repositoryName"])["policyText"]
        assert "aws:SecureTransport" in policy


def test_the_same_again_changes_nothing(fresh: Account, templates: dict[str, dict[str, Any]]) -> None:
    before = fresh.resources(FOUNDATION)
    with pytest.raises(fresh.client("cloudformation").exceptions.ClientError, match="No updates"):
        fresh.deploy(FOUNDATION, templates[FOUNDATION])
    assert fresh.resources(FOUNDATION) == before


def edited(template: dict[str, Any], type_: str, **properties: Any) -> dict[str, Any]:
    changed = copy.deepcopy(template)
    for resource in changed["Resources"].values():
        if resource["Type"] == type_:
            resource["Properties"].update(properties)
    return changed


def test_an_upgrade_is_in_place(fresh: Account, templates: dict[str, dict[str, Any]]) -> None:
    before = fresh.deploy(CLUSTER, edited(templates[CLUSTER], "AWS::EKS::Cluster", Version="1.36"))
    fresh.deploy(CLUSTER, templates[CLUSTER])
    after = fresh.resources(CLUSTER)
    assert after == before
    assert cluster(fresh)["version"] == "1.37"


def test_other_instance_types_replace_the_node_group(fresh: Account, templates: dict[str, dict[str, Any]]) -> None:
    """Its name is generated, so that the new one can be made before the old one goes."""
    fresh.deploy(CLUSTER, templates[CLUSTER])
    (before,) = fresh.client("eks").list_nodegroups(clusterName="hardened")["nodegroups"]
    fresh.deploy(CLUSTER, edited(templates[CLUSTER], "AWS::EKS::Nodegroup", InstanceTypes=["m8g.large"]))
    (after,) = fresh.client("eks").list_nodegroups(clusterName="hardened")["nodegroups"]
    assert after != before
    found = fresh.client("eks").describe_nodegroup(clusterName="hardened", nodegroupName=after)["nodegroup"]
    assert found["instanceTypes"] == ["m8g.large"]


def test_a_failed_update_rolls_back(fresh: Account, templates: dict[str, dict[str, Any]]) -> None:
    fresh.deploy(CLUSTER, templates[CLUSTER])
    bad = edited(templates[CLUSTER], "AWS::EKS::Addon", ConfigurationValues="{not json")
    with pytest.raises(StackFailed, match="not in valid JSON"):
        fresh.deploy(CLUSTER, edited(bad, "AWS::EKS::Cluster", Version="1.38"))
    assert cluster(fresh)["version"] == "1.37"


def test_a_failed_creation_leaves_no_nodes(fresh: Account, templates: dict[str, dict[str, Any]]) -> None:
    with pytest.raises(StackFailed, match="Disk size"):
        fresh.deploy(CLUSTER, edited(templates[CLUSTER], "AWS::EKS::Nodegroup", DiskSize=50))
    assert [
        c
        for c in fresh.client("eks").list_clusters()["clusters"]
        if fresh.client("eks").list_nodegroups(clusterName=c)["nodegroups"]
    ] == []


def test_deleting_keeps_what_is_retained(fresh: Account, templates: dict[str, dict[str, Any]]) -> None:
    fresh.deploy(CLUSTER, templates[CLUSTER])
    fresh.delete(CLUSTER)
    assert cluster(fresh)["deletionProtection"] is True
    assert fresh.client("eks").list_nodegroups(clusterName="hardened")["nodegroups"] == []
    assert "/aws/eks/hardened/cluster" in {
        g["logGroupName"] for g in fresh.client("logs").describe_log_groups()["logGroups"]
    }
    keys = fresh.client("kms").list_keys()["Keys"]
    assert len(keys) >= 3


def test_the_nat_variant_deploys(account: Account, tmp_path: Path) -> None:
    made: Synthesized = synthesize(tmp_path, "nat")
    account.deploy(FOUNDATION, made.templates[FOUNDATION])
    account.deploy(CLUSTER, made.templates[CLUSTER])
    gateways = account.client("ec2").describe_nat_gateways()["NatGateways"]
    assert len(gateways) == 3
