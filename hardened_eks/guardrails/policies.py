"""The guardrails in their rollout order."""

from __future__ import annotations

from hardened_eks.errors import ConfigurationError
from hardened_eks.guardrails._access import access
from hardened_eks.guardrails._evidence import evidence
from hardened_eks.guardrails._resources import limits, resources
from hardened_eks.guardrails._shape import shape
from hardened_eks.guardrails.model import Guardrail, Kind
from hardened_eks.guardrails.settings import Settings, problems_of


def guardrails(settings: Settings) -> tuple[Guardrail, ...]:
    """Return every guardrail of the settings: those of the organization, and the permissions boundary.

    Raises:
        ConfigurationError: a setting is invalid, or a policy would be larger than AWS accepts; all mistakes at once.
    """
    return (*organization_guardrails(settings), boundary(settings))


def organization_guardrails(settings: Settings) -> tuple[Guardrail, ...]:
    """Return the service control policies and, if the organization is set, the resource control policy.

    Raises:
        ConfigurationError: a setting is invalid, or a policy would be larger than AWS accepts; all mistakes at once.
    """
    _checked(settings)
    found = [
        Guardrail(
            name=f"{settings.name_prefix}-shape",
            kind=Kind.SCP,
            title="Clusters must be created with the hardened settings, and keep them",
            statements=tuple(shape(settings)),
        ),
        Guardrail(
            name=f"{settings.name_prefix}-access",
            kind=Kind.SCP,
            title="Only named roles can change clusters, and nobody can add a second administrator",
            statements=tuple(access(settings)),
        ),
        Guardrail(
            name=f"{settings.name_prefix}-evidence",
            kind=Kind.SCP,
            title="Trails, recorders, detectors, logs, keys, images and recovery points cannot be removed",
            statements=tuple(evidence(settings)),
        ),
    ]
    if settings.organization_id:
        found.append(
            Guardrail(
                name=f"{settings.name_prefix}-data",
                kind=Kind.RCP,
                title=(
                    "Only the organization can access buckets, keys, queues, secrets, repositories and logs, over TLS"
                ),
                statements=tuple(resources(settings)),
            )
        )
    return _sized(*found)


def boundary(settings: Settings) -> Guardrail:
    """Return the permissions boundary for roles without privileges.

    Raises:
        ConfigurationError: a setting is invalid, or the policy would be larger than AWS accepts; all mistakes at once.
    """
    _checked(settings)
    made = Guardrail(
        name=settings.boundary,
        kind=Kind.BOUNDARY,
        title="A role can change neither clusters, nor evidence, nor its own limits",
        statements=tuple(limits(settings)),
    )
    return _sized(made)[0]


def _checked(settings: Settings) -> None:
    problems = tuple(problems_of(settings))
    if problems:
        raise ConfigurationError("guardrails", problems)


def _sized(*found: Guardrail) -> tuple[Guardrail, ...]:
    problems = [problem for guardrail in found for problem in guardrail.size_problems()]
    if problems:
        raise ConfigurationError("guardrails", problems)
    return found
