"""Statements on the settings of clusters: those that EKS must not create, and must not change to.

An omitted parameter of CreateCluster has the default of AWS, which is unsafe. AWS does not document whether EKS sets
the condition key in this case, so the operators for creation also match a missing key. An omitted parameter of
UpdateClusterConfig stays unchanged, so a missing key must not match there, or every other update would be denied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks.data.log_types import CONTROL_PLANE
from hardened_eks.guardrails._words import Statement, deny, roles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hardened_eks.guardrails.settings import Settings

CREATE: Final = "eks:CreateCluster"
UPDATE: Final = "eks:UpdateClusterConfig"

_FLAGS: Final = (
    # Sid, condition key, the bad value, whether an update can send it
    ("Public", "eks:endpointPublicAccess", "true", True),
    ("NotPrivate", "eks:endpointPrivateAccess", "false", True),
    ("CreatorAdmin", "eks:bootstrapClusterCreatorAdminPermissions", "true", False),
    ("NoProtection", "eks:deletionProtection", "false", True),
    *((f"No{name[0].upper()}{name[1:]}Log", f"eks:loggingType/{name}", "false", True) for name in CONTROL_PLANE),
)
_WORDS: Final = (
    ("AuthenticationMode", "eks:authenticationMode", "API"),
    ("SupportType", "eks:supportType", "STANDARD"),
)
PARAMETERS: Final = {
    "eks:endpointPublicAccess": "ResourcesVpcConfig.EndpointPublicAccess",
    "eks:endpointPrivateAccess": "ResourcesVpcConfig.EndpointPrivateAccess",
    "eks:bootstrapClusterCreatorAdminPermissions": "AccessConfig.BootstrapClusterCreatorAdminPermissions",
    "eks:authenticationMode": "AccessConfig.AuthenticationMode",
    "eks:deletionProtection": "DeletionProtection",
    "eks:supportType": "UpgradePolicy.SupportType",
    "eks:encryptionConfigProviderKeyArns": "EncryptionConfig",
    "eks:kubernetesVersion": "Version",
    **{f"eks:loggingType/{name}": "Logging.ClusterLogging.EnabledTypes" for name in CONTROL_PLANE},
}
"""Condition key -> the property of AWS::EKS::Cluster that sets it. `hardened.Cluster` sets every one of them."""


def shape(settings: Settings) -> Iterator[Statement]:
    """Yield the statements. They also apply to creator roles; only break-glass roles are exempt."""
    pass_ = roles(settings.break_glass_roles)
    for name, key, bad, updated in _FLAGS:
        yield deny(f"Create{name}", CREATE, {"BoolIfExists": {key: bad}}, but=pass_)
        if updated:
            # Before a cluster is deleted, its own stack turns off its deletion protection.
            also = roles(settings.creator_roles) if name == "NoProtection" else []
            yield deny(f"Update{name}", UPDATE, {"Bool": {key: bad}}, but=[*pass_, *also])
    for name, key, good in _WORDS:
        other: dict[str, Any] = {"StringNotEquals": {key: good}}
        yield deny(f"Create{name}", CREATE, other, but=pass_)
        yield deny(f"Update{name}", UPDATE, {"Null": {key: "false"}, **other}, but=pass_)
    keys = "eks:encryptionConfigProviderKeyArns"
    yield deny("CreateNoKey", CREATE, {"Null": {keys: "true"}}, but=pass_)
    ours = [f"arn:*:kms:*:{account}:key/*" for account in ("${aws:PrincipalAccount}", *settings.accounts)]
    foreign = {"ForAnyValue:ArnNotLike": {keys: ours}}
    yield deny("ForeignKey", [CREATE, "eks:AssociateEncryptionConfig"], foreign, but=pass_)
    # Only at creation, because an old cluster is upgraded one version at a time.
    old = settings.too_old()
    if old:
        yield deny("CreateOldVersion", CREATE, {"StringEquals": {"eks:kubernetesVersion": list(old)}}, but=pass_)
