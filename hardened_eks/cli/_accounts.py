"""The targets of an audit: accounts and Regions, and the credentials for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from hardened_eks import __version__
from hardened_eks.evidence import objects
from hardened_eks.reports.as_asff import GENERATOR, archiving, findings, product
from hardened_eks.reports.environments import Place
from hardened_eks.sources import InputProblem, UnusableInputError
from hardened_eks.sources.account.asking import Asker
from hardened_eks.sources.account.calls import policy
from hardened_eks.sources.account.importing import Imported, import_findings
from hardened_eks.sources.account.kubeconfig import Kubeconfig
from hardened_eks.sources.account.organization import accounts, aggregated
from hardened_eks.sources.account.policies import in_parts
from hardened_eks.sources.account.session import Session
from hardened_eks.sources.account.targets import Target, read_all
from hardened_eks.sources.saved import Environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hardened_eks.controls.model import Control
    from hardened_eks.reports import Report
    from hardened_eks.sources.account.session import Identity

_NAME: Final = re.compile(r"[\w+=,.@/-]+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The targets that the options select."""

    clusters: tuple[str, ...]
    regions: tuple[str, ...]
    all_regions: bool = False
    profile: str | None = None
    role: str | None = None
    organization: bool = False
    organization_role: str | None = None
    """The name of the role in each account."""
    units: tuple[str, ...] = ()
    aggregator: str | None = None
    security_hub: bool = False
    kubernetes: bool = False
    """Whether the Kubernetes API of each cluster is read too."""
    kubeconfig: str | None = None
    """A file with credentials for the Kubernetes API. Default: the credentials of the audit."""

    def mistakes(self) -> Iterator[InputProblem]:
        """Yield the mistakes in the options, before AWS is called."""
        if self.regions and self.all_regions:
            yield InputProblem("--all-regions", "cannot be combined with --region")
        if self.organization and not _NAME.fullmatch(self.organization_role or ""):
            got = f", got {self.organization_role!r}" if self.organization_role is not None else ""
            what = f"--organization needs the name of a role that exists in every account{got}"
            yield InputProblem("--organization-role", what)
        if not self.organization:
            for option, given in (("--organization-role", self.organization_role), ("--ou", self.units)):
                if given:
                    yield InputProblem(option, "needs --organization")
        if self.aggregator is not None and (self.organization or self.regions or self.all_regions or self.clusters):
            message = "reads all accounts and Regions from AWS Config: remove --organization, --region and --cluster"
            yield InputProblem("--aggregator", message)
        if self.aggregator is not None and self.security_hub:
            yield InputProblem("--security-hub", "--aggregator reads too little data for an import into Security Hub")
        yield from self._of_clusters()

    def _of_clusters(self) -> Iterator[InputProblem]:
        if self.aggregator is not None and self.kubernetes:
            yield InputProblem("--kubernetes", "--aggregator reads only AWS Config: remove one of the two options")
        if self.kubeconfig is not None and not self.kubernetes:
            yield InputProblem("--kubeconfig", "needs --kubernetes")
        elif self.kubeconfig is not None:
            try:
                Kubeconfig.read(self.kubeconfig)
            except UnusableInputError as error:
                yield from error.problems


def policies(wanted: Wanted) -> list[dict[str, Any]]:
    """Return the IAM policy that the options need; several where one is longer than IAM takes."""
    document = policy(
        all_regions=wanted.all_regions,
        role=wanted.role or "",
        organization=wanted.organization_role or "" if wanted.organization else "",
        aggregator=wanted.aggregator is not None,
        security_hub=wanted.security_hub,
        partition=Place("", wanted.regions[0] if wanted.regions else "").partition,
    )
    return in_parts(document)


def _session(wanted: Wanted) -> Session:
    return Session(wanted.profile, region=wanted.regions[0] if wanted.regions else "", version=__version__)


