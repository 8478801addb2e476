"""A kubeconfig: which context is a cluster's, where its token comes from, and what is wrong with a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from hardened_eks.sources import UnusableInputError
from hardened_eks.sources.account import kubeconfig as module
from hardened_eks.sources.account.kubeconfig import Kubeconfig
from hardened_eks.sources.kubernetes import ApiError

ARN = "arn:aws:eks:eu-west-1:111122223333:cluster/payments"
DESCRIBED = {"arn": ARN, "endpoint": "https://ABC.gr7.eu-west-1.eks.amazonaws.com"}
PRINTS = "import os,sys;open(sys.argv[1],'a').write('x');print('{\"status\":{\"token\":\"'+os.environ['WHO']+'\"}}')"


def body(user: dict[str, Any], *, server: str = DESCRIBED["endpoint"], name: str = "payments") -> dict[str, Any]:
    return {
        "apiVersion": "v1", "kind": "Config", "current-context": "mine",
        "clusters": [{"name": "else", "cluster": {"server": "https://else"}}, {"name": name, "cluster": {"server": server}}],
        "users": [{"name": "nobody", "user": {}}, {"name": "me", "user": user}],
        "contexts": [{"name": "other", "context": {"cluster": "else", "user": "nobody"}},
                     {"name": "mine", "context": {"cluster": name, "user": "me"}}],
    }  # fmt: skip


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def write(content: Any) -> Kubeconfig:
        file = tmp_path / "config"
        file.write_text(content if isinstance(content, str) else yaml.safe_dump(content))
        return Kubeconfig.read(str(file))

    return write


@pytest.mark.parametrize("server", [DESCRIBED["endpoint"], DESCRIBED["endpoint"].lower() + ":443/"])
def test_a_cluster_is_known_by_its_endpoint(write: Any, server: str) -> None:
    address, token = write(body({"token": "abc"}, server=server)).access(DESCRIBED)
    assert (address, token()) == (server, "abc")


def test_or_by_its_arn_behind_a_tunnel(write: Any) -> None:
    address, token = write(body({"token": "abc"}, server="https://localhost:8443", name=ARN)).access(DESCRIBED)
    assert (address, token()) == ("https://localhost:8443", "abc")


def test_one_that_the_file_does_not_have_is_no_other(write: Any) -> None:
    with pytest.raises(ApiError, match=f"has no context whose cluster is {ARN}"):
        write(body({"token": "abc"}, server="https://third")).access(DESCRIBED)


def test_of_two_contexts_the_current_one_is_taken(write: Any) -> None:
    both = body({"token": "current"})
    both["clusters"][0]["cluster"]["server"] = DESCRIBED["endpoint"]
    both["users"][0]["user"] = {"token": "other"}
    assert write(both).access(DESCRIBED)[1]() == "current"


def test_a_token_of_a_file_beside_it(write: Any, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("abc\n")
    assert write(body({"tokenFile": "token"})).access(DESCRIBED)[1]() == "abc"
    (tmp_path / "token").unlink()
    with pytest.raises(ApiError, match="token: the token cannot be read"):
        write(body({"tokenFile": "token"})).access(DESCRIBED)[1]()


def test_a_command_is_run_once_until_its_token_is_old(
    write: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = tmp_path / "runs"
    user = {
        "exec": {"command": sys.executable, "args": ["-c", PRINTS, str(runs)], "env": [{"name": "WHO", "value": "me"}]}
    }
    _, token = write(body(user)).access(DESCRIBED)
    assert (token(), token(), runs.read_text()) == ("me", "me", "x")
    monkeypatch.setattr(module, "_KEPT", 0.0)
    assert (token(), runs.read_text()) == ("me", "xx")


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"command": "no-such-command-here"}, "cannot be run for a token"),
        (
            {"command": sys.executable, "args": ["-c", "import sys; sys.exit('log in first')"]},
            r"exit code 1\): log in first",
        ),
        ({"command": sys.executable, "args": ["-c", "print('{}')"]}, "returned no token: KeyError"),
        ({"command": sys.executable, "args": ["-c", "print('no JSON')"]}, "returned no token: JSONDecodeError"),
    ],
)
def test_a_command_that_gives_none(write: Any, told: dict[str, Any], words: str) -> None:
    with pytest.raises(ApiError, match=words):
        write(body({"exec": told})).access(DESCRIBED)[1]()


def test_a_certificate_is_no_token(write: Any) -> None:
    with pytest.raises(ApiError, match="certificates are not supported"):
        write(body({"client-certificate-data": "abc"})).access(DESCRIBED)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "not valid YAML"), ("text", "not a kubeconfig"), ({"clusters": []}, "not a kubeconfig"), ([], "not a kubeconfig"),
        ({**body({}), "users": []}, "not a kubeconfig with contexts, clusters and users: KeyError: 'me'"),
        ({**body({}), "users": [{"name": "me", "user": "text"}]}, "not a kubeconfig"),
        ({**body({}), "clusters": [{"name": "payments", "cluster": "text"}]}, "not a kubeconfig"),
    ],
)  # fmt: skip
def test_what_is_no_kubeconfig(write: Any, content: Any, words: str) -> None:
    with pytest.raises(UnusableInputError, match=words):
        write(content)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnusableInputError, match="cannot be read: No such file"):
        Kubeconfig.read(str(tmp_path / "none"))
