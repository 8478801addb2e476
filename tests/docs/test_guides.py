"""What the guides for adopters promise holds for their examples."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from aws_cdk import aws_eks_v2 as eks

from hardened_eks.data.endpoints import REGIONS_WITH_OTHER_NAMES

ROOT = Path(__file__).parents[2]
Templates = dict[str, dict[str, Any]]


def run(name: str, folder: Path, *, change: tuple[str, str] = ("", "")) -> Templates:
    """Synthesize an example, with one line changed; return its templates, those of stages as well."""
    source = (ROOT / f"docs/examples/{name}.py").read_text(encoding="utf-8")
    assert change[0] in source
    context = json.loads((ROOT / "docs/examples/cdk.json").read_text(encoding="utf-8"))["context"]
    made = cdk.App.__init__
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cdk.App, "__init__", lambda self: made(self, context=context, outdir=str(folder)))
        exec(compile(source.replace(*change), f"{name}.py", "exec"), {"__name__": "__main__"})  # noqa: S102 - our own
    return {
        file.name.removesuffix(".template.json"): json.loads(file.read_text(encoding="utf-8"))
        for file in sorted(folder.rglob("*.template.json"))
    }


def of(template: dict[str, Any], type_: str) -> list[dict[str, Any]]:
    return [one for one in template["Resources"].values() if one["Type"] == type_]


def references(value: Any) -> Iterator[str]:
    """Yield the logical ids that a value refers to."""
    if isinstance(value, list):
        for item in value:
            yield from references(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "Ref":
                yield item
            elif key == "Fn::GetAtt":
                yield item[0]
            elif key == "Fn::Sub":
                yield from re.findall(r"\$\{(\w+)", item if isinstance(item, str) else item[0])
            else:
                yield from references(item)


def test_the_cluster_can_be_imported_alone(tmp_path: Path) -> None:
    template = run("import_cluster", tmp_path)["Payments"]
    (cluster,) = of(template, "AWS::EKS::Cluster")
    assert {one for one in references(cluster["Properties"]) if not one.startswith("AWS::")} == set()
    assert "DependsOn" not in cluster
    assert cluster["DeletionPolicy"] == "Retain", "CloudFormation imports nothing without a deletion policy"
    properties = cluster["Properties"]
    assert (properties["Name"], properties["RoleArn"].rpartition("/")[2]) == ("payments", "eks-payments")
    assert properties["ResourcesVpcConfig"]["EndpointPublicAccess"] is True
    assert properties["ResourcesVpcConfig"]["SecurityGroupIds"] == ["sg-0a1b2c3d4e5f60718"]


def test_a_stage_stops_the_synthesis_of_a_cluster_that_is_open(tmp_path: Path) -> None:
    line = "        cluster.add_node_group("
    opened = '        cluster.resource.add_property_override("ResourcesVpcConfig.EndpointPublicAccess", value=True)\n'
    with pytest.raises(RuntimeError, match="CP-01|Validation failed"):
        run("pipeline", tmp_path, change=(line, opened + line))


def test_blue_and_green_share_network_and_keys(tmp_path: Path) -> None:
    templates = run("blue_green", tmp_path)
    shared = templates["PaymentsShared"]
    assert (len(of(shared, "AWS::EC2::VPC")), of(shared, "AWS::EKS::Cluster")) == (1, [])
    versions = {}
    for color in ("blue", "green"):
        template = templates[f"Payments-{color}"]
        kinds = Counter(one["Type"] for one in template["Resources"].values())
        assert (kinds["AWS::EC2::VPC"], kinds["AWS::KMS::Key"], kinds["AWS::EC2::VPCEndpoint"]) == (0, 0, 0)
        (cluster,) = of(template, "AWS::EKS::Cluster")
        assert cluster["Properties"]["Name"] == f"payments-{color}"
        versions[color] = cluster["Properties"]["Version"]
        other = "green" if color == "blue" else "blue"
        assert other not in json.dumps(template), "neither needs the other"
    assert versions == {"blue": "1.36", "green": "1.37"}


def test_no_partition_meets_the_names_of_another(tmp_path: Path) -> None:
    templates = run("partitions", tmp_path)
    china = templates["Payments-China"]
    for name in ("Payments-GovCloud", "Payments-China"):
        assert re.findall(r"arn:aws:[a-z]", json.dumps(templates[name])) == []
    names = {json.dumps(one["Properties"]["ServiceName"]) for one in of(china, "AWS::EC2::VPCEndpoint")}
    assert "cn-northwest-1" in REGIONS_WITH_OTHER_NAMES
    assert any("cn.com.amazonaws.cn-northwest-1." in name for name in names)
    images = {
        name: of(template, "AWS::EKS::Nodegroup")[0]["Properties"]["AmiType"] for name, template in templates.items()
    }
    assert ("FIPS" in images["Payments-GovCloud"], "FIPS" in images["Payments-Europe"]) == (True, False)
    gateways = {name: len(of(template, "AWS::EC2::NatGateway")) > 0 for name, template in templates.items()}
    assert gateways == {name: "FIPS" in image for name, image in images.items()}, "FIPS images need a way out"


def test_the_cost_is_that_of_the_first_cluster(tmp_path: Path) -> None:
    (template,) = run("first_cluster", tmp_path).values()
    page = (ROOT / "docs/how-to/estimate-the-cost.md").read_text(encoding="utf-8")
    kinds = Counter(one["Type"] for one in template["Resources"].values())
    endpoints = [one["Properties"] for one in of(template, "AWS::EC2::VPCEndpoint")]
    interfaces = [one for one in endpoints if one["VpcEndpointType"] == "Interface"]
    zones = {len(one["SubnetIds"]) for one in interfaces}
    assert zones == {3}
    assert f"| interface endpoints | {len(interfaces)} endpoints in 3 zones" in page
    assert f"a GB | {round(len(interfaces) * 3 * 0.01 * 730)} |" in page
    assert f"| two zones in place of three | {round(len(interfaces) * 0.01 * 730)} less" in page
    assert f"| keys | {kinds['AWS::KMS::Key']} | 1 | {kinds['AWS::KMS::Key']} |" in page
    assert f"| {kinds['AWS::Logs::LogGroup']} log groups |" in page
    assert f"| {kinds['AWS::CloudWatch::Alarm']} alarms |" in page
    assert f"| {round(3 * 0.045 * 730)}, and 0.045 a GB |" in page


def test_pages_are_about_constructs_that_there_are() -> None:
    import hardened_eks as hardened

    page = (ROOT / "docs/how-to/migrate.md").read_text(encoding="utf-8")
    methods = set(re.findall(r"`cluster\.(\w+)[(`]", page))
    assert len(methods) > 8
    assert {name for name in methods if not hasattr(hardened.Cluster, name)} == set()
    assert {
        name for name in re.findall(r"hardened\.addons\.(\w+)", page) if name not in hardened.addons.__all__
    } == set()


def test_the_cdk_retains_what_is_inside_of_a_released_cluster_and_nothing_beside_it() -> None:
    """docs/how-to/migrate.md relies on it: what the old code deletes is gone from the running cluster."""
    stack = cdk.Stack(cdk.App(), "Old")
    retain = cdk.RemovalPolicy.RETAIN
    cluster = eks.Cluster(
        stack,
        "Cluster",
        version=eks.KubernetesVersion.of("1.36"),
        default_capacity=0,
        default_capacity_type=eks.DefaultCapacityType.NODEGROUP,
        removal_policy=retain,
    )
    cluster.add_nodegroup_capacity("Inside")
    beside = eks.Nodegroup(stack, "Beside", cluster=cluster)
    covered = eks.Nodegroup(stack, "Covered", cluster=cluster)
    cdk.RemovalPolicies.of(covered).retain()
    resources = assertions.Template.from_stack(stack).to_json()["Resources"]
    lost = {name for name, one in resources.items() if one.get("DeletionPolicy") != "Retain"}
    children = {
        stack.resolve(cast("cdk.CfnElement", one).logical_id)
        for one in beside.node.find_all()
        if cdk.CfnElement.is_cfn_element(one)
    }
    assert {"AWS::EKS::Cluster", "AWS::EKS::Nodegroup", "AWS::IAM::Role", "AWS::EC2::VPC"} <= {
        one["Type"] for one in resources.values() if one.get("DeletionPolicy") == "Retain"
    }
    assert lost == children


def test_the_commands_for_karpenter_name_the_cluster_of_the_example() -> None:
    source = (ROOT / "docs/examples/karpenter.py").read_text(encoding="utf-8")
    page = (ROOT / "docs/how-to/run-karpenter.md").read_text(encoding="utf-8")
    (name,) = re.findall(r'hardened\.Cluster\(.*name="([\w-]+)"', source)
    assert re.findall(r"^PLACE=(\S+)$", page, re.MULTILINE) == [f"/hardened-eks/{name}/karpenter"]


def test_a_participant_associates_nothing_with_a_shared_vpc() -> None:
    """Its owner is responsible: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-share-limitations.html."""
    source = (ROOT / "examples/shared_vpc/app.py").read_text(encoding="utf-8")
    assert {
        "add_endpoints=False",
        "add_flow_logs=False",
        "mode=hardened.DnsMode.OFF",
        "log_retention_days=None",
    } <= set(re.findall(r"add_endpoints=\w+|add_flow_logs=\w+|mode=[\w.]+|log_retention_days=\w+", source))


def test_nodes_may_mount_the_shared_file_system(tmp_path: Path) -> None:
    """A policy without an Allow refuses every client that has no permission of its own."""
    (template,) = run("storage", tmp_path).values()
    (system,) = of(template, "AWS::EFS::FileSystem")
    assert {one["Effect"] for one in system["Properties"]["FileSystemPolicy"]["Statement"]} == {"Deny"}
    (association,) = of(template, "AWS::EKS::PodIdentityAssociation")
    assert association["Properties"]["ServiceAccount"] == "efs-csi-node-sa"
    (role,) = references(association["Properties"]["RoleArn"])
    (statement,) = [
        one
        for policy in of(template, "AWS::IAM::ManagedPolicy")
        if {"Ref": role} in policy["Properties"].get("Roles", [])
        for one in policy["Properties"]["PolicyDocument"]["Statement"]
    ]
    assert statement["Action"] == ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
    assert [template["Resources"][name] for name in references(statement["Resource"])] == [system]
    assert re.search(r"mountOptions: \[tls, iam\]", (ROOT / "docs/examples/storage.yaml").read_text(encoding="utf-8"))


def test_no_page_destroys_the_other_clusters_of_an_app() -> None:
    for page in (ROOT / "docs/how-to").glob("*.md"):
        assert not re.search(r"^.*cdk destroy --all", page.read_text(encoding="utf-8"), re.MULTILINE), page.name
