from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from aws_cdk import aws_eks as eks
from constructs import Construct

from hardened_eks import _owner
from hardened_eks._asked import place_problems
from hardened_eks._kinds import cluster_problems, problems_in
from hardened_eks._l1 import create
from hardened_eks._tokens import is_literal
from hardened_eks.data.issuers import OF_CLUSTERS, SHARED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hardened_eks._cluster_like import ClusterLike

_CLIENT: Final = re.compile(r"[\x21-\x7e]{1,255}")
_CLAIM: Final = re.compile(r"[\x21-\x7e]{1,63}")
_VALUE: Final = re.compile(r"[\x21-\x7e]{1,253}")
_PREFIX: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,61}:")
_RESERVED: Final = ("system:", "eks:", "hardened-eks:")
_of_cluster: WeakKeyDictionary[Any, str] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arguments:
    """The arguments of `IdentityProvider`, which describes them."""

    issuer: str
    client_id: str
    username_claim: str
    username_prefix: str
    groups_claim: str
    groups_prefix: str
    required_claims: Mapping[str, str]

    def problems(self) -> Iterator[str]:
        """Yield what is wrong with them."""
        yield from issuer_problems("issuer", self.issuer)
        if isinstance(self.required_claims, dict):
            yield from _claim_problems(self.required_claims)
        else:
            yield f"required_claims needs a mapping of claims to values, got {self.required_claims!r}"
        if is_literal(self.issuer) and SHARED.match(self.issuer) and not self.required_claims:
            yield (
                f"issuer {self.issuer!r} signs tokens for anybody with an account there: require a claim of your "
                'organization, such as required_claims={"repository_owner": "your-organization"}'
            )
        if not (is_literal(self.client_id) and _CLIENT.fullmatch(self.client_id)):
            yield f"client_id needs 1 to 255 ASCII characters without spaces, got {self.client_id!r}"
        for name in ("username_claim", "groups_claim"):
            value = getattr(self, name)
            if not (is_literal(value) and _CLAIM.fullmatch(value)):
                yield f"{name} needs the name of a claim, 1 to 63 ASCII characters without spaces, got {value!r}"
        for name in ("username_prefix", "groups_prefix"):
            yield from _prefix_problems(name, getattr(self, name))

    def render(self) -> dict[str, Any]:
        """Return the property ``Oidc``."""
        claims = [{"key": key, "value": value} for key, value in sorted(self.required_claims.items())]
        return {
            "issuerUrl": self.issuer,
            "clientId": self.client_id,
            "usernameClaim": self.username_claim,
            "usernamePrefix": self.username_prefix,
            "groupsClaim": self.groups_claim,
            "groupsPrefix": self.groups_prefix,
            **({"requiredClaims": claims} if claims else {}),
        }


def issuer_problems(argument: str, issuer: object) -> Iterator[str]:
    """Yield why a URL cannot be the issuer of an identity provider.

    Args:
        argument: name of the argument, for the message.
        issuer: the URL.
    """
    if not is_literal(issuer):
        yield (
            f"{argument} needs the URL of the issuer as a string literal, got {issuer!r}: pass the URL itself, because "
            "a value that is known only at deployment cannot be checked"
        )
        return
    parts = urlsplit(issuer)
    if parts.scheme != "https" or not parts.hostname:
        yield f"{argument} needs a URL that begins with https://, such as https://login.example.com, got {issuer!r}"
    elif parts.query or parts.fragment or parts.username is not None or re.search(r"[\s*]", issuer):
        yield f"{argument} needs a URL without query, fragment, user name, spaces and '*', got {issuer!r}"
    elif OF_CLUSTERS.match(issuer):
        yield f"{argument} {issuer!r} is the issuer of an EKS cluster, which signs tokens for pods: pass one for people"


def _claim_problems(claims: Mapping[str, str]) -> Iterator[str]:
    for key, value in claims.items():
        if not (is_literal(key) and _CLAIM.fullmatch(key) and is_literal(value) and _VALUE.fullmatch(value)):
            yield (
                "required_claims needs names of up to 63 and values of up to 253 ASCII characters without spaces, "
                f"got {key!r}: {value!r}"
            )


