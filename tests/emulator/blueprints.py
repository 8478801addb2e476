"""The apps of examples/, deployed. `make blueprints` runs this; the suite runs one.

The kubectl handler is a stand-in that records (`tests.emulator.standins.kubectl`): no Kubernetes API runs here.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from hardened_eks.baseline import delivery
from hardened_eks.baseline.reading import read_settings
from tests.emulator.conftest import Account
from tests.emulator.kubectl_record import recorded_kubectl, run_bootstrap
from tests.examples.blueprints import FOLDER, Blueprint, run

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
PAGER = "arn:aws:secretsmanager:us-east-1:123456789012:secret:alerts/pagerduty-AbCdEf"
CLUSTERS = {
    "batch": ["batch"],
    "payments": ["payments"],
    "platform": ["platform"],
    "regulated": ["regulated"],
    "shared_vpc": ["orders", "stock"],
}


def made_first(account: Account, name: str) -> dict[str, str]:
    """Create what an app of examples/ expects to be there; return the app's ids to the emulator's."""
    if name == "payments":
        return {PAGER: _secret(account, "alerts/pagerduty", {"routing_key": "r-key"})}
    return _shared_network(account) if name == "shared_vpc" else {}


def _secret(account: Account, name: str, value: dict[str, str]) -> str:
    made = account.client("secretsmanager").create_secret(Name=name, SecretString=json.dumps(value))
    return str(made["ARN"])


def _shared_network(account: Account) -> dict[str, str]:
    ec2 = account.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    there = {"vpc-0a1b2c3d4e5f60718": vpc}
    for number in range(1, 7):
        zone = f"us-east-1{'abc'[(number - 1) % 3]}"
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.20.{number}.0/24", AvailabilityZone=zone)["Subnet"]
        there[f"subnet-0a1b2c3d4e5f6071{number}"] = subnet["SubnetId"]
    for number in range(1, 4):
        table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        there[f"rtb-0a1b2c3d4e5f6071{number}"] = table
    return there


def placed(template: dict[str, Any], there: dict[str, str]) -> dict[str, Any]:
    text = json.dumps(template)
    for theirs, here in there.items():
        text = text.replace(theirs, here)
    found: dict[str, Any] = json.loads(text)
    return found


def deploy(account: Account, blueprint: Blueprint) -> None:
    """Deploy the stacks in the order of the CDK; an administrator's step comes before the namespaces."""
    there = made_first(account, blueprint.name)
    settings = FOLDER / blueprint.name / "namespaces.yaml"
    for name, template in blueprint.templates.items():
        if name == "Namespaces":
            bootstrap = delivery.bootstrap(read_settings(settings.read_bytes(), settings.name))
            run_bootstrap(account.url, CLUSTERS[blueprint.name][0], bootstrap)
        account.deploy(name, placed(template, there))


def assert_hardened_clusters(account: Account, names: list[str]) -> None:
    eks = account.client("eks")
    assert sorted(eks.list_clusters()["clusters"]) == names
    for name in names:
        cluster = eks.describe_cluster(name=name)["cluster"]
        assert cluster["resourcesVpcConfig"]["endpointPublicAccess"] is False
        assert cluster["deletionProtection"] is True
        assert cluster["encryptionConfig"][0]["resources"] == ["secrets"]
        assert eks.list_nodegroups(clusterName=name)["nodegroups"] != []


def test_it_deploys(account: Account, blueprint: Blueprint) -> None:
    deploy(account, blueprint)
    assert_hardened_clusters(account, CLUSTERS[blueprint.name])
    settings = FOLDER / blueprint.name / "namespaces.yaml"
    if settings.exists():
        objects = [
            one for call in recorded_kubectl(account.url, CLUSTERS[blueprint.name][0]) for one in call["objects"]
        ]
        wanted = {space.name for space in read_settings(settings.read_bytes(), settings.name).namespaces}
        assert {one["metadata"]["name"] for one in objects if one["kind"] == "Namespace"} == wanted


@pytest.fixture(params=sorted(CLUSTERS))
def blueprint(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Blueprint:
    return run(request.param, tmp_path_factory.mktemp(request.param))
