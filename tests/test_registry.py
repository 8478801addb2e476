from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk.assertions import Annotations, Match, Template
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

import hardened_eks as hardened
from hardened_eks.errors import ConfigurationError
from hardened_eks.registry import Lifecycle, PullThroughCache, SigningRule

REPOSITORY = "AWS::ECR::Repository"
BUILDER = "arn:aws:iam::123456789012:role/ci/builder"
READER = "arn:aws:iam::210987654321:role/reader"
PROFILE = "arn:aws:signer:eu-west-1:123456789012:/signing-profiles/images"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:ecr-pullthroughcache/hub-a1b2c3"
TLS_ONLY = {
    "Sid": "TlsOnly", "Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "ecr:*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}  # fmt: skip


def resources(template: Template, kind: str) -> dict[str, Any]:
    (found,) = template.find_resources(kind).values()
    return dict(found)


def repository(**arguments: Any) -> dict[str, Any]:
    stack = cdk.Stack(cdk.App(), "Images")
    hardened.Repository(stack, "Repository", **{k: v(stack) if callable(v) else v for k, v in arguments.items()})
    return dict(resources(Template.from_stack(stack), REPOSITORY)["Properties"])


def registry(**arguments: Any) -> Template:
    stack = cdk.Stack(cdk.App(), "Images")
    hardened.Registry(stack, "Registry", **{k: v(stack) if callable(v) else v for k, v in arguments.items()})
    return Template.from_stack(stack)


@pytest.fixture(scope="module")
def plain() -> Template:
    stack = cdk.Stack(cdk.App(), "Images")
    hardened.Repository(stack, "Repository")
    return Template.from_stack(stack)


@pytest.fixture(scope="module")
def settings() -> Template:
    return registry()


