"""What the guardrails refuse as settings, all at once."""

from typing import Any

import pytest

from hardened_eks.errors import ConfigurationError
from hardened_eks.guardrails import Settings, boundary, guardrails, organization_guardrails, problems_of


@pytest.mark.parametrize(("given", "problem"), [
    ({"break_glass_roles": ("*",)}, "break_glass_roles '*' has fewer than 6 fixed characters, so it matches too many role names: "
     "write more of the name"),
    ({"deployer_roles": ("a/*/*",)}, "deployer_roles 'a/*/*' has fewer than 6 fixed characters, so it matches too many role names: "
     "write more of the name"),
    ({"break_glass_roles": ()}, "break_glass_roles is empty, so nobody could change a cluster: list at least one role"),
    ({"creator_roles": ()}, "creator_roles is empty, so nobody could change a cluster: list at least one role"),
    ({"creator_roles": "hardened-eks-creator"}, "creator_roles needs a list of strings, got 'hardened-eks-creator'"),
    ({"creator_roles": ("arn:aws:iam::123456789012:role/path/creator",)}, "creator_roles needs names of roles without the ARN, got "
     "'arn:aws:iam::123456789012:role/path/creator': pass 'path/creator'"),
    ({"backup_roles": ("my backup",)}, "backup_roles needs names or patterns of roles, 1 to 128 letters, digits or "
     "+=,.@-_/*?, got 'my backup'"),
    ({"backup_roles": (None,)}, "backup_roles needs names or patterns of roles, 1 to 128 letters, digits or +=,.@-_/*?, "
     "got None"),
    ({"accounts": ("1234",)}, "accounts needs account IDs of 12 digits, got '1234'"),
    ({"organization_id": "o-exampleorg1", "partners": (123456789012,)}, "partners needs account IDs of 12 digits, got 123456789012"),
    ({"issuers": ("http://login.bank.example",)}, "issuers needs https URLs without query, fragment, user name and '*', "
     "got 'http://login.bank.example'"),
    ({"issuers": ("https://*",)}, "issuers needs https URLs without query, fragment, user name and '*', got 'https://*'"),
    ({"log_groups": ("a b",)}, "log_groups needs names or patterns of log groups, 1 to 512 letters, digits or _./#*-, "
     "got 'a b'"),
    ({"organization_id": "o-1"}, "organization_id needs the ID of an organization, o- and 10 to 32 characters, got 'o-1'"),
    ({"partners": ("444455556666",)}, "partners needs organization_id: only a resource control policy of an organization "
     "names its partners"),
    ({"organization_id": 5}, "organization_id needs the ID of an organization, o- and 10 to 32 characters, got 5"),
    ({"oldest_version": "1.9"}, "oldest_version needs one of 1.30, 1.31, 1.32, 1.33, 1.34, 1.35, 1.36, 1.37, got '1.9'"),
    ({"name_prefix": "a b"}, "name_prefix needs 1 to 100 letters, digits, '-' or '_', got 'a b'"),
    ({"boundary": "arn:aws:iam::123456789012:policy/x"}, "boundary needs the name of a policy, with its path but not its "
     "ARN, 1 to 128 letters, digits or +=,.@-_/, got 'arn:aws:iam::123456789012:policy/x'"),
])  # fmt: skip
def test_one_mistake(given: dict[str, Any], problem: str) -> None:
    assert list(problems_of(Settings(**given))) == [problem]


def test_fails_with_every_mistake() -> None:
    wrong: Any = {"accounts": ("1", "2"), "organization_id": "x", "oldest_version": "2"}
    for make in (guardrails, organization_guardrails, boundary):
        with pytest.raises(ConfigurationError) as caught:
            make(Settings(**wrong))
        assert len(caught.value.problems) == 4


def test_the_default_has_no_mistake() -> None:
    assert list(problems_of(Settings())) == []


@pytest.mark.parametrize(
    ("oldest", "expected"), [("", ("1.30", "1.31", "1.32", "1.33")), ("1.31", ("1.30",)), ("1.30", ())]
)
def test_versions_that_are_too_old(oldest: str, expected: tuple[str, ...]) -> None:
    settings = Settings(oldest_version=oldest)
    assert settings.too_old() == expected
    sids = {statement["Sid"] for policy in organization_guardrails(settings) for statement in policy.statements}
    assert ("CreateOldVersion" in sids) == bool(expected)


def test_without_log_groups_there_is_no_statement_on_them() -> None:
    sids = {s["Sid"] for policy in organization_guardrails(Settings(log_groups=())) for s in policy.statements}
    assert "LogsStay" not in sids
