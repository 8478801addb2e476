"""What the creator role's policies allow and deny, decided by an evaluator of IAM."""

import importlib
import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

import app as reference
import hardened_eks as hardened
from hardened_eks.controls.access import no_account_wide_changes
from hardened_eks.evidence import Assembly
from hardened_eks.evidence import Template as Template_
from hardened_eks.judging.evaluation import evaluate as judge
from hardened_eks.registry import PullThroughCache, SigningRule
from tests.access import creator_excluded
from tests.access.creator_calls import Call, Calls, never_needed, permissions
from tests.access.creator_foreign import foreign
from tests.access.creator_stacks import Made, iam_arn, made_of, resolve
from tests.iam import Policies, Request, evaluate

POLICY = "AWS::IAM::ManagedPolicy"
BEFORE = json.loads(Path(__file__).with_name("creator_before.json").read_text())
"""The statements of the role before there was an owner tag."""


def statements_of(**arguments: Any) -> list[dict[str, Any]]:
    stack = cdk.Stack(cdk.App(), "Bootstrap")
    hardened.CreatorRole(stack, "Creator", **{"stack_prefix": "HardenedEks", **arguments})
    policies = Template.from_stack(stack).find_resources(POLICY).values()
    return [s for p in policies for s in resolve(p["Properties"]["PolicyDocument"])["Statement"]]


def allows(statements: list[dict[str, Any]], request: Request) -> bool:
    return bool(evaluate(request, Policies(identity=[{"Statement": statements}])))


@pytest.fixture(scope="module")
def narrow() -> list[dict[str, Any]]:
    return statements_of()


@pytest.fixture(scope="module")
def adopting() -> list[dict[str, Any]]:
    return statements_of(adopt_untagged=True)


@pytest.fixture(scope="module")
def library() -> list[Made]:
    """Everything the library's constructs create."""
    app = cdk.App()
    stack = cdk.Stack(app, "HardenedEks-Cluster")
    cluster = hardened.Cluster(stack, "Cluster", version="1.36")
    cluster.add_node_group("general", instance_types=["m7g.large"], session_manager=True)
    cluster.add_break_glass_role(trusted=["arn:aws:iam::123456789012:user/ana"])
    hardened.AdminHost(stack, "Host", cluster=cluster)
    hardened.PodRole(stack, "Pod", cluster=cluster, namespace="billing", service_account="reader")
    hardened.ServiceAccountRole(stack, "Old", cluster=cluster, namespace="billing", service_account="old")
    images = cdk.Stack(app, "HardenedEks-Registry")
    hardened.Repository(images, "Repository")
    hardened.Registry(
        images, "Registry", replicate_to=["eu-west-1"], pull_through=[PullThroughCache(prefix="quay", upstream="quay.io")],
        signing=[SigningRule(profile_arn="arn:aws:signer:eu-west-1:123456789012:/signing-profiles/images")],
    )  # fmt: skip
    network = cdk.Stack(app, "HardenedEks-Network")
    hardened.Network(network, "Network", egress="nat", pod_cidrs=["100.64.0.0/16"])  # type: ignore[arg-type]
    return made_of({one.stack_name: Template.from_stack(one).to_json() for one in (stack, images, network)})


@pytest.fixture(scope="module")
def shipped() -> list[Made]:
    """The reference app as it is shipped."""
    flags = json.loads((Path(__file__).parents[2] / "cdk.json").read_text())["context"]
    app = cdk.App(context=flags)
    reference.compose(app)
    return made_of({stack.stack_name: stack.template for stack in app.synth().stacks})


@pytest.fixture(scope="module")
def calls(library: list[Made]) -> list[Call]:
    return Calls(library).all()


def refused(statements: list[dict[str, Any]], calls: list[Call]) -> list[str]:
    return [told(call) for call in calls if not allows(statements, call.request)]


def told(call: Call) -> str:
    request = call.request
    return f"{request.action} on {request.resource} with {dict(request.context)}: {call.source}"


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


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


READS = ("ec2:Describe*", "autoscaling:DescribeTags", "ssm:ListAssociations")


