"""A regular expression of ours is that of `re`, compiled when it is first used."""

import importlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardened_eks import _patterns


def test_it_does_what_a_compiled_pattern_does() -> None:
    ours, theirs = _patterns.regex(r"(?P<name>\w+)-(\d+)", re.IGNORECASE), re.compile(r"(?P<name>\w+)-(\d+)", re.I)
    match = ours.fullmatch("a-1")
    assert match is not None
    assert match["name"] == "a"
    assert ours.sub("x", "a-1 b-2") == theirs.sub("x", "a-1 b-2") == "x x"
    assert ours.findall("a-1 b-2") == theirs.findall("a-1 b-2")
    assert (ours.pattern, ours.flags, ours.groups) == (theirs.pattern, theirs.flags, theirs.groups)


def test_it_is_compiled_once_and_when_used(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    compile_ = re.compile
    monkeypatch.setattr(re, "compile", lambda *args: compiled.append(args[0]) or compile_(*args))
    ours = _patterns.regex("a+")
    assert compiled == []
    for _ in range(2):
        assert ours.search("caat")
    assert compiled == ["a+"]


def test_what_a_pattern_does_not_have_is_told() -> None:
    with pytest.raises(AttributeError):
        _patterns.regex("a").nothing  # type: ignore[attr-defined]


@given(st.text("ab:*?[]!-\n", max_size=8), st.text("ab:*?[]!-\n", max_size=6))
@settings(max_examples=300, deadline=None)
def test_a_pattern_of_iam_matches_as_a_regular_expression_does(text: str, pattern: str) -> None:
    expression = "".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern)
    assert _patterns.like(text, pattern) == bool(re.fullmatch(expression, text, re.DOTALL))


@pytest.mark.parametrize(
    ("text", "pattern", "matches"),
    [
        ("ecr:CreatePullThroughCacheRule", "ecr:*PullThroughCache*", True),
        ("ecr:CreatePullThroughCacheRule", "ecr:*Cache*Pull*", False),
        ("ecr:Put", "ecr:Put*Put", False),  # the two ends may not overlap
        ("ecr:PutPut", "ecr:Put*Put", True),
        ("aba", "*ab*ba*", False),
        ("", "", True),
        ("", "**", True),
        ("a", "", False),
    ],
)
def test_the_parts_of_a_pattern_follow_each_other(text: str, pattern: str, matches: bool) -> None:
    assert _patterns.like(text, pattern) is matches


def test_a_pattern_with_hints_is_compiled_for_a_string_that_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    compile_ = re.compile
    monkeypatch.setattr(re, "compile", lambda *args: compiled.append(args[0]) or compile_(*args))
    ours = _patterns.regex(r"(?i)key_?(\d)", hints=("key",))
    assert ours.search("nothing") is None
    assert ours.fullmatch("") is None
    assert compiled == []
    for text in ("a KEY_1 here", "a \N{KELVIN SIGN}ey1"):
        match = ours.search(text)
        assert match is not None
        assert match[1] == "1"
    assert ours.search("a key") is None
    assert ours.fullmatch("a KEY_1 here") is None
    assert ours.fullmatch("Key1") is not None
    assert set(compiled) == {r"(?i)key_?(\d)"}


SAMPLES = {
    "hardened_eks.sources.unseen:_EKS": ("Custom::eks", "Acme::EksCluster::Type", "Acme::EKSCluster", "a::EKS::b"),
    "hardened_eks.controls.nodes.kubelet_guarded:_KERNEL": (
        "protectKernelDefaults: false",
        "--Protect-Kernel-Defaults=false",
    ),
    "hardened_eks.controls.deployable.key_principals_exist:_SERVICE_LINKED": (
        "arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
    ),
    "hardened_eks.controls.functions.function_without_secrets:_SECRET_VALUE": (
        "AKIA" + "A" * 16,
        "ASIA" + "A" * 16,
        "-----BEGIN RSA PRIVATE KEY-----",
        "ghp_" + "a" * 36,
        "xoxb-" + "1" * 20,
        "xoxp-" + "1" * 20,
    ),
    "hardened_eks.controls.stack.no_secrets:_SECRET_NAME": (
        "Password", "passwords", "PASSWD", "SecretString", "secret_string", "AuthToken", "auth_token", "AccessToken",
        "access_token", "ApiKey", "api_key", "SecretKey", "secret_key", "SecretAccessKey", "secret_access_key",
        "ClientSecret", "client_secret", "PrivateKey", "private_key", "pa\N{LATIN SMALL LETTER LONG S}sword",
        "api_\N{KELVIN SIGN}ey",
    ),
    "hardened_eks.evidence.views.secrets:_PASSWORD": (
        "password=abcdefgh", "PASSWD: abcdefgh", "passphrase = abcdefgh", "secret=abcdefgh", "secret_key=abcdefgh",
        "api_key=abcdefgh", "apikey=abcdefgh", "token=abcdefgh", "dbPassword=abcdefgh", "DB_PASS=abcdefgh",
        "DB_PWD=abcdefgh",
    ),
    "hardened_eks.evidence.views.auto_scaling:_BOTTLEROCKET": (
        "/aws/service/bottlerocket/aws-k8s-1.36-fips/arm64/latest/image_id",
    ),
    "hardened_eks.evidence.views.auto_scaling:_OPTIMIZED": (
        "/aws/service/eks/optimized-ami/1.36/amazon-linux-2023/x86_64/standard/recommended/image_id",
    ),
    "hardened_eks.evidence.views.endpoint_policies:_AWS_BUCKETS": (
        "amazon-ssm-x", "aws-ssm-x", "x-birdwatcher-prod", "al2023-repos-x", "aws-ssm-document-attachments-x",
        "patch-baseline-snapshot-x", "aws-patch-manager-x", "amazonlinux", "amazonlinux-2-repos-x",
        "repo.x.amazonaws.com", "packages.x.amazonaws.com", "aws-windows-downloads-x",
        "cloudformation-custom-resource-response-x",
    ),
}  # fmt: skip
KUBELET = ("--anonymous-auth=true", "anonymous: {enabled: true", "--authorization-mode=AlwaysAllow",
           "mode = alwaysallow", "--read-only-port=10255", "readOnlyPort: 10255")  # fmt: skip


@pytest.mark.parametrize("place", SAMPLES)
def test_every_match_has_a_hint(place: str) -> None:
    module, name = place.split(":")
    pattern = getattr(importlib.import_module(module), name)
    for sample in SAMPLES[place]:
        assert pattern._pattern.search(sample), sample
        assert pattern.search(sample), sample


def test_every_setting_of_the_kubelet_has_a_hint() -> None:
    from hardened_eks.controls.nodes.kubelet_guarded import _OPENINGS

    for sample in KUBELET:
        assert any(pattern.search(sample) for pattern in _OPENINGS.values()), sample
