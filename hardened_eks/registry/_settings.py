from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hardened_eks._tokens import is_text_token
from hardened_eks.errors import Problems
from hardened_eks.registry._repository import NAME

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST_PREFIX = 30
_PROFILE = re.compile(r"arn:aws[a-z-]*:signer:[a-z0-9-]+:\d{12}:/signing-profiles/[A-Za-z0-9_]{2,}")
_FILTER = re.compile(r"(?:[a-z0-9*]+(?:[._-][a-z0-9*]+)*/)*[a-z0-9*]+(?:[._-][a-z0-9*]+)*")
# Registries that allow anonymous pulls, and those that need a secret.
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
_OPEN = {"public.ecr.aws": "ecr-public", "registry.k8s.io": "k8s", "quay.io": "quay"}
_WITH_SECRET = {
    "registry-1.docker.io": "docker-hub",
    "ghcr.io": "github-container-registry",
    "registry.gitlab.com": "gitlab-container-registry",
    "cgr.dev": "chainguard",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PullThroughCache:
    """A pull-through cache for the images of another registry below a prefix of this one, scanned and immutable.

    A cache does not provide internet access. The first pull of an image through the VPC endpoint of ECR needs a NAT
    gateway in the same VPC, later pulls do not
    (https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html). For an isolated network, let a client
    outside of it, such as the pipeline, pull each new image once.

    Raises:
        ConfigurationError: ECR does not support the registry, or a secret is missing. The error lists all mistakes.
    """

    prefix: str
    """Prefix of the repositories, for example ``quay`` for ``<account>.dkr.ecr.../quay/...``."""
    upstream: str
    """Host name of the registry, for example ``quay.io``."""
    credential_arn: str | None = None
    """ARN of a secret ``ecr-pullthroughcache/...``, which Docker Hub, GitHub and others need. Default: none."""

    def __post_init__(self) -> None:
        """Check the prefix and the registry."""
        problems = Problems(f"PullThroughCache '{self.prefix}'")
        problems.require(
            isinstance(self.prefix, str) and NAME.fullmatch(self.prefix) and 2 <= len(self.prefix) <= _LONGEST_PREFIX,
            f"prefix needs 2 to {_LONGEST_PREFIX} lower-case letters and digits with ._-/ between, got {self.prefix!r}",
        )
        known = (*_OPEN, *_WITH_SECRET)
        azure = isinstance(self.upstream, str) and self.upstream.endswith((".azurecr.io", ".azurecr.cn", ".azurecr.us"))
        problems.require(
            self.upstream in known or azure,
            f"upstream needs a registry ECR can cache ({', '.join(known)}, *.azurecr.io), got {self.upstream!r}",
        )
        needs = self.upstream in tuple(_WITH_SECRET) or azure
        problems.require(
            not needs or self.credential_arn is not None,
            f"{self.upstream} needs credential_arn, the ARN of a secret whose name begins with ecr-pullthroughcache/",
        )
        secret = self.credential_arn
        problems.require(
            secret is None
            or is_text_token(secret)
            or (isinstance(secret, str) and ":secret:ecr-pullthroughcache/" in secret),
            f"credential_arn needs a secret whose name begins with ecr-pullthroughcache/, got {secret!r}",
        )
        problems.raise_any()


def registry_type(upstream: str) -> str:
    """Return ECR's name for the kind of registry at a host that `PullThroughCache` supports."""
    return {**_OPEN, **_WITH_SECRET}.get(upstream, "azure-container-registry")


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningRule:
    """A rule that signs every pushed image with AWS Signer.

    Raises:
        ConfigurationError: `profile_arn` is not the ARN of a signing profile, or a filter is invalid. The error lists
            all mistakes.
    """

    profile_arn: str
    """ARN of an AWS Signer profile with the platform Notation-OCI-SHA384-ECDSA."""
    repositories: Sequence[str] = ("*",)
    """Filters of repository names, with ``*`` as a wildcard. Default: all repositories."""

    def __post_init__(self) -> None:
        """Check the ARN."""
        problems = Problems("SigningRule")
        problems.require(
            is_text_token(self.profile_arn)
            or (isinstance(self.profile_arn, str) and _PROFILE.fullmatch(self.profile_arn)),
            f"profile_arn needs the ARN of an AWS Signer profile, got {self.profile_arn!r}",
        )
        filters = list(self.repositories) if isinstance(self.repositories, list | tuple) else []
        problems.require(filters, f"repositories needs a list of filters, for example ['*'], got {self.repositories!r}")
        for text in filters:
            problems.require(
                is_text_token(text) or (isinstance(text, str) and _FILTER.fullmatch(text)),
                f"repositories needs repository names, with '*' for any part of them, got {text!r}",
            )
        problems.raise_any()