@pytest.fixture(scope="module")
def out_of_reach(calls: list[Call]) -> list[Call]:
    """Each call on what is not the stacks' own, but reads that know no resource, and what harms no key."""
    return [
        other for call in calls if not any(fnmatchcase(call.request.action, pattern) for pattern in READS)
        for other in foreign(call)
        if not known_remainder(other)
    ]  # fmt: skip


def known_remainder(call: Call) -> bool:
    """What KMS cannot tell apart: a key that is just created, and a key without an owner."""
    of_an_own_kind = not call.source.endswith((" account", " region"))
    return of_an_own_kind and (
        call.request.action in ("kms:DescribeKey", "kms:EnableKeyRotation")
        or (
            call.request.action == "kms:TagResource"
            and call.source.endswith(" untagged")
            and call.request.resource != "*"
        )
    )


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


def asked(action: str, resource: str, context: Mapping[str, Any]) -> Request:
    arn = "arn:aws:" + resource.replace(":R:", ":eu-central-1:123456789012:").replace("iam::", "iam::123456789012:")
    names = {"OWNED": "aws:ResourceTag/hardened-eks:owner", "GIVEN": "aws:RequestTag/hardened-eks:owner"}
    return Request(
        action=action,
        resource="*" if resource == "*" else arn,
        context={
            "aws:RequestedRegion": "eu-central-1", "aws:ResourceAccount": "123456789012",
            **{names.get(key, key): value for key, value in context.items()},
        },
    )  # fmt: skip


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


