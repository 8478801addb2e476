"""The emulator itself: it refuses what CloudFormation and EKS refuse."""

import pytest

from tests.emulator.conftest import Account, StackFailed

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]


def stack(**resources: tuple[str, dict]) -> dict:
    return {"Resources": {n: {"Type": t, "Properties": p} for n, (t, p) in resources.items()}}


@pytest.mark.parametrize(
    ("template", "words"),
    [
        (stack(Key=("AWS::KMS::Key", {"EnableKeyRotate": True})), "extraneous key [EnableKeyRotate]"),
        (stack(C=("AWS::EKS::Cluster", {"Name": "x"})), "required key [RoleArn]"),
        (stack(A=("AWS::EKS::Addon", {"ClusterName": "nope", "AddonName": "vpc-cni"})), "No cluster found"),
        (
            stack(N=("AWS::EKS::Nodegroup", {"ClusterName": "nope", "NodeRole": "r", "Subnets": ["s"]})),
            "No cluster found",
        ),
        (stack(G=("AWS::ECR::Repository", {"ImageTagMutability": "SOMETIMES"})), "not a valid enum value"),
        (stack(T=("AWS::Nope::Nope", {})), "AWS::Nope::Nope"),
    ],
)
def test_a_bad_template_fails_and_rolls_back(account: Account, template: dict, words: str) -> None:
    with pytest.raises((StackFailed, account.client("cloudformation").exceptions.ClientError)) as caught:
        account.deploy("bad", template)
    assert words in str(caught.value)
    assert account.client("kms").list_keys()["Keys"] == []


def test_a_type_nobody_emulates_is_validated_and_remembered(account: Account) -> None:
    made = account.deploy("generic", stack(A=("AWS::AccessAnalyzer::Analyzer", {"Type": "ACCOUNT"})))
    assert made["A"].startswith("generic-A-")
    with pytest.raises(StackFailed, match="extraneous key"):
        account.deploy("generic2", stack(A=("AWS::AccessAnalyzer::Analyzer", {"Type": "ACCOUNT", "Nope": 1})))
