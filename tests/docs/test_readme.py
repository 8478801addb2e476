"""What the README says is so: of the first example, of the commands, of the numbers, of other tools."""

import json
import re
import runpy
import tarfile
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import cdk_nag
import click
import pytest

import hardened_eks
from docs.comparison import facts, rules, table
from hardened_eks import _clock, alerts, response
from hardened_eks.cli import group
from hardened_eks.controls import CATALOGUE
from hardened_eks.evidence import Assembly, Template
from hardened_eks.judging.evaluation import evaluate

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"]


class Built:
    """The template of the first example."""

    def __init__(self, body: dict[str, Any]) -> None:
        self.body = body

    def of(self, type: str) -> dict[str, dict[str, Any]]:
        """Return the resources of a type by their logical id."""
        return {name: one for name, one in self.body["Resources"].items() if one["Type"] == type}

    def properties(self, type: str) -> list[dict[str, Any]]:
        return [one["Properties"] for one in self.of(type).values()]

    def cluster(self) -> dict[str, Any]:
        (found,) = self.properties("AWS::EKS::Cluster")
        return found

    def launch(self) -> dict[str, Any]:
        (found,) = self.properties("AWS::EC2::LaunchTemplate")
        return dict(found["LaunchTemplateData"])

    def found(self) -> set[str]:
        """Return the ids of the controls that fail."""
        return {one.control.id for one in evaluate(Assembly([Template("Payments", self.body)]), CATALOGUE).findings}


@pytest.fixture(scope="module")
def built() -> Built:
    made: list[Any] = []
    synth = cdk.App.synth
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cdk.App, "synth", lambda app, **options: made.append(synth(app, **options)))
        runpy.run_path(str(ROOT / "docs/examples/first_cluster.py"), run_name="__main__")
    (assembly,) = made
    return Built(assembly.get_stack_by_name("Payments").template)


def test_ten_lines() -> None:
    code = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert code is not None
    assert len([line for line in code[1].splitlines() if line]) == 10


def test_it_asks_for_the_same_node_as_the_tutorial() -> None:
    """A version that the CDK still supports, not one about which it warns at every command."""
    tutorial = (ROOT / "docs/tutorial/first-cluster.md").read_text(encoding="utf-8")
    asked = [re.search(r"Node (\d+(?: or \d+)?\+?)[, ]", page) for page in (README, tutorial)]
    assert [found and found[1] for found in asked] == ["22 or 24", "22 or 24"]


