from collections.abc import Iterator
from urllib.parse import urlsplit

from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.expressions import LATER

_PATHS = {"AWS::EKS::IdentityProviderConfig": "Oidc.IssuerUrl", "AWS::IAM::OIDCProvider": "Url"}


@control(
    id="DP-49",
    title="The issuer of an identity provider is an https URL without a query",
    types=tuple(_PATHS),
    needs="resource",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "EKS and IAM return InvalidParameterException or InvalidInput: the URL must begin with https://, and the "
        "standard allows a path but no query."
    ),
    fix="Set the issuer exactly as its tokens contain it, for example https://id.example.com/tenant.",
    source="https://docs.aws.amazon.com/eks/latest/APIReference/API_OidcIdentityProviderConfigRequest.html",
    blind="Whether the issuer can be reached from the internet, which EKS requires.",
    enforced_by="IdentityProvider",
)
def oidc_issuer_valid(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    path = _PATHS[resource.type]
    written = resource.get(path)
    if isinstance(written, Unknown):
        known = LATER.split(str(written))[0]
        if known and not known.startswith("https://"[: len(known)]):
            yield Problem(f"{written} does not begin with https://", path)
    elif isinstance(written, str):
        parts = urlsplit(written)
        if parts.scheme != "https" or not parts.netloc:
            yield Problem(f"{written!r} does not begin with https://", path)
        elif parts.query or parts.fragment:
            yield Problem(f"{written!r} has a query or a fragment", path)
