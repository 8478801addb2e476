"""Cloud Control: rare types for which its handlers, in CloudFormation format, are better than the service APIs.

Chat channels are available only in a few Regions, and assessments have a different format in their API. Each type is
listed once in a Region. All other types are read with the service APIs.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.sources.account.found import Found
from hardened_eks.sources.account.shape import tag_map

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hardened_eks.sources.account.asking import Asker


def listed(asker: Asker, type_: str) -> Iterator[Found]:
    """Yield every resource of a type; each is read separately, because a list may contain only IDs."""
    for entry in asker.pages("cloudcontrol:ListResources", "ResourceDescriptions", TypeName=type_):
        told = asker.ask("cloudcontrol:GetResource", TypeName=type_, Identifier=entry["Identifier"])
        if told:
            properties: dict[str, Any] = json.loads(told["ResourceDescription"]["Properties"])
            arn = next((str(properties[name]) for name in ("Arn", "ARN") if name in properties), "")
            identifier = str(entry["Identifier"])
            yield Found(type_, identifier, properties, arn or _arn(identifier), tag_map(properties.get("Tags")))


def _arn(identifier: str) -> str:
    return identifier if identifier.startswith("arn:") else ""


def assessments(asker: Asker) -> Iterator[Found]:
    """Yield the assessments of Audit Manager, which rejects calls from accounts that have not set it up."""
    if asker.value("auditmanager:GetAccountStatus", "status") == "ACTIVE":
        yield from listed(asker, "AWS::AuditManager::Assessment")


HANDLERS: Final = {
    "AWS::AuditManager::Assessment": "auditmanager:GetAssessment auditmanager:ListAssessments "
    "auditmanager:ListTagsForResource",
    "AWS::Chatbot::MicrosoftTeamsChannelConfiguration": "chatbot:GetMicrosoftTeamsChannelConfiguration "
    "chatbot:ListAssociations chatbot:ListMicrosoftTeamsChannelConfigurations chatbot:ListTagsForResource",
    "AWS::Chatbot::SlackChannelConfiguration": "chatbot:DescribeSlackChannelConfigurations chatbot:ListAssociations",
}
"""Type -> the IAM actions of its read and list handlers, which use the credentials of the caller.

The source is the provider schemas; a test compares them.
"""
READERS: Final[tuple[Callable[[Asker], Iterator[Found]], ...]] = (
    assessments,
    *(partial(listed, type_=type_) for type_ in HANDLERS if type_.startswith("AWS::Chatbot::")),
)
"""Collectors that run once in a Region."""