class TestWhatTheExampleBuilds:
    def test_a_vpc_without_a_route_to_the_internet(self, built: Built) -> None:
        assert not built.of("AWS::EC2::InternetGateway")
        assert not built.of("AWS::EC2::NatGateway")
        assert not [one for one in built.properties("AWS::EC2::Route") if "DestinationCidrBlock" in one]
        assert built.of("AWS::EC2::Subnet")

    def test_endpoints_with_policies(self, built: Built) -> None:
        endpoints = built.properties("AWS::EC2::VPCEndpoint")
        assert endpoints
        assert [one for one in endpoints if not one.get("PolicyDocument")] == []

    def test_encrypted_flow_logs_and_a_firewall_for_dns(self, built: Built) -> None:
        (flow,) = built.properties("AWS::EC2::FlowLog")
        groups = built.of("AWS::Logs::LogGroup")
        assert groups[flow["LogGroupName"]["Ref"]]["Properties"]["KmsKeyId"]
        assert built.of("AWS::Route53Resolver::FirewallRuleGroupAssociation")

    def test_the_control_plane(self, built: Built) -> None:
        network = built.cluster()["ResourcesVpcConfig"]
        assert (network["EndpointPublicAccess"], network["EndpointPrivateAccess"]) == (False, True)
        types = built.cluster()["Logging"]["ClusterLogging"]["EnabledTypes"]
        assert sorted(one["Type"] for one in types) == LOGS
        assert built.cluster()["EncryptionConfig"][0]["Provider"]["KeyArn"]["Fn::GetAtt"][0] in built.of(
            "AWS::KMS::Key"
        )
        assert built.cluster()["AccessConfig"]["BootstrapClusterCreatorAdminPermissions"] is False
        assert built.cluster()["DeletionProtection"] is True

    def test_its_log_group_is_encrypted_and_exists_first(self, built: Built) -> None:
        (cluster,) = built.of("AWS::EKS::Cluster").values()
        groups = built.of("AWS::Logs::LogGroup")
        first = [groups[name] for name in cluster["DependsOn"] if name in groups]
        assert [one["Properties"]["LogGroupName"] for one in first if one["Properties"].get("KmsKeyId")]

    def test_nodes(self, built: Built) -> None:
        (nodes,) = built.properties("AWS::EKS::Nodegroup")
        assert nodes["AmiType"].startswith("BOTTLEROCKET_")
        metadata = built.launch()["MetadataOptions"]
        assert (metadata["HttpTokens"], metadata["HttpPutResponseHopLimit"]) == ("required", 1)
        volumes = [one["Ebs"] for one in built.launch()["BlockDeviceMappings"]]
        assert volumes
        assert all(one["Encrypted"] and one["KmsKeyId"] for one in volumes)

    def test_only_nitro(self) -> None:
        stack = cdk.Stack(cdk.App(), "Old")
        cluster = hardened_eks.Cluster(stack, "Cluster", version="1.37")
        with pytest.raises(hardened_eks.ConfigurationError, match="Nitro"):
            cluster.add_node_group("old", instance_types=["m4.large"])

    def test_security_groups_have_least_ports(self, built: Built) -> None:
        rules = built.properties("AWS::EC2::SecurityGroupIngress")
        rules += [
            rule for one in built.properties("AWS::EC2::SecurityGroup") for rule in one.get("SecurityGroupIngress", [])
        ]
        assert rules
        assert [rule for rule in rules if rule.get("CidrIp") == "0.0.0.0/0" or rule["IpProtocol"] == "-1"] == []

    def test_pod_identity_roles_and_network_policies(self, built: Built) -> None:
        addons = {one["AddonName"]: one for one in built.properties("AWS::EKS::Addon")}
        for name in ("vpc-cni", "aws-ebs-csi-driver"):
            assert addons[name]["PodIdentityAssociations"]
        assert json.loads(addons["vpc-cni"]["ConfigurationValues"])["enableNetworkPolicy"] == "true"

    def test_one_break_glass_role_with_mfa_for_one_hour(self, built: Built) -> None:
        roles = [one for one in built.properties("AWS::IAM::Role") if "MultiFactorAuth" in json.dumps(one)]
        assert [one["MaxSessionDuration"] for one in roles] == [3600]
        (entry,) = built.properties("AWS::EKS::AccessEntry")
        assert "AmazonEKSClusterAdminPolicy" in json.dumps(entry["AccessPolicies"])

    @pytest.mark.parametrize(
        ("type", "path", "value", "control"),
        [
            ("AWS::EKS::Cluster", "ResourcesVpcConfig.EndpointPublicAccess", True, "CP-01"),
            ("AWS::EKS::Cluster", "DeletionProtection", False, "CP-10"),
            ("AWS::EC2::LaunchTemplate", "LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit", 2, "ND-04"),
            ("AWS::KMS::Key", "EnableKeyRotation", False, "KY-01"),
        ],
    )
    def test_the_checks_find_it_weakened(self, built: Built, type: str, path: str, value: object, control: str) -> None:
        assert built.found() == set()
        changed = Built(json.loads(json.dumps(built.body)))
        at = next(iter(changed.of(type).values()))["Properties"]
        *folders, last = path.split(".")
        for folder in folders:
            at = at[folder]
        at[last] = value
        assert control in changed.found()


def options(command: str) -> set[str]:
    found = group.get_command(click.Context(group), command)
    assert found is not None
    return {option for one in found.params for option in one.opts}


