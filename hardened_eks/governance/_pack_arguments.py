"""Checks of the arguments of conformance packs, before any construct is created."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hardened_eks._asked import account_of, region_of
from hardened_eks._patterns import regex
from hardened_eks._principals import arn_of, arn_problems
from hardened_eks._tokens import is_literal
from hardened_eks.conformance import packs
from hardened_eks.data.regions import lacking
from hardened_eks.errors import ConfigurationError, repeated
from hardened_eks.governance._recorder import ConfigRecorder, recorders_of
from hardened_eks.governance._remedies import AUTOMATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from constructs import Construct

    from hardened_eks.conformance import Packs
    from hardened_eks.errors import Problems

EXISTING: Final = "existing"
_PREFIX: Final = regex(r"[a-zA-Z][-a-zA-Z0-9]{0,99}")
_BUCKET: Final = regex(r"awsconfigconforms[a-z0-9.-]{0,46}")
_ACCOUNT: Final = regex(r"\d{12}")
_MOST_APPROVERS: Final = 10
"""https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-approve.html"""


def packs_of(scope: Construct, problems: Problems, *, name_prefix: Any, **arguments: Any) -> Packs | None:
    """Generate the packs of the stack's Region, and add the mistakes in the arguments."""
    problems.require(
        isinstance(name_prefix, str) and is_literal(name_prefix) and _PREFIX.fullmatch(name_prefix),
        f"name_prefix needs a letter, then at most 99 letters, digits and '-', known now, got {name_prefix!r}",
    )
    region = region_of(scope)
    if isinstance(arguments["parameters"], dict | None):
        try:
            # `region_problems` reports an unknown Region; any other Region can check the remaining arguments. A new
            # Region gets a warning; in a Region that does not exist, the deployment fails anyway.
            region = region if is_literal(region) else "us-east-1"
            return packs(region=region, new_region=True, prefix=str(name_prefix), **arguments)
        except ConfigurationError as error:
            problems.extend(error.problems)
    else:
        problems.add(f"parameters needs a mapping of rules to parameters and values, got {arguments['parameters']!r}")
    return None


def region_problems(scope: Construct, *types: str) -> Iterator[str]:
    """Yield that the Region is not known, or lacks a type."""
    region = region_of(scope)
    if not is_literal(region):
        yield (
            "the stack's Region is not known, and not every Region has every rule: pass env=Environment(region=...) to "
            "the stack, and one stack for each Region"
        )
        return
    for type_ in types:
        optional = type_.endswith("RemediationConfiguration")
        needed_by, instead = ("remediations", "leave them out") if optional else ("a pack", "use another Region")
        yield from lacking(region, type_, needed_by=needed_by, instead=instead)


def recorder_problems(scope: Construct, recorder: object) -> Iterator[str]:
    """Yield that the recorder is missing, or belongs to another account or Region."""
    here = (account_of(scope), region_of(scope))
    if isinstance(recorder, ConfigRecorder):
        there = (account_of(recorder), region_of(recorder))
        if all(map(is_literal, (*here, *there))) and here != there:
            yield (
                f"recorder records {there[0]} in {there[1]}, the packs are in {here[0]}, {here[1]}: pass the "
                "recorder of this account and Region"
            )
    elif recorder != EXISTING:
        yield (
            f"recorder needs the ConfigRecorder of this account and Region, or '{EXISTING}' if a landing zone created "
            f"one, since AWS Config refuses packs without a running recorder, got {recorder!r}"
        )
    else:
        for path in recorders_of(scope):
            yield f"recorder is '{EXISTING}', but this app has {path}: pass it, so that it is created first"


def fix_problems(remediations: Any) -> Iterator[str]:
    """Yield the invalid remediations."""
    if isinstance(remediations, str) or not isinstance(remediations, list | tuple):
        yield f"remediations needs a list of {', '.join(AUTOMATIONS)}, got {remediations!r}"
        return
    for one in dict.fromkeys(map(repr, remediations)):
        if one not in map(repr, AUTOMATIONS):
            yield f"remediations has {one}: use one of {', '.join(AUTOMATIONS)}"
    yield from (f"remediations names {one!r} more than once" for one in repeated(remediations))


def unused_problems(found: Packs, remediations: Sequence[str]) -> Iterator[str]:
    """Yield which remediations have no rule in the packs."""
    present = {identifier for pack in found.packs for identifier in pack.identifiers}
    for one in remediations:
        identifier = AUTOMATIONS[one].remedy.identifier
        if identifier not in present:
            why = found.left_out.get(identifier, "tiers or framework exclude it")
            yield f"remediations has '{one}' for {identifier}, which no pack has ({why}): leave it out"


def approver_problems(scope: Construct, approvers: Any, remediations: Any) -> Iterator[str]:
    """Yield the invalid approvers."""
    if isinstance(approvers, str) or not isinstance(approvers, list | tuple) or len(approvers) > _MOST_APPROVERS:
        yield f"approvers needs a list of at most {_MOST_APPROVERS} roles or users, or their ARNs, got {approvers!r}"
        return
    if approvers and not remediations:
        yield "approvers are only for remediations: pass remediations, too, or leave them out"
    region = region_of(scope)
    for one in approvers:
        yield from arn_problems("approvers", arn_of(one), users=True, region=region if is_literal(region) else "")


def account_problems(argument: str, accounts: Any, *, most: int, least: int = 0) -> Iterator[str]:
    """Yield the invalid or repeated IDs of accounts, and whether their number is invalid."""
    if isinstance(accounts, str) or not isinstance(accounts, list | tuple):
        yield f"{argument} needs a list of IDs of accounts, 12 digits each, got {accounts!r}"
        return
    if not least <= len(accounts) <= most:
        yield f"{argument} needs {least} to {most} accounts, got {len(accounts)}"
    yield from (f"{argument} names {one!r} more than once" for one in repeated(accounts))
    for one in accounts:
        if not isinstance(one, str) or (is_literal(one) and not _ACCOUNT.fullmatch(one)):
            yield f"{argument} needs IDs of accounts, strings of 12 digits, got {one!r}"


def bucket_problems(bucket: Any) -> Iterator[str]:
    """Yield that AWS Config does not accept a bucket for packs of an organization."""
    if bucket is not None and (not isinstance(bucket, str) or (is_literal(bucket) and not _BUCKET.fullmatch(bucket))):
        yield (
            "delivery_bucket_name needs the name of a bucket that begins with awsconfigconforms, for AWS Config, got "
            f"{bucket!r}"
        )
