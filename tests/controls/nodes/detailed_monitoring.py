from hardened_eks.controls.nodes import detailed_monitoring
from tests.controls.cases import Bad, Case, at, both, change, drop, hide
from tests.controls.nodes.base import DATA, GOOD, HOST, INHERITING, INSTANCE, LT, configuration

CASE = Case(
    detailed_monitoring,
    GOOD,
    bad={
        **at(
            "LaunchTemplateData.Monitoring.Enabled",
            {
                "off": change(LT, f"{DATA}.Monitoring.Enabled", False),
                "off as text": change(LT, f"{DATA}.Monitoring.Enabled", "false"),
                "left out": drop(LT, f"{DATA}.Monitoring"),
                "hidden": hide(LT, f"{DATA}.Monitoring.Enabled"),
                "all hidden": hide(LT, f"{DATA}.Monitoring"),
                "malformed": change(LT, f"{DATA}.Monitoring", True),
            },
        ),
        **at(
            "Monitoring",
            {
                "instance": both(lambda _: HOST, drop(INSTANCE, "Monitoring")),
                "instance off": both(lambda _: HOST, change(INSTANCE, "Monitoring", "false")),
                "instance overrides": both(lambda _: INHERITING, change(INSTANCE, "Monitoring", False)),
            },
        ),
        "its template": Bad(
            both(lambda _: INHERITING, drop(LT, f"{DATA}.Monitoring")),
            "LaunchTemplateData.Monitoring.Enabled",
            "Monitoring",
        ),
        "launch configuration": Bad(configuration(InstanceMonitoring=False), "InstanceMonitoring"),
        "launch configuration, hidden": Bad(
            configuration(InstanceMonitoring={"Ref": "Monitored"}), "InstanceMonitoring"
        ),
    },
    edge={
        "text": change(LT, f"{DATA}.Monitoring.Enabled", "true"),
        "instance": HOST,
        "instance with a launch template": INHERITING,
        "instance with a named launch template": both(
            lambda _: INHERITING, change(INSTANCE, "LaunchTemplate", {"LaunchTemplateName": "admin"})
        ),
        "launch configuration": configuration(ImageId="ami-1"),
    },
)
