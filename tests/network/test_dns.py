"""What a network resolves: names of AWS and of its own, and nothing that carries data away."""

import json
import os
import re
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import botocore
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Annotations, Match, Template

import hardened_eks as hardened
from hardened_eks.controls.network import dns_firewall
from hardened_eks.data import dns as names
from hardened_eks.errors import ConfigurationError
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.network._dns import reverse_names
from hardened_eks.severity import Severity
from hardened_eks.sources import load

LISTS, GROUP = "AWS::Route53Resolver::FirewallDomainList", "AWS::Route53Resolver::FirewallRuleGroup"
ASSOCIATION = "AWS::Route53Resolver::FirewallRuleGroupAssociation"
LOG, LOGGED = (
    "AWS::Route53Resolver::ResolverQueryLoggingConfig",
    ("AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation"),
)


VPC = {"Ref": "NetworkVpcFAC8F4A5"}


def synth(region: str | None = "eu-west-1", **arguments: Any) -> dict[str, Any]:
    stack = cdk.Stack(cdk.App(), "Net", env=cdk.Environment(region=region))
    hardened.Network(stack, "Network", **arguments)
    found: dict[str, Any] = Template.from_stack(stack).to_json()["Resources"]
    return found


def rules(resources: dict[str, Any]) -> list[tuple[str, list[Any]]]:
    """(action, domains) of each rule in the order in which DNS Firewall judges them."""
    (group,) = [r for r in resources.values() if r["Type"] == GROUP]
    found = []
    for rule in sorted(group["Properties"]["FirewallRules"], key=lambda rule: rule["Priority"]):
        source = rule.get("FirewallDomainListId")
        domains = resources[source["Fn::GetAtt"][0]]["Properties"]["Domains"] if source else rule["DnsThreatProtection"]
        found.append((rule["Action"], domains))
    return found


def of(resources: dict[str, Any], type_: str) -> list[dict[str, Any]]:
    return [r for r in resources.values() if r["Type"] == type_]


@pytest.fixture(scope="module")
def default() -> dict[str, Any]:
    return synth()


def matches(entry: str, name: str) -> bool:
    """Say whether DNS Firewall takes `name` for one of `entry`."""
    return entry == "*" or entry == name or (entry.startswith("*.") and name.endswith(entry[1:]))


def decide(found: list[tuple[str, list[Any]]], name: str) -> str:
    return next(action for action, entries in found if any(matches(entry, name) for entry in entries))


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("ABCD.gr7.eu-west-1.eks.amazonaws.com", "ALLOW"),
        ("eks-cluster.eu-west-1.api.aws", "ALLOW"),
        ("eks-auth.eu-west-1.api.aws", "ALLOW"),
        ("123456789012.dkr.ecr.eu-west-1.amazonaws.com", "ALLOW"),
        ("123456789012.dkr-ecr.eu-west-1.on.aws", "ALLOW"),
        ("prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com", "ALLOW"),
        ("s3-r-w.eu-west-1.amazonaws.com", "ALLOW"),
        ("sts.eu-west-1.amazonaws.com", "ALLOW"),
        ("ip-10-0-1-2.eu-west-1.compute.internal", "ALLOW"),
        ("internal-x.eu-west-1.elb.amazonaws.com", "ALLOW"),
        ("x.elb.eu-west-1.amazonaws.com", "ALLOW"),
        ("2.1.0.10.in-addr.arpa", "ALLOW"),
        ("4d5a90.evil.example", "BLOCK"),
        ("4d5a90.eu-west-1.amazonaws.com.evil.example", "BLOCK"),
        ("4d5a90.113.0.203.in-addr.arpa", "BLOCK"),
        ("bucket.s3.us-east-1.amazonaws.com", "BLOCK"),
        ("bucket.s3.amazonaws.com", "BLOCK"),
        ("2.amazon.pool.ntp.org", "BLOCK"),
    ],
)
def test_an_isolated_network_resolves_its_own_and_its_regions_names(
    default: dict[str, Any], name: str, action: str
) -> None:
    assert decide(rules(default), name) == action


def test_the_firewall_is_on_and_answers_with_nxdomain(default: dict[str, Any]) -> None:
    (group,), (association,) = of(default, GROUP), of(default, ASSOCIATION)
    assert group["Properties"]["FirewallRules"][-1]["BlockResponse"] == "NXDOMAIN"
    assert association["Properties"]["VpcId"] == VPC
    assert 100 < association["Properties"]["Priority"] < 9900
    assert "MutationProtection" not in association["Properties"]


