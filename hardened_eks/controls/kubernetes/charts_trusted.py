import re
from collections.abc import Iterator
from typing import Any, Final

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
_APPLICATION: Final = "Kubernetes::argoproj.io::Application"
_RELEASE: Final = "Kubernetes::helm.toolkit.fluxcd.io::HelmRelease"
_OCI: Final = "Kubernetes::source.toolkit.fluxcd.io::OCIRepository"
_SOURCES: Final = ("Kubernetes::source.toolkit.fluxcd.io::HelmRepository", _OCI)
_WITHOUT_VERSIONS: Final = ("GitRepository", "Bucket")
"""The sources of Flux for whose charts it ignores the version.

Source: https://fluxcd.io/flux/components/helm/helmreleases/#chart-template
"""
_REPOSITORY: Final = "AWS::ECR::Repository"
_NUMBER: Final = r"(0|[1-9]\d*)"
_DIGEST: Final = regex(r"sha256:[0-9a-f]{64}")
_FIXED: Final = regex(rf"v?{_NUMBER}\.{_NUMBER}\.{_NUMBER}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")
"""A single version as in https://semver.org, not a range, which Helm resolves again at each deployment."""


@control(
    id="KB-37",
    title="Helm charts come from trusted sources, in a fixed version",
    requirement="k8s.helm.trusted",
    types=(CHART, _APPLICATION, _RELEASE, *_SOURCES),
    evidence="template",
    needs="assembly",
    severity=Severity.HIGH,
    why=(
        "Anyone who can publish a chart under that name, or a newer version of it, can run it in the cluster at the "
        "next deployment, with the permissions of the CDK's handler, Argo CD or Flux."
    ),
    fix=(
        "Push the chart to a registry of your own and use its OCI address and version, or keep the chart in the app "
        "(chart_asset). List additional sources with TrustedCharts."
    ),
    source="https://helm.sh/docs/topics/registries/",
    blind=(
        "Without a TrustedCharts list, all private Amazon ECR registries are trusted. The manifests that a chart "
        "renders, the charts that it depends on, and charts and manifests in a Git repository or bucket are not "
        "evaluated."
    ),
    enforced_by="TrustedCharts",
)
def charts_trusted(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    for path, place in _places(resource):
        yield from _of_place(resource, path, place, assembly)
    for path, version in _versions(resource):
        if version is None:
            yield Problem("it has no version: each deployment uses the newest one", path)
        elif isinstance(version, Unknown) or not _is_fixed(str(version)):
            yield Problem(f"its version {version} is not fixed", path)


def _is_fixed(version: str) -> bool:
    return _DIGEST.fullmatch(version.rpartition("@")[2]) is not None or _FIXED.fullmatch(version) is not None


def _of_place(resource: Resource, path: str, place: object, assembly: Assembly) -> Iterator[Problem]:
    allowed = assembly.once("charts.allowed", lambda: _allowed(assembly))
    if place is None:
        yield Problem("it has no repository", path)
    elif not _trusted(str(place), path, resource, assembly, allowed):
        listed = ", ".join(allowed) or "private registries of Amazon ECR"
        yield Problem(f"it comes from {place}, which is not a trusted source ({listed})", path)


def _places(resource: Resource) -> Iterator[tuple[str, object]]:
    """Yield the sources of the charts that a resource installs, with their paths."""
    if resource.type in _SOURCES:
        yield "spec.url", resource.get("spec.url")
    elif resource.type == _APPLICATION:
        for path, source in _charts(resource):
            url = source.get("repoURL")
            bare = isinstance(url, str) and "://" not in url  # registries of charts are written without the scheme
            yield f"{path}.repoURL", f"oci://{url}/{source.get('chart')}" if bare else url
    elif resource.type == CHART and resource.get("ChartAssetURL") is None:  # otherwise from the source of the app
        yield _place(resource)


def _versions(resource: Resource) -> Iterator[tuple[str, object]]:
    """Yield the versions of the charts that a resource installs, with their paths."""
    if resource.type == _RELEASE:
        chart = resource.get("spec.chart")
        if chart is not None and resource.get("spec.chart.spec.sourceRef.kind") not in _WITHOUT_VERSIONS:
            yield "spec.chart.spec.version", resource.get("spec.chart.spec.version")
    elif resource.type == _OCI:
        ref = [resource.get(f"spec.ref.{name}") for name in ("digest", "semver", "tag")]
        yield "spec.ref", next((one for one in ref if one is not None), None)  # the first one takes precedence
    elif resource.type == _APPLICATION:
        yield from ((f"{path}.targetRevision", source.get("targetRevision")) for path, source in _charts(resource))
    elif resource.type == CHART and resource.get("ChartAssetURL") is None:
        yield "Version", resource.get("Version")


def _charts(application: Resource) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the sources of an Argo CD Application that are charts or in a registry; the others are Git repositories.

    Source: https://argo-cd.readthedocs.io/en/stable/user-guide/oci/
    """
    for path, source in [("spec.source", application.get("spec.source")), *application.each("spec.sources")]:
        if isinstance(source, dict) and (
            source.get("chart") is not None or str(source.get("repoURL")).startswith("oci://")
        ):
            yield path, source


def _place(chart: Resource) -> tuple[str, object]:
    repository = chart.get("Repository")
    if repository is not None:
        return "Repository", repository
    name = chart.get("Chart")
    return ("Chart", name) if "://" in str(name) else ("Repository", None)


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
