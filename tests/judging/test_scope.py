"""What belongs to a cluster, by resource: roots, references both ways, what cannot be resolved, what is account-wide."""

from pathlib import Path
from typing import Any

import pytest

from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Subject, Template
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.judging import scope
from hardened_eks.judging.scope import belonging
from hardened_eks.sources import load

CLUSTER = ("AWS::EKS::Cluster", {"RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}})
BUCKET = ("AWS::S3::Bucket", {})
Entry = tuple[str, dict[str, Any]]


def template(name: str = "S", account: str = "", body: dict[str, Any] | None = None, **resources: Entry) -> Template:
    entries = {key: {"Type": type_, "Properties": properties} for key, (type_, properties) in resources.items()}
    return Template(
        name, {**(body or {}), "Resources": entries}, account=account, region="eu-west-1" if account else ""
    )


def inside(*templates: Template) -> set[str]:
    return {resource.logical_id for resource in belonging(Assembly(templates))}


def with_cluster(**resources: Entry) -> set[str]:
    return inside(template(Cluster=CLUSTER, **resources)) - {"Cluster"}


def test_without_eks_nothing_belongs_whatever_it_refers_to() -> None:
    alone = template(
        Bucket=BUCKET,
        Group=("AWS::EC2::SecurityGroup", {"VpcId": "vpc-1"}),
        Trail=("AWS::CloudTrail::Trail", {}),
        Role=("AWS::IAM::Role", {"ManagedPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"]}),
        Queue=("AWS::SQS::Queue", {"KmsMasterKeyId": {"Fn::ImportValue": "key"}}),
    )
    assert inside(alone) == set()
    outcome = evaluate(Assembly([alone]), CATALOGUE, scope="eks")
    assert (outcome.verdict, outcome.resources, outcome.outside, outcome.findings) == ("nothing examined", 0, 5, ())
    assert evaluate(Assembly([alone]), CATALOGUE).outside == 0
    assert evaluate(Assembly([alone]), CATALOGUE).findings


@pytest.mark.parametrize(
    "entry",
    [
        ("AWS::EKS::Nodegroup", {}),
        ("AWS::ECR::Repository", {}),
        ("AWSQS::EKS::Cluster", {}),
        ("Custom::AWSCDK-EKS-Cluster", {"Config": {}}),
        ("AWS::EC2::Subnet", {"Tags": [{"Key": "kubernetes.io/role/internal-elb", "Value": "1"}]}),
        ("AWS::Logs::LogGroup", {"LogGroupName": "/aws/eks/payments/cluster"}),
        ("AWS::IAM::ManagedPolicy", {"PolicyDocument": {"Statement": [{"Action": "eks:*"}]}}),
        ("AWS::IAM::Role", {"ManagedPolicyArns": ["arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"]}),
        ("AWS::EC2::LaunchTemplate", {"LaunchTemplateData": {"UserData": {"Fn::Base64": "/etc/eks/bootstrap.sh a"}}}),
        ("AWS::EC2::Instance", {"ImageId": {"Ref": "Image"}}),
    ],
)
def test_roots(entry: Entry) -> None:
    body = {"Parameters": {"Image": {"Type": "String", "Default": "/aws/service/bottlerocket/aws-k8s-1.36/x"}}}
    assert inside(template(body=body, Root=entry, Bucket=BUCKET)) == {"Root"}


@pytest.mark.parametrize("name", ["weeks", "decree", "geeks-bucket"])
def test_a_word_that_contains_eks_is_no_root(name: str) -> None:
    assert inside(template(Bucket=("AWS::S3::Bucket", {"BucketName": name}))) == set()


def test_a_construct_path_or_logical_id_makes_no_root() -> None:
    entry = {"Type": "AWS::S3::Bucket", "Metadata": {"aws:cdk:path": "Eks/Bucket"}, "Properties": {"Tags": []}}
    assert inside(Template("Eks", {"Resources": {"Eks": entry}})) == set()


def test_references_connect_both_ways_and_over_stacks() -> None:
    key = template(
        "Keys",
        body={"Outputs": {"Arn": {"Value": {"Ref": "Key"}, "Export": {"Name": "key"}}}},
        Key=("AWS::KMS::Key", {}),
    )
    cluster = template(
        Cluster=("AWS::EKS::Cluster", {"EncryptionConfig": [{"Provider": {"KeyArn": {"Fn::ImportValue": "key"}}}]})
    )
    others = template(
        "Others",
        Bucket=("AWS::S3::Bucket", {"Encryption": {"Fn::ImportValue": "key"}}),
        Policy=("AWS::S3::BucketPolicy", {"Bucket": {"Ref": "Bucket"}}),
        Lone=BUCKET,
    )
    assert inside(key, cluster, others) == {"Key", "Cluster", "Bucket", "Policy"}


def test_what_waits_for_a_cluster_belongs_to_it() -> None:
    entries = {
        "Cluster": {"Type": "AWS::EKS::Cluster"},
        "Later": {"Type": "AWS::S3::Bucket", "DependsOn": "Cluster"},
        "Lone": {"Type": "AWS::S3::Bucket"},
    }
    assert inside(Template("S", {"Resources": entries})) == {"Cluster", "Later"}


@pytest.mark.parametrize(
    ("properties", "belongs"),
    [
        ({"VpcId": "vpc-1"}, True),
        ({"SourceArn": "arn:aws:iam::111122223333:role/x"}, True),
        ({"SourceArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}, False),
        ({"A": [{"B": {"Fn::ImportValue": "elsewhere"}}]}, True),
        ({"VpcId": {"Ref": "Vpc"}}, True),
        ({"A": {"Fn::If": ["C", {"VpcId": {"Ref": "Vpc"}}, {"Ref": "AWS::NoValue"}]}}, True),
        ({"Description": {"Ref": "Vpc"}}, False),
        ({"Description": "a group"}, False),
        ({"AccountId": {"Ref": "AWS::AccountId"}}, False),
    ],
)
def test_a_reference_that_cannot_be_resolved_counts_as_connected(properties: dict[str, Any], belongs: bool) -> None:
    body = {"Parameters": {"Vpc": {"Type": "String"}}, "Conditions": {"C": {"Fn::Equals": [{"Ref": "Vpc"}, "x"]}}}
    found = inside(
        template(body=body, Cluster=("AWS::EKS::Cluster", {}), Thing=("AWS::EC2::SecurityGroup", properties))
    )
    assert ("Thing" in found) is belongs


@pytest.mark.parametrize(
    "type_",
    [
        "AWS::CloudTrail::Trail", "AWS::GuardDuty::Detector", "AWS::Config::ConfigurationRecorder",
        "AWS::SecurityHub::Hub", "AWS::AccessAnalyzer::Analyzer", "AWS::Backup::BackupPlan", "AWS::IAM::Role",
        "AWS::EC2::VPCBlockPublicAccessOptions",
    ],
)  # fmt: skip
def test_what_is_account_wide_belongs_to_every_cluster_of_the_account(type_: str) -> None:
    wide = {"Wide": (type_, {})}
    assert "Wide" in with_cluster(**wide)
    cluster = template("Prod", "111122223333", Cluster=("AWS::EKS::Cluster", {}))
    assert "Wide" in inside(cluster, template("Audit", "111122223333", **wide))
    assert "Wide" in inside(cluster, template("Audit", **wide))
    assert "Wide" not in inside(cluster, template("Audit", "444455556666", **wide))


def test_a_trail_brings_what_it_uses_and_a_role_only_itself() -> None:
    found = with_cluster(
        Trail=("AWS::CloudTrail::Trail", {"S3BucketName": {"Ref": "Logs"}}),
        Logs=BUCKET,
        Rights=("AWS::IAM::Role", {}),
        Function=("AWS::Lambda::Function", {"Role": {"Fn::GetAtt": ["Rights", "Arn"]}}),
        Lone=BUCKET,
    )
    assert found == {"Trail", "Logs", "Rights"}


def test_a_nested_stack_belongs_with_what_it_makes() -> None:
    stack = ("AWS::CloudFormation::Stack", {"TemplateURL": "x"})
    parent = template("P", Nested=stack, Other=stack)
    child = template("P/Nested", Cluster=("AWS::EKS::Cluster", {}))
    child.parent = (parent, {})
    assert inside(parent, child) == {"Nested", "Cluster"}


def test_an_account_is_judged_as_a_whole() -> None:
    account = Assembly([template(Bucket=BUCKET)], regions=["eu-west-1"])
    assert evaluate(account, CATALOGUE, scope="eks").resources == 1


TEXTS: dict[str, Any] = {"title": "t", "why": "w", "fix": "f", "source": "https://x", "severity": Severity.LOW}


def test_a_problem_of_a_resource_that_is_not_judged_does_not_count() -> None:
    @control(id="ORG-90", types=["AWS::EKS::Cluster"], **TEXTS)
    def neighbours(resource, assembly):  # type: ignore[no-untyped-def]
        for other in assembly.of("AWS::S3::Bucket"):
            yield Problem("bad", subject=Subject.of_resource(other))
        yield Problem("bad", subject=Subject.of_assembly(assembly))

    assembly = Assembly([template(Cluster=("AWS::EKS::Cluster", {}), Bucket=BUCKET)])
    assert [f.subject.id for f in evaluate(assembly, [neighbours], scope="eks").findings] == ["assembly"]
    assert len(evaluate(assembly, [neighbours]).findings) == 2


def test_malformed_templates_break_nothing() -> None:
    entries = {
        "A": {"Type": "AWS::EKS::Cluster", "DependsOn": [1, {"Ref": "B"}, "None"]},
        "B": {"Type": "AWS::S3::Bucket", "Properties": {"Ref": ["x"]}},
        "C": {"Type": "AWS::S3::Bucket", "Properties": {"A": {"Fn::GetAtt": []}, "B": {"Fn::If": []}}},
    }
    assert inside(Template("S", {"Parameters": [], "Resources": entries})) >= {"A"}


def test_an_account_counts_by_a_connected_resource_that_speaks_of_eks() -> None:
    """The role is in the closure of the cluster already, and is what makes its account one with EKS."""
    cluster = template(
        "Cluster", "111122223333", Cluster=("AWS::EKS::Cluster", {"RoleArn": "arn:aws:iam::444455556666:role/eks"})
    )
    managed = ["arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"]
    role = ("AWS::IAM::Role", {"RoleName": "eks", "ManagedPolicyArns": managed})
    other = template("Roles", "444455556666", Role=role, Trail=("AWS::CloudTrail::Trail", {}))
    assert inside(cluster, other) == {"Cluster", "Role", "Trail"}


def test_what_is_connected_already_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(scope, "_is_open", lambda resource, _: bool(asked.append(resource.logical_id)))
    with_cluster(Role=("AWS::IAM::Role", {}), Bucket=BUCKET)
    assert asked == ["Bucket"]


class TestBootstrap:
    """`cdk bootstrap` makes a repository in every account, with or without clusters."""

    PARAMETERS = {"Parameters": {"BootstrapVariant": {"Type": "String", "Default": "AWS CDK: Default Resources"}}}
    TOOLS: dict[str, Entry] = {
        "CdkBootstrapVersion": ("AWS::SSM::Parameter", {"Value": "30"}),
        "StagingBucket": BUCKET,
        "ContainerAssetsRepository": ("AWS::ECR::Repository", {"RepositoryName": "cdk-container-assets"}),
        "ImagePublishingRole": ("AWS::IAM::ManagedPolicy", {"PolicyDocument": {"Statement": [{"Action": "ecr:*"}]}}),
    }

    def test_it_belongs_to_no_cluster(self) -> None:
        assert inside(template(body=self.PARAMETERS, **self.TOOLS)) == set()

    def test_the_template_that_the_cdk_ships_belongs_to_no_cluster(self) -> None:
        file = Path(__file__).parents[2] / "node_modules/aws-cdk/lib/api/bootstrap/bootstrap-template.yaml"
        assembly = load([file]).assembly
        assert len(assembly.of("*")) > 10
        assert belonging(assembly) == frozenset()

    @pytest.mark.parametrize("missing", [*TOOLS][:3])
    def test_a_template_that_only_looks_alike_is_judged(self, missing: str) -> None:
        there = {name: entry for name, entry in self.TOOLS.items() if name != missing}
        assert "ImagePublishingRole" in inside(template(body=self.PARAMETERS, **there))
        assert "ImagePublishingRole" in inside(template(**self.TOOLS))

    def test_a_cluster_in_it_is_judged_with_everything(self) -> None:
        found = inside(template(body=self.PARAMETERS, Cluster=CLUSTER, **self.TOOLS))
        assert {"Cluster", "ImagePublishingRole"} <= found

    def test_what_speaks_of_eks_in_it_counts(self) -> None:
        role = ("AWS::IAM::ManagedPolicy", {"PolicyDocument": {"Statement": [{"Action": ["ecr:*", "eks:*"]}]}})
        assert "Deploys" in inside(template(body=self.PARAMETERS, Deploys=role, **self.TOOLS))


@pytest.mark.parametrize("text", [
    "Resources: {C: {Type: AWS::EKS::Cluster}}", "Type: AWS::ECR::Repository", "Action: eks:*", "Org::Platform::EksCluster",
    "Type: AWS::EC2::VPCEndpoint", "Type: Kubernetes::core::Pod", '"AWS::\\u0045KS::Cluster"', "Fn::Transform: x",
    'Type: "AWS::E\\\n  KS::Cluster"',
    "EKSCluster", "karpenter.sh/discovery", "Type: AWS::ImageBuilder::Image", "Transform: Org", "Fn::ForEach::X",
])  # fmt: skip
def test_a_text_that_may_be_about_a_cluster(text: str) -> None:
    assert scope.may_be_in(text)


@pytest.mark.parametrize(
    "text", ["Type: AWS::S3::Bucket", "Action: kms:Decrypt", "Secret: x\nName: payments", "run \\\n  --fast"]
)
def test_a_text_that_is_about_no_cluster(text: str) -> None:
    assert not scope.may_be_in(text)


@pytest.mark.parametrize(
    ("type_", "is_root"),
    [
        ("AWS::EKS::Cluster", True),
        ("AWS::ECR::Repository", True),
        ("EKS::Thing", True),
        ("Org::ECR::Thing", True),
        ("Custom::AWSCDK-EKS-Cluster", True),
        ("Kubernetes::core::Pod", True),
        ("AWS::ImageBuilder::Image", True),
        ("AWS::EC2::VPCEndpoint", True),
        ("AWS::EC2::VPCEndpointService", False),
        ("Org::AWS::EC2::VPCEndpoint", False),
        ("AWS::ECRX::Repository", False),
        ("AWS::MyEKS::Cluster", False),
        ("Custom::EKS", False),
        ("My::Kubernetes::Pod", False),
    ],
)
def test_types_of_roots(type_: str, is_root: bool) -> None:
    entry = {"Resources": {"R": {"Type": type_, "Properties": {}}}}
    assert bool(belonging(Assembly([Template("T", entry)]))) is is_root
