"""Reading an account: what is followed, what is refused, what is gone, and in which order."""

from __future__ import annotations

from typing import Any

import pytest

from hardened_eks.controls import CATALOGUE
from hardened_eks.evidence.resource import NOT_SEEN
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.sources.account.asking import Asker
from hardened_eks.sources.account.found import Found, Wanted, references
from hardened_eks.sources.account.reading import Seen, read
from hardened_eks.sources.account.saving import environment
from tests.sources.account.double import ACCOUNT, REGION, DoubleOfAws, failure


def seen(double: DoubleOfAws, **options: Any) -> Seen:
    return read(double.clients(), double.account, double.region, **options)


def one(found: Seen, type_: str) -> Found:
    (resource,) = [resource for resource in found.found if resource.type == type_]
    return resource


def test_what_a_cluster_uses_is_found() -> None:
    found = seen(DoubleOfAws())
    assert found.clusters == ("payments",)
    assert found.refusals == []
    assert {resource.type for resource in found.found} >= {
        "AWS::EKS::Cluster", "AWS::EKS::Addon", "AWS::IAM::Role", "AWS::KMS::Key", "AWS::EC2::VPC", "AWS::EC2::Subnet",
        "AWS::EC2::SecurityGroup", "AWS::Logs::LogGroup", "AWS::SecurityHub::Hub",
    }  # fmt: skip
    assert [role.id for role in found.found if role.type == "AWS::IAM::Role"] == ["eks"]


def test_the_shape_is_that_of_a_template() -> None:
    found = seen(DoubleOfAws())
    cluster = one(found, "AWS::EKS::Cluster").properties
    assert cluster["ResourcesVpcConfig"] == {
        "SubnetIds": ["subnet-0a0", "subnet-0a1", "subnet-0a2"], "SecurityGroupIds": [],
        "EndpointPublicAccess": False, "EndpointPrivateAccess": True, "PublicAccessCidrs": [],
    }  # fmt: skip
    assert cluster["Logging"] == {"ClusterLogging": {"EnabledTypes": [{"Type": "api"}, {"Type": "audit"}]}}
    assert cluster["EncryptionConfig"][0]["Provider"]["KeyArn"].endswith("1234567890ab")
    assert cluster["Tags"] == [{"Key": "owner", "Value": "team"}]
    assert cluster["ClusterSecurityGroupId"] == "sg-0c1"
    assert one(found, "AWS::KMS::Key").properties["KeyPolicy"]["Statement"][0]["Action"] == "kms:*"


def test_a_group_that_lets_nothing_out_is_written_as_the_cdk_does() -> None:
    """An empty list in a template lets everything out; in an answer it lets nothing out."""
    group = one(seen(DoubleOfAws()), "AWS::EC2::SecurityGroup").properties
    assert [rule["CidrIp"] for rule in group["SecurityGroupEgress"]] == ["255.255.255.255/32"]
    assert "SecurityGroupIngress" not in group


def test_no_cluster_is_read_no_further() -> None:
    double = DoubleOfAws(clusters=())
    found = seen(double)
    assert (found.clusters, found.found) == ((), [])
    assert set(double.calls) == {"eks:ListClusters"}


def test_a_named_cluster_is_not_looked_for_among_all() -> None:
    double = DoubleOfAws(clusters=("payments", "other"))
    found = seen(double, clusters=["payments", "nobody"])
    assert found.clusters == ("payments",)
    assert "eks:ListClusters" not in double.calls


@pytest.mark.parametrize("code", ["AccessDeniedException", "UnauthorizedOperation", "ThrottlingException", "network"])
def test_what_is_refused_is_not_seen(code: str) -> None:
    double = DoubleOfAws()
    double.refuse("kms:GetKeyRotationStatus", code)
    found = seen(double)
    (refusal,) = found.refusals
    assert refusal.action == "kms:GetKeyRotationStatus"
    outcome = evaluate(environment(found).load().assembly, CATALOGUE)
    rotation = [finding for finding in outcome.unseen if finding.control.id == "KY-01"]
    assert len(rotation) == 1
    assert "kms:GetKeyRotationStatus" in rotation[0].problem.message
    assert not [finding for finding in outcome.findings if finding.control.id == "KY-01"]
    control = next(control for control in CATALOGUE if control.id == "KY-01")
    assert outcome.examined[control] == 0


def test_what_is_refused_is_asked_for_once_more_by_nobody() -> None:
    double = DoubleOfAws()
    double.refuse("iam:GetAccountAuthorizationDetails")
    found = seen(double)
    assert double.calls["iam:GetAccountAuthorizationDetails"] == 1
    assert len([one for one in found.refusals if one.action == "iam:GetAccountAuthorizationDetails"]) == 1


