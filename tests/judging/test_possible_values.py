"""What a template bounds is evaluated value by value by every control, and the bad value is named."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.access import no_service_wildcard
from hardened_eks.controls.control_plane import (
    audit_log,
    private_access,
    private_endpoint,
    secrets_customer_key,
    secrets_encrypted,
    version_supported,
)
from hardened_eks.controls.deployable import access_entries_unique
from hardened_eks.controls.keys import iam_no_decrypt_all
from hardened_eks.controls.model import Control, Problem, Severity, control
from hardened_eks.controls.network import flow_logs
from hardened_eks.controls.nodes import nitro_only, user_data_no_secrets
from hardened_eks.evidence import Assembly, Resource, Template
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.judging.possible import Possible
from tests.controls.cases import Body, findings, template

STAGE = {"Stage": {"Type": "String", "AllowedValues": ["dev", "prod"], "Default": "dev"}}
PROD = {"Prod": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}}


def cluster(properties: Mapping[str, Any], **sections: Any) -> Body:
    return template({"Cluster": ("AWS::EKS::Cluster", properties)}, **sections)


def public(value: Any, **sections: Any) -> Body:
    return cluster({"ResourcesVpcConfig": {"EndpointPublicAccess": value, "EndpointPrivateAccess": True}}, **sections)


def messages(judge: Control, *bodies: Body, **parameters: Any) -> list[str]:
    assembly = Assembly([Template(f"T{n}", body, parameters=parameters) for n, body in enumerate(bodies)])
    return [finding.problem.message for finding in evaluate(assembly, [judge]).findings]


# What passes when every possible value passes.


@pytest.mark.parametrize("judge", [private_endpoint, private_access])
def test_both_branches_of_a_whole_property(judge: Control) -> None:
    network = {"EndpointPublicAccess": False, "EndpointPrivateAccess": True}
    branches = [{**network, "SubnetIds": ["subnet-1"]}, {**network, "SubnetIds": ["subnet-2"]}]
    body = cluster({"ResourcesVpcConfig": {"Fn::If": ["Prod", *branches]}}, Parameters=STAGE, Conditions=PROD)
    assert findings(judge, body) == []


@pytest.mark.parametrize("judge", [secrets_encrypted, secrets_customer_key])
def test_a_key_that_is_given_or_made(judge: Control) -> None:
    def config(arn: Any) -> list[Any]:
        return [{"Provider": {"KeyArn": arn}, "Resources": ["secrets"]}]

    body = template(
        {"Key": ("AWS::KMS::Key", {}), "Cluster": ("AWS::EKS::Cluster", {"EncryptionConfig": {
            "Fn::If": ["Given", config({"Ref": "Arn"}), config({"Fn::GetAtt": ["Key", "Arn"]})]}})},
        Parameters={"Arn": {"Type": "String", "Default": ""}},
        Conditions={"Given": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Arn"}, ""]}]}},
    )  # fmt: skip
    assert findings(judge, body) == []


@pytest.mark.parametrize("value", ["t2.large", "m7g.large"])
def test_allowed_values(value: str) -> None:
    group = ("AWS::EKS::Nodegroup", {"InstanceTypes": [{"Ref": "Type"}]})
    body = template({"Nodes": group}, Parameters={"Type": {"Type": "String", "AllowedValues": ["m7i.large", value]}})
    found = findings(nitro_only, body)
    assert [message.endswith("(with Type = t2.large)") for message in found] == ([True] if value == "t2.large" else [])


@pytest.mark.parametrize("key", ["Stage", "AWS::Region", "Free"])
def test_a_mapping_whose_rows_are_all_good(key: str) -> None:
    rows = {"dev": {"Public": "false"}, "prod": {"Public": "false"}}
    value = {"Fn::FindInMap": ["Network", {"Ref": key}, "Public"]}
    parameters = {**STAGE, "Free": {"Type": "String"}}
    assert findings(private_endpoint, public(value, Parameters=parameters, Mappings={"Network": rows})) == []
    rows["prod"]["Public"] = "true"
    (found,) = findings(private_endpoint, public(value, Parameters=parameters, Mappings={"Network": rows}))
    assert found.endswith(f"(with {key} = prod)")


def test_a_policy_in_a_list_under_a_condition() -> None:
    read = {
        "Effect": "Allow",
        "Action": "secretsmanager:GetSecretValue",
        "Resource": "arn:aws:secretsmanager:a:1:secret:x",
    }
    policy = {"PolicyName": "read", "PolicyDocument": {"Statement": [read]}}
    decrypt = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}
    always = {"PolicyName": "always", "PolicyDocument": {"Statement": [read]}}
    optional = {"Fn::If": ["B", policy, {"Ref": "AWS::NoValue"}]}
    role = {"Role": ("AWS::IAM::Role", {"Policies": [optional, always]})}
    sections = {"Parameters": {"Mode": {"Type": "String", "Default": "a"}},
                "Conditions": {"B": {"Fn::Equals": [{"Ref": "Mode"}, "b"]}}}  # fmt: skip
    assert findings(iam_no_decrypt_all, template(role, **sections)) == []
    always["PolicyDocument"] = {"Statement": [decrypt]}
    (found,) = findings(iam_no_decrypt_all, template(role, **sections))
    assert found.startswith("Policies.1."), "one finding, at the place where it is written"
    assert "(with" not in found, "it holds in every branch"


def test_two_conditions_at_once() -> None:
    both = {"Fn::If": ["Prod", False, {"Fn::If": ["Big", False, False]}]}
    size = {"Size": {"Type": "String", "AllowedValues": ["s", "l"]}}
    sections = {"Parameters": {**STAGE, **size}, "Conditions": {**PROD, "Big": {"Fn::Equals": [{"Ref": "Size"}, "l"]}}}
    assert findings(private_endpoint, public(both, **sections)) == []
    both["Fn::If"][2]["Fn::If"][1] = True
    (found,) = findings(private_endpoint, public(both, **sections))
    assert found.endswith("(with Stage = dev and Size = l)")


def test_a_parameter_of_a_nested_stack_is_its_parents() -> None:
    above = Template("Above", {"Resources": {}, "Parameters": STAGE})
    body = public({"Fn::If": ["Prod", False, True]}, Parameters={"Env": {"Type": "String"}}, Conditions={
        "Prod": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}})  # fmt: skip
    nested = Template("Nested", body, parent=(above, {"Env": {"Ref": "Stage"}}))
    (found,) = evaluate(Assembly([nested, above]), [private_endpoint]).findings
    assert found.problem.message.endswith("(with Stage = dev)")
    assert found.resource is nested.resources["Cluster"]


# Which branch is named.


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ({"Fn::Equals": [{"Ref": "Stage"}, "prod"]}, "with Stage = dev"),
        ({"Fn::Not": [{"Fn::Equals": [{"Ref": "Stage"}, "prod"]}]}, "with Stage = prod"),
        ({"Fn::Equals": [{"Ref": "Free"}, "x"]}, "with Free other than x"),
        ({"Fn::Not": [{"Fn::Equals": [{"Ref": "Free"}, ""]}]}, 'with Free = ""'),
        ({"Fn::Equals": [{"Ref": "Free"}, {"Ref": "Stage"}]}, "where the condition Closed is false"),
        ({"Fn::Equals": [{"Ref": "Hidden"}, "x"]}, "where the condition Closed is false"),
        ({"Fn::Equals": [{"Ref": "Stored"}, "x"]}, "where the condition Closed is false"),
        ({"Fn::Or": [{"Fn::Equals": [{"Ref": "Flag"}, True]}]}, "with Flag = false"),
    ],
)
def test_the_bad_branch_is_named(expression: Any, expected: str) -> None:
    parameters = {
        **STAGE,
        "Free": {"Type": "String"},
        "Flag": {"Type": "String", "AllowedValues": [True, False]},
        "Hidden": {"Type": "String", "NoEcho": True, "AllowedValues": ["x", "y"]},
        "Stored": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "x", "AllowedValues": ["x", "y"]},
    }
    body = public({"Fn::If": ["Closed", False, True]}, Parameters=parameters, Conditions={"Closed": expression})
    assert messages(private_endpoint, body) == [
        f"the public endpoint is on (EndpointPublicAccess is True) ({expected})"
    ]


def test_what_holds_in_every_branch_names_none() -> None:
    access = {"Fn::If": ["Prod", {"EndpointPublicAccess": True}, {"EndpointPublicAccess": True, "SubnetIds": []}]}
    body = cluster({"ResourcesVpcConfig": access}, Parameters=STAGE, Conditions=PROD)
    assert messages(private_endpoint, body) == ["the public endpoint is on (EndpointPublicAccess is True)"]


def test_several_bad_values_make_one_finding() -> None:
    version = {"Type": "String", "AllowedValues": ["1.36", "1.20", "1.21", "1.22"]}
    body = cluster({"Version": {"Ref": "Version"}}, Parameters={"Version": version})
    (found,) = messages(version_supported, body)
    assert "1.20" in found
    assert found.endswith("(with Version = 1.20, and 2 more)")


def test_one_bad_row_of_every_kind_has_its_own_words() -> None:
    """All versions are bad, in different words: the words of one are not said of all."""
    version = {"Type": "String", "AllowedValues": ["1.20", "1.21"]}
    body = cluster({"Version": {"Ref": "Version"}}, Parameters={"Version": version})
    (found,) = messages(version_supported, body)
    assert found.endswith("(with Version = 1.20, and 1 more)")


# What a control sees of other resources.


def test_what_is_needed_but_made_under_a_condition_is_missed_in_the_other() -> None:
    log = {"Type": "AWS::EC2::FlowLog", "Condition": "Prod",
           "Properties": {"ResourceId": {"Ref": "Vpc"}, "TrafficType": "ALL"}}  # fmt: skip
    body = template({"Vpc": ("AWS::EC2::VPC", {}), "Log": log}, Parameters=STAGE, Conditions=PROD)
    assert messages(flow_logs, body) == ["no flow log records its traffic (with Stage = dev)"]
    body["Resources"]["Vpc"]["Condition"] = "Prod"
    assert messages(flow_logs, body) == [], "neither is created"


def test_a_condition_that_is_known_to_be_false_makes_nothing() -> None:
    log = {"Type": "AWS::EC2::FlowLog", "Condition": "Prod",
           "Properties": {"ResourceId": {"Ref": "Vpc"}, "TrafficType": "ALL"}}  # fmt: skip
    body = template({"Vpc": ("AWS::EC2::VPC", {}), "Log": log}, Parameters=STAGE, Conditions=PROD)
    assert messages(flow_logs, body, Stage="prod") == []
    assert messages(flow_logs, body, Stage="dev") == ["no flow log records its traffic"]
    gone = public(True, Parameters=STAGE, Conditions=PROD)
    gone["Resources"]["Cluster"]["Condition"] = "Prod"
    assert messages(private_endpoint, gone, Stage="dev") == []
    assert len(messages(private_endpoint, gone, Stage="prod")) == 1


def test_resources_that_exclude_each_other_do_not_meet() -> None:
    entry = {"ClusterName": "prod", "PrincipalArn": "arn:aws:iam::111122223333:role/a"}
    entries = {
        "One": {"Type": "AWS::EKS::AccessEntry", "Condition": "Prod", "Properties": entry},
        "Two": {"Type": "AWS::EKS::AccessEntry", "Condition": "NotProd", "Properties": entry},
    }
    conditions = {**PROD, "NotProd": {"Fn::Not": [{"Condition": "Prod"}]}}
    assert messages(access_entries_unique, template(entries, Parameters=STAGE, Conditions=conditions)) == []
    del entries["Two"]["Condition"]
    (found,) = messages(access_entries_unique, template(entries, Parameters=STAGE, Conditions=conditions))
    assert found.endswith("(with Stage = prod)")


# What is not bounded stays unknown, and fails closed.


@pytest.mark.parametrize(
    "parameter",
    [
        {"Type": "String", "Default": "false"},
        {"Type": "String", "Default": "false", "NoEcho": True, "AllowedValues": ["false"]},
        {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "false", "AllowedValues": ["false"]},
        {"Type": "CommaDelimitedList", "AllowedValues": ["false"]},
        {"Type": "String", "AllowedPattern": "false"},
        {"Type": "String", "AllowedValues": []},
        {"Type": "String", "AllowedValues": {"a": "false"}},
        None,
    ],
)
def test_fails_closed_on_what_whoever_deploys_decides(parameter: Any) -> None:
    body = public({"Ref": "Public"}, Parameters={"Public": parameter})
    assert len(messages(private_endpoint, body)) == 1


def test_a_value_outside_of_the_comparisons_is_not_forgotten() -> None:
    value = {"Fn::If": ["Closed", False, {"Ref": "Public"}]}
    conditions = {"Closed": {"Fn::Equals": [{"Ref": "Public"}, "no"]}}
    (found,) = messages(
        private_endpoint, public(value, Parameters={"Public": {"Type": "String"}}, Conditions=conditions)
    )
    assert found.startswith("ResourcesVpcConfig.EndpointPublicAccess is not known before deployment; at worst, ")
    assert found.endswith("; Public is a parameter: set it with --parameters Public=VALUE (with Public other than no)")


def test_the_rows_of_one_mapping_do_not_stand_for_those_of_another() -> None:
    mappings = {"A": {"x": {"Public": "false"}}, "B": {"x": {"Public": "false"}, "y": {"Public": "true"}}}
    key = {"Ref": "Free"}
    value = {"Fn::If": ["Either", {"Fn::FindInMap": ["A", key, "Public"]}, {"Fn::FindInMap": ["B", key, "Public"]}]}
    sections = {"Parameters": {"Free": {"Type": "String"}, **STAGE}, "Mappings": mappings,
                "Conditions": {"Either": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}}}  # fmt: skip
    (found,) = messages(private_endpoint, public(value, **sections))
    assert found.endswith("(with Stage = dev and Free = y)")


def test_the_key_of_one_stack_is_not_that_of_another() -> None:
    """The nested stack's Key is the parent's Env, not its own, of which the mapping's rows are tried."""
    above = Template("Above", {"Resources": {}, "Parameters": {"Env": {"Type": "String"}}})
    look = [{"Fn::FindInMap": ["M", {"Ref": name}, "Public"]} for name in ("Key", "Env")]
    body = public(look[0], Parameters={"Key": {"Type": "String"}, "Env": {"Type": "String"}},
                  Mappings={"M": {"x": {"Public": "false"}, "y": {"Public": "false"}}})  # fmt: skip
    body["Resources"]["Cluster"]["Properties"]["Name"] = look[1]
    nested = Template("Nested", body, parent=(above, {"Key": {"Ref": "Env"}}))
    (found,) = evaluate(Assembly([above, nested]), [private_endpoint]).findings
    assert "is not known before deployment" in found.problem.message


