"""Parameters: what a file may say, what is derived from it, and every mistake at once."""

import pytest

from hardened_eks.detections import DETECTIONS, PARAMETERS as KNOWN, Parameters, Source, read
from hardened_eks.detections.expressions import fill_filter, fill_value
from hardened_eks.detections.derived import DERIVED, _octets
from hardened_eks.errors import ConfigurationError
from tests.detections.events import PARAMETERS
from tests.detections.findings_cases import inspected, scan
from tests.detections.run import BY_ID, event_matches


def test_the_file_of_the_tests_is_right() -> None:
    parameters = read(PARAMETERS)
    assert parameters.each("cluster") == ("ledger",)
    assert parameters.each("key_ids") == (
        "9f8e7d6c-1111-4222-8333-0123456789ab",
        "aaaabbbb-1111-4222-8333-0123456789ab",
    )
    assert parameters.each("break_glass_session") == ("arn:aws:sts::444455556666:assumed-role/ledger-break-glass",)
    assert parameters.each("break_glass_canonical") == ("arn:aws:iam::444455556666:role/ledger-break-glass",)
    assert parameters.each("secret_names") == ("ledger/db", "ledger-shared/")
    assert parameters.each("vpc_prefixes") == ("10.40.*", "100.64.*")
    assert parameters.each("agent_namespaces") == ("kube-system", "amazon-guardduty", "amazon-cloudwatch")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], "a JSON object is needed"),
        ("payments", "got a string"),
        (None, "got null"),
        ({"clutser": "x"}, "clutser: unknown parameter; did you mean 'cluster'"),
        ({"zzz": 1}, "zzz: unknown parameter; there are account, region"),
        ({"cluster": 5}, "cluster: a string is needed, got a number"),
        ({"cluster": True}, "cluster: a string is needed, got a boolean"),
        ({"cluster": ["a"]}, "cluster: a string is needed, got a list"),
        ({"cluster": None}, "cluster: a string is needed, got null"),
        ({"cluster": ""}, "cluster: '' is not the name of an EKS cluster"),
        ({"cluster": 'a" || $.x = "'}, "is not the name of an EKS cluster"),
        ({"account": "12345"}, "account: '12345' is not 12 digits"),
        ({"account": 111122223333}, "account: a string is needed, got a number"),
        ({"region": "Frankfurt"}, "region: 'Frankfurt' is not a Region"),
        ({"kms_key": "1a2b"}, "kms_key: '1a2b' is not the ARN of a KMS key"),
        ({"kms_key": "arn:aws:kms:eu-west-1:1:key/a"}, "is not the ARN of a KMS key"),
        ({"kms_key": "arn:aws:kms:eu-west-1:111122223333:alias/a"}, "is not the ARN of a KMS key"),
        ({"break_glass_role": "break-glass"}, "break_glass_role: 'break-glass' is not the ARN of an IAM role"),
        ({"break_glass_role": "arn:aws:iam::111122223333:user/x"}, "is not the ARN of an IAM role"),
        ({"vpc_cidr": "10.0.0.0"}, "vpc_cidr: '10.0.0.0' is not an IPv4 CIDR block"),
        ({"vpc_cidr": "10.0.0.1/16"}, "is not an IPv4 CIDR block"),
        ({"vpc_cidr": "0.0.0.0/0"}, "is not an IPv4 CIDR block"),
        ({"roles": "payments-node"}, "roles: a list of strings is needed, got a string"),
        ({"roles": {"a": 1}}, "roles: a list of strings is needed, got an object"),
        ({"roles": []}, "roles: the list is empty; give at least 1, or leave the parameter out"),
        ({"roles": ["a", 7]}, "roles[1]: a string is needed, got a number"),
        ({"roles": ["arn:aws:iam::111122223333:role/a"]}, "is not the name of an IAM role"),
        ({"trusted_registries": ["docker.io/library"]}, "is not a registry that ends in /"),
        ({"trusted_automation": "arn:aws:iam::111122223333:role/a"}, "a list of strings is needed, got a string"),
        ({"trusted_automation": ["arn:aws:sts::111122223333:assumed-role/a/b"]}, "trusted_automation[0]: "),
        ({"secrets": ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:db"]}, "is not the ARN of a secret"),
        ({"admin_hosts": ["bastion"]}, "is not an instance ID"),
        ({"agent_namespaces": ["Kube_System"]}, "is not the name of a namespace"),
        ({"secret_readers": ['x" || $.a = "*']}, "is not a Kubernetes user name"),
        ({"secret_readers": ["arn:aws:sts::*:assumed-role/a/b"]}, "is a wildcard at its beginning or end only"),
        ({"pod_cidrs": ["fd00::/8"]}, "pod_cidrs[0]: 'fd00::/8' is not an IPv4 CIDR block"),
    ],
)
def test_refuses(values: object, expected: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(values)
    assert len(caught.value.problems) == 1
    assert expected in caught.value.problems[0]


def test_tells_all_mistakes_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        read({"account": 1, "regin": "x", "roles": ["ok", "a b", 3], "kms_key": "x"})
    assert [problem.split(":")[0] for problem in caught.value.problems] == [
        "account",
        "regin",
        "roles[1]",
        "roles[2]",
        "kms_key",
    ]


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("10.0.0.0/8", ["10.*"]),
        ("10.20.0.0/16", ["10.20.*"]),
        ("10.20.30.0/24", ["10.20.30.*"]),
        ("10.20.30.4/32", ["10.20.30.4"]),
        ("10.20.28.0/22", ["10.20.28.*", "10.20.29.*", "10.20.30.*", "10.20.31.*"]),
        ("10.20.30.8/30", ["10.20.30.8", "10.20.30.9", "10.20.30.10", "10.20.30.11"]),
        ("172.16.0.0/12", ["172.*"]),  # 16 prefixes: the next octet border
        ("10.20.16.0/20", ["10.20.*"]),
        ("10.20.30.0/25", ["10.20.30.*"]),
    ],
)
def test_blocks_as_prefixes(block: str, expected: list[str]) -> None:
    assert _octets(block) == expected