@pytest.mark.parametrize(
    "call", ["elbv2:DescribeLoadBalancers", "ec2:DescribeSecurityGroups", "iam:ListRoles", "events:ListRules"]
)
def test_what_several_want_is_asked_for_once(call: str) -> None:
    double = DoubleOfAws()
    seen(double)
    assert double.calls[call] == 1
    double.refuse(call)
    assert [one.code for one in seen(double).refusals] == ["AccessDeniedException"]
    assert double.calls[call] == 2


def test_roles_that_nobody_may_list_say_not_how_long_their_sessions_last() -> None:
    double = DoubleOfAws()
    assert one(seen(double), "AWS::IAM::Role").properties["MaxSessionDuration"] == 3600
    double.refuse("iam:ListRoles")
    found = seen(double)
    why = f"iam:ListRoles of the account in {REGION} failed (AccessDeniedException)"
    assert one(found, "AWS::IAM::Role").properties["MaxSessionDuration"] == {NOT_SEEN: why}
    assert list(map(str, found.refusals)) == [why]


def test_absence_is_judged_only_where_the_list_was_seen() -> None:
    double = DoubleOfAws()
    double.refuse("cloudtrail:DescribeTrails")
    found = seen(double)
    assert "AWS::CloudTrail::Trail" not in found.complete
    assert "AWS::GuardDuty::Detector" in found.complete
    outcome = evaluate(environment(found).load().assembly, CATALOGUE)
    failing = {finding.control.id for finding in outcome.findings}
    assert "LG-03" not in failing
    assert "DT-05" in failing


def test_a_hub_that_nobody_subscribed_to_is_not_there() -> None:
    double = DoubleOfAws()
    double.refuse("securityhub:DescribeHub", "InvalidAccessException")
    found = seen(double)
    assert found.refusals == []
    assert "AWS::SecurityHub::Hub" in found.complete


def test_pages_are_followed_and_one_that_breaks_off_is_noted() -> None:
    double = DoubleOfAws(clusters=("a", "b", "c"))
    double.in_pages("eks:ListClusters", [{"clusters": ["a"]}, {"clusters": ["b"]}, {"clusters": ["c"]}])
    assert seen(double).clusters == ("a", "b", "c")
    double.in_pages(
        "eks:ListClusters", [{"clusters": ["a"]}, {"clusters": ["b"]}, failure("InternalError", "ListClusters")]
    )
    found = seen(double)
    assert found.clusters == ("a", "b")
    assert [one.code for one in found.refusals] == ["InternalError"]


def test_the_same_page_again_is_no_endless_loop() -> None:
    double = DoubleOfAws()
    double.answers["eks:ListAddons"] = {"addons": ["vpc-cni"], "nextToken": "always the same"}
    found = seen(double)
    assert [one.code for one in found.refusals] == ["the same page was returned again"]
    assert double.calls["eks:ListAddons"] == 2


def test_what_is_deleted_in_between_is_not_there_and_no_failure() -> None:
    double = DoubleOfAws(clusters=("payments", "other"))
    double.answers["eks:ListClusters"] = {"clusters": ["payments", "other", "deleted"]}
    double.refuse("eks:DescribeAddon", "ResourceNotFoundException")
    double.answers["iam:ListRoles"] = {"Roles": []}
    found = seen(double)
    assert found.clusters == ("other", "payments")
    assert found.refusals == []
    assert not [one for one in found.found if one.type == "AWS::EKS::Addon"]


def test_an_answer_that_is_not_understood_is_not_seen_and_ends_nothing() -> None:
    double = DoubleOfAws()
    double.answers["eks:DescribeAddon"] = {"unheard": "of"}
    double.answers["cloudtrail:DescribeTrails"] = {"trailList": [{"no": "name"}]}
    found = seen(double)
    assert {one.type for one in found.found} >= {"AWS::EKS::Cluster", "AWS::KMS::Key"}
    told = {one.action: one.code for one in found.refusals}
    assert told["eks:DescribeAddon"] == "the response is not understood: KeyError: 'addon'"
    assert "cloudtrail:DescribeTrails" in told
    assert "AWS::CloudTrail::Trail" not in found.complete
    assert {"AWS::EKS::Addon", "AWS::CloudTrail::Trail"} <= set(environment(found).hidden)


def test_calls_at_the_same_time_are_bounded() -> None:
    double = DoubleOfAws(clusters=tuple(f"c{n}" for n in range(20)))
    double.seconds = 0.01  # without it, one call ends before the next begins, with any number of threads
    seen(double, workers=3)
    assert double.most_at_once == 3


def test_progress_ends_with_everything_answered() -> None:
    told: list[tuple[int, int]] = []
    seen(DoubleOfAws(), progress=lambda answered, asked: told.append((answered, asked)))
    assert told[-1][0] == told[-1][1]
    assert [answered for answered, _ in told] == list(range(1, len(told) + 1))


