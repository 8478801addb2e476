"""200 clusters in 10 accounts, every second one spoiled: what is said of each, what it costs, and what it takes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stacks.conftest import Synthesized

pytestmark = pytest.mark.xdist_group("stacks")
CLUSTERS, ACCOUNTS = 200, 10


@pytest.fixture(scope="module")
def judged(isolated: Synthesized) -> dict[str, object]:
    """In a process of its own, which counts its own memory."""
    command = [sys.executable, "-m", "tests.stacks.fleet", str(isolated.directory), str(CLUSTERS), str(ACCOUNTS)]
    done = subprocess.run(
        command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True, timeout=300
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_nothing_is_said_of_another_cluster(judged: dict[str, object]) -> None:
    """A good and a spoiled one have findings; the fleet has each of them as often as it has such pairs."""
    pair = {(control, type_): count for control, type_, count in judged["pair"]}
    fleet = {(control, type_): count for control, type_, count in judged["fleet"]}
    assert {control for control, _ in pair} >= {"CP-01", "KY-01", "ND-03", "NW-01"}
    assert fleet == {key: count * CLUSTERS // 2 for key, count in pair.items()}


def test_the_cost_grows_with_the_clusters_alone(judged: dict[str, object]) -> None:
    assert judged["seconds"] <= 1.5 * CLUSTERS * judged["one"]


def test_it_fits_into_memory(judged: dict[str, object]) -> None:
    assert judged["mib"] <= 300
