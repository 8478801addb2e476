import re
from collections.abc import Iterator
from typing import Final

from hardened_eks._patterns import regex
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown, rendering
from hardened_eks.evidence.objects import CHART

TRUSTED: Final = "hardened-eks:trusted-charts"
"""The metadata key of a template with the trusted sources of charts, for all templates of the app (`TrustedCharts`)."""
_SUFFIXES: Final = (
    r"amazonaws\.com(\.cn)?|amazonaws\.eu|on\.aws|c2s\.ic\.gov|sc2s\.sgov\.gov|csp\.hci\.ic\.gov|cloud\.adc-e\.uk"
)
_OWN: Final = regex(
    r"oci://(\d{12}|\$\{AWS::AccountId\})\.dkr[.-]ecr(-fips)?\.([a-z0-9-]+|\$\{AWS::Region\})"
    rf"\.({_SUFFIXES}|\$\{{AWS::URLSuffix\}})/.+",
    re.IGNORECASE,
)
_REPOSITORY: Final = "AWS::ECR::Repository"
_NUMBER: Final = r"(0|[1-9]\d*)"
_FIXED: Final = regex(rf"v?{_NUMBER}\.{_NUMBER}\.{_NUMBER}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")
"""A single version as in https://semver.org, not a range, which Helm resolves again at each deployment."""


@control(
    id="KB-37",
    title="Helm charts come from trusted sources, in a fixed version",
    requirement="k8s.helm.trusted",
    types=(CHART,),
    evidence="template",
    needs="assembly",
    severity=Severity.HIGH,
    why=(
        "Anyone who can publish a chart under that name, or a newer version of it, can run it in the cluster at the "
        "next deployment, with the permissions of the CDK's handler."
    ),
    fix=(
        "Push the chart to a registry of your own and use its OCI address and version, or keep the chart in the app "
        "(chart_asset). List additional sources with TrustedCharts."
    ),
    source="https://helm.sh/docs/topics/registries/",
    blind=(
        "Without a TrustedCharts list, all private Amazon ECR registries are trusted. The manifests that a chart "
        "renders, and the charts that it depends on, are not evaluated."
    ),
    enforced_by="TrustedCharts",
)
def charts_trusted(chart: Resource, assembly: Assembly) -> Iterator[Problem]:
    if chart.get("ChartAssetURL") is not None:
        return  # from the source of the app
    path, place = _place(chart)
    allowed = assembly.once("charts.allowed", lambda: _allowed(assembly))
    if place is None:
        yield Problem("it has no repository", "Repository")
    elif not _trusted(str(place), path, chart, assembly, allowed):
        listed = ", ".join(allowed) or "private registries of Amazon ECR"
        yield Problem(f"it comes from {place}, which is not a trusted source ({listed})", path)
    version = chart.get("Version")
    if version is None:
        yield Problem("it has no version: Helm uses the newest one at each deployment", "Version")
    elif isinstance(version, Unknown) or not _FIXED.fullmatch(str(version)):
        yield Problem(f"its version {version} is not fixed", "Version")


def _place(chart: Resource) -> tuple[str, object]:
    repository = chart.get("Repository")
    if repository is not None:
        return "Repository", repository
    name = chart.get("Chart")
    return "Chart", name if "://" in str(name) else None


def _allowed(assembly: Assembly) -> tuple[str, ...]:
    found = [
        rendering.text(place, template).rstrip("/")
        for template in assembly.templates
        if isinstance(listed := template.section("Metadata").get(TRUSTED), list)
        for place in listed
    ]
    return tuple(sorted(set(found)))


def _trusted(place: str, path: str, chart: Resource, assembly: Assembly, allowed: tuple[str, ...]) -> bool:
    if ".." in place.split("/"):
        return False
    if not allowed:
        own = any(one.type == _REPOSITORY for one in assembly.mentions(chart, path))
        return _OWN.fullmatch(place) is not None or (own and place.lower().startswith("oci://"))
    return any(place == one or place.startswith(f"{one}/") for one in allowed)
