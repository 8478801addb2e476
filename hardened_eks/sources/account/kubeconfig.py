"""A kubeconfig: the token and the address for the Kubernetes API of a cluster.

A cluster is identified by its endpoint, or by its ARN as `aws eks update-kubeconfig` writes it. The certificate is
verified with the authority from EKS, never with one from the file. Like `kubectl`, this runs the commands in the file.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from hardened_eks.errors import InputProblem, UnusableInputError
from hardened_eks.sources.kubernetes import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_KEPT: Final = 300.0
"""For how many seconds the token from a command is reused. A token of EKS is valid for 15 minutes."""
_PATIENCE: Final = 60


@dataclass(frozen=True, slots=True)
class Kubeconfig:
    """The contents of a kubeconfig file."""

    path: str
    contexts: tuple[Mapping[str, Any], ...]
    """Each context with the ``name`` and ``server`` of its cluster and with its ``user``; the current one first."""

    @classmethod
    def read(cls, path: str) -> Kubeconfig:
        """Read a file.

        Raises:
            UnusableInputError: the file cannot be read, or it is not a kubeconfig.
        """
        try:
            body = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise UnusableInputError([InputProblem.unreadable(path, error)]) from error
        except yaml.YAMLError as error:
            raise UnusableInputError([InputProblem(path, f"not valid YAML: {' '.join(str(error).split())}")]) from error
        try:
            clusters = {one["name"]: str(one["cluster"]["server"]) for one in body["clusters"]}
            users = {one["name"]: dict(one.get("user") or {}) for one in body["users"]}
            current = body.get("current-context")
            found = [
                {"name": one["context"]["cluster"], "server": clusters[one["context"]["cluster"]],
                 "user": users[one["context"]["user"]]}
                for one in sorted(body["contexts"], key=lambda one: one["name"] != current)
            ]  # fmt: skip
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            why = f"not a kubeconfig with contexts, clusters and users: {type(error).__name__}: {error}"
            raise UnusableInputError([InputProblem(path, why)]) from error
        return cls(path, tuple(found))

    def access(self, described: Mapping[str, Any]) -> tuple[str, Callable[[], str]]:
        """Return the address and the tokens for a cluster.

        Args:
            described: the cluster, as EKS describes it.

        Raises:
            ApiError: the file does not have the cluster, or its user has no token.
        """
        endpoint, arn = _plain(described.get("endpoint", "")), described.get("arn", "")
        for one in self.contexts:
            server = one["server"]
            if _plain(server) == endpoint or one["name"] == arn:
                return server, _tokens(one["user"], Path(self.path).parent)
        raise ApiError(f"{self.path} has no context whose cluster is {arn or endpoint}")


def _plain(server: str) -> str:
    return server.lower().rstrip("/").removesuffix(":443")


def _tokens(user: Mapping[str, Any], directory: Path) -> Callable[[], str]:
    if user.get("token"):
        return lambda: str(user["token"])
    if user.get("tokenFile"):
        return lambda: _from_file(directory / str(user["tokenFile"]))
    if isinstance(user.get("exec"), dict):
        return _Command(user["exec"])
    raise ApiError("the user of the kubeconfig has no token, tokenFile or exec; certificates are not supported")


def _from_file(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise ApiError(f"{file}: the token cannot be read: {error}") from error


class _Command:
    """Runs a command to get a token, and runs it again when the token is old."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self._told = told
        self._token, self._made = "", -_KEPT

    def __call__(self) -> str:
        if time.monotonic() - self._made >= _KEPT:
            self._token, self._made = self._run(), time.monotonic()
        return self._token

    def _run(self) -> str:
        command = [str(self._told.get("command", "")), *map(str, self._told.get("args") or ())]
        try:
            extra = {str(one["name"]): str(one["value"]) for one in self._told.get("env") or ()}
            done = subprocess.run(
                command, env={**os.environ, **extra}, capture_output=True, text=True, timeout=_PATIENCE, check=True,
                stdin=subprocess.DEVNULL,
            )  # fmt: skip
            return str(json.loads(done.stdout)["status"]["token"])
        except subprocess.CalledProcessError as error:
            said = " ".join(str(error.stderr).split())[-300:]
            raise ApiError(f"{command[0]} returned no token (exit code {error.returncode}): {said}") from error
        except (OSError, subprocess.SubprocessError) as error:
            raise ApiError(f"{command[0]!r} cannot be run for a token: {error}") from error
        except (KeyError, TypeError, ValueError) as error:
            raise ApiError(f"{command[0]} returned no token: {type(error).__name__}: {error}") from error
