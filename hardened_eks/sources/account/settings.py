"""Settings of the account, each read with one call from `hardened_eks.data.account_settings`."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from hardened_eks.data.account_settings import ACCOUNT, SETTINGS, properties_of
from hardened_eks.sources.account.asking import Refusal
from hardened_eks.sources.account.calls import action
from hardened_eks.sources.account.found import Found

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hardened_eks.data.account_settings import AccountSetting
    from hardened_eks.sources.account.asking import Asker

_OF_ACCOUNT: Final = "account"
"""The physical ID of a setting without a name; in a stack, it is the account ID."""


def setting(one: AccountSetting, asker: Asker) -> Iterator[Found]:
    """Yield a setting as a resource; nothing if it does not exist or the call failed."""
    told = _once(one, asker) if one.account_wide else _asked(one, asker)
    if isinstance(told, Refusal):
        asker.refusals.append(told)
    elif told is not None:
        id_ = asker.account if one.in_templates and one.id == _OF_ACCOUNT else one.id
        yield Found(one.type, id_, properties_of(one, told))


def _asked(one: AccountSetting, asker: Asker) -> Mapping[str, Any] | Refusal | None:
    """Call AWS; the caller records a failure."""
    parameters = {name: asker.account if value == ACCOUNT else value for name, value in one.parameters.items()}
    return asker.alike().ask(f"{one.service}:{one.operation}", **parameters)


def _once(one: AccountSetting, asker: Asker) -> Mapping[str, Any] | Refusal | None:
    """Call AWS once for all Regions; each Region records a failure."""
    told = asker.clients.once(("setting", one.type), lambda: _asked(one, asker))
    return replace(told, about=f"the account in {asker.region}") if isinstance(told, Refusal) else told


READERS: Final[tuple[tuple[Callable[[Asker], Iterator[Found]], dict[str, str]], ...]] = tuple(
    (partial(setting, one), {one.type: action(f"{one.service}:{one.operation}")}) for one in SETTINGS
)
"""Collectors that run once in a Region, with the type that they list completely and its action."""
