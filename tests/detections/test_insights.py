"""Queries of Logs Insights match exactly what the metric filters match, on every event of every detection."""

import json

import pytest

from hardened_eks.detections import DETECTIONS, MetricFilter, Parameters, Source
from hardened_eks.detections.insights import condition, query, translated
from tests.detections.run import BY_ID, expression, fires, parameters
from tests.detections.test_events import CASES
from tests.emulator.standins.insights import Query, _row

LOGGED = [(id_, source) for id_, source in CASES if source in (Source.AUDIT_LOG, Source.AUTHENTICATOR_LOG)]
EVERY_LINE = sorted(
    {line for id_, source in LOGGED for line in (*CASES[id_, source].fires, *CASES[id_, source].silent)}
)


def row(line: str, source: Source) -> dict[str, object]:
    stream = "kube-apiserver-audit-1" if source == Source.AUDIT_LOG else "authenticator-1"
    return _row({"@message": line, "@logStream": stream, "_timestamp_ms": 1})


@pytest.mark.parametrize(("id_", "source"), LOGGED)
def test_it_matches_what_the_filter_matches(id_: str, source: Source) -> None:
    filled = expression(id_, source)
    asked = Query(f"filter {condition(BY_ID[id_], parameters())}")
    for line in EVERY_LINE:
        _, found = asked.run([row(line, source)])
        assert bool(found) is fires(filled, line), line


@pytest.mark.parametrize(("id_", "source"), LOGGED)
def test_other_streams_are_left_out(id_: str, source: Source) -> None:
    asked = Query(f"filter {condition(BY_ID[id_], parameters())}")
    line = {**row(CASES[id_, source].fires[0], source), "@logStream": "kube-controller-manager-1"}
    assert asked.run([line])[1] == 0


@pytest.mark.parametrize(("id_", "source"), LOGGED)
def test_a_log_alarm_takes_the_query(id_: str, source: Source) -> None:
    text = query(BY_ID[id_], parameters())
    assert text is not None and len(text) <= 10_000
    rows, _ = Query(text).run([row(CASES[id_, source].fires[0], source)])
    (shown,) = rows
    fields = {cell["field"] for cell in shown}
    if source == Source.AUDIT_LOG:
        assert "verb" in fields and fields & {"user.username", "requestURI"}
    else:
        assert "@message" in fields


def test_filters_of_trails_are_translated_too() -> None:
    for detection in DETECTIONS:
        for found in detection.expressions:
            if isinstance(found, MetricFilter) and found.source == Source.TRAIL_LOG:
                asked = Query(f"filter {translated(found.filled(parameters()))}")
                case = CASES[detection.id, Source.TRAIL_LOG]
                for line in (*case.fires, *case.silent):
                    assert bool(asked.run([_row({"@message": line, "_timestamp_ms": 1})])[1]) is (line in case.fires)


def test_values_that_are_known_at_deployment_stay_whole() -> None:
    token = "${Token[AWS.AccountId.3]}"
    pattern = f'{{ $.a[0].b != "{token}.dkr.ecr.*" && ($.c = "*x/{token}" || $.d IS TRUE) }}'
    assert translated(pattern) == (
        rf"(ispresent(a.0.b) and a.0.b not like /^{token}\.dkr\.ecr\./) and (c like /x\/{token}$/ or d = 1)"
    )


def test_quotes_stay_within_their_text() -> None:
    line = json.dumps({"a": "it's \\ here"}, separators=(",", ":"))
    term = translated('"it\'s" -"gone"')
    assert term == "@message like 'it\\'s' and @message not like 'gone'"
    assert Query(f"filter {term}").run([_row({"@message": line, "_timestamp_ms": 1})])[1] == 1


def test_what_is_on_no_log_of_the_control_plane_has_none() -> None:
    assert condition(BY_ID["eks-endpoint-public"], Parameters()) is None
    assert query(BY_ID["audit-silent"], Parameters()) is None