def test_three_blocks_fit_the_filter() -> None:
    parameters = read({"vpc_cidr": "10.120.0.0/22", "pod_cidrs": ["100.64.0.0/16", "100.65.0.0/16"]})
    assert len(BY_ID["k8s-outside-vpc"].expression(Source.AUDIT_LOG).filled(parameters)) <= 1024


def test_partitions() -> None:
    assert read({"region": "cn-north-1"}).each("partition") == ("aws-cn",)
    assert read({"region": "us-gov-west-1"}).each("partition") == ("aws-us-gov",)
    assert Parameters().each("partition") == ("aws",)


def test_without_values_names_stay() -> None:
    assert Parameters().each("cluster") == ("<cluster>",)
    assert fill_value({"a": ["<roles>", {"suffix": "/<cluster>"}]}, Parameters()) == {
        "a": ["<roles>", {"suffix": "/<cluster>"}]
    }


def test_derived_values_stand_for_their_parameter() -> None:
    for name in set(DERIVED) - {"partition", "finding_counts", "finding_levels"}:  # those have a default
        (shown,) = Parameters().each(name)
        assert shown[1:-1] in {p.name for p in KNOWN}
    assert Parameters().each("finding_counts") == ("CRITICAL=1", "HIGH=1")


def test_derived_values_can_be_given() -> None:
    """For values that are known only at deployment, such as tokens of the CDK."""
    given = Parameters({"break_glass_role": "${Token[1]}", "break_glass_session": "${Token[2]}"})
    assert given.each("break_glass_session") == ("${Token[2]}",)


def test_lists_take_their_places() -> None:
    parameters = Parameters({"roles": ("a", "b"), "cluster": "c"})
    filled = fill_value(
        {"x": ["<roles>", "z"], "y": [{"prefix": "<roles>/"}], "n": [1, None, True, "<cluster>!"]}, parameters
    )
    assert filled == {"x": ["a", "b", "z"], "y": [{"prefix": "a/"}, {"prefix": "b/"}], "n": [1, None, True, "c!"]}
    text = '{ $.a != "<roles>*" || $.b = "<roles>" || $.c = "<cluster>" }'
    assert fill_filter(text, parameters) == '{ ($.a != "a*" && $.a != "b*") || ($.b = "a" || $.b = "b") || $.c = "c" }'


def test_empty_lists() -> None:
    parameters = Parameters({"roles": ()})
    assert fill_value({"a": [{"anything-but": ["<roles>"]}]}, parameters) == {"a": [{"exists": True}]}
    assert fill_filter('{ $.a != "<roles>" }', parameters) == '{ $.eventVersion = "*" }'
    assert fill_filter('{ $.a = "<roles>" }', parameters) == "{ $.eventVersion NOT EXISTS }"