def test_a_call_that_is_in_no_table_is_not_made() -> None:
    double = DoubleOfAws()
    asker = Asker(double.clients(), ACCOUNT, REGION)
    with pytest.raises(AssertionError, match="ec2:DeleteVpc is not among the calls"):
        asker.ask("ec2:DeleteVpc", VpcId="vpc-1")
    assert not double.calls


@pytest.mark.parametrize(
    ("key", "text", "wanted"),
    [
        ("RoleArn", f"arn:aws:iam::{ACCOUNT}:role/path/nodes", Wanted("role", "nodes")),
        ("RoleArn", "arn:aws:iam::999999999999:role/nodes", None),
        ("ManagedPolicyArns", "arn:aws:iam::aws:policy/AdministratorAccess", None),
        ("KmsKeyId", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/abc", Wanted("key", "abc")),
        ("KmsKeyId", f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/topics", Wanted("key", "alias/topics")),
        ("KmsKeyId", f"arn:aws:kms:us-east-2:{ACCOUNT}:key/abc", None),
        ("KmsMasterKeyId", "alias/topics", Wanted("key", "alias/topics")),
        ("KmsMasterKeyId", "alias/aws/sns", None),
        ("LogDestination", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/vpc/flow:*", Wanted("log-group", "/vpc/flow")),
        ("LogDestination", "arn:aws:s3:::flows/prefix", Wanted("bucket", "flows")),
        ("Arn", f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts", Wanted("topic", f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts")),
        ("SubscriptionArn", f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts:1-2-3", None),
        ("VpcId", "vpc-0abc", Wanted("vpc", "vpc-0abc")),
        ("PeerVpcId", "vpc-0abc", None),
        ("S3BucketName", "trails", Wanted("bucket", "trails")),
        ("PolicyDocument", f"arn:aws:iam::{ACCOUNT}:role/other", None),
    ],
)  # fmt: skip
def test_what_a_property_refers_to(key: str, text: str, wanted: Wanted | None) -> None:
    found = Found("AWS::X::Y", "x", {key: text})
    assert list(references(found, ACCOUNT, REGION)) == ([wanted] if wanted else [])


def test_the_stack_is_told_by_tags_and_the_rest_by_the_stack() -> None:
    double = DoubleOfAws()
    double.in_pages("cloudformation:ListStackResources", [
        {"StackResourceSummaries": [{"PhysicalResourceId": "x", "ResourceType": "AWS::X::Y", "LogicalResourceId": "X"}]},
        {"StackResourceSummaries": [{"PhysicalResourceId": "eks", "ResourceType": "AWS::IAM::Role", "LogicalResourceId": "Role"}]},
    ])  # fmt: skip
    double.answers["cloudformation:GetTemplate"] = {"TemplateBody": {"Resources": {
        "Cluster": {"Type": "AWS::EKS::Cluster", "Metadata": {"aws:cdk:path": "Payments/Cluster/Resource"}}}}}  # fmt: skip
    assembly = environment(seen(double)).load().assembly
    cluster = assembly.of("AWS::EKS::Cluster")[0]
    assert (cluster.id, cluster.construct_path) == ("Payments/Cluster", "Payments/Cluster/Resource")
    assert cluster.arn == f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/payments"
    assert assembly.of("AWS::IAM::Role")[0].id == "Payments/Role"
    assert assembly.of("AWS::KMS::Key")[0].template.name == f"{ACCOUNT}:{REGION}"


def test_roles_that_nobody_may_read_are_hidden_in_every_region() -> None:
    double = DoubleOfAws()
    double.refuse("iam:GetAccountAuthorizationDetails")
    clients = double.clients()
    for region in (REGION, "eu-central-1"):
        found = environment(read(clients, ACCOUNT, region))
        assert "AWS::IAM::Role" in found.hidden
        assert found.not_seen == (
            f"iam:GetAccountAuthorizationDetails of the account in {region} failed (AccessDeniedException)",
        )
    assert double.calls["iam:GetAccountAuthorizationDetails"] == 1


def test_every_version_of_a_launch_template_that_is_used_is_judged() -> None:
    double = DoubleOfAws()
    versions = {"1": "required", "2": "optional"}
    double.answers["eks:ListNodegroups"] = {"nodegroups": ["one", "two"]}
    double.answers["eks:DescribeNodegroup"] = lambda a: {"nodegroup": {
        "nodegroupName": a["nodegroupName"], "clusterName": "payments", "nodegroupArn": f"arn:{a['nodegroupName']}",
        "launchTemplate": {"id": "lt-0a1", "name": "x", "version": "1" if a["nodegroupName"] == "one" else "2"},
    }}  # fmt: skip
    double.answers["ec2:DescribeLaunchTemplateVersions"] = lambda a: {"LaunchTemplateVersions": [{
        "LaunchTemplateId": "lt-0a1", "LaunchTemplateName": "x", "VersionNumber": int(a["Versions"][0]),
        "LaunchTemplateData": {"MetadataOptions": {"HttpTokens": versions[a["Versions"][0]]}},
    }]}  # fmt: skip
    assembly = environment(seen(double)).load().assembly
    templates = assembly.of("AWS::EC2::LaunchTemplate")
    assert [one.get("LaunchTemplateData.MetadataOptions.HttpTokens") for one in templates] == ["required", "optional"]
    imds = [control for control in CATALOGUE if control.id == "ND-03"]
    assert "LaunchTemplate:lt-0a1|2" in {finding.subject.name for finding in evaluate(assembly, imds).findings}


def test_a_key_that_is_named_in_four_ways_is_asked_for_once() -> None:
    double = DoubleOfAws()
    double.answers["logs:DescribeLogGroups"] = {"logGroups": [
        {"logGroupName": "/aws/eks/payments/cluster", "arn": "arn:l", "kmsKeyId": double.key}]}  # fmt: skip
    double.answers["ecr:DescribeRepositories"] = {"repositories": [
        {"repositoryName": name, "repositoryArn": f"arn:{name}", "encryptionConfiguration": {"kmsKey": alias}}
        for name, alias in (("a", double.arn("kms", "alias/mine")), ("b", double.arn("kms", "alias/mine")))]}  # fmt: skip
    describe = double.answers["eks:DescribeCluster"]

    def answer(arguments: dict[str, Any]) -> dict[str, Any]:
        told: dict[str, Any] = describe(arguments)
        told["cluster"]["encryptionConfig"][0]["provider"]["keyArn"] = double.key.rpartition("/")[2]
        return told

    double.answers["eks:DescribeCluster"] = answer
    double.answers["kms:ListAliases"] = {"Aliases": [
        {"AliasName": "alias/mine", "TargetKeyId": double.key.rpartition("/")[2]},
        {"AliasName": "alias/other", "TargetKeyId": "other"}, {"AliasName": "alias/aws/s3"}]}  # fmt: skip
    found = seen(double)
    assert one(found, "AWS::KMS::Key").arn == double.key
    assert one(found, "AWS::KMS::Alias").id == "alias/mine"
    assert double.calls["kms:DescribeKey"] == 2  # its id and ARN are one, what an alias stands for AWS has to say
    assert [double.calls[f"kms:{name}"] for name in ("GetKeyPolicy", "ListAliases", "ListResourceTags")] == [1, 1, 1]


def test_the_functions_behind_custom_resources_are_found() -> None:
    double = DoubleOfAws()
    rows = [("Closer", "AWS::Lambda::Function", "closer"), ("Closed", "Custom::Closed", "closed-1"),
            ("Cluster2", "Custom::AWSCDK-EKS-Cluster", "old"), ("Far", "Custom::Far", "far-1")]  # fmt: skip
    double.answers["cloudformation:ListStackResources"] = {"StackResourceSummaries": [
        {"LogicalResourceId": logical, "ResourceType": type_, "PhysicalResourceId": id} for logical, type_, id in rows]}  # fmt: skip
    token = {"ServiceToken": {"Fn::GetAtt": ["Closer", "Arn"]}}
    far = {"ServiceToken": {"Fn::GetAtt": "Nested.Outputs.Arn"}}
    double.answers["cloudformation:GetTemplate"] = {"TemplateBody": {"Resources": {
        "Closed": {"Type": "Custom::Closed", "Properties": token}, "Far": {"Type": "Custom::Far", "Properties": far},
        "Cluster2": {"Type": "Custom::AWSCDK-EKS-Cluster", "Properties": token}}}}  # fmt: skip
    arn = double.arn("lambda", "function:closer")
    double.answers["lambda:GetFunctionConfiguration"] = {"FunctionName": "closer", "FunctionArn": arn}
    found = seen(double)
    assert one(found, "AWS::Lambda::Function").id == "closer"
    assert one(found, "Custom::Closed").properties == {"ServiceToken": arn}
    assert not [item for item in found.found if item.type in {"Custom::Far", "Custom::AWSCDK-EKS-Cluster"}]
    assembly = environment(found).load().assembly
    assert {item.id for item in assembly.of("AWS::Lambda::Function", "Custom::Closed")} == {
        "Payments/Closer",
        "Payments/Closed",
    }
    assert evaluate(assembly, [control for control in CATALOGUE if control.id in {"FN-03", "FN-04"}]).findings == ()
