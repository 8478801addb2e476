"""`hardened-eks data refresh`: answers of EKS and EC2, as botocore's own stubs check them, go into the data files."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.stub import Stubber
from click.testing import CliRunner, Result

from hardened_eks.cli import group
from hardened_eks.cli.data import asking
from hardened_eks.data import addons, auto_mode, endpoints, kubernetes, node_images, regions

DATA = files("hardened_eks.data")
Stubs = Callable[..., None]
ASKED: list[str] = []
"""Service and Region of each client, in order."""


@pytest.fixture
def stubs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubs]:
    """Queue an answer, or an error by its code: ``stubs("eks", "describe_addon_versions", {...}, expected={...})``."""
    stubbed: dict[str, Stubber] = {}

    def make(service: str) -> Stubber:
        if service not in stubbed:
            session = botocore.session.get_session()
            client = session.create_client(
                service, region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x"
            )
            stubbed[service] = Stubber(client)
            stubbed[service].activate()
        return stubbed[service]

    def queue(
        service: str, operation: str, answer: dict[str, Any] | str, expected: dict[str, Any] | None = None
    ) -> None:
        if isinstance(answer, str):
            make(service).add_client_error(operation, service_error_code=answer, service_message="No.")
        else:
            make(service).add_response(operation, answer, expected)

    def client(service: str, region: str, _: str | None) -> Any:
        ASKED.append(f"{service} {region}")
        return make(service).client

    ASKED.clear()
    monkeypatch.setattr(asking, "client", client)
    yield queue
    for stubber in stubbed.values():
        stubber.assert_no_pending_responses()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["data", "refresh", "--region", "eu-west-1", *arguments], catch_exceptions=False)


def in_regions(*arguments: str, regions: tuple[str, ...]) -> Result:
    given = [word for region in regions for word in (["--all-regions"] if region == "all" else ["--region", region])]
    return CliRunner().invoke(group, ["data", "refresh", *given, *arguments], catch_exceptions=False)


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def version(name: str, released: str, standard: str, extended: str, kind: str = "eks") -> dict[str, Any]:
    return {
        "clusterVersion": name,
        "clusterType": kind,
        "releaseDate": day(released),
        "endOfStandardSupportDate": day(standard),
        "endOfExtendedSupportDate": day(extended),
    }


def test_versions_of_every_page_are_written(stubs: Stubs, tmp_path: Path) -> None:
    later = version("1.38", "2027-02-01", "2028-04-01", "2029-04-01")
    known = version("1.37", "2026-10-05", "2027-12-05", "2028-12-05")
    local = version("1.99", "2026-01-01", "2027-01-01", "2028-01-01", "eks-local-outposts")
    call = {"includeAll": True}
    stubs("eks", "describe_cluster_versions", {"clusterVersions": [later, local], "nextToken": "more"}, call)
    stubs("eks", "describe_cluster_versions", {"clusterVersions": [known]}, {**call, "nextToken": "more"})
    result = run("--only", "versions", "--output", str(tmp_path))
    file = tmp_path / "kubernetes.json"
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{file}: 2 Kubernetes versions of eu-west-1, 1 new\n"
    document = json.loads(file.read_text())
    assert document["asked"] == "eks:DescribeClusterVersions in eu-west-1"
    assert date.fromisoformat(document["read"])
    assert list(document["versions"]) == [*kubernetes.VERSIONS, "1.38"], "those that EKS no longer names stay, in order"
    assert document["versions"]["1.37"] == {
        "released": "2026-10-05", "end_of_standard_support": "2027-12-05", "end_of_extended_support": "2028-12-05"
    }  # fmt: skip
    before = json.loads(DATA.joinpath("kubernetes.json").read_text())
    assert document["versions"]["1.36"] == before["versions"]["1.36"]


def test_a_date_on_record_outlives_an_answer_without_it(stubs: Stubs, tmp_path: Path) -> None:
    stubs("eks", "describe_cluster_versions", {"clusterVersions": [{"clusterVersion": "1.36"}]})
    assert run("--only", "versions", "--output", str(tmp_path)).exit_code == 0
    document = json.loads((tmp_path / "kubernetes.json").read_text())
    assert document["versions"]["1.36"]["end_of_standard_support"] == "2027-08-02"


def test_new_addons_are_known_by_name(stubs: Stubs, tmp_path: Path) -> None:
    answer = [
        {"addonName": "vpc-cni", "owner": "aws"},
        {"addonName": "aws-new-driver", "owner": "aws"},
        {"addonName": "vendor_product", "owner": "aws-marketplace"},
    ]
    stubs("eks", "describe_addon_versions", {"addons": answer})
    result = run("--only", "addons", "--output", str(tmp_path))
    file = tmp_path / "addons.json"
    assert result.stdout == f"{file}: 2 AWS add-ons of eu-west-1, 1 new\n"
    document, before = json.loads(file.read_text()), json.loads(DATA.joinpath("addons.json").read_text())
    assert document["named"] == ["aws-new-driver"]
    assert document["asked"].startswith("eks:DescribeAddonVersions in eu-west-1, 20")
    assert (document["addons"], document["read"]) == (before["addons"], before["read"]), "what a person has read stays"
    assert "aws-new-driver" not in addons.ADDONS


def test_new_endpoint_services_are_added(stubs: Stubs, tmp_path: Path) -> None:
    def service(name: str, kind: str = "Interface", owner: str = "amazon") -> dict[str, Any]:
        return {"ServiceName": name, "ServiceType": [{"ServiceType": kind}], "Owner": owner}

    answer = [
        service("com.amazonaws.eu-west-1.ecr.api"),
        service("com.amazonaws.eu-west-1.newest"),
        service("com.amazonaws.eu-west-1.dynamodb", "Gateway"),
        service("com.amazonaws.vpce.eu-west-1.vpce-svc-1", owner="111122223333"),
        service("aws.sagemaker.eu-west-1.studio"),
    ]
    stubs("ec2", "describe_vpc_endpoint_services", {"ServiceDetails": answer})
    result = run("--only", "endpoints", "--output", str(tmp_path))
    file = tmp_path / "endpoints.json"
    assert result.stdout == f"{file}: 2 endpoint services of eu-west-1, 1 new\n"
    document, before = json.loads(file.read_text()), json.loads(DATA.joinpath("endpoints.json").read_text())
    assert set(document["interface"]) == {*endpoints.INTERFACE, "newest"}
    assert all(document[key] == before[key] for key in ("gateway", "iam", "names", "prefixes", "read"))


def test_parameters_of_images_that_are_missing_are_named(stubs: Stubs, tmp_path: Path) -> None:
    names = list(node_images.parameters(kubernetes.NEWEST))
    missing = names[3]
    assert len(names) == 14 and "-nvidia-fips/arm64/" in missing
    for some in (names[:10], names[10:]):
        answer = {"Parameters": [{"Name": n} for n in some if n != missing]}
        stubs("ssm", "get_parameters", answer, {"Names": some})
    result = run("--only", "images", "--output", str(tmp_path))
    file = tmp_path / "node_images.json"
    assert result.stdout == f"{file}: 13 image parameters of eu-west-1, 0 new\n"
    document, before = json.loads(file.read_text()), json.loads(DATA.joinpath("node_images.json").read_text())
    assert document["lacks"] == [missing]
    assert document["asked"].startswith(f"ssm:GetParameters in eu-west-1, Kubernetes {kubernetes.NEWEST}, 20")
    assert all(document[key] == before[key] for key in ("bottlerocket", "al2023", "general_purpose", "read", "source"))


def test_policies_of_auto_mode_that_changed_are_counted(stubs: Stubs, tmp_path: Path) -> None:
    for name in (*auto_mode.CLUSTER, *auto_mode.NODE):
        call = {"PolicyArn": f"arn:aws:iam::aws:policy/{name}"}
        stubs("iam", "get_policy", {"Policy": {"PolicyName": name, "DefaultVersionId": "v7"}}, call)
    result = run("--only", "auto-mode", "--output", str(tmp_path))
    file = tmp_path / "auto_mode.json"
    assert result.stdout == f"{file}: 7 Auto Mode policies of eu-west-1, 7 new\n"
    document = json.loads(file.read_text())
    assert set(document["versions"].values()) == {"v7"} and document["cluster"] == dict(auto_mode.CLUSTER)


def test_new_regions_are_known_with_their_partition(stubs: Stubs, tmp_path: Path) -> None:
    named = [{"RegionName": "eu-west-1"}, {"RegionName": "eu-north-9", "OptInStatus": "not-opted-in"}]
    stubs("ec2", "describe_regions", {"Regions": named}, {"AllRegions": True})
    result = run("--only", "regions", "--output", str(tmp_path))
    file = tmp_path / "regions_told.json"
    assert result.stdout == f"{file}: 2 Regions of eu-west-1, 1 new\n"
    document = json.loads(file.read_text())
    assert document["regions"] == {"eu-north-9": "aws"}, "those of the package are not repeated"
    assert document["asked"].startswith("ec2:DescribeRegions in eu-west-1, 20")
    assert regions._with(document["regions"]) == {**regions.PARTITIONS, "eu-north-9": "aws"}


@pytest.mark.parametrize(
    ("only", "service", "operation", "empty", "permission"),
    [
        ("versions", "eks", "describe_cluster_versions", {"clusterVersions": []}, "eks:DescribeClusterVersions"),
        ("addons", "eks", "describe_addon_versions", {"addons": []}, "eks:DescribeAddonVersions"),
        (
            "endpoints",
            "ec2",
            "describe_vpc_endpoint_services",
            {"ServiceDetails": []},
            "ec2:DescribeVpcEndpointServices",
        ),
    ],
)
def test_fails_when_a_service_says_nothing(
    only: str, service: str, operation: str, empty: dict[str, Any], permission: str, stubs: Stubs, tmp_path: Path
) -> None:
    stubs(service, operation, empty)
    result = run("--only", only, "--output", str(tmp_path))
    assert result.exit_code == 2
    assert "is unchanged" in result.stderr
    stubs(service, operation, "AccessDeniedException")
    result = run("--only", only, "--output", str(tmp_path))
    assert result.exit_code == 2
    assert f"the identity needs {permission} (AccessDeniedException)" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_everything_by_default(stubs: Stubs, tmp_path: Path) -> None:
    """In the order of the choices; what fails later does not undo what was written before."""
    stubs("eks", "describe_cluster_versions", {"clusterVersions": [{"clusterVersion": "1.36"}]})
    for _ in ("addons", "addon-versions"):
        stubs("eks", "describe_addon_versions", {"addons": [{"addonName": "vpc-cni", "owner": "aws"}]})
    named = {"ServiceName": "com.amazonaws.eu-west-1.ec2", "ServiceType": [{"ServiceType": "Interface"}]}
    stubs("ec2", "describe_vpc_endpoint_services", {"ServiceDetails": [named]})
    names = list(node_images.parameters(kubernetes.NEWEST))
    for some in (names[:10], names[10:]):
        stubs("ssm", "get_parameters", {"Parameters": [{"Name": name} for name in some]})
    for name in (*auto_mode.CLUSTER, *auto_mode.NODE):
        stubs("iam", "get_policy", {"Policy": {"PolicyName": name, "DefaultVersionId": "v1"}})
    stubs("ec2", "describe_regions", {"Regions": [{"RegionName": "eu-west-1"}]}, {"AllRegions": True})
    stubs("ec2", "describe_instance_types", "UnauthorizedOperation")
    result = run("--output", str(tmp_path))
    assert result.exit_code == 2
    assert "ec2:DescribeInstanceTypes" in result.stderr
    written = [
        "addon_versions.json",
        "addons.json",
        "auto_mode.json",
        "endpoints.json",
        "kubernetes.json",
        "node_images.json",
        "regions_told.json",
    ]
    assert sorted(file.name for file in tmp_path.iterdir()) == written


def test_fails_without_a_folder(tmp_path: Path) -> None:
    result = run("--output", str(tmp_path / "none"))
    assert result.exit_code == 2
    assert result.stderr == f"error: --output needs an existing folder, got '{tmp_path / 'none'}'\n"


def test_fails_without_a_region() -> None:
    result = CliRunner().invoke(group, ["data", "refresh", "--region", ""])
    assert result.exit_code == 2
    assert "--region needs the name of an AWS Region" in result.stderr


def types(*names: str, vcpus: int = 2) -> dict[str, Any]:
    return {
        "InstanceTypes": [
            {
                "InstanceType": name,
                "Hypervisor": "nitro",
                "BareMetal": False,
                "ProcessorInfo": {"SupportedArchitectures": ["arm64"]},
                "VCpuInfo": {"DefaultVCpus": vcpus},
                "MemoryInfo": {"SizeInMiB": 8192},
                "NetworkInfo": {"EncryptionInTransitSupported": True},
            }
            for name in names
        ]
    }


def test_several_regions_add_up(stubs: Stubs, tmp_path: Path) -> None:
    """For each kind: what one Region alone names is there, and the first counts where they disagree."""
    sooner, later = "2026-10-05", "2026-10-07"
    one = version("1.37", sooner, "2027-12-05", "2028-12-05")
    del one["endOfStandardSupportDate"]
    stubs("eks", "describe_cluster_versions", {"clusterVersions": [one]})
    other = version("1.37", later, "2027-12-05", "2028-12-05")
    newer = version("1.38", "2027-02-01", "2028-04-01", "2029-04-01")
    stubs("eks", "describe_cluster_versions", {"clusterVersions": [other, newer]})
    for name in ("aws-one", "aws-other"):
        stubs("eks", "describe_addon_versions", {"addons": [{"addonName": name, "owner": "aws"}]})
    for region in ("eu-west-1", "us-east-1"):
        name = f"com.amazonaws.{region}.of-{region}"
        service = {"ServiceName": name, "ServiceType": [{"ServiceType": "Interface"}], "Owner": "amazon"}
        stubs("ec2", "describe_vpc_endpoint_services", {"ServiceDetails": [service]})
    stubs("ec2", "describe_instance_types", types("m7g.large"))
    stubs("ec2", "describe_instance_types", types("m7g.large", "m7g.xlarge", vcpus=64))
    only = [part for kind in ("versions", "addons", "endpoints", "instance-types") for part in ("--only", kind)]
    result = in_regions("--output", str(tmp_path), *only, regions=("eu-west-1", "us-east-1", "eu-west-1"))
    assert (result.exit_code, result.stderr) == (0, "")
    assert "kubernetes.json: 2 Kubernetes versions of eu-west-1, us-east-1, 1 new" in result.stdout
    assert "addons.json: 2 AWS add-ons of eu-west-1, us-east-1, 2 new" in result.stdout
    assert "endpoints.json: 2 endpoint services of eu-west-1, us-east-1, 2 new" in result.stdout
    assert "instance_types.json: 2 instance types of eu-west-1, us-east-1, 0 new" in result.stdout
    assert ASKED == [f"{service} {region}" for service in ("eks", "eks", "ec2", "ec2")
                     for region in ("eu-west-1", "us-east-1")]  # fmt: skip
    kubernetes_ = json.loads((tmp_path / "kubernetes.json").read_text())
    assert kubernetes_["asked"] == "eks:DescribeClusterVersions in eu-west-1, us-east-1"
    assert kubernetes_["versions"]["1.37"] == {
        "released": sooner, "end_of_standard_support": "2027-12-05", "end_of_extended_support": "2028-12-05"
    }  # fmt: skip
    assert json.loads((tmp_path / "addons.json").read_text())["named"] == ["aws-one", "aws-other"]
    assert {"of-eu-west-1", "of-us-east-1"} <= set(json.loads((tmp_path / "endpoints.json").read_text())["interface"])
    sizes = json.loads((tmp_path / "instance_types.json").read_text())["families"]["m7g"]["sizes"]
    assert sizes == {"large": [2, 8192], "xlarge": [64, 8192]}


def test_all_regions_are_those_of_the_account(stubs: Stubs, tmp_path: Path) -> None:
    enabled = [{"RegionName": f"eu-north-{n}"} for n in range(1, 6)]
    stubs("ec2", "describe_regions", {"Regions": enabled}, {})
    for n in range(1, 6):
        stubs("eks", "describe_addon_versions", {"addons": [{"addonName": f"aws-{n}", "owner": "aws"}]})
    result = in_regions("--only", "addons", "--output", str(tmp_path), regions=("all",))
    assert result.stdout == f"{tmp_path / 'addons.json'}: 5 AWS add-ons of 5 Regions, 5 new\n"
    assert ASKED == ["ec2 us-east-1", *(f"eks eu-north-{n}" for n in range(1, 6))]


def test_all_regions_after_one_that_is_named(stubs: Stubs, tmp_path: Path) -> None:
    """That of a partition, for China and GovCloud; its word counts first."""
    stubs("ec2", "describe_regions", {"Regions": [{"RegionName": "cn-north-1"}, {"RegionName": "cn-northwest-1"}]}, {})
    for _ in range(2):
        stubs("eks", "describe_addon_versions", {"addons": [{"addonName": "vpc-cni", "owner": "aws"}]})
    result = in_regions("--only", "addons", "--output", str(tmp_path), regions=("all", "cn-northwest-1"))
    assert result.exit_code == 0
    assert ASKED == ["ec2 cn-northwest-1", "eks cn-northwest-1", "eks cn-north-1"]


def test_fails_where_the_regions_cannot_be_listed(stubs: Stubs, tmp_path: Path) -> None:
    stubs("ec2", "describe_regions", "UnauthorizedOperation", {})
    result = in_regions("--output", str(tmp_path), regions=("all",))
    assert result.exit_code == 2
    assert "the identity needs ec2:DescribeRegions (UnauthorizedOperation)" in result.stderr


def test_fails_where_one_of_several_regions_cannot_be_asked(stubs: Stubs, tmp_path: Path) -> None:
    stubs("ec2", "describe_instance_types", types("m7g.large"))
    stubs("ec2", "describe_instance_types", "AuthFailure")
    result = in_regions("--only", "instance-types", "--output", str(tmp_path), regions=("eu-west-1", "me-south-1"))
    assert result.exit_code == 2
    assert "EC2 in me-south-1 denied the call: the credentials are not valid there" in result.stderr
    assert list(tmp_path.iterdir()) == [], "a file of half the Regions would say that types are gone"


@pytest.mark.parametrize("command", ["refresh", "refresh-instance-types"])
def test_fails_with_an_empty_region_among_others(command: str) -> None:
    result = CliRunner().invoke(group, ["data", command, "--region", "eu-west-1", "--region", " "])
    assert result.exit_code == 2
    assert result.stderr == ("error: --region needs the name of an AWS Region such as us-east-1, got ' '\n")


def test_versions_of_add_ons_replace_those_before(stubs: Stubs, tmp_path: Path) -> None:
    fits = [{"clusterVersion": "1.37", "defaultVersion": True}, {"clusterVersion": "1.36", "defaultVersion": False}]
    versions = [{"addonVersion": "v1.13.2-eksbuild.1", "compatibilities": fits}]
    answer = [
        {"addonName": "coredns", "owner": "aws", "addonVersions": versions},
        {"addonName": "external-dns", "owner": "community", "addonVersions": versions},
        {"addonName": "vendor_product", "owner": "aws-marketplace", "addonVersions": versions},
    ]
    stubs("eks", "describe_addon_versions", {"addons": answer})
    result = run("--only", "addon-versions", "--output", str(tmp_path))
    file = tmp_path / "addon_versions.json"
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{file}: 2 add-on versions of eu-west-1, 2 new\n"
    document = json.loads(file.read_text())
    assert document["asked"].startswith("eks:DescribeAddonVersions in eu-west-1, 20")
    assert document["addons"] == dict.fromkeys(["coredns", "external-dns"], {"v1.13.2-eksbuild.1": "1.36 1.37*"})
