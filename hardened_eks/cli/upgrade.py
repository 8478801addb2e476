"""`hardened-eks upgrade`: report what blocks a Kubernetes upgrade, and plan its steps."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hardened_eks import _clock
from hardened_eks.cli._names import NAME
from hardened_eks.cli._options import DAY, put, unwritable
from hardened_eks.cli._refusing import refuse, without_effect
from hardened_eks.data import addon_versions, kubernetes
from hardened_eks.data.kubernetes import minor
from hardened_eks.reports.upgrades import FORMATS, of_addons
from hardened_eks.sources import InputProblem, UnusableInputError, load, saved
from hardened_eks.upgrading import Cluster, Estate, gather, plan
from hardened_eks.upgrading._words import after, is_version
from hardened_eks.upgrading.facts import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from hardened_eks.data.addon_versions import AddonVersions
    from hardened_eks.upgrading import Plan

_EPILOG = (
    "Exit code 0: nothing blocks the upgrade. 1: something must be resolved first. 2: unusable input; each reason is "
    "on its own line. 3: no known problem blocks the upgrade, but with --cluster a call was denied or failed. The "
    "command changes nothing."
)


@click.command("upgrade", epilog=_EPILOG)
@click.argument("paths", type=NAME, nargs=-1, metavar="[PATHS]...")
@click.option("--to", "target", required=True, metavar="VERSION", help="The target version, such as 1.37.")
@click.option("--from", "start", metavar="VERSION",
              help="The current version. Default: that of each cluster in PATHS, or of --cluster.")  # fmt: skip
@click.option("--cluster", "cluster", metavar="NAME",
              help="Also read versions, insights and compatible add-on versions of this running cluster.")  # fmt: skip
@click.option(
    "--region", metavar="REGION", help="With --cluster: the Region of the cluster. Default: the Region of the profile."
)
@click.option("--profile", metavar="NAME", help="With --cluster: the profile in the AWS configuration.")
@click.option("--role-arn", metavar="ARN", help="With --cluster: the role to assume first.")
@click.option("--addon-versions", "versions_file", type=NAME, metavar="FILE",
              help="A file from `data refresh --only addon-versions`. Default: the file of the package.")  # fmt: skip
@click.option("-f", "--format", "format_", type=click.Choice(list(FORMATS)), default="text", show_default=True,
              help="Output format.")  # fmt: skip
@click.option("-o", "--output", type=NAME, metavar="FILE", help="Write to this file. Default: standard output.")
@click.option("-p", "--parameters", multiple=True, metavar="[STACK:]KEY=VALUE",
              help="Set a template parameter, whose value is otherwise unknown. Repeatable.")  # fmt: skip
@click.option("--today", type=DAY, metavar="YYYY-MM-DD",
              help="Evaluate support dates as of this date. Default: today, UTC.")  # fmt: skip
def command(
    *,
    paths: tuple[str, ...],
    target: str,
    start: str | None,
    cluster: str | None,
    region: str | None,
    profile: str | None,
    role_arn: str | None,
    versions_file: str | None,
    format_: str,
    output: str | None,
    parameters: tuple[str, ...],
    today: datetime | None,
) -> None:
    """Report what blocks clusters from a newer Kubernetes version, and plan the upgrade.

    EKS does not skip minor versions, so each minor version has its own steps. PATHS are cdk.out directories,
    CloudFormation templates, Kubernetes manifests, and files that `audit --save` wrote. Clusters, node groups, add-ons
    and objects with removed API versions are read from them. `helm template` and `kubectl kustomize` write manifests.

    --cluster needs these eks permissions: DescribeCluster, ListNodegroups, DescribeNodegroup, ListAddons,
    DescribeAddon, DescribeAddonVersions, ListInsights and DescribeInsight.
    """
    day = today.date() if today else _clock.today()
    account = _Account(cluster, region, profile, role_arn)
    problems: list[object] = [*_versions_wrong(target, start, day), *_mistakes(paths, start, account, output)]
    estate = _read(paths, parameters, problems)
    known = _known(versions_file if cluster is None else None, problems)
    if problems:
        refuse(problems)
    notes = list(_unread(estate))
    failed: list[str] = []
    if cluster is not None:
        running, known, failed = _asked(account, start, target, day)
        estate = replace(estate, clusters=(running,))
    plans = list(_plans(estate, start, target, known, day))
    notes += [of_addons(plans), *failed]
    put(FORMATS[format_](plans, notes), output)
    sys.exit(1 if any(one.blocked for one in plans) else 3 if failed else 0)


@dataclass(frozen=True, slots=True)
class _Account:
    cluster: str | None
    region: str | None
    profile: str | None
    role: str | None


def _versions_wrong(target: str, start: str | None, day: date) -> Iterator[object]:
    for option, version in (("--to", target), ("--from", start)):
        if version is not None and not is_version(version):
            yield InputProblem(option, f"needs a Kubernetes version such as 1.37, got {version!r}")
    if is_version(target) and target not in kubernetes.VERSIONS:
        offered = ", ".join(kubernetes.supported(day))
        yield InputProblem("--to", f"Kubernetes {target} is not known; EKS supports {offered}; {_NEWER}")
    if is_version(target) and is_version(start) and minor(str(start)) > minor(target):
        yield InputProblem("--from", f"{start} is newer than {target}: {_BACK}")


def _mistakes(paths: Sequence[str], start: str | None, account: _Account, output: str | None) -> Iterator[object]:
    if not paths and account.cluster is None and start is None:
        yield (
            "nothing to upgrade: pass PATHS of templates and manifests, a running cluster (--cluster), or --from "
            "VERSION"
        )
    if account.cluster is None:
        for option, value in (
            ("--region", account.region),
            ("--profile", account.profile),
            ("--role-arn", account.role),
        ):
            if value is not None:
                yield InputProblem(option, "needs --cluster")
    else:
        yield from without_effect(
            ("versions_file",), "has no effect with --cluster, which reads the versions that EKS offers: leave it out"
        )
    if all(map(saved.is_saved, paths)):
        yield from without_effect(("parameters",), "needs a template in PATHS")
    if output is not None and (fault := unwritable(output)):
        yield InputProblem(output or "--output", fault)


_ALWAYS = ("coredns", "kube-proxy", "vpc-cni")
"""The add-ons that are assumed for a cluster of which nothing is known."""
_NEWER = "to update the list, run hardened-eks data refresh --only versions"
_BACK = (
    "EKS can return to an older version only within seven days after an upgrade, see docs/how-to/upgrade-kubernetes.md"
)


def _read(paths: Sequence[str], parameters: Sequence[str], problems: list[object]) -> Estate:
    from hardened_eks.cli._reading import fixed

    values = fixed(parameters, problems)
    kept = [path for path in paths if saved.is_saved(path)]
    others = [path for path in paths if path not in kept]
    found: list[Estate] = []
    for path in kept:
        try:
            found += [gather(one.load().assembly) for one in saved.read(path)]
        except UnusableInputError as error:
            problems += error.problems
    try:
        found += [gather(load(others, parameters=values).assembly)] if others else []
    except UnusableInputError as error:
        problems += error.problems
    return Estate(
        tuple(cluster for one in found for cluster in one.clusters),
        tuple(used for one in found for used in one.apis),
        sum(one.unread for one in found),
    )


def _known(file: str | None, problems: list[object]) -> AddonVersions:
    if file is None:
        return addon_versions.shipped()
    try:
        return addon_versions.of_document(json.loads(Path(file).read_bytes()))
    except OSError as error:
        problems.append(InputProblem.unreadable(file, error))
    except ValueError as error:
        problems.append(InputProblem(file, str(error) if str(error).startswith("not a file") else f"not JSON: {error}"))
    return addon_versions.shipped()


def _unread(estate: Estate) -> Iterator[str]:
    if estate.unread:
        yield f"{estate.unread} manifests of templates are known only at deployment: their API versions are not seen"
    if not estate.apis:
        yield "there are no Kubernetes objects in PATHS: also pass manifests, or the output of `helm template`"


def _asked(account: _Account, start: str | None, target: str, day: date) -> tuple[Cluster, AddonVersions, list[str]]:
    from hardened_eks.cli._aws import need_boto3

    need_boto3()
    from hardened_eks.sources.account.session import Session
    from hardened_eks.sources.account.upgrades import read

    assert account.cluster is not None
    try:
        session = Session(account.profile, region=account.region or "")
        identity = session.identity(account.role)
        region = account.region or session.default_region
        if not region:
            refuse([InputProblem("--region", "the profile has no Region: set the Region of the cluster")])
        where = f"{identity.account} {region}"
        eks = identity.clients.get("eks", region)
        told = read(
            eks, account.cluster, ways=lambda now: _ways(start or now, target), where=where, day=day.isoformat()
        )
    except UnusableInputError as error:
        refuse(error.problems)
    return told.cluster, told.addons, told.not_seen


def _ways(start: str, target: str) -> Sequence[str]:
    return after(start, target) if is_version(start) else ()


def _plans(estate: Estate, start: str | None, target: str, known: AddonVersions, day: date) -> Iterator[Plan]:
    clusters = estate.clusters or (Cluster(name="cluster", version=start, addons=dict.fromkeys(_ALWAYS)),)
    problems = []
    for one in clusters:
        now = start or one.version
        if now is None or now == UNKNOWN or not is_version(now):
            shown = "the default of EKS" if now is None else "known only at deployment" if now == UNKNOWN else repr(now)
            what = (
                "PATHS contain no cluster" if not estate.clusters else f"the version of cluster {one.name} is {shown}"
            )
            problems.append(InputProblem(one.place or "PATHS", f"{what}: pass --from VERSION, or --parameters"))
        elif minor(now) > minor(target):
            problems.append(
                InputProblem(one.place or "--cluster", f"cluster {one.name} already has version {now}: {_BACK}")
            )
    if problems:
        refuse(problems)
    for one in clusters:
        yield plan(one, str(start or one.version), target, apis=estate.apis, addons=known, day=day)
