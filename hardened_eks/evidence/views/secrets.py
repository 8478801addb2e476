"""Strings that look like secrets."""

from collections.abc import Iterator

from hardened_eks._patterns import regex

_TOKENS = {
    "an AWS access key": (("akia", "asia"), regex(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b")),
    "an AWS secret key": (
        ("aws_secret_access_key",),
        regex(r"(?i)aws_secret_access_key\s*[=:]\s*[\"']?[A-Za-z0-9/+]{40}"),
    ),
    "a private key": (("private key-----",), regex(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")),
    "a GitHub token": (
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
        regex(r"\bgh[pousr]_[A-Za-z0-9]{36,}\b"),
    ),
    "a Slack token": (("xox",), regex(r"\bxox[abprs]-[A-Za-z0-9-]{10,}")),
}
"""Kind -> a lower-case substring of every such token, for a quick search, and its pattern."""
_HINTS = tuple(hint for hints, _ in _TOKENS.values() for hint in hints)
# Also matches the end of a longer name (DB_PASSWORD), but not a variable, a command output or a path as value.
_PASSWORD = regex(
    r"((?i:(?<![a-z0-9])(password|passwd|passphrase|secret(_?key)?|api_?key|token)[\"']?[ \t]*[=:])"
    r"|[a-z]Password[\"']?[ \t]*[=:]|[A-Z0-9]_(PASS|PWD)=)"
    r"[ \t]*[\"']?(?![\"'`${<\s/]|arn:)[^\s\"'`$]{8,}",
    hints=("passw", "passphrase", "secret", "apikey", "api_key", "token", "_pass=", "_pwd="),
)


def tokens_in(text: str) -> Iterator[str]:
    """Return the kinds of keys and tokens in a string, recognized by their format."""
    lower = text.lower()
    for hint in _HINTS:
        if hint in lower:
            break
    else:  # most strings have none
        return
    for what, (hints, pattern) in _TOKENS.items():
        if any(hint in lower for hint in hints) and pattern.search(text):
            yield what


def secrets_in(text: str) -> Iterator[str]:
    """Return the kinds of probable secrets in a string: tokens, and passwords after typical words."""
    yield from tokens_in(text)
    if _PASSWORD.search(text):
        yield "a password"
