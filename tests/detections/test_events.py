"""Each detection tells what it is for, leaves its near misses alone, and needs every clause that it has."""

import pytest

from hardened_eks.detections import DETECTIONS, Source
from tests.detections.aws_cases import AWS
from tests.detections.cases import Table
from tests.detections.containers_cases import CONTAINER_LINES
from tests.detections.eks_cases import EKS
from tests.detections.findings_cases import FOUND
from tests.detections.k8s_cases import K8S
from tests.detections.mutations import mutants
from tests.detections.run import expression, fires

CASES: Table = {**EKS, **AWS, **FOUND, **K8S, **CONTAINER_LINES}
EXPRESSIONS = [(d.id, e.source) for d in DETECTIONS for e in d.expressions if e.source != Source.ALARM]


def test_every_expression_has_events() -> None:
    assert set(EXPRESSIONS) == set(CASES), "write events that fire and near misses in tests/detections/*_cases.py"


@pytest.mark.parametrize(("id_", "source"), CASES)
def test_it_tells(id_: str, source: Source) -> None:
    filled, case = expression(id_, source), CASES[id_, source]
    assert len(case.fires) >= 2
    assert [event for event in case.fires if not fires(filled, event)] == []


@pytest.mark.parametrize(("id_", "source"), CASES)
def test_it_leaves_near_misses_alone(id_: str, source: Source) -> None:
    filled, case = expression(id_, source), CASES[id_, source]
    assert len(case.silent) >= 2
    assert [event for event in case.silent if fires(filled, event)] == []


@pytest.mark.parametrize(("id_", "source"), CASES)
def test_it_needs_every_clause(id_: str, source: Source) -> None:
    filled, case = expression(id_, source), CASES[id_, source]
    idle = [
        clause
        for clause, verdict in mutants(filled)
        if all(verdict(event) for event in case.fires) and not any(verdict(event) for event in case.silent)
    ]
    assert idle == []
