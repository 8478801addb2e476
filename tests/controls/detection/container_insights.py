import json

from hardened_eks.controls.detection import container_insights
from tests.controls.cases import Bad, Case, at, both, change, drop, hide, template, without
from tests.controls.detection.base import ADDON, ALARM

INSIGHTS = template(
    {
        "Addon": (
            ADDON,
            {
                "AddonName": "amazon-cloudwatch-observability",
                "ConfigurationValues": json.dumps({"containerLogs": {"enabled": True}}),
            },
        ),
        "Alarm": (ALARM, {"Namespace": "ContainerInsights", "MetricName": "node_cpu_utilization"}),
    }
)

CASE = Case(
    container_insights,
    INSIGHTS,
    bad={
        "no add-on": Bad(without("Addon"), "Namespace"),
        "another add-on": Bad(change(ADDON, "AddonName", "coredns"), "Namespace"),
        **at(
            "ConfigurationValues",
            {
                "logs off": change(ADDON, "ConfigurationValues", json.dumps({"containerLogs": {"enabled": False}})),
                "agent off": change(ADDON, "ConfigurationValues", json.dumps({"agent": {"enabled": False}})),
                "hidden": hide(ADDON, "ConfigurationValues"),
            },
        ),
    },
    edge={
        "default configuration": drop(ADDON, "ConfigurationValues"),
        "no JSON": change(ADDON, "ConfigurationValues", "{"),
        "observed by others": both(without("Addon"), change(ALARM, "Namespace", "Audit")),
    },
)