class TestRepository:
    def test_images_stay_what_they_were(self, plain: Template) -> None:
        properties = resources(plain, REPOSITORY)["Properties"]
        assert properties["ImageTagMutability"] == "IMMUTABLE"
        assert "ImageTagMutabilityExclusionFilters" not in properties
        assert properties["ImageScanningConfiguration"] == {"ScanOnPush": True}

    def test_a_customer_key_encrypts(self, plain: Template) -> None:
        (key,) = plain.find_resources("AWS::KMS::Key")
        encryption = resources(plain, REPOSITORY)["Properties"]["EncryptionConfiguration"]
        assert encryption == {"EncryptionType": "KMS", "KmsKey": {"Fn::GetAtt": [key, "Arn"]}}

    def test_it_outlives_the_stack(self, plain: Template) -> None:
        made = resources(plain, REPOSITORY)
        assert (made["DeletionPolicy"], made["UpdateReplacePolicy"]) == ("Retain", "Retain")
        assert made["Properties"]["EmptyOnDelete"] is False
        assert "RepositoryName" not in made["Properties"]

    def test_nobody_from_elsewhere_and_only_over_tls(self, plain: Template) -> None:
        assert resources(plain, REPOSITORY)["Properties"]["RepositoryPolicyText"]["Statement"] == [TLS_ONLY]

    def test_untagged_images_go_after_two_weeks(self, plain: Template) -> None:
        text = resources(plain, REPOSITORY)["Properties"]["LifecyclePolicy"]["LifecyclePolicyText"]
        assert json.loads(text) == {"rules": [{
            "rulePriority": 1, "action": {"type": "expire"},
            "selection": {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 14},
        }]}  # fmt: skip

    def test_untagged_images_do_not_push_tagged_ones_out(self) -> None:
        untagged, tagged = json.loads(Lifecycle(untagged_days=3, keep_tagged=50).rendered())["rules"]
        assert untagged["selection"]["countNumber"] == 3
        assert tagged["selection"] == {
            "tagStatus": "tagged", "tagPatternList": ["*"], "countType": "imageCountMoreThan", "countNumber": 50,
        }  # fmt: skip

    def test_named_principals(self) -> None:
        statements = repository(pull=[READER], push=[BUILDER], organization_id="o-a1b2c3d4e5")["RepositoryPolicyText"][
            "Statement"
        ]
        deny, pull, push, organization = statements
        assert deny == TLS_ONLY
        assert (pull["Sid"], pull["Principal"]) == ("Pull", {"AWS": [READER]})
        assert (push["Sid"], push["Principal"]) == ("Push", {"AWS": [BUILDER]})
        assert organization["Condition"] == {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
        assert "ecr:PutImage" in push["Action"]
        for reading in (pull, organization):
            assert {a.split(":")[1] for a in reading["Action"]} == {
                "BatchCheckLayerAvailability", "BatchGetImage", "GetDownloadUrlForLayer"}  # fmt: skip

    @pytest.mark.parametrize("principal", [
        lambda scope: [iam.Role.from_role_arn(scope, "Imported", BUILDER)], lambda _: [iam.ArnPrincipal(BUILDER)],
    ])  # fmt: skip
    def test_imported_roles(self, principal: Any) -> None:
        assert repository(push=principal)["RepositoryPolicyText"]["Statement"][1]["Principal"] == {"AWS": [BUILDER]}

    def test_an_imported_key(self) -> None:
        arn = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
        stack = cdk.Stack(cdk.App(), "Images")
        hardened.Repository(stack, "Repository", encryption_key=kms.Key.from_key_arn(stack, "Key", arn))
        template = Template.from_stack(stack)
        template.resource_count_is("AWS::KMS::Key", 0)
        assert resources(template, REPOSITORY)["Properties"]["EncryptionConfiguration"]["KmsKey"] == arn

    def test_exclusions_are_named(self) -> None:
        properties = repository(mutable_tags=["latest", "dev-*"], name="team/app_1")
        assert properties["RepositoryName"] == "team/app_1"
        assert properties["ImageTagMutability"] == "IMMUTABLE_WITH_EXCLUSION"
        assert properties["ImageTagMutabilityExclusionFilters"] == [
            {"ImageTagMutabilityExclusionFilterType": "WILDCARD", "ImageTagMutabilityExclusionFilterValue": tag}
            for tag in ("latest", "dev-*")
        ]

    def test_deploy_time_values_pass(self) -> None:
        text = cdk.Fn.import_value
        properties = repository(
            name=text("Name"), organization_id=text("Org"), pull=[text("Role")], mutable_tags=[text("Tag")]
        )  # fmt: skip
        assert properties["RepositoryName"] == {"Fn::ImportValue": "Name"}
        assert properties["RepositoryPolicyText"]["Statement"][1]["Principal"]["AWS"] == [{"Fn::ImportValue": "Role"}]

    def test_the_cdk_can_use_it(self) -> None:
        stack = cdk.Stack(cdk.App(), "Images")
        made = hardened.Repository(stack, "Repository")
        made.repository.grant_pull(iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com")))
        again = made.repository  # the same construct, and no second one
        assert again.node.path == made.repository.node.path
        assert "ecr:BatchGetImage" in json.dumps(Template.from_stack(stack).find_resources("AWS::IAM::Policy"))

    @pytest.mark.parametrize(("arguments", "words"), [
        ({"name": "Team/App"}, ["'Team/App'", "lower-case"]),
        ({"name": "a"}, ["2 to 256", "'a'"]),
        ({"name": "a" * 257}, ["2 to 256"]),
        ({"name": "a..b"}, ["'a..b'"]),
        ({"name": "a/"}, ["'a/'"]),
        ({"name": 7}, ["got 7"]),
        ({"pull": READER}, ["pull needs a list", READER]),
        ({"push": BUILDER}, ["push needs a list", BUILDER]),
        ({"pull": ["*"]}, ["pull", "'*'", "everybody"]),
        ({"pull": ["arn:aws:iam::123456789012:root"]}, ["whole account"]),
        ({"push": ["arn:aws:iam::123456789012:user/me"]}, ["push names the IAM user", "name a role"]),
        ({"push": [lambda: iam.AccountRootPrincipal()]}, ["whole account"]),
        ({"push": ["123456789012"]}, ["'123456789012'"]),
        ({"push": [None]}, ["None"]),
        ({"organization_id": "a1b2c3d4e5"}, ["o-a1b2c3d4e5", "got 'a1b2c3d4e5'"]),
        ({"organization_id": "*"}, ["'*'"]),
        ({"mutable_tags": "latest"}, ["a list", "'latest'"]),
        ({"mutable_tags": ["*"]}, ["every tag", "name the tags"]),
        ({"mutable_tags": ["**"]}, ["every tag"]),
        ({"mutable_tags": ["a b"]}, ["'a b'"]),
        ({"mutable_tags": ["*a*b*"]}, ["at most two"]),
        ({"mutable_tags": list("abcdef")}, ["at most 5"]),
        ({"mutable_tags": [7]}, ["got 7"]),
        ({"lifecycle": {"untagged_days": 3}}, ["lifecycle needs a Lifecycle"]),
    ])  # fmt: skip
    def test_fails_when(self, arguments: dict[str, Any], words: list[str]) -> None:
        stack = cdk.Stack(cdk.App(), "Images")
        given = {
            key: [one() if callable(one) else one for one in value] if isinstance(value, list) else value
            for key, value in arguments.items()
        }
        with pytest.raises(ConfigurationError) as caught:
            hardened.Repository(stack, "Repository", **given)
        assert [word for word in words if word not in str(caught.value)] == []
        assert stack.node.children == [], "nothing is created before the arguments are good"

    def test_fails_with_all_mistakes_at_once(self) -> None:
        with pytest.raises(ConfigurationError) as caught:
            repository(name="A", pull=["*"], push="x", organization_id="o", mutable_tags=["*", "a b"])
        assert len(caught.value.problems) == 6

    @pytest.mark.parametrize("arguments", [
        {"untagged_days": 0}, {"untagged_days": None}, {"untagged_days": True}, {"keep_tagged": 0}, {"keep_tagged": "5"},
    ])  # fmt: skip
    def test_a_lifecycle_fails_when(self, arguments: dict[str, Any]) -> None:
        with pytest.raises(ConfigurationError, match="whole number of at least 1"):
            Lifecycle(**arguments)


class TestRegistry:
    def test_everything_is_scanned_again_and_again(self, settings: Template) -> None:
        assert resources(settings, "AWS::ECR::RegistryScanningConfiguration")["Properties"] == {
            "ScanType": "ENHANCED",
            "Rules": [{"ScanFrequency": "CONTINUOUS_SCAN", "RepositoryFilters": [{"Filter": "*", "FilterType": "WILDCARD"}]}],
        }  # fmt: skip

    def test_what_ecr_creates_is_as_hardened(self, settings: Template) -> None:
        (key,) = settings.find_resources("AWS::KMS::Key")
        made = resources(settings, "AWS::ECR::RepositoryCreationTemplate")["Properties"]
        assert (made["Prefix"], made["ImageTagMutability"]) == ("ROOT", "IMMUTABLE")
        assert set(made["AppliedFor"]) == {"PULL_THROUGH_CACHE", "REPLICATION", "CREATE_ON_PUSH"}
        assert made["EncryptionConfiguration"] == {"EncryptionType": "KMS", "KmsKey": {"Fn::GetAtt": [key, "Arn"]}}
        assert json.loads(made["RepositoryPolicy"])["Statement"] == [TLS_ONLY]
        assert json.loads(made["LifecyclePolicy"])["rules"][0]["selection"]["tagStatus"] == "untagged"

    def test_ecr_has_a_role_that_may_use_the_key(self, settings: Template) -> None:
        (key,) = settings.find_resources("AWS::KMS::Key")
        (role,) = settings.find_resources("AWS::IAM::Role")
        made = resources(settings, "AWS::ECR::RepositoryCreationTemplate")["Properties"]
        assert made["CustomRoleArn"] == {"Fn::GetAtt": [role, "Arn"]}
        (trust,) = resources(settings, "AWS::IAM::Role")["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": "ecr.amazonaws.com"}
        assert trust["Condition"] == {"StringEqualsIfExists": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
        statements = resources(settings, "AWS::IAM::ManagedPolicy")["Properties"]["PolicyDocument"]["Statement"]
        # https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates-custom.html
        _, of_key = statements
        assert of_key["Resource"] == {"Fn::GetAtt": [key, "Arn"]}
        assert set(of_key["Action"]) == {"kms:CreateGrant", "kms:RetireGrant", "kms:DescribeKey"}
        assert "Condition" not in of_key, "ECR makes its grant with the role's session: AWS's sample has no condition"

    def test_nothing_else_is_set(self, settings: Template) -> None:
        for kind in ("PullThroughCacheRule", "SigningConfiguration", "ReplicationConfiguration"):
            settings.resource_count_is(f"AWS::ECR::{kind}", 0)

    def test_choices_are_passed_on(self) -> None:
        arn = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
        template = registry(
            encryption_key=lambda scope: kms.Key.from_key_arn(scope, "Key", arn),
            pull_through=[
                PullThroughCache(prefix="quay", upstream="quay.io"),
                PullThroughCache(prefix="hub/mirror", upstream="registry-1.docker.io", credential_arn=SECRET),
                PullThroughCache(prefix="acr", upstream="mine.azurecr.io", credential_arn=SECRET),
            ],
            signing=[SigningRule(profile_arn=PROFILE), SigningRule(profile_arn=PROFILE, repositories=["team/*", "app"])],
            replicate_to=["eu-central-1", "us-gov-west-1"],
        )  # fmt: skip
        template.resource_count_is("AWS::KMS::Key", 0)
        made = template.find_resources("AWS::ECR::RepositoryCreationTemplate")
        assert next(iter(made.values()))["Properties"]["EncryptionConfiguration"]["KmsKey"] == arn
        rules = list(template.find_resources("AWS::ECR::PullThroughCacheRule").values())
        assert [(r["Properties"]["EcrRepositoryPrefix"], r["Properties"]["UpstreamRegistry"]) for r in rules] == [
            ("quay", "quay"), ("hub/mirror", "docker-hub"), ("acr", "azure-container-registry")]  # fmt: skip
        assert [r["Properties"].get("CredentialArn") for r in rules] == [None, SECRET, SECRET]
        assert all(r["DependsOn"] == list(made) for r in rules), "the first image comes into a hardened repository"
        signing = resources(template, "AWS::ECR::SigningConfiguration")["Properties"]["Rules"]
        assert [[f["Filter"] for f in rule["RepositoryFilters"]] for rule in signing] == [["*"], ["team/*", "app"]]
        (rule,) = resources(template, "AWS::ECR::ReplicationConfiguration")["Properties"]["ReplicationConfiguration"][
            "Rules"
        ]
        assert [d["Region"] for d in rule["Destinations"]] == ["eu-central-1", "us-gov-west-1"]

    def test_every_upstream_is_one_that_ecr_knows(self) -> None:
        from hardened_eks.registry import _settings

        schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", "AWS::ECR::PullThroughCacheRule").schema
        known = set(schema["definitions"]["UpstreamRegistry"]["enum"])
        assert {*_settings._OPEN.values(), *_settings._WITH_SECRET.values(), "azure-container-registry"} == known - {
            "ecr"
        }

    @pytest.mark.parametrize(("arguments", "words"), [
        ({"prefix": "Quay"}, ["2 to 30", "'Quay'"]),
        ({"prefix": "q"}, ["'q'"]),
        ({"prefix": "q" * 31}, ["2 to 30"]),
        ({"prefix": "a..b"}, ["'a..b'"]),
        ({"prefix": None}, ["None"]),
        ({"upstream": "example.com"}, ["quay.io", "'example.com'"]),
        ({"upstream": "https://quay.io"}, ["'https://quay.io'"]),
        ({"upstream": None}, ["None"]),
        ({"upstream": "ghcr.io"}, ["ghcr.io needs credential_arn"]),
        ({"upstream": "mine.azurecr.io"}, ["needs credential_arn"]),
        ({"credential_arn": SECRET.replace("ecr-pullthroughcache/", "")}, ["begins with ecr-pullthroughcache/", "hub-a1b2c3"]),
        ({"credential_arn": 7}, ["got 7"]),
    ])  # fmt: skip
    def test_a_cache_fails_when(self, arguments: dict[str, Any], words: list[str]) -> None:
        with pytest.raises(ConfigurationError) as caught:
            PullThroughCache(**{"prefix": "quay", "upstream": "quay.io", **arguments})
        assert [word for word in words if word not in str(caught.value)] == []

    @pytest.mark.parametrize(("arguments", "words"), [
        ({"profile_arn": "images"}, ["'images'", "AWS Signer profile"]),
        ({"profile_arn": None}, ["None"]),
        ({"repositories": []}, ["['*']", "[]"]),
        ({"repositories": "*"}, ["a list", "'*'"]),
        ({"repositories": ["Team/*"]}, ["'Team/*'"]),
        ({"repositories": [7]}, ["got 7"]),
    ])  # fmt: skip
    def test_a_signing_rule_fails_when(self, arguments: dict[str, Any], words: list[str]) -> None:
        with pytest.raises(ConfigurationError) as caught:
            SigningRule(**{"profile_arn": PROFILE, **arguments})
        assert [word for word in words if word not in str(caught.value)] == []

    @pytest.mark.parametrize(("arguments", "words"), [
        ({"replicate_to": "eu-west-1"}, ["a list", "'eu-west-1'"]),
        ({"replicate_to": ["europe"]}, ["eu-west-1", "'europe'"]),
        ({"replicate_to": [None]}, ["None"]),
        ({"pull_through": [PullThroughCache(prefix="quay", upstream="quay.io")] * 2}, ["'quay' twice"]),
    ])  # fmt: skip
    def test_fails_when(self, arguments: dict[str, Any], words: list[str]) -> None:
        stack = cdk.Stack(cdk.App(), "Images")
        with pytest.raises(ConfigurationError) as caught:
            hardened.Registry(stack, "Registry", **arguments)
        assert [word for word in words if word not in str(caught.value)] == []
        assert stack.node.children == [], "nothing is created before the arguments are good"

    @pytest.mark.parametrize(("region", "signs"), [("eu-central-2", False), ("eu-west-1", True), ("me-south-1", True)])
    def test_signing_needs_a_region_that_has_it(self, region: str, signs: bool) -> None:
        stack = cdk.Stack(cdk.App(), "Images", env=cdk.Environment(account="123456789012", region=region))
        rules = [SigningRule(profile_arn=PROFILE)]
        if signs:
            hardened.Registry(stack, "Registry", signing=rules)
            Template.from_stack(stack).resource_count_is("AWS::ECR::SigningConfiguration", 1)
        else:
            with pytest.raises(ConfigurationError, match="signing needs AWS::ECR::SigningConfiguration.*eu-central-2"):
                hardened.Registry(stack, "Registry", signing=rules)

    def test_warns_where_a_destination_has_no_registry(self) -> None:
        app = cdk.App()
        here, there = (
            cdk.Stack(app, region, env=cdk.Environment(account="123456789012", region=region))
            for region in ("eu-west-1", "eu-central-1")
        )
        hardened.Registry(there, "Registry")
        hardened.Registry(here, "Registry", replicate_to=["eu-central-1", "eu-north-1"])
        warning = Annotations.from_stack(here).find_warning("*", Match.string_like_regexp("no Registry in eu-north-1"))
        assert len(warning) == 1
        done = cdk.Stack(app, "Done", env=cdk.Environment(account="123456789012", region="eu-west-3"))
        hardened.Registry(done, "Registry", replicate_to=["eu-central-1"])
        assert not Annotations.from_stack(done).find_warning("*", Match.string_like_regexp("Registry"))

    def test_fails_with_all_mistakes_at_once(self) -> None:
        with pytest.raises(ConfigurationError) as caught:
            registry(replicate_to=["a", "b"], pull_through=[PullThroughCache(prefix="quay", upstream="quay.io")] * 3)
        assert len(caught.value.problems) == 3
