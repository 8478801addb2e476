"""The examples of IAM's reference, and the traps between them."""

from typing import Any

import pytest

from tests.iam.conditions import holds

TAGS = "aws:TagKeys"


@pytest.mark.parametrize(("condition", "context", "expected"), [
    # Strings.
    ({"StringEquals": {"aws:PrincipalTag/job": "iamuser-admin"}}, {"aws:PrincipalTag/job": "iamuser-admin"}, True),
    ({"StringEquals": {"aws:PrincipalTag/job": "a*"}}, {"aws:PrincipalTag/job": "ab"}, False),
    ({"StringEquals": {"AWS:principaltag/JOB": "a"}}, {"aws:PrincipalTag/job": "a"}, True),
    ({"StringEquals": {"k": ["a", "b"]}}, {"k": "b"}, True),
    ({"StringEquals": {"k": "a"}}, {}, False),
    ({"StringEqualsIgnoreCase": {"k": "Ab"}}, {"k": "aB"}, True),
    ({"StringLike": {"k": "pay?oll*"}}, {"k": "payroll-1"}, True),
    ({"StringLike": {"k": "pay"}}, {"k": "payroll"}, False),
    ({"StringNotEquals": {"k": ["a", "b"]}}, {"k": "b"}, False),
    ({"StringNotEquals": {"k": ["a", "b"]}}, {"k": "c"}, True),
    ({"StringNotEquals": {"k": "a"}}, {}, True),
    ({"StringNotLike": {"k": "a*"}}, {"k": "ab"}, False),
    # Both keys and both operators must hold.
    ({"StringEquals": {"k": "a", "l": "b"}}, {"k": "a", "l": "c"}, False),
    ({"StringEquals": {"k": "a"}, "Bool": {"m": "true"}}, {"k": "a", "m": "true"}, True),
    # Numbers, dates, booleans, addresses.
    ({"NumericLessThanEquals": {"s3:max-keys": "10"}}, {"s3:max-keys": "10"}, True),
    ({"NumericLessThanEquals": {"s3:max-keys": "10"}}, {"s3:max-keys": "9.5"}, True),
    ({"NumericGreaterThanEquals": {"d": 30}}, {"d": "7"}, False),
    ({"NumericNotEquals": {"d": "1"}}, {"d": "1.0"}, False),
    ({"DateGreaterThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}}, {"aws:CurrentTime": "2026-11-29T00:00:00Z"}, True),
    ({"DateLessThan": {"aws:EpochTime": "1000"}}, {"aws:EpochTime": "1001"}, False),
    ({"Bool": {"aws:SecureTransport": "false"}}, {"aws:SecureTransport": "false"}, True),
    ({"Bool": {"aws:MultiFactorAuthPresent": True}}, {"aws:MultiFactorAuthPresent": "true"}, True),
    ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, {}, False),
    ({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, {"aws:SourceIp": "203.0.113.9"}, True),
    ({"NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"]}}, {"aws:SourceIp": "2001:db8::1"}, False),
    ({"BinaryEquals": {"k": "QmluYXJ5"}}, {"k": "QmluYXJ5"}, True),
    # ARNs: each of the six parts may have wildcards, which do not cross colons before the last part.
    ({"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:123456789012:*"}}, {"aws:SourceArn": "arn:aws:sns:r:123456789012:t"}, True),
    ({"ArnEquals": {"aws:SourceArn": "arn:aws:sns:*:123456789012:t*"}}, {"aws:SourceArn": "arn:aws:sns:r:123456789012:tt"}, True),
    ({"ArnLike": {"a": "arn:aws:s3:*"}}, {"a": "arn:aws:s3:::bucket"}, False),
    ({"ArnNotLike": {"a": "arn:aws:iam::1:role/x*"}}, {"a": "arn:aws:iam::1:role/xy"}, False),
    # Keys that are missing.
    ({"Null": {"k": "true"}}, {}, True),
    ({"Null": {"k": "true"}}, {"k": "x"}, False),
    ({"Null": {"k": "false"}}, {"k": "x"}, True),
    ({"StringLikeIfExists": {"ec2:InstanceType": ["t1.*", "m3.*"]}}, {}, True),
    ({"StringLikeIfExists": {"ec2:InstanceType": ["t1.*", "m3.*"]}}, {"ec2:InstanceType": "m5.large"}, False),
    ({"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}, {}, True),
    # Several values.
    ({"ForAllValues:StringEquals": {TAGS: ["environment", "cost-center"]}}, {TAGS: ["environment"]}, True),
    ({"ForAllValues:StringEquals": {TAGS: ["environment"]}}, {TAGS: ["environment", "x"]}, False),
    ({"ForAllValues:StringEquals": {TAGS: ["environment"]}}, {}, True),
    ({"ForAllValues:StringNotEquals": {TAGS: ["owner"]}}, {TAGS: ["a", "owner"]}, False),
    ({"ForAllValues:StringNotEquals": {TAGS: ["owner"]}}, {TAGS: ["a", "b"]}, True),
    ({"ForAnyValue:StringEquals": {TAGS: ["environment"]}}, {TAGS: ["environment", "x"]}, True),
    ({"ForAnyValue:StringEquals": {TAGS: ["environment"]}}, {}, False),
    ({"ForAnyValue:StringNotEquals": {TAGS: ["environment"]}}, {TAGS: ["environment", "x"]}, True),
    ({"ForAllValues:StringLikeIfExists": {TAGS: ["a*"]}}, {TAGS: []}, True),
    # Variables, with a default and with the special characters.
    ({"StringLike": {"s3:prefix": ["", "home/${aws:username}/*"]}}, {"s3:prefix": "home/ana/x", "aws:username": "ana"}, True),
    ({"StringLike": {"s3:prefix": ["home/${aws:username}/*"]}}, {"s3:prefix": "home/bob/x", "aws:username": "ana"}, False),
    ({"StringEquals": {"k": "${aws:PrincipalTag/team, 'company-wide'}"}}, {"k": "company-wide"}, True),
    ({"StringLike": {"k": "a${*}"}}, {"k": "ab"}, False),
    ({"StringLike": {"k": "a${*}"}}, {"k": "a*"}, True),
    ({"StringEquals": {"k": "${aws:username}"}}, {"k": "a.b", "aws:username": "a?b"}, False),
])  # fmt: skip
def test_holds(condition: dict[str, Any], context: dict[str, Any], expected: bool) -> None:
    assert holds(condition, context) is expected


@pytest.mark.parametrize(
    "operator", ["StringMatches", "ForSomeValues:StringEquals", "StringLikeIfPresent", "NullIfExists"]
)
def test_fails_when_iam_has_no_such_operator(operator: str) -> None:
    with pytest.raises(ValueError, match=operator):
        holds({operator: {"k": "a"}}, {"k": "a"})
