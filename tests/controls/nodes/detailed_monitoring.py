from hardened_eks.controls.nodes import detailed_monitoring
from tests.controls.cases import Bad, Case, both, change, drop, hide
from tests.controls.nodes.base import DATA, GOOD, HOST, INHERITING, INSTANCE, LT, configuration

CASE = Case(
    detailed_monitoring,
    GOOD,
    bad={
        "off": Bad(change(LT, f"{DATA}.Monitoring.Enabled", False), "LaunchTemplateData.Monitoring.Enabled"),
        "off as text": Bad(change(LT, f"{DATA}.Monitoring.Enabled", "false"), "LaunchTemplateData.Monitoring.Enabled"),
        "left out": Bad(drop(LT, f"{DATA}.Monitoring"), "LaunchTemplateData.Monitoring.Enabled"),
        "hidden": Bad(hide(LT, f"{DATA}.Monitoring.Enabled"), "LaunchTemplateData.Monitoring.Enabled"),
        "all hidden": Bad(hide(LT, f"{DATA}.Monitoring"), "LaunchTemplateData.Monitoring.Enabled"),
        "malformed": Bad(change(LT, f"{DATA}.Monitoring", True), "LaunchTemplateData.Monitoring.Enabled"),
        "instance": Bad(both(lambda _: HOST, drop(INSTANCE, "Monitoring")), "Monitoring"),
        "instance off": Bad(both(lambda _: HOST, change(INSTANCE, "Monitoring", "false")), "Monitoring"),
        "instance overrides": Bad(both(lambda _: INHERITING, change(INSTANCE, "Monitoring", False)), "Monitoring"),
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
