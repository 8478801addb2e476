"""Conditions of policies: which element narrows, judged by operator, key and value."""

import pytest

from hardened_eks.evidence.conditions import at_most, is_true, met, names_callers, narrowed, required, says_who, tied


def read(**condition: object) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return a condition as statements hold it."""
    return {
        operator.lower().replace("__", ":"): {
            key.lower(): tuple(values) if isinstance(values, list) else (values,) for key, values in keys.items()
        }
        for operator, keys in condition.items()
    }


NOTHING = {
    "after a day": read(DateGreaterThan={"aws:CurrentTime": "2020-01-01T00:00:00Z"}),
    "before a far day": read(DateLessThan={"aws:CurrentTime": "2099-01-01T00:00:00Z"}),
    "since a second": read(NumericGreaterThan={"aws:EpochTime": "1"}),
    "another team": read(StringNotEquals={"aws:ResourceTag/team": "payments"}),
    "another pattern": read(StringNotLike={"aws:ResourceTag/team": "pay*"}),
    "another number": read(NumericNotEquals={"s3:max-keys": "10"}),
    "another ARN": read(ArnNotEquals={"aws:PrincipalArn": "arn:aws:iam::111122223333:role/x"}),
    "some other": read(ForAnyValue__StringNotEquals={"aws:TagKeys": "team"}),
    "no MFA": read(Bool={"aws:MultiFactorAuthPresent": "false"}),
    "MFA or none": read(Bool={"aws:MultiFactorAuthPresent": ["true", "false"]}),
    "MFA if told": read(BoolIfExists={"aws:MultiFactorAuthPresent": "true"}),
    "no tag": read(Null={"aws:ResourceTag/team": "true"}),
    "a tag or none": read(Null={"aws:ResourceTag/team": ["true", "false"]}),
    "TLS": read(Bool={"aws:SecureTransport": "true"}),
    "everywhere": read(IpAddress={"aws:SourceIp": "0.0.0.0/0"}),
    "halves": read(IpAddress={"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}),
    "quarters, two of them": read(IpAddress={"aws:SourceIp": ["0.0.0.0/2", "64.0.0.0/2"]}),
    "all of IPv6 in use": read(IpAddress={"aws:SourceIp": "2000::/3"}),
    "no address": read(IpAddress={"aws:SourceIp": "anywhere"}),
    "a private address of any VPC": read(IpAddress={"aws:VpcSourceIp": "10.0.0.0/8"}),
    "all of nothing": read(ForAllValues__StringEquals={"aws:TagKeys": ["team"]}),
    "a tag if there": read(StringEqualsIfExists={"aws:ResourceTag/team": "payments"}),
    "stars": read(StringLike={"aws:ResourceTag/team": "*"}),
    "one character": read(StringLike={"aws:ResourceTag/team": "?*"}),
    "one and stars": read(StringLike={"aws:ResourceTag/team": ["payments", "*"]}),
    "any ARN": read(ArnLike={"aws:SourceArn": "arn:aws:*:*:*:*"}),
    "any role": read(ArnLike={"aws:PrincipalArn": "arn:aws:iam::*:*"}),
    "itself": read(StringEquals={"aws:PrincipalTag/team": "${aws:PrincipalTag/team}"}),
    "its own account": read(StringEquals={"aws:SourceAccount": "${aws:PrincipalAccount}"}),
    "a program": read(StringLike={"aws:UserAgent": "kubectl*"}),
    "no value": {"stringequals": {"aws:resourcetag/team": ()}},
    "no operator of IAM": read(StringIs={"aws:ResourceTag/team": "payments"}),
}
SOMETHING = {
    "a tag": read(StringEquals={"aws:ResourceTag/team": "payments"}),
    "a prefix": read(StringLike={"aws:ResourceTag/team": "pay*"}),
    "a tag that is there": read(Null={"aws:ResourceTag/elbv2.k8s.aws/cluster": "false"}),
    "all of something": read(ForAllValues__StringEquals={"aws:TagKeys": ["team"]}, Null={"aws:TagKeys": "false"}),
    "some": read(ForAnyValue__StringEquals={"aws:CalledVia": "cloudformation.amazonaws.com"}),
    "the team of the caller": read(StringEquals={"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}),
    "the account of the caller": read(StringEquals={"aws:ResourceAccount": "${aws:PrincipalAccount}"}),
    "the caller's folder": read(StringLike={"s3:prefix": "home/${aws:username}/*"}),
    "the caller's name": read(StringEquals={"s3:prefix": "${aws:username}"}),
    "MFA": read(Bool={"aws:MultiFactorAuthPresent": "true"}),
    "recent MFA": read(NumericLessThan={"aws:MultiFactorAuthAge": "3600"}),
    "an office": read(IpAddress={"aws:SourceIp": ["198.51.100.0/24", "2001:db8::/48"]}),
    "an office in a parameter": read(IpAddress={"aws:SourceIp": "${Office}"}),
    "inside": read(IpAddress={"aws:SourceIp": ["10.0.0.0/8", "172.16.0.0/12"]}),
    "a region": read(StringEquals={"aws:RequestedRegion": "eu-west-1"}),
    "a service": read(StringEquals={"kms:ViaService": "s3.eu-west-1.amazonaws.com"}),
    "grants of services": read(Bool={"kms:GrantIsForAWSResource": "true"}),
    "beside nothing": read(Bool={"aws:SecureTransport": "true"}, StringEquals={"aws:ResourceTag/team": "payments"}),
}


@pytest.mark.parametrize("name", NOTHING)
def test_what_nearly_every_call_meets_narrows_nothing(name: str) -> None:
    assert not narrowed(NOTHING[name])


@pytest.mark.parametrize("name", SOMETHING)
def test_what_particular_calls_meet_narrows(name: str) -> None:
    assert narrowed(SOMETHING[name])


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        (["iam:PassRole"], True),
        (["IAM:passrole"], True),
        (["iam:PassRole", "iam:PutRolePolicy"], False),
        (["iam:*"], False),
        (["iam:Pass?ole"], False),
        (["ec2:RunInstances"], False),
        ([], False),
    ],
)
def test_if_exists_narrows_only_actions_that_always_have_the_key(actions: list[str], expected: bool) -> None:
    assert narrowed(read(StringEqualsIfExists={"iam:PassedToService": "eks.amazonaws.com"}), actions) is expected


@pytest.mark.parametrize(
    "condition",
    [
        read(StringEquals={"aws:PrincipalOrgID": "${aws:ResourceOrgID}"}),
        read(StringEquals={"aws:SourceAccount": "${aws:ResourceAccount}"}),
        read(StringEquals={"aws:SourceVpce": "vpce-1"}),
        read(ForAnyValue__StringLike={"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"}),
        read(StringEquals={"aws:VpceOrgID": "o-a1b2c3d4e5"}),
    ],
)
def test_callers_are_named(condition: dict[str, dict[str, tuple[str, ...]]]) -> None:
    assert names_callers(condition)


@pytest.mark.parametrize(
    "condition",
    [
        read(StringEquals={"aws:PrincipalOrgID": "${aws:PrincipalOrgID}"}),
        read(StringEquals={"aws:PrincipalAccount": "${aws:PrincipalAccount}"}),
        read(ArnLike={"aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:role/deploy"}),
        read(StringLike={"aws:SourceVpc": "vpc-*"}),
        read(ForAnyValue__StringLike={"aws:PrincipalOrgPaths": "o-*/r-1/*"}),
        read(ForAllValues__StringLike={"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"}),
        read(StringEqualsIfExists={"aws:PrincipalAccount": "111122223333"}),  # an anonymous call has no account
        read(StringNotEquals={"aws:PrincipalAccount": "111122223333"}),
        read(Null={"aws:PrincipalOrgID": "false"}),
        read(IpAddress={"aws:SourceIp": "198.51.100.0/24"}),
    ],
)
def test_callers_are_not_named(condition: dict[str, dict[str, tuple[str, ...]]]) -> None:
    assert not names_callers(condition)


def test_who_is_more_than_which_account() -> None:
    assert says_who(read(StringEquals={"sts:ExternalId": "x-1"}))
    assert says_who(read(StringEquals={"sts:SourceIdentity": "jane"}))
    assert not says_who(read(StringEquals={"sts:SourceIdentity": "${aws:username}"}))
    assert not says_who(read(StringEquals={"aws:PrincipalOrgID": "o-a1b2c3d4e5"}))


def test_a_key_is_demanded() -> None:
    condition = read(StringEquals={"aws:SourceArn": "a"}, StringEqualsIfExists={"aws:SourceAccount": "b"})
    assert required(condition, "aws:SourceArn") == [("a",)]
    assert required(condition, "aws:SourceAccount") == []
    assert required(read(StringEquals={"issuer:sub": "s"}), ":sub") == [("s",)]
    assert tied(read(StringEquals={"aws:ResourceTag/team": "x"}), ["aws:resourcetag/"])
    assert not tied(read(StringLike={"aws:ResourceTag/team": "*"}), ["aws:resourcetag/"])


def test_what_has_to_be_true() -> None:
    assert is_true(read(Bool={"aws:MultiFactorAuthPresent": "true"}), "aws:MultiFactorAuthPresent")
    for condition in (
        read(Bool={"aws:MultiFactorAuthPresent": "false"}),
        read(Bool={"aws:MultiFactorAuthPresent": ["true", "false"]}),
        read(BoolIfExists={"aws:MultiFactorAuthPresent": "true"}),
        read(Bool={"aws:SecureTransport": "true"}),
        {},
    ):
        assert not is_true(condition, "aws:MultiFactorAuthPresent")


def test_how_much_something_may_be() -> None:
    age = "aws:MultiFactorAuthAge"
    assert at_most(read(NumericLessThan={age: "900"}, NumericLessThanEquals={age: "600"}), age) == 600
    assert at_most(read(NumericLessThan={age: ["900", "3600"]}), age) == 3600
    for condition in (
        read(NumericGreaterThan={age: "900"}),
        read(NumericLessThanIfExists={age: "900"}),
        read(NumericLessThan={age: "${Age}"}),
        read(NumericLessThan={age: []}),
        {},
    ):
        assert at_most(condition, age) is None


CALL = {"aws:sourceaccount": "1", "aws:securetransport": "true"}


@pytest.mark.parametrize(
    ("condition", "is_met"),
    [
        ({}, True),
        (read(StringEquals={"aws:SourceAccount": ["2", "1"]}), True),
        (read(StringEquals={"aws:SourceAccount": "2"}), False),
        (read(ForAnyValue__StringLike={"aws:SourceAccount": "1"}), True),
        (read(StringNotEquals={"aws:SourceAccount": "2"}), True),
        (read(StringNotEquals={"aws:SourceAccount": ["2", "1"]}), False),
        (read(Bool={"aws:SecureTransport": "true"}), True),
        (read(StringEquals={"aws:SourceVpc": "v"}), False),
        (read(StringEqualsIfExists={"aws:SourceVpc": "v"}), True),
        (read(ForAllValues__StringEquals={"aws:SourceVpc": "v"}), True),
        (read(ForAllValues__StringEquals={"aws:SourceVpc": "v"}, Null={"aws:SourceVpc": "false"}), False),
        (read(StringNotEquals={"aws:SourceVpc": "v"}), True),
        (read(Null={"aws:SourceVpc": "true"}), True),
        (read(Null={"aws:SourceAccount": "true"}), False),
        (read(IpAddress={"aws:SourceIp": "192.0.2.0/24"}), None),
        (read(IpAddress={"aws:SourceAccount": "192.0.2.0/24"}), None),
        (read(IpAddress={"aws:SourceIp": "192.0.2.0/24"}, StringEquals={"aws:SourceAccount": "2"}), False),
    ],
)
def test_whether_a_call_meets_a_condition(
    condition: dict[str, dict[str, tuple[str, ...]]], is_met: bool | None
) -> None:
    def there(key: str) -> bool | None:
        return None if key == "aws:sourceip" else key in CALL

    assert met(condition, there, lambda key, value: CALL[key] == value) is is_met
