"""The smallest app of examples/ deploys. `make blueprints` deploys them all (tests/emulator/blueprints.py)."""

from __future__ import annotations

import pytest

from tests.emulator.blueprints import CLUSTERS, assert_hardened_clusters, deploy
from tests.emulator.conftest import Account
from tests.examples.blueprints import NAMES, run

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]


def test_the_batch_app_deploys(account: Account, tmp_path_factory: pytest.TempPathFactory) -> None:
    deploy(account, run("batch", tmp_path_factory.mktemp("batch")))
    assert_hardened_clusters(account, ["batch"])


def test_make_blueprints_knows_them_all() -> None:
    assert sorted(CLUSTERS) == NAMES
