"""Guardrails as data: service control policies, resource control policies and a permissions boundary.

With them, AWS itself denies unhardened clusters, additional administrators and the loss of evidence, with every tool.
Reading and rendering them needs neither an AWS account nor the CDK.
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