def test_too_long_a_list_is_refused() -> None:
    many = [f"{n}.dkr.ecr.eu-west-1.amazonaws.com/" for n in range(100000000000, 100000000009)]
    with pytest.raises(ConfigurationError, match="1024 are allowed; shorten agent_namespaces, trusted_registries"):
        BY_ID["k8s-untrusted-image"].expression(Source.AUDIT_LOG).filled(read({"trusted_registries": many}))


def test_longer_lists_than_usual_fit() -> None:
    """Twice the automation, keys, roles and blocks of the tests still fit the limits of AWS."""
    doubled = {"more_keys", "roles", "trusted_automation", "admin_hosts", "load_balancer_roles"}
    values = {name: value * 2 if name in doubled else value for name, value in PARAMETERS.items()}
    parameters = read({**values, "secrets": PARAMETERS["secrets"][1:]})
    for detection in DETECTIONS:
        for expression in detection.expressions:
            assert expression.filled(parameters)


def test_too_many_keys_are_refused() -> None:
    keys = [f"arn:aws:kms:eu-west-1:111122223333:key/1a2b3c4d-0000-4111-8222-{n:012}" for n in range(20)]
    with pytest.raises(ConfigurationError, match="2048 are allowed; shorten more_keys, trusted_automation"):
        BY_ID["kms-key-at-risk"].expression(Source.EVENTBRIDGE).filled(read({**PARAMETERS, "more_keys": keys}))


def test_severities_of_findings_in_images_are_a_threshold() -> None:
    def asked(**given: list[str]) -> tuple[object, object]:
        parameters = read(given)
        scan, inspector = (
            next(d for d in DETECTIONS if d.id == id_).expressions[0].filled(parameters)["detail"]
            for id_ in ("ecr-scan", "inspector-image")
        )
        return scan, inspector["severity"]

    some = [{"numeric": [">=", 1]}]
    assert asked() == (
        {
            "scan-status": ["COMPLETE"],
            "$or": [{"finding-severity-counts": {"CRITICAL": some}}, {"finding-severity-counts": {"HIGH": some}}],
        },
        ["CRITICAL", "HIGH"],
    )
    only = asked(finding_severities=["CRITICAL"])
    assert only == (
        {"scan-status": ["COMPLETE"], "finding-severity-counts": {"CRITICAL": some}}, ["CRITICAL"],
    ), "EventBridge takes no $or of one"  # fmt: skip
    counted = asked(finding_severities=["CRITICAL", "HIGH=10", "MEDIUM=200"])
    assert counted == (
        {
            "scan-status": ["COMPLETE"],
            "$or": [
                {"finding-severity-counts": {"CRITICAL": some}},
                {"finding-severity-counts": {"HIGH": [{"numeric": [">=", 10]}]}},
                {"finding-severity-counts": {"MEDIUM": [{"numeric": [">=", 200]}]}},
            ],
        },
        ["CRITICAL", "HIGH", "MEDIUM"],
    ), "an event about one finding has no number"
    with pytest.raises(ConfigurationError, match="'SEVERE' is not one of CRITICAL, HIGH, MEDIUM, LOW"):
        read({"finding_severities": ["SEVERE"]})


@pytest.mark.parametrize("id_", ["ecr-scan", "inspector-scan"])
def test_a_scan_is_told_from_the_number_of_findings_on(id_: str) -> None:
    pattern = BY_ID[id_].expressions[0].filled(read({"finding_severities": ["CRITICAL", "HIGH=10"]}))
    of = scan if id_ == "ecr-scan" else inspected
    assert event_matches(pattern, of(HIGH=10))
    assert event_matches(pattern, of(HIGH=11, CRITICAL=0))
    assert event_matches(pattern, of(CRITICAL=1, HIGH=2))
    assert not event_matches(pattern, of(HIGH=9))
    assert not event_matches(pattern, of(CRITICAL=0, HIGH=0, LOW=5000))


@pytest.mark.parametrize(
    "value", ["HIGH=0", "HIGH=", "HIGH=-1", "HIGH=ten", "HIGH>=10", "=10", "HIGH=1000000", "high=1"]
)
def test_a_number_of_findings_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(ConfigurationError, match="alone or with a number such as HIGH=10"):
        read({"finding_severities": [value]})