def test_chains_are_inspected_of_aws_and_trusted_of_the_team() -> None:
    made = synth(dns=hardened.Dns(allowed_domains=["db.corp.example"]))
    (group,) = of(made, GROUP)
    redirection = [r.get("FirewallDomainRedirectionAction") for r in group["Properties"]["FirewallRules"]]
    assert redirection == [None, "TRUST_REDIRECTION_DOMAIN", None]
    assert rules(made)[1] == ("ALLOW", ["db.corp.example"])


def test_queries_are_logged_encrypted_and_kept(default: dict[str, Any]) -> None:
    ((log_id, log),) = [(i, r) for i, r in default.items() if r["Type"] == LOG]
    (association,) = of(default, LOGGED)
    assert association["Properties"] == {
        "ResolverQueryLogConfigId": {"Ref": log_id},
        "ResourceId": VPC,
    }
    group = default[log["Properties"]["DestinationArn"]["Fn::GetAtt"][0]]
    assert group["DeletionPolicy"] == "Retain"
    assert group["Properties"]["RetentionInDays"] == 365
    assert group["Properties"]["DeletionProtectionEnabled"] is True
    assert "KmsKeyId" in group["Properties"]


def test_nodes_wait_for_the_firewall() -> None:
    stack = cdk.Stack(cdk.App(), "S")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    cluster.add_node_group("general", instance_types=["m7g.large"])
    (group,) = Template.from_stack(stack).find_resources("AWS::EKS::Nodegroup").values()
    assert any("DnsFirewallAssociation" in id for id in group["DependsOn"])
    assert any("DnsLogAssociation" in id for id in group["DependsOn"])


def test_an_adopted_vpc_starts_with_alerts() -> None:
    stack = cdk.Stack(cdk.App(), "Net")
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-12345678",
        vpc_cidr_block="10.9.0.0/16",
        availability_zones=["a", "b"],
        isolated_subnet_ids=["subnet-1", "subnet-2"],
        isolated_subnet_route_table_ids=["rtb-1", "rtb-2"],
    )
    network = hardened.Network(stack, "Network", vpc=vpc)
    made = Template.from_stack(stack).to_json()["Resources"]
    assert network.dns == hardened.Dns(mode=hardened.DnsMode.ALERT)
    assert [action for action, _ in rules(made)] == ["ALLOW", "ALERT"]
    assert "*.9.10.in-addr.arpa" in rules(made)[0][1]
    assert {
        r["Properties"].get("VpcId") or r["Properties"]["ResourceId"] for r in of(made, ASSOCIATION) + of(made, LOGGED)
    } == {"vpc-12345678"}


def test_with_nat_there_is_the_log_and_the_firewall_is_a_choice() -> None:
    made = synth(egress=hardened.Egress.NAT)
    assert of(made, GROUP) == []
    assert len(of(made, LOGGED)) == 1
    chosen = synth(egress=hardened.Egress.NAT, dns=hardened.Dns(allowed_domains=["registry.k8s.io"]))
    assert [action for action, _ in rules(chosen)] == ["ALLOW", "ALLOW", "BLOCK"]


def test_tunnels_below_allowed_names_are_a_choice() -> None:
    made = synth(dns=hardened.Dns(allowed_domains=["*.corp.example"], detect_tunneling=True, protect_association=True))
    assert [source for _, source in rules(made)[1:4]] == ["DNS_TUNNELING", "DGA", "DICTIONARY_DGA"]
    assert {action for action, _ in rules(made)[1:4]} == {"BLOCK"}
    assert of(made, ASSOCIATION)[0]["Properties"]["MutationProtection"] == "ENABLED"


def test_nothing_is_made_where_nothing_is_wanted() -> None:
    made = synth(dns=hardened.Dns(mode=hardened.DnsMode.OFF, log_retention_days=None))
    assert not [r["Type"] for r in made.values() if "Route53Resolver" in r["Type"]]


def test_a_region_that_is_not_known_is_written_as_one(default: dict[str, Any]) -> None:
    made = synth(region=None)
    aws = json.dumps(rules(made)[0][1])
    assert '{"Ref": "AWS::Region"}' in aws and '{"Ref": "AWS::URLSuffix"}' in aws
    assert "*.s3.amazonaws.com" in aws and "*.ec2.internal" in aws
    assert "*.s3.amazonaws.com" not in json.dumps(rules(default)[0][1])


