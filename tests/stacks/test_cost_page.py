"""docs/explanation/detection-cost.md counts what the reference app creates."""

from collections import Counter
from pathlib import Path

from tests.stacks.conftest import Synthesized

PAGE = Path(__file__).parents[2] / "docs/explanation/detection-cost.md"


def test_the_cost_of_detection(isolated: Synthesized) -> None:
    resources = list(isolated.templates["HardenedEks-Detection"]["Resources"].items())
    kinds = Counter(one["Type"] for _, one in resources)
    alarms = {
        i: one["Properties"].get("Metrics", []) for i, one in resources if one["Type"] == "AWS::CloudWatch::Alarm"
    }
    failed = {i: metrics for i, metrics in alarms.items() if "Failed" in i}
    read = sum("MetricStat" in one for metrics in failed.values() for one in metrics)
    bands = sum(bool(metrics) for i, metrics in alarms.items() if i not in failed)
    text = PAGE.read_text(encoding="utf-8")
    assert f"{len(alarms) - len(failed) - bands} standard alarms at 0.10; {bands} on an anomaly band" in text
    assert f"{len(failed)} on failed delivery, which read {read} metrics" in text
    assert f"most of the {kinds['AWS::Logs::MetricFilter']} metrics" in text
    assert f"{['no', 'one', 'two', 'three'][kinds['AWS::CloudWatch::InsightRule']]} rules at 0.50" in text