class TestCommands:
    @pytest.mark.parametrize("line", sorted(set(re.findall(r"hardened-eks ([a-z][a-z-]*(?: (?!cdk)[a-z]+)?)", README))))
    def test_exists(self, line: str) -> None:
        found: click.Command | None = group
        for word in line.split():
            assert isinstance(found, click.Group)
            found = found.get_command(click.Context(found), word)
            assert found is not None, line
            if not isinstance(found, click.Group):
                break

    def test_audit_does_what_it_says(self) -> None:
        """Judges accounts, shows what was changed past the templates, imports into Security Hub."""
        assert {"--against", "--security-hub"} <= options("audit")

    def test_exit_codes_and_scope_are_in_the_help(self) -> None:
        assert {"--require-eks", "--scope"} <= options("check")

    def test_targets_of_make_exist(self) -> None:
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        assert set(re.findall(r"^make ([a-z-]+)", README, re.MULTILINE)) <= set(targets)


class TestNames:
    def test_channels(self) -> None:
        said = re.search(r"to (e-mail, .*?) \(", README)
        assert said is not None
        known = {
            "e-mail": "Email", "SMS": "Sms", "Slack": "Slack", "Teams": "Teams", "PagerDuty": "PagerDuty",
            "ServiceNow": "ServiceNow", "Zendesk": "Zendesk", "any HTTPS endpoint": "Https",
        }  # fmt: skip
        named = re.split(r", | or ", said[1])
        assert set(named) == set(known)
        assert {known[name] for name in named} <= set(alerts.__all__)

    def test_responses(self) -> None:
        assert {"CloseEndpoint", "QuarantineNode"} <= set(response.__all__)
        assert "closes a public endpoint, quarantines a node" in README

    def test_kinds_of_nodes(self) -> None:
        assert "managed, self-managed, Karpenter, Auto Mode, Fargate" in README
        names = {"NodeGroup", "SelfManagedNodeGroup", "Karpenter", "AutoMode", "FargateProfile"}
        assert names <= set(hardened_eks.__all__)


class TestComparison:
    def test_the_table_is_that_of_the_data(self) -> None:
        assert table() in README, "stale, run `make docs`"
        assert f"As of {facts()['read']};" in README

    def test_every_cell_has_a_source(self) -> None:
        tools = facts()["tools"]
        assert list(tools) == ["terraform-aws-eks", "eks-blueprints", "MDAA", "eksctl", "cdk-nag", "prowler"]
        for row in facts()["rows"]:
            assert set(row) == {"title", "ours", *tools}
            for name in tools:
                text, source = row[name]
                assert text, row["title"]
                assert source.startswith("https://")
        assert all(tool["version"] for tool in tools.values())

    def test_it_was_read_within_180_days(self) -> None:
        """By the day on which the tests judge; `make data-age` says it by the calendar."""
        assert 0 <= (_clock.today() - date.fromisoformat(facts()["read"])).days <= 180

    def test_our_column(self, built: Built) -> None:
        ours = {row["title"]: row["ours"] for row in facts()["rows"]}
        assert ours == {
            "Creates clusters": "CDK, Python",
            "API endpoint by default": "private",
            "Control-plane logs by default": "all 5 types",
            "Customer key for Secrets by default": "yes",
            "Cluster administrators by default": "none",
            "Deletion protection by default": "yes",
            "VPC without a route to the internet": "default",
            "Checks resources of other tools": "templates, manifests, accounts",
            "Rules for EKS resources": str(rules()),
        }, "each is shown by a test above, on the template of the example"
        # The one administrator is the break-glass role that the example adds.
        assert len(built.of("AWS::EKS::AccessEntry")) == 1

    def test_the_rules_of_cdk_nag(self) -> None:
        """The version that was read is installed here."""
        assert facts()["tools"]["cdk-nag"]["version"] == version("cdk-nag")
        (row,) = (row for row in facts()["rows"] if row["title"] == "Rules for EKS resources")
        (archive,) = (Path(cdk_nag.__file__).parent / "_jsii").glob("*.tgz")
        with tarfile.open(archive) as content:
            names = [name for name in content.getnames() if re.search(r"/rules/eks/EKS\w+\.js$", name)]
        assert str(len(names)) == row["cdk-nag"][0]


def test_pictures_and_badges_come_from_the_repository() -> None:
    """A badge of a service that we do not have would be a broken picture, and a request to somebody else."""
    shown = re.findall(r"!\[[^\]]*\]\(([^)]+)\)|(?:src|srcset)=\"([^\"]+)\"", README)
    assert shown
    for picture in (one or other for one, other in shown):
        assert (ROOT / picture).is_file(), picture