def test_a_mapping_with_a_default_value_has_more_than_its_rows() -> None:
    value = {"Fn::FindInMap": ["A", {"Ref": "Free"}, "Public", {"DefaultValue": "true"}]}
    body = public(value, Parameters={"Free": {"Type": "String"}}, Mappings={"A": {"x": {"Public": "false"}}})
    assert len(messages(private_endpoint, body)) == 1


def test_more_combinations_than_are_tried_are_no_pass() -> None:
    @control(
        id="ZZ-1", title="t", types=("T::A",), severity=Severity.LOW, why="w", fix="f", source="https://example.com"
    )
    def known(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
        if not isinstance(resource.get("V"), str):
            yield Problem("V is bad", "V")

    def body(count: int) -> Body:
        names = [f"P{n}" for n in range(count)]
        return template(
            {"A": ("T::A", {"V": {"Fn::Join": ["", [{"Fn::If": [name, "a", "b"]} for name in names]]}})},
            Parameters={name: {"Type": "String", "AllowedValues": ["a", "b"]} for name in names},
            Conditions={name: {"Fn::Equals": [{"Ref": name}, "a"]} for name in names},
        )

    assert messages(known, body(3)) == []
    (found,) = messages(known, body(4))
    assert found.startswith("V is not known before deployment; at worst, V is bad; ")
    assert found.endswith("--parameters P3=VALUE"), "it is so in each combination that was tried"


def test_what_too_many_conditions_decide_on_may_be_missing() -> None:
    logs, conditions, parameters = {}, {}, {}
    for n in range(8):
        parameters[f"P{n}"] = {"Type": "String", "AllowedValues": ["a", "b"]}
        conditions[f"C{n}"] = {"Fn::Equals": [{"Ref": f"P{n}"}, "a"]}
        logs[f"Log{n}"] = {"Type": "AWS::EC2::FlowLog", "Condition": f"C{n}",
                           "Properties": {"ResourceId": {"Ref": "Vpc"}, "TrafficType": "ALL"}}  # fmt: skip
    body = template({"Vpc": ("AWS::EC2::VPC", {}), **logs}, Parameters=parameters, Conditions=conditions)
    (found,) = messages(flow_logs, body)
    assert found.startswith("no flow log records its traffic (with P0 = b and P1 = b, where no resource with an")


def test_a_long_list_of_values_is_judged_by_what_it_is_compared_with() -> None:
    stage = {"Stage": {"Type": "String", "AllowedValues": [str(n) for n in range(100)]}}
    conditions = {"One": {"Fn::Equals": [{"Ref": "Stage"}, "1"]}}
    body = public({"Fn::If": ["One", False, True]}, Parameters=stage, Conditions=conditions)
    assert messages(private_endpoint, body) == [
        "the public endpoint is on (EndpointPublicAccess is True) (with Stage other than 1)"
    ]
    assert (
        messages(private_endpoint, public({"Fn::If": ["One", False, "false"]}, Parameters=stage, Conditions=conditions))
        == []
    )


def sizes(*types: str, **more: Any) -> Body:
    """Return a node group whose instance type is one of a list, and whose image and labels are choices as well."""
    choices = {"Type": types, "Image": ("AL2023_x86_64_STANDARD", "BOTTLEROCKET_x86_64"), "Stage": ("dev", "prod")}
    properties = {
        "InstanceTypes": [{"Ref": "Type"}],
        "AmiType": {"Ref": "Image"},
        "Labels": {"stage": {"Ref": "Stage"}},
        "Tags": {"size": {"Ref": "Type"}},
    }
    parameters = {name: {"Type": "String", "AllowedValues": list(values)} for name, values in choices.items()}
    return template({"Group": ("AWS::EKS::Nodegroup", {**properties, **more})}, Parameters=parameters)


NITRO = [f"{family}.{size}" for family in ("m6i", "m7i", "c6i", "c7i", "r6i", "r7i") for size in ("large", "xlarge")]


@pytest.mark.parametrize("count", [7, 12])
def test_a_long_list_of_good_values_passes_beside_other_choices(count: int) -> None:
    assert messages(nitro_only, sizes(*NITRO[:count])) == []


def test_a_list_longer_than_what_is_combined_passes() -> None:
    assert messages(nitro_only, sizes(*NITRO, "m7i.2xlarge", "m7i.4xlarge")) == []


@pytest.mark.parametrize("count", [7, 12])
def test_the_bad_value_of_a_long_list_is_named(count: int) -> None:
    (found,) = messages(nitro_only, sizes(*NITRO[:count], "m4.large", "t2.small"))
    assert found == "m4.large runs on Xen (with Type = m4.large, and 1 more)"


def test_what_only_a_combination_shows_is_not_lost_to_a_choice_by_itself() -> None:
    names = [f"P{n}" for n in range(8)]

    def policy(name: str, action: str) -> Any:
        statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
        written = {"PolicyName": name, "PolicyDocument": {"Statement": [statement]}}
        return {"Fn::If": [f"Is{name}", written, {"Ref": "AWS::NoValue"}]}

    policies = [policy("P0", "s3:*"), *(policy(name, "ec2:DescribeVpcs") for name in names[1:])]
    body = template(
        {"Role": ("AWS::IAM::Role", {"Policies": policies})},
        Parameters={name: {"Type": "String", "AllowedValues": ["yes", "no"]} for name in names},
        Conditions={f"Is{name}": {"Fn::Equals": [{"Ref": name}, "yes"]} for name in names},
    )
    assert messages(no_service_wildcard, body) == ["s3:* is every action of a service (with P0 = yes)"]


def test_a_short_list_is_tried_by_itself_beside_many_other_choices() -> None:
    names = [f"P{n}" for n in range(6)]
    parameters = {name: {"Type": "String", "AllowedValues": ["a", "b"]} for name in names}
    parameters["Public"] = {"Type": "String", "AllowedValues": ["true", "false"]}
    vpc = {"EndpointPublicAccess": {"Ref": "Public"}, "SubnetIds": [{"Ref": name} for name in names]}
    body = cluster({"ResourcesVpcConfig": vpc, "Name": {"Ref": "P0"}}, Parameters=parameters)
    assert messages(private_endpoint, body) == [
        "the public endpoint is on (EndpointPublicAccess is True) (with Public = true)"
    ]


def test_a_list_of_bad_values_says_that_there_is_no_good_one() -> None:
    (found,) = messages(nitro_only, sizes(*(f"m4.{size}" for size in ("large", "xlarge", "2xlarge"))))
    assert found == "m4.large runs on Xen (with Type = m4.large, and so in every other case)"


def test_a_list_of_hundreds_of_values_stays_unknown() -> None:
    (found,) = messages(nitro_only, sizes(*NITRO, *(f"m7i.{n}xlarge" for n in range(200))))
    assert found.startswith("the instance type is not known before deployment")


# Cost.


def test_only_what_depends_on_a_choice_is_judged_again() -> None:
    asked: list[str] = []

    @control(
        id="ZZ-1", title="t", types=("T::A",), severity=Severity.LOW, why="w", fix="f", source="https://example.com"
    )
    def counting(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
        asked.append(resource.logical_id)
        if resource.get("V") is False:
            yield Problem("off", "V")

    resources: dict[str, Any] = {f"R{n}": ("T::A", {"V": False}) for n in range(50)}
    resources["Chosen"] = ("T::A", {"V": {"Fn::If": ["Prod", True, False]}})
    body = template(resources, Parameters=STAGE, Conditions=PROD)
    assert messages(counting, body)[50:] == ["off (with Stage = dev)"]
    assert sorted(asked) == sorted([*resources, "Chosen", "Chosen"])


def test_templates_without_choices_pay_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def no(*_: Any, **__: Any) -> Any:
        raise AssertionError

    monkeypatch.setattr("hardened_eks.judging.alternatives.Alternatives._build", no)
    monkeypatch.setattr("hardened_eks.judging.dependence.Dependence.value", no)
    plain = public(True, Parameters={"BootstrapVersion": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/x"}},
                   Conditions={"CDKMetadataAvailable": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}})  # fmt: skip
    assert len(messages(private_endpoint, plain)) == 1
    with pytest.raises(AssertionError):
        messages(private_endpoint, public({"Fn::If": ["Prod", False, True]}, Parameters=STAGE, Conditions=PROD))


def test_alternatives_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each resource depends on a choice of its own; a large template has no more alternatives than it can pay for."""
    built = 0
    possible = Possible.__init__

    def counted(self: Possible, assembly: Assembly) -> None:
        possible(self, assembly)
        build = self._alternatives._build

        def count(*args: Any, **kwargs: Any) -> Any:
            nonlocal built
            built += 1
            return build(*args, **kwargs)

        self._alternatives._build = count  # type: ignore[method-assign]

    monkeypatch.setattr(Possible, "__init__", counted)
    monkeypatch.setattr("hardened_eks.judging.alternatives._WORK", 0)
    names = [f"P{n}" for n in range(20)]
    network = {"EndpointPrivateAccess": True, "EndpointPublicAccess": True}
    body = template(
        {n: ("AWS::EKS::Cluster", {"ResourcesVpcConfig": {**network, "EndpointPublicAccess": {"Fn::If": [n, False, False]},
                                                          "SubnetIds": [{"Ref": n}]}}) for n in names},
        Parameters={name: {"Type": "String", "AllowedValues": ["a", "b"]} for name in names},
        Conditions={name: {"Fn::Equals": [{"Ref": name}, "a"]} for name in names},
    )  # fmt: skip
    for name in names:
        body["Resources"][name]["Properties"]["Logging"] = {"Fn::If": [name, {}, {"ClusterLogging": {}}]}
    assert len(messages(audit_log, body)) == 20, "fails closed where nothing more is built"
    assert built <= 12 + 2


# Malformed templates.

NAMES = st.sampled_from(["P", "C", "M", "AWS::Region", "AWS::NoValue", "", "X"])
EXPRESSIONS = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 20) | NAMES | st.builds(lambda name: {"Ref": name}, NAMES),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["Fn::If", "Fn::Equals", "Fn::Not", "Fn::And", "Condition", "Ref", "Fn::FindInMap", "Fn::Sub",
                             "Fn::ToJsonString", "Fn::Transform", "Fn::Join", "AllowedValues", "Default", "Type", "Key"]),
            inner, max_size=2)
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(NAMES, EXPRESSIONS), st.dictionaries(NAMES, EXPRESSIONS), EXPRESSIONS, EXPRESSIONS)
@settings(max_examples=60, deadline=None)
def test_no_template_makes_an_exception(parameters: Any, conditions: Any, value: Any, mapping: Any) -> None:
    body = {
        "Parameters": parameters, "Conditions": conditions, "Mappings": {"M": mapping, "P": parameters},
        "Resources": {
            "A": {"Type": "AWS::EKS::Cluster", "Condition": "C", "Properties": {"ResourcesVpcConfig": value}},
            "B": {"Type": "AWS::EKS::Cluster", "Properties": value},
            "C": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Fn::If": ["C", value, value]}}},
        },
    }  # fmt: skip
    found = evaluate(Assembly([Template("T", body)]), CATALOGUE)
    assert all(isinstance(finding.problem.message, str) for finding in found.findings)


@pytest.mark.parametrize(
    ("written", "certain"),
    [
        ({"Fn::Base64": {"Fn::Sub": "#!/bin/bash\nexport KEY=AKIAQ3EGPBXH7J4KLMNO\n/join ${Name}"}}, True),
        ({"Fn::Base64": {"Fn::If": ["On", "KEY=AKIAQ3EGPBXH7J4KLMNO", {"Ref": "Name"}]}}, False),
    ],
)
def test_what_a_template_writes_is_certain_whatever_the_rest_is(written: Any, *, certain: bool) -> None:
    body = template(
        {"A": ("AWS::EC2::LaunchTemplate", {"LaunchTemplateData": {"UserData": written}})},
        Parameters={"Name": {"Type": "String"}},
        Conditions={"On": {"Fn::Equals": [{"Ref": "Name"}, {"Ref": "AWS::Region"}]}},
    )
    found = [one for one in messages(user_data_no_secrets, body) if "contains" in one]
    assert found
    assert all(("at worst" not in one) is certain for one in found)
