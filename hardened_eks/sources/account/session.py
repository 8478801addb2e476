"""Credentials of an audit: a profile, a role, or roles in an organization. They stay in boto3."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)

from hardened_eks.errors import InputProblem, UnusableInputError
from hardened_eks.sources.account import sdk
from hardened_eks.sources.account.asking import Clients

if TYPE_CHECKING:
    from collections.abc import Iterable

    from botocore.session import Session as Core

_EXPIRED: Final = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
_INVALID: Final = frozenset({
    "InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure", "SignatureDoesNotMatch", "InvalidAccessKeyId",
    "IncompleteSignature", "MissingAuthenticationToken",
})  # fmt: skip
_REGION: Final = re.compile(r"[a-z]{2,}(?:-[a-z]+)+-\d+")
_NO_CREDENTIALS: Final = InputProblem(
    "credentials", "no AWS credentials were found: pass --profile, set AWS_PROFILE, or log in"
)
_ROLE: Final = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+")


@dataclass(frozen=True, slots=True)
class Identity:
    """The credentials for one account."""

    account: str
    partition: str
    arn: str
    clients: Clients
    signer: Core | None = None
    """The credentials that sign tokens for clusters. Default: those of the environment."""


class Session:
    """The credentials of a profile, or those that the SDK finds."""

    def __init__(self, profile: str | None = None, *, region: str = "", version: str = "") -> None:
        """Use the credentials of a profile.

        Args:
            profile: the profile in the AWS configuration. Default: the credentials that the SDK finds.
            region: the Region for the first calls. Default: that of the profile, or us-east-1.
            version: the version of this package, which the user agent in CloudTrail names. Default: no version.

        Raises:
            UnusableInputError: the profile does not exist.
        """
        try:
            self._session = sdk.session(profile)
        except ProfileNotFound as error:
            known = ", ".join(sdk.session().available_profiles) or "none"
            message = f"the AWS configuration has no profile {profile!r}; its profiles: {known}"
            raise UnusableInputError([InputProblem("--profile", message)]) from error
        except BotoCoreError as error:  # an invalid configuration file, or roles that assume each other
            raise UnusableInputError([InputProblem("the AWS configuration", f"cannot be used: {error}")]) from error
        self.default_region = self._session.get_config_variable("region") or ""
        self._version = version
        self.home = region or self.default_region or "us-east-1"

    def identity(self, role: str | None = None, *, external: str = "") -> Identity:
        """Return the identity of the session, or of a role that it assumes.

        Args:
            role: its ARN. Default: no role is assumed.
            external: the name of the option in messages. Default: ``--role-arn``.

        Raises:
            UnusableInputError: there are no credentials, they are invalid or expired, or the role cannot be assumed.
        """
        session = self._session
        if role is not None:
            if not _ROLE.fullmatch(role):
                message = f"expected the ARN of a role such as arn:aws:iam::111122223333:role/audit, got {role!r}"
                raise UnusableInputError([InputProblem(external or "--role-arn", message)])
            session = self._assumed(role)

        settings = sdk.settings(session, self._version)

        def make(service: str, region: str) -> Any:
            return session.create_client(service, region_name=region, config=settings)

        about = external or ("--role-arn" if role is not None else "the credentials")
        told = _asked(about, lambda: make("sts", self.home).get_caller_identity())
        partition = told["Arn"].split(":")[1]
        return Identity(told["Account"], partition, told["Arn"], Clients(make), session)

    def _assumed(self, role: str) -> Core:
        source = self._session.get_credentials()
        if source is None:
            raise UnusableInputError([_NO_CREDENTIALS])
        fetcher = AssumeRoleCredentialFetcher(
            partial(self._session.create_client, region_name=self.home), source, role,
            extra_args={"RoleSessionName": "hardened-eks-audit"},
        )  # fmt: skip
        core = sdk.session()
        # The credentials are renewed when they expire, because an organization takes longer than an hour.
        renewed = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
        core._credentials = renewed  # type: ignore[attr-defined]  # noqa: SLF001
        return core

    def regions(self, identity: Identity) -> list[str]:
        """Return the enabled Regions of the account that support EKS.

        Raises:
            UnusableInputError: EC2 cannot be called.
        """
        client = identity.clients.get("ec2", self.home)
        told = _asked("--all-regions", lambda: client.describe_regions(AllRegions=False))
        offered = set(self._session.get_available_regions("eks", partition_name=identity.partition))
        return sorted(one["RegionName"] for one in told["Regions"] if not offered or one["RegionName"] in offered)

    def wrong_regions(self, regions: Iterable[str], partition: str) -> list[InputProblem]:
        """Return a problem for each Region that does not support EKS according to the SDK."""
        offered = set(self._session.get_available_regions("eks", partition_name=partition))
        other = set(self._session.get_available_regions("ec2", partition_name=partition))
        problems = []
        for region in regions:
            if region in offered or (region not in other and _REGION.fullmatch(region) and _is_new(region, offered)):
                continue
            why = "does not offer EKS" if region in other else "is not a Region of this partition"
            problems.append(InputProblem("--region", f"{region!r} {why}, for example eu-west-1 does"))
        return problems


def _is_new(region: str, offered: set[str]) -> bool:
    """Return whether a name that the SDK does not know may be a newer Region."""
    return region.split("-", maxsplit=1)[0] in {known.split("-")[0] for known in offered}


def _asked(about: str, ask: Any) -> Any:
    """Return a response, or raise an error with a one-line reason."""
    try:
        return ask()
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise UnusableInputError([_NO_CREDENTIALS]) from error
    except (SSOError, TokenRetrievalError) as error:
        message = f"the session of the profile has expired; log in again with `aws sso login` ({error})"
        raise UnusableInputError([InputProblem("credentials", message)]) from error
    except ClientError as error:
        raise UnusableInputError([_refused(about, error)]) from error
    except (NoRegionError, BotoCoreError, OSError) as error:
        raise UnusableInputError([InputProblem(about, f"AWS cannot be called: {error}")]) from error


def _refused(about: str, error: ClientError) -> InputProblem:
    told = error.response.get("Error", {})
    code = told.get("Code", "")
    if code in _EXPIRED:
        return InputProblem("credentials", f"the credentials have expired; log in again ({code})")
    if code in _INVALID:
        return InputProblem("credentials", f"AWS does not accept the credentials ({code})")
    return InputProblem(about, f"AWS rejected the call: {told.get('Message', '')} ({code})")
