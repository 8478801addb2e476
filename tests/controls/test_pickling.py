"""A control is the same object in another process: its identity is the object, and a pool of processes pickles it."""

import copy
import pickle
from collections.abc import Iterator

import pytest

from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.model import Control, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.judging.waivers import WAIVER_CONTROLS


@control(
    id="ORG-01", title="Clusters are ours", types=["AWS::EKS::Cluster"], severity=Severity.LOW, why="It is a test.",
    fix="Nothing.", source="https://wiki.example.com/teams",
)  # fmt: skip
def ours(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield Problem("not ours")


def test_a_control_is_itself_after_pickling() -> None:
    for one in (*CATALOGUE, *WAIVER_CONTROLS, ours):
        assert pickle.loads(pickle.dumps(one)) is one, one
        assert copy.copy(one) is one and copy.deepcopy(one) is one, one


def test_fails_when_another_process_cannot_import_the_control() -> None:
    @control(
        id="ORG-02", title="Clusters are ours", types=["AWS::EKS::Cluster"], severity=Severity.LOW, why="A test.",
        fix="Nothing.", source="https://wiki.example.com/teams",
    )  # fmt: skip
    def local(cluster: Resource, assembly: Assembly) -> Iterator[Problem]:
        yield Problem("not ours")

    expected = "ORG-02 local is not a name of the module tests.controls.test_pickling: define it there"
    with pytest.raises(pickle.PicklingError, match=expected):
        pickle.dumps(local)
    assert copy.deepcopy([local]) == [local]


def test_a_control_that_is_gone_is_named() -> None:
    make, (module, name, _) = ours.__reduce__()
    with pytest.raises(pickle.UnpicklingError, match=r"tests.controls.test_pickling has no control ORG-09 ours"):
        make(module, name, "ORG-09")
    assert isinstance(make(module, name, "ORG-01"), Control)
