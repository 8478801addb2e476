import json
from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown

_ADDON: Final = "AWS::EKS::Addon"
_ALARM: Final = "AWS::CloudWatch::Alarm"
_OBSERVABILITY: Final = "amazon-cloudwatch-observability"


@control(
    id="DT-04",
    title="If CloudWatch observes the cluster, Container Insights sends its metrics and logs",
    requirement="alerts.container_insights",
    types=(_ADDON, _ALARM),
    needs="assembly",
    severity=Severity.LOW,
    why=(
        "Crypto mining shows as CPU load, and mass evictions show as restarts. An alarm on metrics that nothing sends "
        "stays silent forever."
    ),
    fix=(
        "Add the amazon-cloudwatch-observability add-on (AddonOptions(extra=['amazon-cloudwatch-observability'])), "
        "and leave container logs and metrics on."
    ),
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/install-CloudWatch-Observability-EKS-addon.html",
    blind=(
        "Evaluated on the configuration of the add-on, and on alarms in the namespace ContainerInsights, which need "
        "the add-on in the assembly. A cluster without either is not a finding: many clusters are observed by "
        "Prometheus or by a product of another vendor."
    ),
    detective="The team chooses the tool that observes its cluster, and no construct creates it yet.",
)
def container_insights(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    if resource.type == _ALARM:
        spaces = {resource.get("Namespace")} if isinstance(resource.get("Namespace"), str) else set()
        if "ContainerInsights" in spaces and not any(a.get("AddonName") == _OBSERVABILITY for a in assembly.of(_ADDON)):
            yield Problem("no add-on of the assembly sends the metrics that it uses", "Namespace")
        return
    if resource.get("AddonName") != _OBSERVABILITY:
        return
    values = resource.get("ConfigurationValues", "{}")
    if isinstance(values, Unknown):
        yield Problem("its configuration is known only at deployment", "ConfigurationValues")
        return
    try:
        settings = json.loads(values) if isinstance(values, str) else {}
    except ValueError:
        settings = {}  # see another control: the text is not JSON
    for name, what in (("containerLogs", "container logs"), ("agent", "the agent")):
        section = settings.get(name) if isinstance(settings, dict) else None
        if isinstance(section, dict) and section.get("enabled") is False:
            yield Problem(f"{what} are off" if what.endswith("s") else f"{what} is off", "ConfigurationValues")