def less(statement: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the statement without each of its actions, resources and values of conditions."""
    for element in ("Action", "Resource"):
        for item in listed(statement[element]):
            rest = [one for one in listed(statement[element]) if one != item]
            yield f"{element} {item}", [{**statement, element: rest}] if rest else []
    for operator, keys in statement.get("Condition", {}).items():
        for key, values in keys.items():
            for value in listed(values) if len(listed(values)) > 1 else ():
                without = deepcopy(statement)
                without["Condition"][operator][key] = [one for one in listed(values) if one != value]
                yield f"{operator} {key} {value}", [without]


def more(statement: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the statement with each resource widened to every one, and without each condition."""
    for resource in listed(statement["Resource"]):
        if resource != "*":
            yield f"Resource {resource} of {statement['Action']}", {**statement, "Resource": "*"}
    for operator, keys in statement.get("Condition", {}).items():
        for key in keys:
            wider = deepcopy(statement)
            del wider["Condition"][operator][key]
            yield f"{operator} {key} of {statement['Action']}", wider


@pytest.fixture(scope="module")
def older(library: list[Made]) -> list[Call]:
    """The calls on stacks that an earlier release created: what exists carries no owner tag."""
    return Calls(library, tagged=False).all()


def by_tag(call: Call) -> bool:
    """Tell whether the call tags something that exists."""
    action = call.request.action.partition(":")[2]
    tagging = {"CreateTags", "TagResource", "TagRole", "TagQueue", "TagOpenIDConnectProvider", "AddTagsToResource"}
    return action in tagging and call.request.resource != "*" and not call.request.resource.endswith("/new")


UNTAG = [
    asked("ec2:DeleteTags", "ec2:R:vpc/vpc-1", {"aws:TagKeys": ["hardened-eks:owner"], "OWNED": "HardenedEks-1"}),
    asked("kms:UntagResource", "kms:R:key/1", {"aws:TagKeys": ["hardened-eks:owner"], "OWNED": "HardenedEks-1"}),
]
"""What a rollback does to what the failed update has tagged."""


class TestTheUpgrade:
    """One release tags, the next narrows: stacks of an earlier release get through, and nothing is stuck."""

    def test_the_role_of_before_sets_the_tags(self, older: list[Call]) -> None:
        """A user who does not deploy the role again only sees tags appear."""
        tagging = [call for call in older if by_tag(call)]
        assert {call.request.action.partition(":")[0] for call in tagging} >= {"ec2", "kms", "eks", "iam", "logs"}
        # Issuers on the dual-stack name are younger than that role.
        assert [line for line in refused(BEFORE, tagging) if "oidc-eks." not in line] == []
        assert all(allows(BEFORE, request) for request in UNTAG)

    def test_the_adopting_role_deploys_stacks_without_tags(
        self, adopting: list[dict[str, Any]], older: list[Call]
    ) -> None:
        assert refused(adopting, older) == []

    def test_the_adopting_role_deploys_stacks_with_tags(
        self, adopting: list[dict[str, Any]], calls: list[Call]
    ) -> None:
        assert refused(adopting, calls) == []

    def test_the_adopting_role_rolls_back(self, adopting: list[dict[str, Any]]) -> None:
        assert all(allows(adopting, request) for request in UNTAG)

    def test_the_adopting_role_leaves_other_owners_alone(
        self, adopting: list[dict[str, Any]], out_of_reach: list[Call]
    ) -> None:
        others = [
            call for call in out_of_reach if not call.source.endswith(" untagged")
            # A new resource with another's tag is refused by ec2:CreateTags, which the same call asks for.
            and not (call.request.resource.endswith("/new") and call.request.action != "ec2:CreateTags")
        ]  # fmt: skip
        assert len(others) > 500
        assert [told(call) for call in others if allows(adopting, call.request)] == []

    def test_the_narrow_role_deploys_them_once_they_are_tagged(
        self, narrow: list[dict[str, Any]], calls: list[Call]
    ) -> None:
        assert refused(narrow, calls) == []

    def test_narrowed_too_early_the_update_is_refused_and_rolls_back(
        self, narrow: list[dict[str, Any]], older: list[Call]
    ) -> None:
        """Whatever a rollback then takes off is within reach again by its name or its tag."""
        tagging = [call for call in older if by_tag(call)]
        assert {line.split(" ")[0] for line in refused(narrow, tagging)} == {"ec2:CreateTags", "kms:TagResource"}
        untagging = [
            call for call in older if "untag" in call.request.action.lower() and not call.request.action.startswith("kms")
        ]  # fmt: skip
        assert len(untagging) > 5
        assert refused(narrow, untagging) == []
        assert all(allows(narrow, request) for request in UNTAG)

    def test_the_role_of_before_could_not_deploy_the_reference_app(self, shipped: list[Made]) -> None:
        missing = {line.split(" ")[0] for line in refused(BEFORE, Calls(shipped).all())}
        assert missing >= {"cloudformation:DescribeStacks", "iam:GetRole"}

    def test_the_role_of_before_owned_the_account(self, out_of_reach: list[Call]) -> None:
        reached = {call.request.action for call in out_of_reach if allows(BEFORE, call.request)}
        assert reached >= {
            "eks:CreateAccessEntry", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "ec2:StopInstances",
            "ec2:ModifyInstanceAttribute", "logs:DeleteLogGroup", "ecr:SetRepositoryPolicy", "ec2:CreateTags",
        }  # fmt: skip


CONSTRUCTS = Path(hardened.__file__).parent
BESIDE_THE_STACKS: set[str] = set()
"""Types that only stacks of other execution roles hold."""


def types_in_the_source() -> set[str]:
    """Return the types of all L1s that the library's source makes."""
    found = set()
    for file in CONSTRUCTS.rglob("*.py"):
        text = file.read_text()
        for alias, name in re.findall(r"\b(\w+)\.(Cfn[A-Z]\w+)\(", text):
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


@pytest.mark.parametrize(("policies", "expected"), [("narrow", False), ("adopting", True), ("before", True)])
def test_the_control_tells_the_roles_apart(policies: str, expected: bool) -> None:
    """IA-14 passes the role, and reports the one of before and one that is left in the first step of the upgrade."""
    statements = BEFORE if policies == "before" else statements_of(adopt_untagged=policies == "adopting")
    body = {"Type": POLICY, "Properties": {"PolicyDocument": {"Version": "2012-10-17", "Statement": statements}}}
    outcome = judge(Assembly([Template_("Bootstrap", {"Resources": {"Policy": body}})]), [no_account_wide_changes])
    assert bool(outcome.findings) is expected
    if policies == "before":
        told_of = " ".join(finding.problem.message for finding in outcome.findings)
        for action in ("kms:PutKeyPolicy", "logs:DeleteLogGroup", "ec2:ModifyInstanceAttribute",
                       "ecr:SetRepositoryPolicy", "eks:CreateAccessEntry", "iam:CreateOpenIDConnectProvider"):  # fmt: skip
            assert action in told_of
