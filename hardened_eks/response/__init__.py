"""Responses: state machines that respond to a detection, by default as a dry run.

hardened.Response(stack, "Response", cluster=cluster, alerts=alerts, actions=[hardened.response.CloseEndpoint()])
"""

from hardened_eks.response._approval import Approval
from hardened_eks.response._cluster_actions import CloseEndpoint, RestoreLogging
from hardened_eks.response._image import QuarantineImage
from hardened_eks.response._node import QuarantineNode
from hardened_eks.response._response import Response as Response  # public as hardened_eks.Response
from hardened_eks.response._sessions import RevokeSessions

__all__ = [
    "Approval",
    "CloseEndpoint",
    "QuarantineImage",
    "QuarantineNode",
    "RestoreLogging",
    "RevokeSessions",
]
