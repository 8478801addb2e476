"""Saved answers of IAM and EKS as evidence, and who can take a role by them."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hardened_eks.cli import group
from hardened_eks.errors import UnusableInputError
from hardened_eks.evidence import Assembly
from hardened_eks.guardrails import Settings
from hardened_eks.guardrails.who import Role, who
from hardened_eks.sources import authorization

ACCOUNT = "123456789012"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
CLUSTER_ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"


def arn(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:{name}"


def trust(principal: Any, **more: Any) -> dict[str, Any]:
    return {"Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more}]}


def allow(action: str, resource: str, effect: str = "Allow") -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": effect, "Action": action, "Resource": resource}]}


def role(name: str, document: dict[str, Any], *, inline: Any = None, attached: str = "") -> dict[str, Any]:
    return {
        "RoleName": name,
        "Path": "/",
        "Arn": arn(f"role/{name}"),
        "AssumeRolePolicyDocument": document,
        "RolePolicyList": [{"PolicyName": "inline", "PolicyDocument": inline}] if inline else [],
        "AttachedManagedPolicies": [{"PolicyName": attached.rpartition("/")[2], "PolicyArn": attached}]
        if attached
        else [],
    }


DETAILS = {
    "RoleDetailList": [
        role("hardened-eks-creator", trust({"Service": "cloudformation.amazonaws.com"})),
        role("cluster", trust({"Service": "eks.amazonaws.com"})),
        role("on-call", trust({"AWS": arn("root")}, Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})),
        role("ci", trust({"Federated": "arn:aws:iam::123456789012:oidc-provider/x"}), inline=allow("iam:PassRole", arn("role/hardened-eks-*"))),
        role("ops", trust({"AWS": arn("user/ana")}), attached=ADMINISTRATOR),
        role("other", trust({"AWS": arn("user/ana")}), inline=allow("s3:*", "*")),
    ],
    "UserDetailList": [
        {"UserName": "ana", "Arn": arn("user/ana"), "GroupList": ["admins"],
         "UserPolicyList": [{"PolicyName": "p", "PolicyDocument": allow("sts:AssumeRole", arn("role/on-call"))}]},
    ],
    "GroupDetailList": [
        {"GroupName": "admins", "Arn": arn("group/admins"),
         "GroupPolicyList": [{"PolicyName": "p", "PolicyDocument": allow("sts:AssumeRole", arn("role/on-call"), "Deny")}]},
    ],
    "Policies": [
        {"PolicyName": "AdministratorAccess", "Arn": ADMINISTRATOR, "PolicyVersionList": [
            {"VersionId": "v1", "IsDefaultVersion": False, "Document": allow("s3:GetObject", "*")},
            {"VersionId": "v2", "IsDefaultVersion": True, "Document": allow("*", "*")},
        ]},
    ],
}  # fmt: skip
CLUSTER = {"cluster": {"name": "prod", "roleArn": arn("role/cluster"), "status": "ACTIVE"}}
ENTRY = {
    "clusterName": "prod", "principalArn": arn("role/on-call"),
    "associatedAccessPolicies": [{"policyArn": CLUSTER_ADMIN, "accessScope": {"type": "cluster", "namespaces": []}}],
}  # fmt: skip


def found(*answers: Any, settings: Settings | None = None) -> dict[str, Role]:
    template = authorization.as_template([("file", answer) for answer in answers])
    return {one.name: one for one in who(Assembly([template]), settings or Settings())}


def ways(role: Role) -> set[tuple[str, str, bool]]:
    return {(way.who.rpartition(f"account {ACCOUNT}/")[2], way.how, way.refused) for way in role.ways}


def test_each_part_and_every_way_to_it() -> None:
    roles = found(DETAILS, CLUSTER, ENTRY)
    assert {name: one.part for name, one in roles.items()} == {
        "hardened-eks-creator": "creator", "cluster": "cluster", "on-call": "break-glass",
    }  # fmt: skip
    assert ways(roles["hardened-eks-creator"]) == {
        ("cloudformation.amazonaws.com", "trust", False), ("Role/ci", "passes", False), ("Role/ops", "passes", False),
    }  # fmt: skip
    assert ways(roles["on-call"]) == {
        (arn("root"), "trust", False), ("User/ana", "account", False), ("Group/admins", "account", True),
        ("Role/ops", "account", False), ("Role/ops", "passes", False),
    }  # fmt: skip
    (trusted,) = [way for way in roles["on-call"].ways if way.how == "trust"]
    assert trusted.conditions == ("bool aws:multifactorauthpresent true",)


def test_the_default_version_of_a_policy_counts() -> None:
    older = json.loads(json.dumps(DETAILS))
    for version in older["Policies"][0]["PolicyVersionList"]:
        version["IsDefaultVersion"] = not version["IsDefaultVersion"]
    assert ("Role/ops", "passes", False) not in ways(found(older)["hardened-eks-creator"])


def test_a_name_that_guardrails_let_pass_is_told_without_eks() -> None:
    roles = found(DETAILS, settings=Settings(break_glass_roles=("on-*",)))
    assert (roles["on-call"].part, roles["on-call"].named_by) == ("break-glass", "on-*")
    assert "on-call" not in found(DETAILS)


def test_another_accounts_root_is_no_own_account() -> None:
    strange = json.loads(json.dumps(DETAILS).replace(arn("root"), "arn:aws:iam::111122223333:root"))
    assert "account" not in {way.how for way in found(strange, ENTRY)["on-call"].ways}


def test_an_administrator_outside_is_told() -> None:
    roles = found(CLUSTER, ENTRY)
    assert [way.how for way in roles["on-call"].ways] == ["entry"]


def save(directory: Path, **answers: Any) -> list[str]:
    paths = []
    for name, answer in answers.items():
        file = directory / f"{name}.json"
        file.write_text(json.dumps(answer))
        paths.append(str(file))
    return paths


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["guardrails", "--who", *arguments])


def test_the_command_takes_answers_beside_templates(tmp_path: Path) -> None:
    template = {"Resources": {"Backup": {"Type": "AWS::IAM::Role", "Properties": {
        "AssumeRolePolicyDocument": trust({"Service": "backup.amazonaws.com"})}}}}  # fmt: skip
    paths = save(tmp_path, details=DETAILS, cluster=CLUSTER, entry=ENTRY, template=template)
    done = run(*paths, "-f", "json")
    assert done.exit_code == 0, done.output
    assert [one["part"] for one in json.loads(done.stdout)] == ["backup", "break-glass", "cluster", "creator"]
    text = run(*paths).stdout
    assert "may assume it, because the trust policy admits its account: denied" in text
    assert f"account {ACCOUNT}/Role/ops  passes it to a service" in text


def test_answers_are_told_from_templates(tmp_path: Path) -> None:
    paths = save(
        tmp_path, details=DETAILS, template={"Resources": {}, "cluster": {}}, settings={"cluster": "x"}, list_=[1]
    )
    others, answers = authorization.split([*paths, str(tmp_path), str(tmp_path / "gone"), "-"])
    assert [path for path, _ in answers] == paths[:1]
    assert others == [*paths[1:], str(tmp_path), str(tmp_path / "gone"), "-"]


@pytest.mark.parametrize(("answer", "words"), [
    ({**DETAILS, "IsTruncated": True}, "one page of several"),
    ({"RoleDetailList": [{"RoleName": "x"}]}, "not a response of AWS"),
    ({"RoleDetailList": 5}, "not a response of AWS"),
    ({"associatedAccessPolicies": []}, "not a response of AWS"),
    ({"cluster": {"name": "x"}}, "not a response of AWS"),
])  # fmt: skip
def test_fails_with_what_is_none(tmp_path: Path, answer: dict[str, Any], words: str) -> None:
    (path,) = save(tmp_path, answer=answer)
    with pytest.raises(UnusableInputError, match=words) as caught:
        authorization.as_template(authorization.split([path])[1])
    assert caught.value.problems[0].path == path
    done = run(path)
    assert done.exit_code == 2 and words in done.output
