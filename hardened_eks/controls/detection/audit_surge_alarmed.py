from collections.abc import Iterator
from typing import Any, Final

from hardened_eks._patterns import like, regex
from hardened_eks.controls._unseen import name_not_seen
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Subject, Unknown
from hardened_eks.evidence.views.metric_filters import counts

_FILTER: Final = "AWS::Logs::MetricFilter"
_GROUP: Final = "AWS::Logs::LogGroup"
_ALARM: Final = "AWS::CloudWatch::Alarm"
_CODE: Final = regex(r'responseStatus\.code(>=|>|=)"?([0-9*]+)')


@control(
    id="DT-02",
    title="A surge of denied calls in the audit log raises an alarm",
    requirement="alerts.audit_surge",
    types=(_FILTER,),
    needs="assembly",
    severity=Severity.HIGH,
    why=(
        "Somebody who tries out a stolen token causes many 401 and 403 responses. An alarm on them notifies you "
        "within minutes; without one, discovery takes months."
    ),
    fix=(
        "Filter /aws/eks/NAME/cluster by { ($.responseStatus.code = 401) || ($.responseStatus.code = 403) }, and "
        "create an alarm on the metric."
    ),
    source="https://docs.aws.amazon.com/eks/latest/best-practices/auditing-and-logging.html",
    blind=(
        "Evaluated if the assembly has a metric filter on a control-plane log: together the filters must count 401 "
        "and 403, and each must have an alarm. Log Insights queries, a SIEM and alarms of another stack are not seen. "
        "If a log group is not in the assembly, its name must show that it belongs to a cluster."
    ),
    enforced_by="Detection",
)
def audit_surge_alarmed(metric_filter: Resource, assembly: Assembly) -> Iterator[Problem]:
    if not _on_control_plane(metric_filter, assembly):
        yield from name_not_seen(metric_filter, assembly, "LogGroupName", _GROUP)
        return
    watched = _watched(assembly, many=_may_count(metric_filter.get("FilterPattern", "")))
    for index in range(len(metric_filter.items("MetricTransformations"))):
        path = f"MetricTransformations.{index}"
        metric = str(metric_filter.get(f"{path}.MetricNamespace")), str(metric_filter.get(f"{path}.MetricName"))
        if not counts(metric_filter.get(f"{path}.MetricValue", 1)):
            yield Problem("its metric does not count the events that it matches", f"{path}.MetricValue")
        elif metric not in watched:
            yield Problem(f"no alarm uses its metric {'/'.join(metric)}", f"{path}.MetricName")
    missed, is_certain = assembly.once("detection.counted", lambda: _missed(assembly))
    if not missed:
        for group in assembly.once("detection.uncounted", lambda: _uncounted(assembly)):
            yield Problem("no metric filter counts the denied calls in it", subject=Subject.of_resource(group))
        return
    if isinstance(metric_filter.get("FilterPattern"), Unknown):
        yield Problem("its filter pattern is known only at deployment", "FilterPattern")
    elif is_certain:
        whole = Subject.of_assembly(assembly, metric_filter.template.region)
        yield Problem(f"no metric filter counts responses with {' and '.join(missed)}", subject=whole)


def _watched(assembly: Assembly, *, many: bool) -> set[tuple[str, str]]:
    """Return the metrics of alarms; with `many`, only of those on high values, which denied calls need."""

    def found() -> set[tuple[str, str]]:
        return {
            metric
            for alarm in assembly.of(_ALARM)
            if not (many and str(alarm.get("ComparisonOperator", "")).startswith("Less"))
            for metric in _metrics(alarm)
        }

    return assembly.once(f"detection.metrics.{'many' if many else 'any'}", found)


def _missed(assembly: Assembly) -> tuple[list[str], bool]:
    """Return the codes that no filter counts, and whether the patterns of all filters are known."""
    ours = [one for one in assembly.of(_FILTER) if _on_control_plane(one, assembly)]
    patterns = [one.get("FilterPattern", "") for one in ours]
    known = [str(pattern) for pattern in patterns if not isinstance(pattern, Unknown)]
    missed = [code for code in ("401", "403") if not any(_counts(pattern, code) for pattern in known)]
    return missed, len(known) == len(patterns)


def _uncounted(assembly: Assembly) -> list[Resource]:
    """Return the control plane logs of further clusters, which no filter reads; none if a filter's log is not known."""
    ours = [one for one in assembly.of(_FILTER) if _on_control_plane(one, assembly)]
    ours = [one for one in ours if _may_count(one.get("FilterPattern", ""))]
    read = [assembly.target(one.get("LogGroupName"), _GROUP, near=one) for one in ours]
    names = {one.text("LogGroupName") for one in ours}
    if any(group is None and "${" in one.text("LogGroupName") for one, group in zip(ours, read, strict=True)):
        return []
    return [
        group
        for group in assembly.of(_GROUP)
        if group not in read
        and (name := group.text("LogGroupName")) not in names
        and name.startswith("/aws/eks/")
        and name.endswith("/cluster")
    ]


def _on_control_plane(metric_filter: Resource, assembly: Assembly) -> bool:
    name = metric_filter.get("LogGroupName", "")
    group = assembly.target(name, _GROUP, near=metric_filter)
    text = f"{name} {group.get('LogGroupName', '') if group is not None else ''}"
    return "/aws/eks/" in text


def _may_count(pattern: Any) -> bool:
    return isinstance(pattern, Unknown) or any(_counts(str(pattern), code) for code in ("401", "403"))


def _counts(pattern: str, code: str) -> bool:
    return any(
        (operator == "=" and like(code, value))
        or (value.isdecimal() and ((operator == ">=" and code >= value) or (operator == ">" and code > value)))
        for operator, value in _CODE.findall(pattern.replace(" ", ""))
    )


def _metrics(alarm: Resource) -> list[tuple[str, str]]:
    found = [(str(alarm.get("Namespace")), str(alarm.get("MetricName")))]
    for query in alarm.items("Metrics"):
        metric: Any = query.get("MetricStat") if isinstance(query, dict) else None
        metric = metric.get("Metric") if isinstance(metric, dict) else None
        if isinstance(metric, dict):
            found.append((str(metric.get("Namespace")), str(metric.get("MetricName"))))
    return found
