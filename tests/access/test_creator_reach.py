"""What the creator role's policies allow and deny, decided by an evaluator of IAM."""

import importlib
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

import hardened_eks as hardened
from tests.access import creator_excluded
from tests.access.creator_calls import Call, Calls, never_needed, permissions
from tests.access.creator_role import allows, asked, listed, refused, statements_of, told
from tests.access.creator_stacks import Made, iam_arn
from tests.iam import Request


class TestTheStacksCanBeDeployed:
    """Each call of each handler is allowed, on its resources and with its conditions."""

    def test_of_all_constructs(self, narrow: list[dict[str, Any]], calls: list[Call]) -> None:
        assert len(calls) > 300
        assert refused(narrow, calls) == []

    def test_of_the_reference_app(self, shipped: list[Made]) -> None:
        """Its cluster is called ``hardened``, which the prefix of the stacks does not cover."""
        found = Calls(shipped).all()
        assert {call.request.action for call in found} >= {"eks:CreateCluster", "cloudformation:DescribeStacks"}
        assert refused(statements_of(cluster_prefix="hardened"), found) == []
        assert any("cluster/hardened" in line for line in refused(statements_of(), found))

    def test_under_a_boundary(self, library: list[Made]) -> None:
        found = Calls(library, boundary=iam_arn("policy/limits")).all()
        assert refused(statements_of(permissions_boundary="limits"), found) == []
        unbound = refused(statements_of(permissions_boundary="limits"), Calls(library).all())
        assert {line.split(" ")[0] for line in unbound} == {
            "iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:PutRolePermissionsBoundary",
            "iam:DeleteRolePermissionsBoundary",
        }  # fmt: skip

    def test_with_repositories_of_other_names(self) -> None:
        named = statements_of(repository_prefixes=["team/"])
        asked = Request(
            action="ecr:CreateRepository", resource="arn:aws:ecr:eu-central-1:123456789012:repository/team/api"
        )
        assert allows(named, asked) and not allows(statements_of(), asked)

    @pytest.mark.parametrize(("role", "policy"), [
        ("HardenedEks-ClusterBreakGlassRole-1", "AmazonEKSClusterAdminPolicy"),
        ("HardenedEks-KubectlRole-1", "AmazonEKSClusterAdminPolicy"),
        ("payments-dev", "AmazonEKSAdminPolicy"),
        ("payments-dev", "AmazonEKSViewPolicy"),
    ])  # fmt: skip
    def test_who_may_get_which_access_policy(self, narrow: list[dict[str, Any]], role: str, policy: str) -> None:
        entry = f"access-entry/HardenedEks-1/role/123456789012/{role}/1"
        asked = Request(
            action="eks:AssociateAccessPolicy", resource=f"arn:aws:eks:eu-central-1:123456789012:{entry}",
            context={"eks:policyArn": f"arn:aws:eks::aws:cluster-access-policy/{policy}"},
        )  # fmt: skip
        assert allows(narrow, asked)

    def test_what_is_excluded_by_hand_is_listed_still(self, library: list[Made]) -> None:
        listed = permissions(library)
        stale = [
            pattern for pattern in creator_excluded.NEVER_NEEDED
            if not any(fnmatchcase(permission, pattern) for _, permission in listed)
        ]  # fmt: skip
        stale_types = [
            entry for entry in creator_excluded.NOT_OF_THIS_TYPE
            if not any(kind == entry[0] and fnmatchcase(permission, entry[1]) for kind, permission in listed)
        ]  # fmt: skip
        assert (stale, stale_types) == ([], [])

    def test_what_is_never_needed_is_not_allowed(self, narrow: list[dict[str, Any]], library: list[Made]) -> None:
        actions = {action.lower() for s in narrow for action in listed(s["Action"])}
        everywhere = [
            permission for _, permission in permissions(library)
            if any(fnmatchcase(permission, pattern) for pattern in creator_excluded.NEVER_NEEDED)
            and any(fnmatchcase(permission.lower(), action) for action in actions if action != "ec2:describe*")
        ]  # fmt: skip
        assert everywhere == []
        assert not never_needed("AWS::EC2::VPC", "ec2:CreateVpc")


