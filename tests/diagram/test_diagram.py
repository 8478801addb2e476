"""A picture says all that the templates say, and can be read."""

import itertools
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardened_eks.diagram import Facts, Theme, draw, gather
from hardened_eks.diagram._canvas import SMALL, WIDTH, Box, width_of, wrapped
from hardened_eks.diagram.drawing import canvas_of
from hardened_eks.diagram.facts import Cluster, Key, Network, Nodes, Record, Talk, Tier, Trust
from hardened_eks.evidence import Assembly, Template

CIDR = "10.0.0.0/16"
BODY: dict[str, Any] = {
    "Vpc": ("AWS::EC2::VPC", {"CidrBlock": CIDR}),
    "Gateway": ("AWS::EC2::VPCGatewayAttachment", {"VpcId": {"Ref": "Vpc"}, "InternetGatewayId": "igw-1"}),
    "SubnetA": ("AWS::EC2::Subnet", {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.1.0/24",
                                     "AvailabilityZone": {"Fn::Select": [1, {"Fn::GetAZs": ""}]}}),
    "Sts": ("AWS::EC2::VPCEndpoint", {"VpcId": {"Ref": "Vpc"}, "ServiceName": "com.amazonaws.eu-west-1.sts",
                                      "SecurityGroupIds": [{"Ref": "Endpoints"}]}),
    "Cluster": ("AWS::EKS::Cluster", {
        "Name": "payments", "Version": "1.36", "DeletionProtection": {"Ref": "Protected"},
        "ResourcesVpcConfig": {"EndpointPublicAccess": True, "PublicAccessCidrs": ["192.0.2.0/24"],
                               "SecurityGroupIds": [{"Ref": "Plane"}], "SubnetIds": [{"Ref": "SubnetA"}]},
        "Logging": {"ClusterLogging": {"EnabledTypes": [{"Type": "audit"}]}},
        "EncryptionConfig": [{"Provider": {"KeyArn": {"Fn::GetAtt": ["Key", "Arn"]}}, "Resources": ["secrets"]}],
    }),
    "Addon": ("AWS::EKS::Addon", {"ClusterName": {"Ref": "Cluster"}, "AddonName": "vpc-cni"}),
    "Group": ("AWS::EKS::Nodegroup", {"ClusterName": {"Ref": "Cluster"}, "InstanceTypes": ["m7g.large"],
                                      "LaunchTemplate": {"Id": {"Ref": "Launch"}},
                                      "ScalingConfig": {"MinSize": 1, "MaxSize": 3}}),
    "Launch": ("AWS::EC2::LaunchTemplate", {"LaunchTemplateData": {"SecurityGroupIds": [{"Ref": "Nodes"}]}}),
    "Plane": ("AWS::EC2::SecurityGroup", {"SecurityGroupIngress": [
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "SourceSecurityGroupId": {"Ref": "Nodes"}}]}),
    "Nodes": ("AWS::EC2::SecurityGroup", {"SecurityGroupEgress": [
        {"IpProtocol": "-1", "CidrIp": "255.255.255.255/32"},
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "DestinationSecurityGroupId": {"Ref": "Plane"}},
        {"IpProtocol": "udp", "FromPort": 53, "ToPort": 53, "CidrIp": "0.0.0.0/0"}]}),
    "ToNodes": ("AWS::EC2::SecurityGroupIngress", {"GroupId": {"Ref": "Nodes"}, "IpProtocol": "tcp", "FromPort": 10250,
                                                   "ToPort": 10250, "SourceSecurityGroupId": {"Ref": "Plane"}}),
    "Endpoints": ("AWS::EC2::SecurityGroup", {"SecurityGroupIngress": [
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": {"Fn::GetAtt": ["Vpc", "CidrBlock"]}}]}),
    "Key": ("AWS::KMS::Key", {"EnableKeyRotation": True}),
    "Log": ("AWS::Logs::LogGroup", {"RetentionInDays": 90, "KmsKeyId": {"Fn::GetAtt": ["Key", "Arn"]}}),
    "Forever": ("AWS::Logs::LogGroup", {}),
    "Role": ("AWS::IAM::Role", {"AssumeRolePolicyDocument": {"Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "arn:aws:iam::111122223333:user/ann"},
         "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}},
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"}]}}),
}  # fmt: skip


def assembly(body: dict[str, Any] = BODY) -> Assembly:
    resources = {name: {"Type": type_, "Properties": properties} for name, (type_, properties) in body.items()}
    parameters = {"Protected": {"Type": "String", "AllowedValues": ["true", "false"]}}
    return Assembly([Template("S", {"Parameters": parameters, "Resources": resources})])


@pytest.fixture(scope="module")
def facts() -> Facts:
    return gather(assembly())


def test_what_a_cluster_is(facts: Facts) -> None:
    (cluster,) = facts.clusters
    assert (cluster.name, cluster.addons) == ("payments", ("vpc-cni",))
    assert cluster.details == (
        "Kubernetes 1.36",
        "public endpoint for 192.0.2.0/24",
        "logs: audit",
        "secrets: Key",
        "deletion protection not known",
    )
    assert cluster.nodes == (Nodes("Group", "managed nodes", ("m7g.large", "1 to 3 nodes")),)


def test_what_a_network_is(facts: Facts) -> None:
    (network,) = facts.networks
    assert network == Network(
        name="Vpc",
        range=CIDR,
        ways_out=("internet gateway",),
        watched=("no flow logs",),
        tiers=(Tier("SubnetA (private)", ("zone 2 of the Region, 10.0.1.0/24",)),),
        endpoints=("sts",),
    )


def test_who_talks_to_whom(facts: Facts) -> None:
    """A rule at one end is enough; the same at both ends is one; what reaches nobody is nothing."""
    assert set(facts.talks) == {
        Talk("Group", "control plane", ("tcp 443",)),
        Talk("control plane", "Group", ("tcp 10250",)),
        Talk("the VPC", "VPC endpoints", ("tcp 443",)),
        Talk("Group", "anywhere", ("udp 53",)),
        Talk("control plane", "anywhere", ("all protocols and ports",)),
        Talk("VPC endpoints", "anywhere", ("all protocols and ports",)),
    }


def test_keys_roles_and_logs(facts: Facts) -> None:
    assert facts.keys == (Key("Key", "rotates", ("Kubernetes secrets of Cluster", "log Log")),)
    assert facts.trusts == (
        Trust("Role", ("arn:aws:iam::111122223333:user/ann",), ("aws:multifactorauthpresent",)),
        Trust("Role", ("everybody",), ()),
    )
    assert facts.records == (
        Record("Log", ("90 days", "key Key")),
        Record("Forever", ("kept forever", "no key of your own")),
    )


def rules(entry: dict[str, Any]) -> list[dict[str, Any]]:
    properties = entry.get("Properties", {})
    if entry["Type"] == "AWS::EC2::SecurityGroup":
        return [*properties.get("SecurityGroupIngress", ()), *properties.get("SecurityGroupEgress", ())]
    return [properties] if entry["Type"].startswith("AWS::EC2::SecurityGroup") else []


def words(svg: str) -> str:
    """Return all texts of a picture in one, as if no line were broken."""
    return "".join(
        element.text or "" for element in ElementTree.fromstring(svg).iter() if element.tag.endswith("text")
    ).replace(" ", "")


def assert_readable(facts: Facts) -> None:
    canvas = canvas_of(facts)
    for one, other in itertools.combinations(canvas.boxes, 2):
        assert not one.overlaps(other), (one, other)
    for box in canvas.boxes:
        assert 0 <= box.left and box.right <= WIDTH, box
        for line in canvas.lines:
            assert not box.overlaps(Box(line.left, line.top - 1, line.right, line.bottom + 1, "")), (box, line)


names = st.text(min_size=1, max_size=70)
some = st.lists(names, max_size=5).map(tuple)
FACTS = st.builds(
    Facts,
    clusters=st.lists(
        st.builds(Cluster, names, some, some, st.lists(st.builds(Nodes, names, names, some), max_size=4).map(tuple)),
        max_size=2,
    ).map(tuple),
    networks=st.lists(
        st.builds(
            Network, names, names, some, some, st.lists(st.builds(Tier, names, some), max_size=4).map(tuple), some
        ),
        max_size=2,
    ).map(tuple),
    talks=st.lists(
        st.builds(Talk, st.sampled_from("abcdefghijkl"), st.sampled_from("abcdefghijkl"), some), max_size=9
    ).map(tuple),
    keys=st.lists(st.builds(Key, names, st.just("rotates"), some), max_size=3).map(tuple),
    trusts=st.lists(st.builds(Trust, names, some, some), max_size=3).map(tuple),
    records=st.lists(st.builds(Record, names, some), max_size=5).map(tuple),
)


@given(FACTS)
@settings(max_examples=60, deadline=None)
def test_nothing_overlaps_whatever_the_names_are(facts: Facts) -> None:
    assert_readable(facts)
    ElementTree.fromstring(draw(facts))


def test_an_overlap_would_be_found() -> None:
    assert Box(0, 0, 10, 10, "a").overlaps(Box(9, 9, 20, 20, "b"))
    assert not Box(0, 0, 10, 10, "a").overlaps(Box(10, 0, 20, 10, "b"))


def test_a_long_word_is_broken_to_fit() -> None:
    lines = wrapped("arn:aws:iam::111122223333:role/" + "x" * 90, SMALL, 120)
    assert len(lines) > 3 and all(width_of(line, SMALL) <= 120 for line in lines)


def test_many_parties_are_written_as_lines() -> None:
    talks = tuple(Talk(f"party {n}", f"party {n + 1}", (f"tcp {n}",)) for n in range(12))
    facts = Facts((), (), talks, (), (), ())
    assert_readable(facts)
    texts = words(draw(facts))
    assert all(f"tcp{n}" in texts for n in range(12))


@pytest.mark.parametrize(("theme", "dark"), [(Theme.LIGHT, False), (Theme.DARK, True), (Theme.AUTO, None)])
def test_themes(facts: Facts, theme: Theme, dark: bool | None) -> None:
    svg = draw(facts, theme)
    assert ("prefers-color-scheme" in svg) is (dark is None)
    assert ("--bg:#0d1117" in svg) is (dark is not False)
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", ""), "nothing is loaded from elsewhere"


@pytest.mark.browser
@pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium: apt-get install chromium")
def test_no_text_is_wider_in_a_browser_than_it_is_taken_for(facts: Facts, tmp_path: Path) -> None:
    """The widths are estimates: the browser measures what they stand for."""
    from tests.reports.test_browser import browse

    script = (
        "<script>for (const t of document.querySelectorAll('text')) "
        "t.setAttribute('data-width', t.getComputedTextLength())</script>"
    )
    page = tmp_path / "page.html"
    page.write_text(f"<!doctype html><meta charset=utf-8>{draw(facts)}{script}", encoding="utf-8")
    dom = browse(page, tmp_path / "profile", "--dump-dom").stdout
    svg = dom[dom.index("<svg") : dom.index("</svg>") + 6]
    found = [element for element in ElementTree.fromstring(svg).iter() if element.tag.endswith("text")]
    assert len(found) == len(canvas_of(facts).boxes)
    for element in found:
        wide, size = float(element.attrib["data-width"]), float(element.attrib["font-size"])
        assert wide <= width_of(element.text or "", size, element.attrib["class"]), element.text
