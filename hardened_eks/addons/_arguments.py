"""Checks of the arguments of add-ons."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from hardened_eks._kinds import ROLE, cluster_problems, flag_problems, kind_problems
from hardened_eks._patterns import regex
from hardened_eks._records import dataclass
from hardened_eks._tokens import is_text_token
from hardened_eks.data.addons import ADDONS, KnownAddon
from hardened_eks.data.endpoints import PRIVATE_CLUSTER
from hardened_eks.identity import service_account_problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_cdk import aws_iam as iam

    from hardened_eks._cluster_like import ClusterLike

_VERSION = regex(r"v[0-9]+[0-9A-Za-z.+_-]*")
_NAME = regex(r"[0-9A-Za-z][A-Za-z0-9_-]{0,99}")


def on_record(name: object) -> KnownAddon:
    """Return the data of an add-on; for an unknown one, data with only its name."""
    return (ADDONS.get(name) if isinstance(name, str) else None) or KnownAddon(name=str(name))


@dataclass(frozen=True, slots=True, kw_only=True)
class AddonArguments:
    """The arguments of `Addon`, which describes them."""

    cluster: ClusterLike
    name: str
    version: str | None
    configuration: Mapping[str, Any] | None
    role: iam.IRole | None
    service_account: str | None
    allow_unlisted_name: bool
    tagged_volumes_only: bool = False

    @property
    def known(self) -> KnownAddon:
        """The data of the add-on, with the policies that its role gets."""
        known = on_record(self.name)
        return replace(known, policies=known.tagged) if self.tagged_volumes_only else known

    def problems(self) -> Iterator[str]:
        """Yield what is wrong with them."""
        known = self.known
        yield from cluster_problems(self.cluster, *(["network"] if _needs_network(known) else []))
        yield from name_problems(self.name, allow_unlisted=self.allow_unlisted_name)
        yield from addon_problems(self.name, self.version, self.configuration)
        yield from kind_problems(ROLE, role=self.role)
        yield from flag_problems(
            allow_unlisted_name=self.allow_unlisted_name, tagged_volumes_only=self.tagged_volumes_only
        )
        if self.tagged_volumes_only is True and (self.role is not None or not known.tagged):
            why = "a role is given" if self.role is not None else f"AWS has no such policy for {self.name!r}"
            yield (
                f"tagged_volumes_only chooses the policy of the add-on's new role, but {why}: leave "
                "tagged_volumes_only out"
            )
        if self.role is not None and self.service_account is None and known.service_account is None:
            yield (f"role is given but the service account of add-on '{self.name}' is not known: pass service_account")
        if self.service_account is not None:
            yield from service_account_problems(known.namespace or "kube-system", self.service_account)


def _needs_network(known: KnownAddon) -> bool:
    """Return whether the add-on needs pod subnets, further endpoints or internet access of the network."""
    return known.name == "vpc-cni" or known.unreachable is not None or bool({*known.endpoints} - {*PRIVATE_CLUSTER})


def name_problems(name: object, *, allow_unlisted: bool = False) -> Iterator[str]:
    """Yield what is wrong with the name of an add-on."""
    if is_text_token(name):
        return
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        yield f"an add-on's name needs 1 to 100 letters, digits, '-' or '_', got {name!r}"
    elif name not in ADDONS and "_" not in name and not allow_unlisted:
        near = get_close_matches(name, ADDONS, n=3) or sorted(ADDONS)
        yield (
            f"add-on {name!r} is not known; did you mean {', '.join(near)}? "
            "(if EKS offers this add-on: add_addon(..., allow_unlisted_name=True))"
        )


def version_problems(name: str, version: object) -> Iterator[str]:
    """Yield what is wrong with the version of an add-on."""
    if version is None or is_text_token(version):
        return
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        yield f"the version of add-on {name!r} needs a string such as 'v1.12.4-eksbuild.1', got {version!r}"


def configuration_problems(name: str, configuration: object) -> Iterator[str]:
    """Yield the parts of an add-on's configuration that are not JSON."""
    if configuration is None:
        return
    if not isinstance(configuration, Mapping):
        yield f"the configuration of add-on {name!r} needs a mapping, got {configuration!r}"
        return
    for path, value in _not_json(configuration, ""):
        yield f"the configuration of add-on {name!r} is not JSON: {path or 'it'} is {value!r}"


def addon_problems(name: str, version: object, configuration: object) -> Iterator[str]:
    """Yield what is wrong with the version and the configuration of an add-on."""
    yield from version_problems(name, version)
    yield from configuration_problems(name, configuration)


def _not_json(value: object, path: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                yield f"the key {key!r} in {path or 'it'}", key
            else:
                yield from _not_json(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from _not_json(item, f"{path}[{number}]")
    elif not _is_json_scalar(value):
        yield path, value


def _is_json_scalar(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or isinstance(value, str | int)
