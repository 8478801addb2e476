from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.data.issuers import SHARED
from hardened_eks.evidence import Assembly, Resource, Unknown


@control(
    id="CP-19",
    title="The identity provider of a cluster issues tokens only to the organization's own people",
    requirement="eks.auth.identity_provider",
    types=("AWS::EKS::IdentityProviderConfig",),
    severity=Severity.HIGH,
    why=(
        "A token of the provider gives access to the Kubernetes API without IAM, without IAM's MFA and without a "
        "record in CloudTrail. An issuer that signs tokens for everybody, or names that Kubernetes itself uses, let "
        "strangers in."
    ),
    fix=(
        "Use access entries. If you need an identity provider, use hardened.IdentityProvider, or set an https issuer "
        "of your own, RequiredClaims that name your organization, and a UsernamePrefix and a GroupsPrefix that end in "
        "':'."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/authenticate-oidc-identity-provider.html",
    blind="Who operates the issuer, for whom it signs tokens, and what its claims mean.",
    needs="resource",
    enforced_by="IdentityProvider",
)
def identity_providers(config: Resource, assembly: Assembly) -> Iterator[Problem]:
    issuer = config.get("Oidc.IssuerUrl", "")
    text = str(issuer)
    if isinstance(issuer, Unknown) and not text.startswith("https://"):
        yield Problem(f"the issuer is not known before deployment: {text}", "Oidc.IssuerUrl")
    elif not text.lower().startswith("https://"):
        yield Problem(f"the issuer {text} does not use https" if text else "the issuer is missing", "Oidc.IssuerUrl")
    elif SHARED.match(text) and not _claims(config):
        yield Problem(
            f"{text} issues tokens to anybody, and no RequiredClaims name the organization", "Oidc.RequiredClaims"
        )
    for claim, prefix in (("UsernameClaim", "UsernamePrefix"), ("GroupsClaim", "GroupsPrefix")):
        written = config.get(f"Oidc.{prefix}")
        what = claim.removesuffix("Claim").lower()
        if written in {"-", ""} or (written is None and _bare(config, claim)):
            yield Problem(f"a {what} of the token may equal one of Kubernetes itself (no {prefix})", f"Oidc.{prefix}")
        elif isinstance(written, Unknown) and str(written).startswith("${"):
            yield Problem(f"the prefix of a {what} of the token is not known before deployment", f"Oidc.{prefix}")
        elif str(written).startswith("system:"):
            yield Problem(f"a {what} of the token becomes one of Kubernetes itself ({written})", f"Oidc.{prefix}")


def _claims(config: Resource) -> bool:
    claims = config.items("Oidc.RequiredClaims")
    return bool(claims) and all(isinstance(claim, dict) and claim.get("Value") for claim in claims)


def _bare(config: Resource, claim: str) -> bool:
    """Return whether a name has no prefix: a group, or an email address as the user name."""
    value = config.get(f"Oidc.{claim}")
    return value is not None if claim == "GroupsClaim" else value == "email"