class TestTheRestOfTheAccountIsOutOfReach:
    """Nothing of another account, region, name or owner."""

    def test_the_same_calls_on_other_things(self, narrow: list[dict[str, Any]], out_of_reach: list[Call]) -> None:
        assert len(out_of_reach) > 500
        assert [told(call) for call in out_of_reach if allows(narrow, call.request)] == []

    @pytest.mark.parametrize(("action", "resource", "context"), [
        ("eks:CreateAccessEntry", "eks:R:cluster/payroll", {"eks:principalArn": "arn:aws:iam::123456789012:role/x"}),
        ("eks:CreateAccessEntry", "eks:R:cluster/HardenedEks-1", {"eks:principalArn": "arn:aws:iam::111122223333:role/x"}),
        ("eks:CreateAccessEntry", "eks:R:cluster/HardenedEks-1", {"eks:principalArn": "arn:aws:iam::123456789012:user/x"}),
        ("eks:AssociateAccessPolicy", "eks:R:access-entry/payroll/role/123456789012/x/1", {}),
        ("eks:AssociateAccessPolicy", "eks:R:access-entry/HardenedEks-1/role/111122223333/x/1", {}),
        *(
            ("eks:AssociateAccessPolicy", "eks:R:access-entry/HardenedEks-1/role/123456789012/Admin/1",
             {"eks:policyArn": f"arn:aws:eks::aws:cluster-access-policy/{name}"})
            for name in ("AmazonEKSClusterAdminPolicy", "AWSBackupFullAccessPolicyForRestore")
        ),
        ("eks:DeleteCluster", "eks:R:cluster/payroll", {}),
        ("kms:PutKeyPolicy", "kms:R:key/1", {}),
        ("kms:ScheduleKeyDeletion", "kms:R:key/1", {"kms:ScheduleKeyDeletionPendingWindowInDays": "30"}),
        ("kms:ScheduleKeyDeletion", "kms:R:key/1", {"OWNED": "HardenedEks-1", "kms:ScheduleKeyDeletionPendingWindowInDays": "7"}),
        ("kms:PutKeyPolicy", "kms:R:key/1", {"OWNED": "HardenedEks-1", "kms:BypassPolicyLockoutSafetyCheck": "true"}),
        ("kms:GetKeyPolicy", "kms:R:key/1", {}),
        ("kms:ListResourceTags", "kms:R:key/1", {}),
        ("kms:CreateGrant", "kms:R:key/1", {}),
        ("kms:Decrypt", "kms:R:key/1", {"OWNED": "HardenedEks-1"}),
        ("kms:Decrypt", "kms:R:key/1", {"OWNED": "HardenedEks-1", "kms:ViaService": "s3.eu-central-1.amazonaws.com"}),
        ("kms:TagResource", "kms:R:key/1", {"OWNED": "Payments-1", "GIVEN": "HardenedEks-1"}),
        ("kms:TagResource", "kms:R:key/1", {"OWNED": "HardenedEks-1", "GIVEN": "Payments-1"}),
        ("kms:UntagResource", "kms:R:key/1", {"OWNED": "Payments-1", "aws:TagKeys": ["hardened-eks:owner"]}),
        ("kms:CreateKey", "*", {"GIVEN": "HardenedEks-1", "kms:MultiRegion": "true"}),
        ("kms:CreateKey", "*", {"GIVEN": "HardenedEks-1", "kms:KeySpec": "RSA_2048"}),
        ("ec2:StopInstances", "ec2:R:instance/i-1", {}),
        ("ec2:ModifyInstanceAttribute", "ec2:R:instance/i-1", {"ec2:Attribute": "UserData"}),
        ("ec2:StartInstances", "ec2:R:instance/i-1", {}),
        ("ec2:CreateLaunchTemplateVersion", "ec2:R:launch-template/lt-1", {}),
        ("ec2:RunInstances", "ec2:R:instance/i-1", {"GIVEN": "HardenedEks-1"}),
        ("ec2:CreateTags", "ec2:R:instance/i-1", {"GIVEN": "HardenedEks-1"}),
        ("ec2:CreateTags", "ec2:R:vpc/vpc-1", {"GIVEN": "HardenedEks-1", "OWNED": "Payments-1"}),
        ("ec2:CreateTags", "ec2:R:vpc/vpc-1", {"GIVEN": "Payments-1", "ec2:CreateAction": "CreateVpc"}),
        ("ec2:CreateSecurityGroup", "ec2:R:vpc/vpc-1", {"GIVEN": "HardenedEks-1"}),
        ("ec2:CreateVpcEndpoint", "ec2:R:security-group/sg-1", {"GIVEN": "HardenedEks-1"}),
        ("ec2:CreateNatGateway", "ec2:R:subnet/subnet-1", {"GIVEN": "HardenedEks-1"}),
        ("ec2:AuthorizeSecurityGroupIngress", "ec2:R:security-group/sg-1", {}),
        ("logs:DeleteLogGroup", "logs:R:log-group:aws-cloudtrail-logs:*", {}),
        ("logs:PutLogGroupDeletionProtection", "logs:R:log-group:/aws/eks/payroll/cluster", {}),
        ("ecr:SetRepositoryPolicy", "ecr:R:repository/payroll", {}),
        ("ecr:PutLifecyclePolicy", "ecr:R:repository/payroll", {}),
        ("iam:CreateOpenIDConnectProvider", "iam::oidc-provider/oidc.eks.evil.example", {}),
        ("iam:CreateOpenIDConnectProvider", "iam::oidc-provider/oidc.eks.eu-central-1.amazonaws.com.evil.example/id/1", {}),
        ("iam:PassRole", "iam::role/HardenedEks-1", {"iam:PassedToService": "glue.amazonaws.com"}),
        ("eks:CreateCluster", "*", {"GIVEN": "HardenedEks-1", "eks:bootstrapClusterCreatorAdminPermissions": "true"}),
        ("kms:CreateKey", "*", {"GIVEN": "HardenedEks-1", "kms:BypassPolicyLockoutSafetyCheck": "true"}),
        ("iam:PassRole", "iam::role/Admin", {"iam:PassedToService": "ec2.amazonaws.com"}),
        ("iam:GetRole", "iam::role/aws-service-role/organizations.amazonaws.com/AWSServiceRoleForOrganizations", {}),
        ("iam:CreateServiceLinkedRole", "iam::role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX", {"iam:AWSServiceName": "x.amazonaws.com"}),
        ("iam:AttachRolePolicy", "iam::role/HardenedEks-1", {"iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess"}),
        ("cloudformation:DescribeStacks", "cloudformation:R:stack/Payroll/1", {}),
        ("lambda:InvokeFunction", "lambda:R:function:payroll", {}),
        ("secretsmanager:GetSecretValue", "secretsmanager:R:secret:payroll-1", {}),
        ("route53resolver:DisassociateFirewallRuleGroup", "route53resolver:R:firewall-rule-group-association/1", {}),
        ("route53resolver:UpdateFirewallRule", "route53resolver:R:firewall-rule-group/1", {"OWNED": "Payments-1"}),
        ("route53resolver:DeleteResolverQueryLogConfig", "route53resolver:R:resolver-query-log-config/1", {}),
        ("route53resolver:TagResource", "route53resolver:R:firewall-rule-group/1", {"OWNED": "Payments-1", "GIVEN": "HardenedEks-1"}),
        ("route53resolver:TagResource", "route53resolver:R:firewall-rule-group/1", {"OWNED": "HardenedEks-1", "GIVEN": "Payments-1"}),
    ])  # fmt: skip
    def test_of(self, narrow: list[dict[str, Any]], action: str, resource: str, context: Mapping[str, Any]) -> None:
        assert not allows(narrow, asked(action, resource, context))