def test_the_first_region_has_names_without_a_region() -> None:
    found = rules(synth(region="us-east-1"))
    for name in ("bucket.s3.amazonaws.com", "s3-1-w.amazonaws.com", "ip-10-0-0-1.ec2.internal"):
        assert decide(found, name) == "ALLOW"


@pytest.mark.parametrize(
    ("region", "name"),
    [
        ("cn-north-1", "api.ecr.cn-north-1.amazonaws.com.cn"),
        ("cn-north-1", "eks-cluster.cn-north-1.amazonwebservices.com.cn"),
        ("cn-north-1", "eks-auth.cn-north-1.api.amazonwebservices.com.cn"),
        ("us-gov-west-1", "eks-auth.us-gov-west-1.api.aws"),
        ("eusc-de-east-1", "sts.eusc-de-east-1.amazonaws.eu"),
        ("eusc-de-east-1", "eks-auth.eusc-de-east-1.api.amazonwebservices.eu"),
    ],
)
def test_partitions_have_suffixes_of_their_own(region: str, name: str) -> None:
    entries = names.regional_names(region, written=region)
    assert any(matches(entry, name) for entry in entries)
    if not region.startswith("us-gov"):
        assert not any(entry.endswith((".amazonaws.com", ".api.aws", ".on.aws")) for entry in entries)


def test_suffixes_are_those_of_botocore() -> None:
    partitions = json.loads((Path(botocore.__path__[0]) / "data/partitions.json").read_text())
    for partition in partitions["partitions"]:
        outputs = partition["outputs"]
        for region in partition["regions"]:
            if re.fullmatch(r".*-\d", region):
                assert names.suffixes(region) == (outputs["dnsSuffix"], outputs["dualStackDnsSuffix"]), region


