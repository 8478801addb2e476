"""One graph: target, targets, referring and pointing give the same answer, however a reference is written."""

from typing import Any

import pytest

from hardened_eks.controls import control_plane, deployable
from hardened_eks.evidence import Assembly, Resource, Template, Unknown
from hardened_eks.judging.evaluation import evaluate

DEV, PROD = "111111111111", "222222222222"
Entry = tuple[str, dict[str, Any]]


def stack(name: str, resources: dict[str, Entry], **settings: Any) -> Template:
    body = {key: {"Type": type_, "Properties": properties} for key, (type_, properties) in resources.items()}
    return Template(name, {"Resources": body}, **settings)


def answers(owner: Entry, user: Entry, path: str, **settings: Any) -> set[bool]:
    """Say in every way in which one can ask whether `user` points at `owner`."""
    template = stack("S", {"Owner": owner, "User": user}, **settings)
    assembly = Assembly([template])
    made, asking = template.resources["Owner"], template.resources["User"]
    value = asking.get(path)
    untyped = assembly.target(value, near=asking) is made
    return {
        *((untyped,) if not isinstance(value, Unknown) else ()),  # what is left open needs a type, or a property
        assembly.target(value, made.type, near=asking) is made,
        assembly.targets(asking.items(path), made.type, near=asking) == [made],
        made in assembly.mentions(asking, path),
        list(assembly.referring(made)) == [asking],
        list(assembly.referring(made, asking.type)) == [asking],
        list(assembly.pointing(path, made, asking.type)) == [asking],
    }


