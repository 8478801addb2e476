"""AWS VPC endpoint services by short name, with the source in ``endpoints.json``."""

from __future__ import annotations

from typing import Any

from hardened_eks.data import _files

_DOCUMENT: dict[str, Any] = _files.document("endpoints.json")

# https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-guardduty.html
_FIPS_IN_GOVCLOUD = frozenset({"guardduty-data"})

_SHORT = 6
_FAR = 3

INTERFACE: tuple[str, ...] = tuple(_DOCUMENT["interface"])
"""Services with an interface endpoint, for example ``ecr.api``."""

GATEWAY: tuple[str, ...] = tuple(_DOCUMENT["gateway"])
"""Services with a gateway endpoint."""

PRIVATE_CLUSTER = (
    "ecr.api",
    "ecr.dkr",
    "ec2",
    "eks-auth",
    "eks",
    "sts",
    "logs",
    "ssm",
    "ssmmessages",
    "secretsmanager",
)
"""The endpoints that nodes of an isolated cluster need, besides S3.

Source: https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html
"""

REGIONS_WITH_OTHER_NAMES: tuple[str, ...] = tuple(_DOCUMENT["prefixes"])
"""Regions in which some services have names other than ``com.amazonaws.<region>.<service>``, for example China."""


def service_name(service: str, region: str) -> str:
    """Return the name of an endpoint service in EC2.

    Args:
        service: the short name, one of `INTERFACE` or `GATEWAY`.
        region: a Region, or a placeholder for it until deployment.
    """
    if region.startswith("us-gov-") and service in _FIPS_IN_GOVCLOUD:
        service = f"{service}-fips"
    if service in _DOCUMENT["names"]:
        return str(_DOCUMENT["names"][service].format(region=region))
    here = _DOCUMENT["prefixes"].get(region, {})
    prefix = here["prefix"] if service in here.get("services", ()) else "com.amazonaws"
    return f"{prefix}.{region}.{service}"


def exists(service: str) -> bool:
    """Return whether a service with an interface endpoint, or the service of its FIPS form, is known.

    Args:
        service: the short name; both ``ecr.api-fips`` and ``ecr-fips.api`` are forms of ``ecr.api``.
    """
    return service in INTERFACE or service.replace("-fips", "", 1) in INTERFACE


def misspelt(service: str) -> list[str]:
    """Return the names of known services of which an unknown service may be a misspelling.

    Args:
        service: the short name. A name that is not similar to a known one counts as newer than the data.
    """
    plain = service.replace("-fips", "", 1)
    halved = [name for name in INTERFACE if name.startswith(f"{plain}.")]
    near = [name for name in INTERFACE if _distance(plain, name) <= (1 if len(plain) < _SHORT else 2)]
    return [*halved, *near][:3]


def _distance(one: str, other: str) -> int:
    """Return the number of letters to add, remove or change, or 3 if it is more than 2."""
    if abs(len(one) - len(other)) > _FAR - 1:
        return _FAR
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, wanted in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (letter != wanted))
    return min(row[-1], _FAR)


def iam_prefix(service: str) -> str:
    """Return the IAM action prefix of a service, or ``*`` for the few services without IAM actions.

    Args:
        service: the short name, for example ``monitoring``, whose actions begin with ``cloudwatch``.
    """
    known = _DOCUMENT["iam"].get(service)
    return str(known) if known else service.split(".", maxsplit=1)[0].removesuffix("-fips")
