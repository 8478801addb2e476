"""Planning of an upgrade: blocking findings, and ordered steps."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from hardened_eks.data import kubernetes, kubernetes_apis
from hardened_eks.data.kubernetes import minor
from hardened_eks.upgrading import _addons, _nodes
from hardened_eks.upgrading._words import after
from hardened_eks.upgrading.model import Finding, Level, Plan, Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from hardened_eks.data.addon_versions import AddonVersions
    from hardened_eks.upgrading.facts import Cluster, Insight, UsedApi


def plan(
    cluster: Cluster, start: str, target: str, *, apis: Sequence[UsedApi], addons: AddonVersions, day: date
) -> Plan:
    """Return the findings that block the upgrade of a cluster, and its steps.

    Args:
        cluster: the facts about the cluster.
        start: the current version.
        target: the target version.
        apis: the objects with their API versions.
        addons: the add-on versions that EKS supports.
        day: the date for which support is evaluated.
    """
    ways = after(start, target)
    findings = [
        *_of_apis(apis, target),
        *_nodes.findings(cluster, start, target),
        *_addons.findings(cluster, start, ways, addons),
        *_of_insights(cluster.insights, target),
        *_of_support(start, target, day),
    ]
    return Plan(
        cluster=cluster.name,
        place=cluster.place,
        start=start,
        target=target,
        day=day,
        support=tuple(_support(version, day) for version in (start, *ways)),
        findings=tuple(sorted(findings, key=lambda one: one.level is not Level.BLOCK)),
        steps=tuple(step for version in ways for step in _steps(cluster, version, addons)),
        asked=addons.asked,
    )


def _steps(cluster: Cluster, version: str, addons: AddonVersions) -> Iterator[Step]:
    yield Step(
        title=f"Control plane to {version}",
        details=(
            f'set version="{version}", change nothing else, and deploy',
            "EKS can return to the previous version for seven days (docs/how-to/upgrade-kubernetes.md)",
        ),
        commands=(f"aws eks list-insights --cluster-name {shlex.quote(cluster.name)}",),
    )
    yield Step(title=f"Nodes to {version}", details=tuple(_nodes.steps(cluster, version)))
    if cluster.addons:
        details, commands = _addons.step(cluster, version, addons)
        yield Step(title=f"Add-ons for {version}", details=tuple(details), commands=tuple(commands))


def _of_apis(apis: Sequence[UsedApi], target: str) -> Iterator[Finding]:
    for used in apis:
        going = kubernetes_apis.going(used.api_version, used.kind)
        if going is None:
            continue
        instead = f": use {going.instead}" if going.instead else ", and no stable API replaces it"
        about = f"{used.kind} {used.name}"
        if going.removed is not None and minor(going.removed) <= minor(target):
            message = f"{used.api_version} is removed in Kubernetes {going.removed}{instead}"
            yield Finding(level=Level.BLOCK, about=about, message=message, file=used.file, line=used.line)
        elif going.instead is not None and (going.deprecated is None or minor(going.deprecated) <= minor(target)):
            message = f"{used.api_version} is replaced by {going.instead}, and a later version will not serve it"
            yield Finding(level=Level.NOTE, about=about, message=message, file=used.file, line=used.line)
    if minor(target) > minor(kubernetes_apis.newest()):
        message = f"Kubernetes APIs are known up to version {kubernetes_apis.newest()}: read the changelog of {target}"
        yield Finding(level=Level.NOTE, about="APIs", message=message)


def _of_insights(insights: Sequence[Insight] | None, target: str) -> Iterator[Finding]:
    for one in insights or ():
        if one.status == "PASSING" or (one.version is not None and minor(one.version) > minor(target)):
            continue
        level = Level.BLOCK if one.status == "ERROR" else Level.NOTE
        parts = [one.reason, one.recommendation, *one.details]
        message = f"{one.status}: {' '.join(part for part in parts if part)}"
        yield Finding(level=level, about=f"insight {one.name}", message=message)


def _of_support(start: str, target: str, day: date) -> Iterator[Finding]:
    standing = kubernetes.support(target, day)
    if standing in {kubernetes.Support.EXTENDED, kubernetes.Support.ENDED}:
        better = ", ".join(kubernetes.lasting(day))
        message = f"standard support of {target} has ended: upgrade to one of {better}"
        yield Finding(level=Level.BLOCK, about="support", message=message)
    elif standing is kubernetes.Support.ENDS_SOON:
        message = f"standard support of {target} ends soon; it lasts longer for {', '.join(kubernetes.lasting(day))}"
        yield Finding(level=Level.NOTE, about="support", message=message)
    if kubernetes.support(start, day) is kubernetes.Support.ENDED:
        message = f"support of {start} has ended: EKS upgrades the cluster automatically"
        yield Finding(level=Level.NOTE, about="support", message=message)


def _support(version: str, day: date) -> str:
    known = kubernetes.VERSIONS.get(version)
    if known is None:
        return f"{version}: not known"
    if known.end_of_standard_support is None:
        return f"{version}: supported, without an announced end as of {kubernetes.READ}"
    left = (known.end_of_standard_support - day).days
    when = f"{left} days left" if left >= 0 else f"ended {-left} days ago"
    return (
        f"{version}: standard support until {known.end_of_standard_support} ({when}), extended until "
        f"{known.end_of_extended_support}"
    )
