"""Guardrails as data: service control policies, resource control policies, a permissions boundary.

They refuse an unhardened cluster, a second administrator and lost evidence in AWS itself, with every tool. No AWS
account and no CDK is needed to read or render them.
"""

from hardened_eks.guardrails.model import BOUNDARY, LIMITS, Guardrail, Kind
from hardened_eks.guardrails.policies import boundary, guardrails, organization_guardrails
from hardened_eks.guardrails.settings import Settings, problems_of

__all__ = [
    "BOUNDARY",
    "LIMITS",
    "Guardrail",
    "Kind",
    "Settings",
    "boundary",
    "guardrails",
    "organization_guardrails",
    "problems_of",
]