def look(wanted: Wanted, show: Callable[[int, int, int, int], None]) -> list[Environment]:
    """Read the accounts and return their content.

    Raises:
        UnusableInputError: the accounts cannot be read, or a named cluster does not exist in any of them.
    """
    session = _session(wanted)
    own = session.identity(wanted.role)
    if wanted.aggregator is not None:
        return aggregated(Asker(own.clients, own.account, session.home, own.partition), wanted.aggregator)
    identities, closed = _members(session, own, wanted) if wanted.organization else ([own], [])
    targets = _targets(session, identities, wanted, closed) if identities else []
    kubeconfig = Kubeconfig.read(wanted.kubeconfig) if wanted.kubeconfig is not None else None
    read = read_all(
        targets, clusters=wanted.clusters, kubernetes=wanted.kubernetes, kubeconfig=kubeconfig, show=show
    )  # fmt: skip
    found = [*closed, *read]
    missing = set(wanted.clusters) - {name for one in found for name in one.clusters}
    denied = {name for name in missing if any(f" of {name} in " in text for one in found for text in one.not_seen)}
    where = ", ".join(target.region for target in targets)
    if missing - denied:
        raise UnusableInputError(
            InputProblem("--cluster", f"no cluster {name!r} was found in {where}") for name in sorted(missing - denied)
        )
    return found


def _members(session: Session, own: Identity, wanted: Wanted) -> tuple[list[Identity], list[Environment]]:
    """Return a session for each account of the organization, and the accounts whose role cannot be assumed."""
    asker = Asker(own.clients, own.account, session.home, own.partition)
    identities, closed = [], []
    for account in accounts(asker, wanted.units):
        role = f"arn:{own.partition}:iam::{account}:role/{wanted.organization_role}"
        try:
            identities.append(own if account == own.account else session.identity(role, external="--organization-role"))
        except UnusableInputError as error:
            told = "; ".join(problem.message for problem in error.problems)
            closed.append(Environment(account, session.home, not_seen=(f"the account cannot be read: {role}: {told}",)))
    return identities, closed


def _targets(
    session: Session, identities: Sequence[Identity], wanted: Wanted, closed: list[Environment]
) -> list[Target]:
    """Return the targets to read; accounts of an organization that do not list their Regions go to `closed`."""
    if wanted.all_regions:
        return [Target(one, region) for one in identities for region in _regions(session, one, wanted, closed)]
    regions = wanted.regions or ((session.default_region,) if session.default_region else ())
    if not regions:
        message = "no Region is set: pass --region or --all-regions, or set AWS_REGION"
        raise UnusableInputError([InputProblem("--region", message)])
    wrong = session.wrong_regions(regions, identities[0].partition)
    if wrong:
        raise UnusableInputError(wrong)
    return [Target(one, region) for one in identities for region in dict.fromkeys(regions)]


def _regions(session: Session, identity: Identity, wanted: Wanted, closed: list[Environment]) -> list[str]:
    try:
        return session.regions(identity)
    except UnusableInputError as error:
        if not wanted.organization:
            raise
        told = "; ".join(problem.message for problem in error.problems)
        closed.append(Environment(identity.account, session.home, not_seen=(f"the account cannot be read: {told}",)))
        return []


def to_security_hub(
    wanted: Wanted, report: Report, environments: Sequence[Environment]
) -> tuple[list[Imported], list[str]]:
    """Import the findings of a report into the Security Hub of each account and Region, and archive fixed findings.

    Nothing is archived if a call was denied or failed, or if the audit was limited to single clusters.

    Returns:
        The numbers of imported, archived and failed findings, and a sentence for each failure.
    """
    session = _session(wanted)
    own = session.identity(wanted.role)
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    generators = frozenset(
        f"{GENERATOR}{control.id}" for control in report.outcome.controls if wanted.kubernetes or not _inside(control)
    )
    done = []
    whole = _whole(environments, wanted)
    regions: dict[str, Environment] = {}
    for one in environments:  # what is in a cluster is in its Region
        regions.setdefault(one.uri, one)
    for one in regions.values():
        identity = own
        if one.account != own.account:
            role = f"arn:{own.partition}:iam::{one.account}:role/{wanted.organization_role}"
            identity = session.identity(role, external="--organization-role")
        here = [f for f in findings(report) if (f["AwsAccountId"], f["Region"]) == (one.account, one.region)]
        done.append(
            import_findings(
                Asker(identity.clients, one.account, one.region, identity.partition), here, now=now,
                product=product(Place(one.account, one.region)), generators=generators,
                archive=archiving(here, now) if one.uri in whole else None,
            )
        )  # fmt: skip
    return done, [text for result in done for text in result.failed]


def _whole(environments: Sequence[Environment], wanted: Wanted) -> frozenset[str]:
    """Return the Regions that were read completely, including their clusters."""
    partial = {one.uri for one in environments if one.not_seen or wanted.clusters}
    return frozenset(one.uri for one in environments) - partial


def _inside(control: Control) -> bool:
    """Return whether a control evaluates only objects in clusters."""
    return all(type_.startswith(objects.PREFIX) for type_ in control.types)