def _prefix_problems(argument: str, prefix: object) -> Iterator[str]:
    if not (is_literal(prefix) and _PREFIX.fullmatch(prefix)):
        yield (
            f"{argument} needs letters, digits, '.', '_' or '-' and a ':' at the end, such as 'oidc:', got {prefix!r}: "
            "without a prefix, a token can carry a name that Kubernetes itself uses"
        )
    elif prefix.lower().startswith(_RESERVED):
        yield f"{argument} {prefix!r} is reserved: use one that does not begin with {', '.join(_RESERVED)}"


class IdentityProvider(Construct):
    """An OIDC identity provider for people, with one pinned issuer.

    Its users reach the Kubernetes API without IAM, its MFA and CloudTrail. Prefer access entries with IAM Identity
    Center (`AccessEntry`); use this for people who have no AWS identity. It gives a user no permission: bind the groups
    in the cluster, by their names with the prefix (``oidc:developers``).

    A cluster has at most one OIDC identity provider. EKS reads the issuer's keys from the internet, so the issuer needs
    a public address and a certificate of a public certificate authority. EKS needs up to 20 minutes to attach it. Every
    change replaces it: CloudFormation detaches the old one first, and nobody can sign in with it until the new one is
    attached.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/authenticate-oidc-identity-provider.html
    """

    resource: eks.CfnIdentityProviderConfig
    """The CloudFormation resource, for settings that no argument covers."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: ClusterLike,
        issuer: str,
        client_id: str,
        username_claim: str = "sub",
        username_prefix: str = "oidc:",
        groups_claim: str = "groups",
        groups_prefix: str = "oidc:",
        required_claims: Mapping[str, str] | None = None,
    ) -> None:
        """Attach an identity provider to a cluster.

        Args:
            scope: the parent construct.
            id: construct ID.
            cluster: the cluster that trusts the issuer.
            issuer: URL of the issuer, equal to the ``iss`` claim of its tokens. A string literal with ``https``.
            client_id: the audience (``aud``) of the tokens: the ID of the application that people sign in to.
            username_claim: claim with the user name. Default: ``sub``, which an issuer never assigns twice.
            username_prefix: prefix of user names in the cluster, with a ``:`` at the end. Default: ``oidc:``.
            groups_claim: claim with the groups of a user. Default: ``groups``.
            groups_prefix: prefix of groups in the cluster, with a ``:`` at the end. Default: ``oidc:``.
            required_claims: claims that a token must carry, with their values. Required for an issuer that signs for
                many organizations, such as GitHub. Default: none.

        Raises:
            ConfigurationError: the issuer is not a literal https URL, belongs to an EKS cluster, or signs for anybody
                and no claim is required; a prefix is missing or reserved; or the cluster already has an identity
                provider. The error lists all mistakes.
        """
        arguments = _Arguments(
            issuer=issuer,
            client_id=client_id,
            username_claim=username_claim,
            username_prefix=username_prefix,
            groups_claim=groups_claim,
            groups_prefix=groups_prefix,
            required_claims={} if required_claims is None else required_claims,
        )
        problems = problems_in(scope, f"IdentityProvider '{id}'")
        wrong = list(cluster_problems(cluster)) or list(place_problems(scope, cluster=cluster))
        problems.extend(wrong)
        problems.extend(arguments.problems())
        if not wrong and cluster in _of_cluster:
            problems.add(
                f"cluster {cluster.name!r} already has the identity provider {_of_cluster[cluster]!r}, and EKS allows "
                "one: change that one"
            )
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        _of_cluster[cluster] = issuer
        oidc = arguments.render()
        # The name depends on the settings, because CloudFormation replaces the resource when one of them changes.
        digest = hashlib.sha256(json.dumps(oidc, sort_keys=True).encode()).hexdigest()[:10]
        self.resource = create(
            eks.CfnIdentityProviderConfig,
            self,
            "Resource",
            cluster_name=cluster.ref,
            type="oidc",
            identity_provider_config_name=f"oidc-{digest}",
            oidc=oidc,
        )
