"""Sessions of botocore that create clients in less time: an audit calls 36 services, most of them once or twice.

Only documented means are used: components of a session and settings of a client. Clients behave the same.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any, Final

from botocore.config import Config
from botocore.hooks import HierarchicalEmitter
from botocore.loaders import Loader, create_loader
from botocore.session import Session

from hardened_eks.data.sdk import model

_PATIENCE: Final = Config(
    connect_timeout=10, read_timeout=30, max_pool_connections=32, retries={"mode": "adaptive", "total_max_attempts": 8}
)
"""The adaptive retry mode, which slows down after throttling."""


class _Models(Loader):
    """The SDK's models. Those in `hardened_eks.data.sdk` load in a tenth of the time."""

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - botocore's signature
        """Return the folders of services without opening them."""
        return sorted({name for path in self.search_paths if os.path.isdir(path) for name in os.listdir(path)})  # noqa: PTH112, PTH208 - as botocore does

    def load_service_model(self, service_name: str, type_name: str, api_version: str | None = None) -> Any:
        """Return our model, unless another version is requested or the user has other models."""
        ours = api_version is None and type_name == "service-2" and self.search_paths == [self.BUILTIN_DATA_PATH]
        found = model(service_name) if ours else None
        return super().load_service_model(service_name, type_name, api_version) if found is None else found


@cache
def _models(folder: str | None) -> _Models:
    """Return the models, read once for all accounts; those in the configured `folder` come first."""
    paths = [path for path in create_loader(folder).search_paths if os.path.isdir(path)]  # noqa: PTH112 - as botocore does
    return _Models(extra_search_paths=paths, include_default_search_paths=False)


def session(profile: str | None = None) -> Session:
    """Return a session with the credentials of a profile.

    Args:
        profile: the profile in the AWS configuration. Default: the credentials that the SDK finds.

    Raises:
        ProfileNotFound: there is no such profile.
    """
    emitter = HierarchicalEmitter()
    made = Session(event_hooks=emitter, profile=profile)
    # Clients take events by the names that they have now: the session's own emitter looks each up among older names.
    made.register_component("event_emitter", emitter)
    # Times stay unparsed: none of them is evidence, and an account returns hundreds.
    made.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=_as_told)
    made.register_component("data_loader", _models(made.get_config_variable("data_path")))
    return made


def _as_told(time: object) -> object:
    return time


def settings(made: Session, version: str = "") -> Config:
    """Return the settings of the clients of a session: retries, and a user agent that CloudTrail shows.

    Args:
        made: the session.
        version: the version of this package. Default: no version in the user agent.
    """
    agent = f"hardened-eks{f'/{version}' if version else ''} {made.user_agent()}"
    app = made.get_config_variable("user_agent_appid")
    return _PATIENCE.merge(Config(user_agent=f"{agent} app/{app}" if app else agent))
