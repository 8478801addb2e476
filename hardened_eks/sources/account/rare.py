"""Cloud Control: rare types that its handlers show better than calls of their services, in CloudFormation's own shape.

Chat channels are answered for in a few Regions alone, assessments by calls in another shape. Each type is listed once
in a Region. Everything that calls of the services show well comes from those.
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
    """Yield every resource of a type: a list may have ids alone, so each is asked for."""
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
    """Yield the assessments of Audit Manager, which refuses accounts that it is not set up in."""
    if asker.value("auditmanager:GetAccountStatus", "status") == "ACTIVE":
        yield from listed(asker, "AWS::AuditManager::Assessment")


HANDLERS: Final = {
    "AWS::AuditManager::Assessment": "auditmanager:GetAssessment auditmanager:ListAssessments "
    "auditmanager:ListTagsForResource",
    "AWS::Chatbot::MicrosoftTeamsChannelConfiguration": "chatbot:GetMicrosoftTeamsChannelConfiguration "
    "chatbot:ListAssociations chatbot:ListMicrosoftTeamsChannelConfigurations chatbot:ListTagsForResource",
    "AWS::Chatbot::SlackChannelConfiguration": "chatbot:DescribeSlackChannelConfigurations chatbot:ListAssociations",
}
"""Type -> the IAM actions of the handlers that read and list it: Cloud Control calls with the caller's credentials.

From the provider schemas; a test compares them.
"""
READERS: Final[tuple[Callable[[Asker], Iterator[Found]], ...]] = (
    assessments,
    *(partial(listed, type_=type_) for type_ in HANDLERS if type_.startswith("AWS::Chatbot::")),
)
"""What is asked for once in a Region."""
