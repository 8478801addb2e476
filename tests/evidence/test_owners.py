"""Whose an account, an organization or an ARN is: what the templates and their environment tell."""

import pytest

from hardened_eks.evidence import Assembly, Template
from hardened_eks.evidence.views.owners import Owners, owners

OURS, OTHER = "111122223333", "999988887777"
HERE = {"Ref": "AWS::AccountId"}


def seen(*written: object, account: str = "", more: tuple[Template, ...] = ()) -> Owners:
    """Return what is known to be one's own from a policy that writes some accounts and organizations."""
    body = {"Resources": {"Policy": {"Type": "AWS::SQS::QueuePolicy", "Properties": {"PolicyDocument": list(written)}}}}
    template = Template("T", body, account=account)
    assembly = Assembly([template, *more])
    policy = template.resources["Policy"]
    return owners(policy, policy.get("PolicyDocument"), assembly)


def test_the_environment_tells_the_account() -> None:
    own = seen(OTHER, account=OURS)
    assert (own.account(OURS), own.account(OTHER)) == (True, False)


def test_accounts_of_the_whole_app_are_own() -> None:
    assert seen(OTHER, account=OURS, more=(Template("U", {}, account=OTHER),)).account(OTHER) is True


def test_a_number_beside_the_own_account_is_another() -> None:
    own = seen(HERE, OTHER)
    assert own.account("${AWS::AccountId}") is True
    assert own.account(OTHER) is False


def test_a_number_alone_tells_nothing() -> None:
    own = seen(OTHER)
    assert own.account(OTHER) is None
    assert own.of_one_account(OTHER), "the only one that is written"
    assert not seen(OTHER, OURS).of_one_account(OTHER), "one of two"


def test_accounts_of_aws_are_nobodys() -> None:
    assert seen(HERE, "127311923021").account("127311923021") is True


@pytest.mark.parametrize(
    ("arn", "own"),
    [
        ("arn:aws:iam::${AWS::AccountId}:role/x", True),
        ("arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:x", True),
        (f"arn:aws:iam::{OTHER}:role/x", False),
        ("arn:aws:iam::*:role/x", None),
        ("arn:aws:s3:::bucket", None),
        ("${Role.Arn}", True),
        ("${Policy}", True),
        ("${Parameter}", None),
    ],
)
def test_whose_an_arn_is(arn: str, own: bool | None) -> None:
    assert seen(HERE).arn(arn) is own


def test_the_organization_that_is_named_most_is_own() -> None:
    ours, other = "o-a1b2c3d4e5", "o-strangers01"
    own = seen(ours, ours, other)
    assert own.organized(f"{ours}/r-1/ou-1/")
    assert own.stranger("aws:principalorgid", other)
    assert not seen(ours).stranger("aws:principalorgid", ours)
    assert not own.stranger("aws:principalorgid", "${Organization}")


def test_of_two_organizations_named_alike_none_is_known_to_be_own() -> None:
    assert not seen("o-a1b2c3d4e5", "o-strangers01").organized("o-a1b2c3d4e5")
    assert not seen("o-a1b2c3d4e5").organized("o-*")
