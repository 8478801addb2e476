"""An OIDC identity provider, attached, changed and detached by a CloudFormation engine."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

import hardened_eks as hardened
from tests.emulator.conftest import Account, StackFailed

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
CLUSTER: dict[str, Any] = {
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
    **{
        f"Subnet{zone}": {
            "Type": "AWS::EC2::Subnet",
            "Properties": {
                "VpcId": {"Ref": "Vpc"}, "CidrBlock": f"10.0.{n}.0/24", "AvailabilityZone": f"eu-central-1{zone.lower()}",
            },
        }
        for n, zone in enumerate("AB")
    },
    "Cluster": {
        "Type": "AWS::EKS::Cluster",
        "Properties": {
            "Name": "payments", "RoleArn": "arn:aws:iam::123456789012:role/cluster",
            "ResourcesVpcConfig": {"SubnetIds": [{"Ref": "SubnetA"}, {"Ref": "SubnetB"}]},
        },
    },
}  # fmt: skip


def provider(client_id: str = "kubernetes") -> dict[str, Any]:
    stack = cdk.Stack(cdk.App(), "People")
    cluster = hardened.Cluster.from_cluster_attributes(stack, "Cluster", name="payments")
    hardened.IdentityProvider(
        stack, "People", cluster=cluster, issuer="https://login.bank.example/realms/staff", client_id=client_id
    )
    found: dict[str, Any] = Template.from_stack(stack).to_json()
    return found


def attached(account: Account) -> str:
    return next(id for id in account.resources("People").values() if id.endswith("|payments|oidc"))


def test_it_is_attached_replaced_and_detached(account: Account) -> None:
    account.deploy("Base", {"Resources": CLUSTER})
    account.deploy("People", provider())
    first = attached(account)
    with pytest.raises(StackFailed, match="limit exceeded"):
        account.deploy("Others", provider("other"))
    account.deploy("People", provider("other"))
    assert attached(account) != first
    account.delete("People")
    account.deploy("Again", provider())
