"""Owners of accounts, organizations and ARNs, based on the templates and their environment."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from hardened_eks._patterns import regex
from hardened_eks._records import dataclass
from hardened_eks.data.aws_accounts import LOG_DELIVERY
from hardened_eks.evidence.environment import is_account
from hardened_eks.evidence.expressions import LATER

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from hardened_eks.evidence import Assembly, Resource
    from hardened_eks.evidence.policies import Statement

_HERE: Final = "${AWS::AccountId}"
_NUMBER: Final = regex(r"\d(?<![\w-]\d)\d{11}(?![\w-])")
"""An account number that is not part of a longer word. It starts with a digit, which is found faster than no word."""
_IN_ARN: Final = regex(r"(?:arn:[^:]*:[^:]*:[^:]*:)(\d{12}):|^(\d{12})$")
_ORGANIZATION: Final = regex(r"\bo-[a-z0-9]{10,32}\b")
_OF_RESOURCE: Final = regex(r"\$\{(\w+)(\.[\w.]*Arn)?\}")
_ARN_KEYS: Final = frozenset({"aws:principalarn", "aws:sourcearn", "aws:sourcevpcarn"})
_ORG_KEYS: Final = ("orgid", "orgpaths")


@dataclass(frozen=True, slots=True)
class Owners:
    """The known own accounts and organization, from the view of one policy."""

    accounts: frozenset[str]
    """The accounts of the environments of the assembly."""
    here: bool
    """Whether the own account is known, from the environment or ``AWS::AccountId`` in the same policy."""
    written: frozenset[str]
    """The account numbers in the policy, without those of AWS."""
    organization: Callable[[], str | None]
    """The organization that most policies of the assembly name, computed on first use; None if they disagree."""
    names: Container[str]
    """The logical IDs of the resources of the template."""

    def account(self, text: str) -> bool | None:
        """Return whether an account is an own account, or None if that is not known."""
        if text in self.accounts or text == _HERE or text in LOG_DELIVERY:
            return True
        if not is_account(text):
            return None
        return False if self.here else None

    def of_one_account(self, text: str) -> bool:
        """Return whether an account is an own one, or the only one in the policy if the own one is not known."""
        known = self.account(text)
        if known is not None:
            return known
        return (self.written == {text} and not self.here) or (LATER.fullmatch(text) is not None and ":" not in text)

    def organized(self, text: str) -> bool:
        """Return whether an organization, or a path in one, is the own one; a single named one counts as own."""
        name = text.split("/", 1)[0]
        if set("*?") & set(name):
            return False
        return self.organization() == name if _ORGANIZATION.fullmatch(name) else _plain(name)

    def stranger(self, key: str, value: str) -> bool:
        """Return whether a value of a condition key (lower case) is known to name a foreign principal."""
        if key.endswith(_ORG_KEYS):
            return _ORGANIZATION.fullmatch(value.split("/", 1)[0]) is not None and not self.organized(value)
        return (self.arn(value) if key in _ARN_KEYS else self.account(value)) is False

    def arn(self, text: str) -> bool | None:
        """Return whether an ARN belongs to an own account or a resource of the template, or None if not known."""
        named = _OF_RESOURCE.fullmatch(text)
        if named is not None:
            return True if named[2] or named[1] in self.names else None
        parts = text.replace("::AccountId", "..AccountId").replace("AWS::", "AWS..").split(":", 5)
        account = parts[4].replace("..", "::") if len(parts) > 5 else text
        return None if set("*?") & set(account) else self.account(account)

    def value(self, key: str, value: str) -> bool:
        """Return whether a value of a condition key (lower case) names an own account, organization or principal."""
        if key.endswith(_ORG_KEYS):
            return self.organized(value)
        if key in _ARN_KEYS:
            parts = value.split(":", 5)
            account = _HERE if _HERE in value else parts[4] if len(parts) > 5 else ""
            return self.arn(value) is True or (bool(account) and self.of_one_account(account))
        return self.of_one_account(value)


def owners(resource: Resource, document: object, assembly: Assembly) -> Owners:
    """Return what is known to be one's own, seen from a policy `document` of `resource`."""
    text = str(document)
    accounts = assembly.once(("owners", "accounts"), lambda: frozenset(t.account for t in assembly.templates) - {""})
    written = frozenset(_accounts(text)) - LOG_DELIVERY
    return Owners(
        accounts=accounts,
        here=bool(resource.template.account) or _HERE in text,
        written=written,
        organization=lambda: assembly.once(("owners", "organization"), lambda: _organization(assembly)),
        names=resource.template.resources.keys(),
    )


def account_of(principal: str) -> str:
    """Return the account of a principal; empty if it has none."""
    match = _IN_ARN.search(principal)
    return (match[1] or match[2]) if match else ""


def foreign_principals(statement: Statement, own: Owners) -> list[str]:
    """Return the principals of known foreign accounts."""
    return [
        value
        for kind, value in statement.principals
        if kind == "AWS" and (account := account_of(value)) and own.account(account) is False
    ]


def _accounts(text: str) -> list[str]:
    return _NUMBER.findall(text)


def _plain(text: str) -> bool:
    """Return whether a string is known only at deployment, or does not have the format of an AWS ID."""
    return bool(text) and "${aws:" not in text


def _organization(assembly: Assembly) -> str | None:
    count = Counter(name for template in assembly.templates for name in _ORGANIZATION.findall(str(template.body)))
    (first, most), *others = [*count.most_common(2), ("", 0)][:2]
    return first if first and all(number < most for _, number in others) else None