ROLE = "AWS::IAM::Role"
POINTING: dict[str, tuple[Entry, Entry, str]] = {
    "an id": (("AWS::EC2::Subnet", {"SubnetId": "subnet-0abc"}), ("AWS::EKS::Nodegroup", {"Subnets": ["subnet-0abc"]}), "Subnets.0"),
    "an ARN": ((ROLE, {"Arn": "arn:aws:iam::1:role/r"}), ("AWS::Lambda::Function", {"Role": "arn:aws:iam::1:role/r"}), "Role"),
    "an ARN that the name answers to": ((ROLE, {"RoleName": "r"}), ("AWS::Lambda::Function", {"Role": "arn:aws:iam::123456789012:role/r"}), "Role"),
    "an ARN with a path": ((ROLE, {"RoleName": "r"}), ("AWS::Lambda::Function", {"Role": "arn:aws:iam::123456789012:role/p/r"}), "Role"),
    "an ARN with pseudo parameters": (
        (ROLE, {"RoleName": "r"}),
        ("AWS::Lambda::Function", {"Role": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/r"}}),
        "Role",
    ),
    "an ARN of a name left open": (
        (ROLE, {"RoleName": {"Fn::Sub": "${AWS::StackName}-r"}}),
        ("AWS::Lambda::Function", {"Role": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/${AWS::StackName}-r"}}),
        "Role",
    ),
    "a name": ((ROLE, {"RoleName": "r"}), ("AWS::IAM::Policy", {"Roles": ["r"]}), "Roles.0"),
    "a name left open": (
        (ROLE, {"RoleName": {"Fn::Sub": "${AWS::StackName}-r"}}),
        ("AWS::IAM::Policy", {"Roles": [{"Fn::Sub": "${AWS::StackName}-r"}]}),
        "Roles.0",
    ),
    "a bucket's name": (("AWS::S3::Bucket", {"BucketName": "b"}), ("AWS::CloudTrail::Trail", {"S3BucketName": "b"}), "S3BucketName"),
    "objects of a bucket": (("AWS::S3::Bucket", {"BucketName": "b"}), ("AWS::EC2::FlowLog", {"LogDestination": "arn:aws:s3:::b/x/"}), "LogDestination"),
    "a log group's ARN": (
        ("AWS::Logs::LogGroup", {"LogGroupName": "/a/b"}),
        ("AWS::CloudTrail::Trail", {"CloudWatchLogsLogGroupArn": "arn:aws:logs:eu-west-1:123456789012:log-group:/a/b:*"}),
        "CloudWatchLogsLogGroupArn",
    ),
    "a cluster's name": (("AWS::EKS::Cluster", {"Name": "payments"}), ("AWS::EKS::Addon", {"ClusterName": "payments"}), "ClusterName"),
    "a key's ARN": (
        ("AWS::KMS::Key", {"KeyId": "0-1"}),
        ("AWS::Logs::LogGroup", {"KmsKeyId": "arn:aws:kms:eu-west-1:123456789012:key/0-1"}),
        "KmsKeyId",
    ),
    "a reference": ((ROLE, {}), ("AWS::Lambda::Function", {"Role": {"Fn::GetAtt": ["Owner", "Arn"]}}), "Role"),
    "a queue's ARN by its URL": (
        ("AWS::SQS::Queue", {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/q"}),
        ("AWS::Lambda::Function", {"DeadLetterConfig": {"TargetArn": "arn:aws:sqs:eu-west-1:123456789012:q"}}),
        "DeadLetterConfig.TargetArn",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("owner", "user", "path"), POINTING.values(), ids=POINTING)
def test_every_question_has_the_same_answer(owner: Entry, user: Entry, path: str) -> None:
    assert answers(owner, user, path) == {True}


NOT_POINTING: dict[str, tuple[Entry, Entry, str]] = {
    "another's id among its own properties": (
        ("AWS::EC2::Subnet", {"SubnetId": "subnet-1", "VpcId": "vpc-1"}), ("AWS::EC2::VPCEndpoint", {"VpcId": "vpc-1"}), "VpcId"
    ),
    "subnets of a cluster": (
        ("AWS::EKS::Cluster", {"ResourcesVpcConfig": {"SubnetIds": ["subnet-1"]}, "RoleArn": "arn:aws:iam::1:role/r"}),
        ("AWS::EKS::Nodegroup", {"NodeRole": "arn:aws:iam::1:role/r"}), "NodeRole",
    ),
    "a role of another account": (
        (ROLE, {"RoleName": "r"}), ("AWS::Lambda::Function", {"Role": "arn:aws:iam::222222222222:role/r"}), "Role"
    ),
    "a policy of AWS": (
        ("AWS::IAM::ManagedPolicy", {"ManagedPolicyName": "ReadOnlyAccess"}),
        (ROLE, {"ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"]}), "ManagedPolicyArns.0",
    ),
    "a user of a role's name": (
        (ROLE, {"RoleName": "r"}), ("AWS::Lambda::Function", {"Role": "arn:aws:iam::111111111111:user/r"}), "Role"
    ),
    "the image in a repository below": (
        ("AWS::ECR::Repository", {"RepositoryName": "a"}),
        ("AWS::ECR::RegistryPolicy", {"PolicyText": "arn:aws:ecr:eu-west-1:111111111111:repository/a/b"}), "PolicyText",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("owner", "user", "path"), NOT_POINTING.values(), ids=NOT_POINTING)
def test_what_is_not_its_own_identifies_nothing(owner: Entry, user: Entry, path: str) -> None:
    assert answers(owner, user, path, account=DEV, region="eu-west-1") == {False}


@pytest.mark.parametrize("where", [{"Tags": [{"Key": "application", "Value": "payments"}]}, {"Namespace": "payments"}])
def test_a_word_that_happens_to_be_a_name_refers_to_nothing(where: dict[str, Any]) -> None:
    template = stack("S", {"Owner": ("AWS::EKS::Cluster", {"Name": "payments"}), "User": ("AWS::EC2::VPC", where)})
    assert list(Assembly([template]).referring(template.resources["Owner"])) == []


def test_a_name_means_the_kind_that_the_property_asks_for() -> None:
    kinds = {"Cluster": ("AWS::EKS::Cluster", {"Name": "x"}), "Role": (ROLE, {"RoleName": "x"}), "Bucket": ("AWS::S3::Bucket", {"BucketName": "x"})}  # fmt: skip
    users = {
        "Addon": ("AWS::EKS::Addon", {"ClusterName": "x"}),
        "Policy": ("AWS::IAM::Policy", {"Roles": ["x"]}),
        "BucketPolicy": ("AWS::S3::BucketPolicy", {"Bucket": "x"}),
    }
    template = stack("S", {**kinds, **users})
    assembly = Assembly([template])
    found = {owner: [u.logical_id for u in assembly.referring(template.resources[owner])] for owner in kinds}
    assert found == {"Cluster": ["Addon"], "Role": ["Policy"], "Bucket": ["BucketPolicy"]}


def test_alarms_in_the_rule_of_a_composite_alarm() -> None:
    alarms = {name: ("AWS::CloudWatch::Alarm", {"AlarmName": name}) for name in ("one", "two", "three")}
    rule = 'ALARM(one) AND NOT OK("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:two")'
    template = stack("S", {**alarms, "All": ("AWS::CloudWatch::CompositeAlarm", {"AlarmRule": rule})})
    assembly = Assembly([template])
    assert [bool(list(assembly.referring(template.resources[name]))) for name in alarms] == [True, True, False]


def test_a_physical_id_answers_as_a_property_does() -> None:
    properties = {"SubnetIds": ["subnet-1"]}
    template = stack("S", {"Subnet": ("AWS::EC2::Subnet", {}), "User": ("AWS::EC2::VPCEndpoint", properties)},
                     physical_ids={"Subnet": "subnet-1"})  # fmt: skip
    assembly = Assembly([template])
    assert assembly.target("subnet-1", "AWS::EC2::Subnet") is template.resources["Subnet"]
    assert list(assembly.referring(template.resources["Subnet"])) == [template.resources["User"]]


def test_the_default_group_means_its_vpc_only_where_it_is_no_resource_itself() -> None:
    vpc = ("AWS::EC2::VPC", {"VpcId": "vpc-1", "DefaultSecurityGroup": "sg-1"})
    rule = ("AWS::EC2::SecurityGroupIngress", {"GroupId": "sg-1"})
    template = stack("S", {"Vpc": vpc, "Rule": rule})
    assert Assembly([template]).pointing("GroupId", template.resources["Vpc"], rule[0]) == [template.resources["Rule"]]
    template = stack("S", {"Vpc": vpc, "Rule": rule, "Group": ("AWS::EC2::SecurityGroup", {"GroupId": "sg-1"})})
    assert Assembly([template]).pointing("GroupId", template.resources["Group"], rule[0]) == [
        template.resources["Rule"]
    ]


def test_a_bucket_policy_does_not_answer_for_its_bucket() -> None:
    """Its physical id is the bucket's name."""
    template = stack("S", {"Policy": ("AWS::S3::BucketPolicy", {"Bucket": "b"}), "Bucket": ("AWS::S3::Bucket", {})},
                     physical_ids={"Policy": "b", "Bucket": "b"})  # fmt: skip
    assert Assembly([template]).target("b") is template.resources["Bucket"]


CLUSTER: Entry = ("AWS::EKS::Cluster", {"Name": "payments"})
CNI: Entry = (
    "AWS::EKS::Addon",
    {"ClusterName": "payments", "AddonName": "vpc-cni", "ConfigurationValues": '{"enableNetworkPolicy": "true"}'},
)


def test_a_cluster_of_the_same_name_in_another_account_has_its_own_add_ons() -> None:
    dev = stack("Dev", {"Cluster": CLUSTER, "Cni": CNI}, account=DEV, region="us-east-1")
    prod = stack("Prod", {"Cluster": CLUSTER}, account=PROD, region="us-east-1")
    found = evaluate(Assembly([dev, prod]), [control_plane.network_policy_enforced]).findings
    assert [f.resource.id for f in found] == ["Prod/Cluster"]


@pytest.mark.parametrize("environment", [{"account": DEV, "region": "eu-west-1"}, {}])
def test_an_add_on_of_another_stack_of_the_same_environment_counts(environment: dict[str, str]) -> None:
    one, other = stack("A", {"Cluster": CLUSTER}, **environment), stack("B", {"Cni": CNI}, **environment)
    assert evaluate(Assembly([one, other]), [control_plane.network_policy_enforced]).findings == ()


def test_a_log_group_of_the_same_name_in_another_account_is_not_the_clusters() -> None:
    logging = {"Logging": {"ClusterLogging": {"EnabledTypes": [{"Type": "audit"}]}}}
    cluster = ("AWS::EKS::Cluster", {"Name": "payments", **logging})
    group = ("AWS::Logs::LogGroup", {"LogGroupName": "/aws/eks/payments/cluster"})
    prod = stack("Prod", {"Cluster": cluster}, account=PROD, region="us-east-1")
    for account, findings in ((DEV, 1), (PROD, 0)):
        other = stack("Logs", {"Group": group}, account=account, region="us-east-1")
        assert len(evaluate(Assembly([other, prod]), [deployable.logging_group_first]).findings) == findings


def asked_from(home: Template, *others: Template, text: str, type_: str) -> str | None:
    asking = home.resources["User"]
    found = Assembly([*others, home]).target(text, type_, near=asking)
    return None if found is None else found.template.name


USER: dict[str, Entry] = {"User": ("T::User", {})}
HERE = {"account": DEV, "region": "eu-west-1"}


@pytest.mark.parametrize(
    ("owner", "text", "there", "seen"),
    [
        (CLUSTER, "payments", {"account": PROD, "region": "eu-west-1"}, False),
        (CLUSTER, "payments", {"account": DEV, "region": "us-east-1"}, False),
        (CLUSTER, "payments", {"account": DEV}, True),
        (CLUSTER, "payments", {}, True),
        (("AWS::EC2::VPC", {"VpcId": "vpc-1"}), "vpc-1", {"account": PROD, "region": "eu-west-1"}, False),
        # Roles belong to the account, names of buckets to the partition; an ARN says where it belongs.
        ((ROLE, {"RoleName": "r"}), "r", {"account": DEV, "region": "us-east-1"}, True),
        ((ROLE, {"RoleName": "r"}), "r", {"account": PROD, "region": "eu-west-1"}, False),
        (("AWS::S3::Bucket", {"BucketName": "b"}), "b", {"account": PROD, "region": "us-east-1"}, True),
        ((ROLE, {"RoleName": "r"}), f"arn:aws:iam::{PROD}:role/r", {"account": PROD, "region": "eu-west-1"}, True),
        ((ROLE, {"RoleName": "r"}), f"arn:aws:iam::{DEV}:role/r", {"account": PROD, "region": "eu-west-1"}, False),
        ((ROLE, {"RoleName": "r"}), "arn:aws:iam::${AWS::AccountId}:role/r", {"account": PROD}, False),
    ],
)
def test_a_text_stays_in_its_account_and_region(owner: Entry, text: str, there: dict[str, str], seen: bool) -> None:
    home = stack("Home", USER, **HERE)
    other = stack("Other", {"Owner": owner}, **there)
    assert asked_from(home, other, text=text, type_=owner[0]) == ("Other" if seen else None)


def test_the_nearest_of_several_is_meant() -> None:
    def with_cluster(name: str, **settings: Any) -> Template:
        return stack(name, {"Owner": CLUSTER}, **settings)

    nowhere, beside = with_cluster("Nowhere", path="x/a.json"), with_cluster("Beside", path="dev/b.json")
    same = with_cluster("Same", **HERE)
    own = stack("Home", {**USER, "Owner": CLUSTER}, path="dev/a.json", **HERE)
    home = stack("Home", USER, path="dev/a.json", **HERE)
    asked = {"text": "payments", "type_": "AWS::EKS::Cluster"}
    assert asked_from(own, nowhere, beside, same, **asked) == "Home"
    assert asked_from(home, nowhere, beside, same, **asked) == "Same"
    assert asked_from(home, nowhere, beside, **asked) == "Beside"
    assert asked_from(home, nowhere, **asked) == "Nowhere"


def test_a_stack_output_is_that_of_the_stack_of_the_same_account() -> None:
    def keys(**settings: Any) -> Template:
        body = {"Resources": {"Key": {"Type": "AWS::KMS::Key"}}, "Outputs": {"K": {"Value": {"Ref": "Key"}}}}
        return Template("Keys", body, **settings)

    there = {"account": PROD, "region": "eu-west-1"}
    value = {"Fn::GetStackOutput": {"StackName": "Keys", "OutputName": "K"}}
    users = [stack(n, {"X": ("T::X", {"Key": value})}, **e) for n, e in (("Dev", HERE), ("Prod", there))]
    homes = [keys(**HERE), keys(**there)]
    assembly = Assembly([*homes, *users])
    found = [assembly.target(user.resources["X"].get("Key")) for user in users]
    assert [None if r is None else r.template for r in found] == homes


def test_the_same_nested_stack_in_two_accounts() -> None:
    def parent(**settings: Any) -> Template:
        nested = ("AWS::CloudFormation::Stack", {})
        return stack("S", {"N": nested, "X": ("T::X", {"Key": {"Fn::GetAtt": ["N", "Outputs.K"]}})}, **settings)

    body = {"Resources": {"Key": {"Type": "AWS::KMS::Key"}}, "Outputs": {"K": {"Value": {"Ref": "Key"}}}}
    parents = [parent(account=DEV), parent(account=PROD)]
    nested = [Template("S/N", body, account=p.account, parent=(p, {})) for p in parents]
    assembly = Assembly([*parents, *nested])
    found: list[Resource | None] = [assembly.target(p.resources["X"].get("Key")) for p in parents]
    assert [None if r is None else r.template for r in found] == nested
