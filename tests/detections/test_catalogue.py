"""The detections as a whole: ids, references, limits of AWS, calls of the EKS API."""

import json
import re
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from ministack.services import eventbridge

from hardened_eks.controls.deployable.event_pattern_shape import event_pattern_shape
from hardened_eks.controls.deployable.metric_filter_syntax import metric_filter_syntax
from hardened_eks.controls.frameworks import requirements
from hardened_eks.detections import (
    ANCHORS,
    DETECTIONS,
    PARAMETERS,
    EventPattern,
    MetricFilter,
    Parameters,
    Severity,
    Source,
)
from hardened_eks.detections.expressions import names
from hardened_eks.evidence import Template
from hardened_eks.detections.derived import DERIVED
from tests.detections.metric_filters import matches
from tests.detections.run import parameters

PATTERNS = [(d.id, e) for d in DETECTIONS for e in d.expressions if isinstance(e, EventPattern)]
FROZEN = Path(__file__).with_name("ids.txt").read_text(encoding="utf-8").split()
FILTERS = [(d.id, e) for d in DETECTIONS for e in d.expressions if isinstance(e, MetricFilter)]


def test_ids_are_unique_and_frozen() -> None:
    ids = [d.id for d in DETECTIONS]
    assert len(ids) == len(set(ids))
    assert sorted(ids) == FROZEN, "add the ID of a new detection to ids.txt in its place; an ID is never used again"
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id_) for id_ in ids)
    assert max(map(len, ids)) <= 40  # a rule's name holds 64, the cluster's comes before


def test_the_default_set() -> None:
    default = [d for d in DETECTIONS if d.default]
    assert len(default) == 51
    assert {d.id for d in DETECTIONS if d.severity == Severity.CRITICAL and not d.default} == {
        "eks-endpoint-anywhere", "eks-masters-entry", "root-used", "ecr-policy-public", "k8s-exec-credentials",
    }  # fmt: skip


@pytest.mark.parametrize("detection", DETECTIONS, ids=lambda d: d.id)
def test_each_says_what_a_person_needs(detection: Any) -> None:
    assert detection.title[0].isupper()
    assert not detection.title.endswith(".")
    assert detection.why.endswith(".")
    assert len(detection.first) >= 2
    assert all(len(step) > 20 and step[-1] in ".?" for step in detection.first)
    assert detection.false_positives.endswith(".")
    assert names([detection.title, detection.why, detection.false_positives, detection.blind]) == set()  # not filled in
    assert re.fullmatch(r"(T\d{4}(\.\d{3})?)?", detection.technique)
    assert set(detection.anchors) <= set(ANCHORS)
    assert detection.requirements
    assert set(detection.requirements) <= set(requirements())
    sources = [e.source for e in detection.expressions]
    assert sources
    assert len(sources) == len(set(sources))
    assert detection.severity != Severity.LOW or detection.digest


def test_expressions_and_runbooks_name_known_parameters() -> None:
    known = {p.name for p in PARAMETERS} | set(DERIVED)
    for detection in DETECTIONS:
        used = names([str(e) for e in detection.expressions]) | names(detection.first)
        assert used <= known, detection.id


def test_every_parameter_is_used() -> None:
    used = names([str(d.expressions) for d in DETECTIONS])
    derived = {"kms_key": "keys", "more_keys": "keys", "break_glass_role": "break_glass_session", "vpc_cidr": "vpc_prefixes",
               "pod_cidrs": "vpc_prefixes", "secrets": "secret_arns", "finding_severities": "finding_counts"}  # fmt: skip
    assert {p.name for p in PARAMETERS if derived.get(p.name, p.name) not in used} == set()


@pytest.mark.parametrize("values", [parameters(), Parameters()], ids=["filled", "placeholders"])
@pytest.mark.parametrize(("id_", "found"), PATTERNS, ids=lambda v: v if isinstance(v, str) else "")
def test_patterns_are_what_eventbridge_takes(id_: str, found: EventPattern, values: Parameters) -> None:
    filled = found.filled(values)
    text = json.dumps(filled, separators=(",", ":"))
    assert eventbridge._event_pattern_error(text) is None
    assert len(text) <= 2048  # default quota of a rule's pattern
    assert [] == list(event_pattern_shape(_resource(EventPattern=filled), None))


@pytest.mark.parametrize("values", [parameters(), Parameters()], ids=["filled", "placeholders"])
@pytest.mark.parametrize(("id_", "found"), FILTERS, ids=lambda v: v if isinstance(v, str) else "")
def test_filters_are_what_cloudwatch_takes(id_: str, found: MetricFilter, values: Parameters) -> None:
    filled = found.filled(values)
    matches(filled, "{}")  # raises for what is no pattern, and beyond 1,024 characters
    assert "%" not in filled  # five filters with regular expressions a log group
    assert [] == list(metric_filter_syntax(_resource(FilterPattern=filled), None))
    assert found.threshold == 1 or found.period == 300