@pytest.mark.parametrize(
    ("cidr", "first", "last", "count"),
    [
        ("10.0.0.0/8", "*.10.in-addr.arpa", "*.10.in-addr.arpa", 1),
        ("172.16.0.0/12", "*.16.172.in-addr.arpa", "*.31.172.in-addr.arpa", 16),
        ("10.1.0.0/16", "*.1.10.in-addr.arpa", "*.1.10.in-addr.arpa", 1),
        ("10.1.128.0/18", "*.128.1.10.in-addr.arpa", "*.191.1.10.in-addr.arpa", 64),
        ("10.1.2.0/24", "*.2.1.10.in-addr.arpa", "*.2.1.10.in-addr.arpa", 1),
        ("10.1.2.64/26", "*.2.1.10.in-addr.arpa", "*.2.1.10.in-addr.arpa", 1),
        ("0.0.0.0/5", "*.0.in-addr.arpa", "*.7.in-addr.arpa", 8),
    ],
)
def test_reverse_names_are_those_of_the_range(cidr: str, first: str, last: str, count: int) -> None:
    found = list(reverse_names([cidr]))
    assert (found[0], found[-1], len(found)) == (first, last, count)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"mode": "closed"}, "mode needs one of block, alert, off, got 'closed'"),
        ({"allowed_domains": "corp.example"}, "needs a list of domain names"),
        ({"allowed_domains": ["*"]}, "such as db.corp.example"),
        ({"allowed_domains": ["*.com"]}, "whole top-level domain"),
        ({"allowed_domains": ["*.in-addr.arpa"]}, "reverse zones of other owners"),
        ({"allowed_domains": ["a.*.example"]}, "got 'a.*.example'"),
        ({"allowed_domains": ["https://corp.example"]}, "got 'https://corp.example'"),
        ({"allowed_domains": [f"{'a' * 64}.example"]}, "needs domain names"),
        ({"allowed_domains": [5]}, "got 5"),
        ({"log_retention_days": 2}, "log_retention_days needs a number of days"),
        ({"detect_tunneling": "yes"}, "detect_tunneling needs"),
        ({"mode": "off", "allowed_domains": ["corp.example"]}, "allowed_domains has no effect with mode='off'"),
    ],
)
def test_fails_when_a_choice_is_wrong(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        hardened.Dns(**arguments)
    assert words in str(caught.value)


def test_fails_with_every_mistake_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        hardened.Dns(mode="shut", allowed_domains=["*", "*.com"], log_retention_days=2)  # type: ignore[arg-type]
    assert len(caught.value.problems) == 4


def test_fails_when_dns_is_something_else() -> None:
    with pytest.raises(ConfigurationError, match=r"dns needs a hardened_eks\.Dns"):
        synth(dns="block")


def test_right_names_are_accepted() -> None:
    allowed = ["corp.example", "*.corp.example", "corp.example.", "_sip._tcp.corp.example", "*.168.192.in-addr.arpa"]
    assert hardened.Dns(allowed_domains=allowed).allowed_domains == allowed


FLAG = "hardened-eks:dns_firewall"


class TestNewAppsBlockAndOlderOnesAlert:
    """A template cannot tell a new VPC from one in use. What new apps write into cdk.json can, as the CDK's flags do."""

    def made(self, flag: Any, *, stack_flag: Any = None, **arguments: Any) -> tuple[hardened.Network, list[str]]:
        # A context after the command line's wins over that of the tests; an empty value is as good as none.
        stack = cdk.Stack(cdk.App(post_cli_context={FLAG: flag}), "Net", env=cdk.Environment(region="eu-west-1"))
        if stack_flag is not None:
            stack.node.set_context(FLAG, stack_flag)
        network = hardened.Network(stack, "Network", **arguments)
        pattern = Match.string_like_regexp("hardened-eks:dns-alerts")
        return network, [str(found.entry.data) for found in Annotations.from_stack(stack).find_warning("*", pattern)]

    def test_without_the_flag_names_are_reported_and_synth_says_how_to_block(self) -> None:
        network, (warning,) = self.made("")
        assert network.dns == hardened.Dns(mode=hardened.DnsMode.ALERT)
        made = Template.from_stack(cdk.Stack.of(network)).to_json()["Resources"]
        assert [action for action, _ in rules(made)] == ["ALLOW", "ALERT"]
        assert f'"{FLAG}": "block" to the context of cdk.json' in warning and "read the alerts" in warning

    @pytest.mark.parametrize(("flag", "mode"), [("block", hardened.DnsMode.BLOCK), ("alert", hardened.DnsMode.ALERT)])
    def test_the_flag_decides_and_nothing_is_asked(self, flag: str, mode: hardened.DnsMode) -> None:
        network, warnings = self.made(flag)
        assert (network.dns.mode, warnings) == (mode, [])

    def test_a_stack_may_say_otherwise_than_its_app(self) -> None:
        network, warnings = self.made("block", stack_flag="alert")
        assert (network.dns.mode, warnings) == (hardened.DnsMode.ALERT, [])

    @pytest.mark.parametrize("asked", [hardened.Dns(), hardened.Dns(mode=hardened.DnsMode.ALERT)])
    def test_what_the_code_asks_for_is_not_questioned(self, asked: hardened.Dns) -> None:
        network, warnings = self.made("", dns=asked)
        assert (network.dns, warnings) == (asked, [])

    def test_with_nat_nothing_changes(self) -> None:
        network, warnings = self.made("", egress="nat")
        assert (network.dns.mode, warnings) == (hardened.DnsMode.OFF, [])

    @pytest.mark.parametrize("flag", ["off", "BLOCK", True, {"mode": "block"}])
    def test_fails_when_the_flag_is_something_else(self, flag: Any) -> None:
        with pytest.raises(
            ConfigurationError, match=rf'"{FLAG}" in the context .cdk.json. needs "block" or "alert", got'
        ):
            self.made(flag)

    def test_a_new_network_passes_and_one_that_alerts_is_a_lesser_finding(self) -> None:
        found = {}
        for flag in ("block", ""):
            app = cdk.App(post_cli_context={FLAG: flag})
            hardened.Cluster(cdk.Stack(app, "Payments"), "Cluster", version="1.37")
            outcome = evaluate(load([app.synth().directory]).assembly, [dns_firewall])
            assert outcome.examined[dns_firewall] == 1
            found[flag] = [(finding.severity, finding.problem.message) for finding in outcome.findings]
        ((severity, message),) = found[""]
        assert (found["block"], severity) == ([], Severity.MEDIUM)
        assert message.startswith("rule 900 of ") and message.endswith(" only alerts *")

    def test_what_the_docs_and_the_reference_app_carry_is_what_the_tests_run_with(self) -> None:
        root = Path(__file__).parents[2]
        for file in ("cdk.json", "docs/examples/cdk.json"):
            assert json.loads((root / file).read_text())["context"][FLAG] == "block"
        assert json.loads(os.environ["CDK_CONTEXT_JSON"])[FLAG] == "block"