def test_a_key_without_an_owner_can_be_tagged_and_not_imported(narrow: list[dict[str, Any]]) -> None:
    """KMS checks a tag of a new key without the key: so the tag may be put on other keys that have none.

    CloudFormation must read a key before a stack can take it over, and may not.
    """
    assert allows(narrow, asked("kms:TagResource", "kms:R:key/1", {"GIVEN": "HardenedEks-1"}))
    for action in ("GetKeyPolicy", "GetKeyRotationStatus", "ListResourceTags", "PutKeyPolicy"):
        assert not allows(narrow, asked(f"kms:{action}", "kms:R:key/1", {}))


class TestEveryPartOfThePoliciesIsNeeded:
    """Each statement, action, resource and value is missed where it is taken away; each limit holds something back."""

    def test_nothing_can_be_taken_away(self, narrow: list[dict[str, Any]], calls: list[Call]) -> None:
        needless = []
        for index, statement in enumerate(narrow):
            rest = narrow[:index] + narrow[index + 1 :]
            only_here = [call for call in calls if allows([statement], call.request) and not allows(rest, call.request)]
            needless += [what for what, without in less(statement) if not refused([*without], only_here)]
            if not only_here:
                needless.append(f"all of {statement}")
        assert "\n".join(needless) == ""

    def test_nothing_can_be_widened(self, narrow: list[dict[str, Any]], out_of_reach: list[Call]) -> None:
        attacks = [asked(*mark) for mark in attack_table()]
        denied = [call.request for call in out_of_reach] + attacks
        loose = [
            what for statement in narrow for what, wider in more(statement)
            if not any(allows([wider], request) for request in denied)
        ]  # fmt: skip
        assert "\n".join(loose) == ""


def attack_table() -> list[tuple[str, str, Mapping[str, Any]]]:
    (mark,) = TestTheRestOfTheAccountIsOutOfReach.test_of.pytestmark  # type: ignore[attr-defined]
    table: list[tuple[str, str, Mapping[str, Any]]] = mark.args[1]
    return table


