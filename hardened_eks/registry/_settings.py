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
# Registries whose images can be had without an account there, and those that need a secret.
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
    """A cache that makes images of another registry available under a prefix of this one, scanned and immutable.

    A cache does not open a way to the internet. The first pull of an image through the VPC endpoint of ECR needs a NAT
    gateway in the same VPC, later ones do not
    (https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html). In an isolated network let something
    outside of it, such as the pipeline, pull each new image once.

    Raises:
        ConfigurationError: ECR does not know the registry, or a secret is missing.
    """

    prefix: str
    """The prefix, for example ``quay``: images are then pulled as ``<account>.dkr.ecr.../quay/...``."""
    upstream: str
    """Host name, for example ``quay.io``."""
    credential_arn: str | None = None
    """ARN of a secret ``ecr-pullthroughcache/...``. Default: none; Docker Hub, GitHub and others need one."""

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
    """Return what ECR calls the kind of registry at a host that `PullThroughCache` takes."""
    return {**_OPEN, **_WITH_SECRET}.get(upstream, "azure-container-registry")


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningRule:
    """Signs every image that is pushed, with AWS Signer.

    Raises:
        ConfigurationError: the profile is not a signing profile's ARN, or a filter cannot be part of a repository's
            name.
    """

    profile_arn: str
    """ARN of an AWS Signer profile of the platform Notation-OCI-SHA384-ECDSA."""
    repositories: Sequence[str] = ("*",)
    """Repository name filters. Default: all."""

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