@pytest.mark.parametrize(("id_", "found"), FILTERS, ids=lambda v: v if isinstance(v, str) else "")
def test_asterisks_stand_at_the_ends_of_texts(id_: str, found: MetricFilter) -> None:
    """CloudWatch Logs takes an asterisk between other characters for an asterisk: such a clause never matches."""
    filled = found.filled(parameters())
    texts = re.findall(r'"((?:[^"\\]|\\.)*)"', filled) if filled.startswith("{") else []
    assert [text for text in texts if "*" in text[1:-1]] == [], id_


def _combinations(pattern: dict[str, Any], path: str = "") -> list[list[str]]:
    """Return the fields of each combination of $or branches, as EventBridge's compiler expands them."""
    found: list[list[str]] = [[]]
    for key, value in pattern.items():
        if key == "$or":
            parts = [fields for branch in value for fields in _combinations(branch, path)]
        elif isinstance(value, dict):
            parts = _combinations(value, f"{path}.{key}")
        else:
            parts = [[f"{path}.{key}"]]
        found = [one + part for one in found for part in parts]
    return found


@pytest.mark.parametrize(("id_", "found"), PATTERNS, ids=lambda v: v if isinstance(v, str) else "")
def test_no_field_is_named_inside_and_outside_of_an_or(id_: str, found: EventPattern) -> None:
    """EventBridge keeps the last of the two, silently: `writeRules` of aws/event-ruler's JsonRuleCompiler."""
    for fields in _combinations(dict(found.pattern)):
        assert len(fields) == len(set(fields))
    assert len(_combinations(dict(found.pattern))) <= 1000


def test_wildcards_are_few() -> None:
    """EventBridge takes 30 rules with wildcards a bus, and the quota cannot be raised."""
    assert sum('"wildcard"' in json.dumps(e.pattern) for _, e in PATTERNS) <= 3


def test_log_groups_take_the_filters() -> None:
    """A log group holds 100 metric filters."""
    for source in (Source.AUDIT_LOG, Source.TRAIL_LOG):
        assert sum(e.source == source for _, e in FILTERS) < 50


def test_read_only_calls_are_marked() -> None:
    """EventBridge withholds Describe, Get and List unless the rule's state asks for all management events.

    CloudTrail calls AssumeRole read-only too, and no page says which of these it withholds.
    """
    for id_, found in PATTERNS:
        calls = re.findall(r'"(?:Get|List|Describe|BatchGet|AssumeRole)\w*"', json.dumps(found.pattern))
        assert bool(calls) is found.read_only_events, id_


def test_every_mutating_call_of_eks_has_a_severity() -> None:
    """A new botocore that knows a new call fails here: decide which detection it belongs to."""
    model = botocore.session.get_session().get_service_model("eks")
    mutating = {name for name in model.operation_names if not name.startswith(("Describe", "List", "Get"))}
    given = {call for d in DETECTIONS for call in d.calls}
    assert mutating - given == set()
    assert given - mutating == {"createKubernetesObject", "updateKubernetesObject", "deleteKubernetesObject"}


def test_calls_are_those_of_the_expression() -> None:
    for detection in DETECTIONS:
        pattern = json.dumps([e.pattern for e in detection.expressions if isinstance(e, EventPattern)])
        if detection.calls and detection.id != "eks-changed":
            assert [call for call in detection.calls if f'"{call}"' not in pattern] == [], detection.id


def test_everything_of_the_eks_api_is_matched_without_a_list() -> None:
    found = next(e for id_, e in PATTERNS if id_ == "eks-changed")
    assert found.pattern["detail"] == {
        "eventSource": ["eks.amazonaws.com"], "errorCode": [{"exists": False}], "readOnly": [False],
    }  # fmt: skip


def test_alarms_have_what_an_alarm_needs() -> None:
    silent = next(d for d in DETECTIONS if d.id == "audit-silent").expressions[0].filled(parameters())
    assert silent.pop("FilterPattern").startswith("{ $.")
    assert (silent["Namespace"], silent["Dimensions"]) == ("HardenedEks/ledger", [])
    assert silent["TreatMissingData"] == "breaching"
    health = next(d for d in DETECTIONS if d.id == "eks-health").expressions[0].filled(parameters())["AnyOf"]
    for alarm in (silent, *health):
        assert set(alarm) == {"Namespace", "MetricName", "Dimensions", "Statistic", "Period", "EvaluationPeriods",
                              "DatapointsToAlarm", "ComparisonOperator", "Threshold", "TreatMissingData"}  # fmt: skip
    assert {alarm["Namespace"] for alarm in health} == {"AWS/EKS", "ContainerInsights"}
    assert all(alarm["Dimensions"] == [{"Name": "ClusterName", "Value": "ledger"}] for alarm in health)


def _resource(**properties: Any) -> Any:
    template = Template("Detection", {"Resources": {"It": {"Type": "Custom::Any", "Properties": properties}}})
    return template.resources["It"]