def needless_or_loose(
    wide: list[dict[str, Any]], added: list[dict[str, Any]], calls: list[Call], denied: list[Request]
) -> list[str]:
    """Return which part of the statements `added` no call needs, and which a request that is denied asks for more of."""
    wrong = []
    for statement in added:
        rest = [one for one in wide if one is not statement]
        only_here = [call for call in calls if allows([statement], call.request) and not allows(rest, call.request)]
        wrong += [f"needless: {what}" for what, fewer in less(statement) if not refused([*fewer], only_here)]
        wrong += [f"loose: {what}" for what, wider in more(statement) if not any(allows([wider], r) for r in denied)]
    return wrong


def less(statement: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the statement without each of its actions, resources and values of conditions."""
    for element in ("Action", "Resource"):
        for item in listed(statement[element]):
            rest = [one for one in listed(statement[element]) if one != item]
            yield f"{element} {item}", [{**statement, element: rest}] if rest else []
    for operator, keys in statement.get("Condition", {}).items():
        if "Not" not in operator:
            yield from ((what, [without]) for what, without in _by_value(statement, operator, keys))


def _by_value(
    statement: dict[str, Any], operator: str, keys: Mapping[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for key, values in keys.items():
        for value in listed(values) if len(listed(values)) > 1 else ():
            without = deepcopy(statement)
            without["Condition"][operator][key] = [one for one in listed(values) if one != value]
            yield f"{operator} {key} {value}", without


def more(statement: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the statement with each resource widened to every one, and without each condition or value excluded."""
    for resource in listed(statement["Resource"]):
        if resource != "*":
            yield f"Resource {resource} of {statement['Action']}", {**statement, "Resource": "*"}
    for operator, keys in statement.get("Condition", {}).items():
        if "Not" in operator:
            yield from _by_value(statement, operator, keys)
        for key in keys:
            wider = deepcopy(statement)
            del wider["Condition"][operator][key]
            yield f"{operator} {key} of {statement['Action']}", wider


CONSTRUCTS = Path(hardened.__file__).parent
GOVERNED: set[str] = {
    "AWS::AccessAnalyzer::Analyzer", "AWS::Athena::WorkGroup", "AWS::AuditManager::Assessment",
    "AWS::AuditManager::AssessmentFramework", "AWS::Backup::BackupPlan", "AWS::Backup::BackupSelection",
    "AWS::Backup::BackupVault", "AWS::Backup::RestoreTestingPlan", "AWS::Backup::RestoreTestingSelection",
    "AWS::CloudTrail::Trail", "AWS::Config::AggregationAuthorization",
    "AWS::Config::ConfigurationAggregator", "AWS::Config::ConfigurationRecorder", "AWS::Config::ConformancePack",
    "AWS::Config::DeliveryChannel", "AWS::Config::OrganizationConformancePack", "AWS::EC2::SnapshotBlockPublicAccess",
    "AWS::EC2::VPCBlockPublicAccessExclusion", "AWS::EC2::VPCBlockPublicAccessOptions", "AWS::Glue::Database",
    "AWS::Glue::Table", "AWS::GuardDuty::Detector", "AWS::GuardDuty::Filter", "AWS::IAM::ServiceLinkedRole",
    "AWS::Organizations::Policy", "AWS::S3::Bucket", "AWS::S3::BucketPolicy", "AWS::SSM::ServiceSetting",
    "AWS::SecurityHub::Hub",
}  # fmt: skip
"""Types of governance and recovery: test_creator_governance."""
OF_CONFIG_RULES: set[str] = {"AWS::Config::ConfigRule", "AWS::Lambda::Permission"}
"""Types that the role reaches with `config_rules`: test_creator_config_rules."""
OF_PEOPLE: set[str] = {"AWS::EKS::IdentityProviderConfig"}
"""Types that the role reaches with `issuers`: test_identity_provider."""
BESIDE_THE_STACKS: set[str] = {"AWS::EKS::Capability", *GOVERNED, *OF_CONFIG_RULES, *OF_PEOPLE}
"""Types that only stacks of other execution roles hold: an account has one detector of each kind in a Region, policies of
an organization are the management account's, and a capability creates applications in IAM Identity Center."""


def types_in_the_source() -> set[str]:
    """Return the types of all L1s that the library's source makes."""
    found = set()
    for file in CONSTRUCTS.rglob("*.py"):
        text = file.read_text()
        for alias, name in re.findall(r"\b(\w+)\.(Cfn[A-Z]\w+)[(,]", text):
            module = re.search(rf"from aws_cdk import aws_(\w+) as {alias}\b", text)
            if module is not None:
                l1 = getattr(importlib.import_module(f"aws_cdk.aws_{module[1]}"), name)
                found.add(l1.CFN_RESOURCE_TYPE_NAME)
    return found


def test_every_type_that_the_library_makes_is_among_the_stacks(library: list[Made]) -> None:
    """A construct of a new type needs calls here, and with them statements of the role."""
    types = types_in_the_source()
    assert len(types) > 20
    assert types - {made.kind for made in library} - BESIDE_THE_STACKS == set()
