"""Quick searches for secrets find what the patterns find."""

import pytest

from hardened_eks.evidence.views.secrets import secrets_in, tokens_in


@pytest.mark.parametrize(
    "text",
    [
        "DB_PASSWORD=hunter2hunter", "dbPassword = hunter2hunter", "db_passwd: hunter2hunter", "A_PASS=hunter2hunter",
        "A_PWD=hunter2hunter", "api_key=hunter2hunter", "ApiKey: hunter2hunter", "secret_key=hunter2hunter",
        "SECRET='hunter2hunter'", "passphrase=hunter2hunter", "token:hunter2hunter",
        "ap\N{LATIN SMALL LETTER DOTLESS I}_key=hunter2hunter",  # matches an i if case is ignored
    ],
)  # fmt: skip
def test_each_word_is_found(text: str) -> None:
    assert list(secrets_in(text)) == ["a password"]


@pytest.mark.parametrize("text", ["", "settings.host-containers.admin.enabled = false", "A_PASSAGE=hunter2hunter"])
def test_what_has_no_such_word_is_none(text: str) -> None:
    assert list(secrets_in(text)) == []


def test_a_token_is_found_in_any_place() -> None:
    assert list(tokens_in("x\nAKIA" + "A" * 16)) == ["an AWS access key"]
    assert list(tokens_in("x\nakia" + "A" * 16)) == [], "the pattern decides"
