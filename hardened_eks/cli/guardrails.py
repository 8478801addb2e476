"""`hardened-eks guardrails`: organization policies as JSON, and who can assume the roles that they exempt."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from hardened_eks.cli._names import NAME
from hardened_eks.cli._refusing import in_options, refuse, without_effect
from hardened_eks.data.regions import PARTITIONS
from hardened_eks.errors import ConfigurationError, InputProblem, UnusableInputError
from hardened_eks.guardrails import LIMITS, Guardrail, Kind, Settings, guardrails, problems_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_DEFAULTS = Settings()
_AUDITED = (
    "it was saved by `hardened-eks audit`, which does not read who can assume the roles: pass the output of `aws iam "
    "get-account-authorization-details` (docs/how-to/guardrails.md)"
)
_Command = TypeVar("_Command", bound="Callable[..., Any]")


def _repeated(name: str, help_: str) -> Callable[[_Command], _Command]:
    """Create a repeatable option for a list of `Settings`, whose values replace the default."""
    default = getattr(_DEFAULTS, name)
    shown = f" Default: {', '.join(default)}." if default else ""
    metavar = {"accounts": "ACCOUNT", "partners": "ACCOUNT", "issuers": "URL"}.get(name, "NAME")
    option = f"--{name.removesuffix('s').replace('_', '-')}"
    return click.option(option, name, multiple=True, metavar=metavar, help=f"{help_} Repeatable.{shown}")


_USED_BY_WHO: Final = ("break_glass_roles", "creator_roles", "backup_roles")


@click.command(
    "guardrails",
    epilog="Exit code 0: printed or written. 2: unusable input; all reasons are printed to standard error.",
)
@click.argument("paths", type=NAME, nargs=-1, metavar="[PATHS]...")
@click.option(
    "--who",
    is_flag=True,
    help=(
        "List who can assume the creator, break-glass, cluster and backup roles, based on the templates or accounts "
        "in PATHS."
    ),
)
@click.option(
    "--type", "type_", type=click.Choice([str(kind) for kind in Kind]), help="Print only policies of this type."
)
@click.option("-f", "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help="Output format.")  # fmt: skip
@click.option(
    "-o",
    "--output",
    type=NAME,
    metavar="DIR",
    help="Write each policy to DIR/NAME.json, in the format that AWS accepts. Default: standard output.",
)
@click.option(
    "--organization-id",
    default="",
    metavar="ID",
    help="The ID of the organization (o-...). Without it, no RCP is printed.",
)
@_repeated("break_glass_roles", "The break-glass role, by name or pattern.")
@_repeated("creator_roles", "The role with which CloudFormation creates clusters.")
@_repeated("deployer_roles", "The role of StackSets, Control Tower or your landing zone.")
@_repeated("backup_roles", "The role that AWS Backup assumes.")
@_repeated("accounts", "Another account whose principals get access and whose keys may encrypt a cluster.")
@_repeated("partners", "An account outside the organization that may read its data.")
@_repeated("issuers", "An OIDC issuer that clusters may trust.")
@_repeated("log_groups", "A log group that counts as evidence.")
@click.option("--oldest-version", default="", metavar="VERSION", help="The oldest Kubernetes version of a new cluster.")
@click.option(
    "--name-prefix",
    default=_DEFAULTS.name_prefix,
    show_default=True,
    metavar="NAME",
    help="The prefix of policy names.",
)
@click.option(
    "--boundary",
    default=_DEFAULTS.boundary,
    show_default=True,
    metavar="NAME",
    help="The name of the permissions boundary, with its path.",
)
@click.option("--partition", default=_DEFAULTS.partition, show_default=True,
              help="The partition of the permissions boundary.",
              type=click.Choice(sorted(set(PARTITIONS.values()))))  # fmt: skip
def command(
    *, paths: tuple[str, ...], who: bool, type_: str | None, format_: str, output: str | None, **given: Any
) -> None:
    """Print guardrails: policies with which AWS itself denies unhardened resources from any tool.

    They are service control policies (scp), a resource control policy (rcp) and a permissions boundary. The construct
    `hardened.Guardrails` deploys the same policies.
    """
    settings = _settings(given)
    problems = [*in_options(problems_of(settings)), *_unused(given, who=who, output=output)]
    if paths and not who:
        problems.append(f"PATHS need --who, got {' '.join(paths)}")
    if problems:
        refuse(problems)
    if who:
        _say_who(paths, settings, format_)
        return
    if type_ == Kind.RCP and not settings.organization_id:
        refuse(
            ["--type rcp needs --organization-id: a resource control policy names the organization that gets access"]
        )
    try:
        found = [guardrail for guardrail in guardrails(settings) if type_ in {None, guardrail.kind}]
    except ConfigurationError as error:
        refuse(error.problems)
    if output is not None:
        _write(found, output)
    elif format_ == "json":
        click.echo(json.dumps([_entry(guardrail) for guardrail in found], indent=2))
    else:
        click.echo(_text(found), nl=False)


def _unused(given: Iterable[str], *, who: bool, output: str | None) -> Iterator[InputProblem]:
    """Yield a problem for each option that is not used beside the others."""
    if who:
        rest = {"type_", "output", *given} - {*_USED_BY_WHO}
        yield from without_effect(rest, "has no effect with --who: leave it out")
    elif output is not None:
        yield from without_effect(["format_"], "has no effect with --output, which writes JSON: leave it out")


def _settings(given: dict[str, Any]) -> Settings:
    return Settings(**{name: value for name, value in given.items() if value not in ((), "")})


def _entry(guardrail: Guardrail) -> dict[str, Any]:
    return {
        "name": guardrail.name,
        "type": guardrail.kind.organizations_type or "PERMISSIONS_BOUNDARY",
        "title": guardrail.title,
        "characters": len(guardrail.text),
        "limit": LIMITS[guardrail.kind],
        "content": guardrail.content,
    }


def _text(found: Sequence[Guardrail]) -> str:
    lines = []
    for guardrail in found:
        lines += [
            f"{guardrail.name}  {guardrail.kind}  {len(guardrail.text)} of {LIMITS[guardrail.kind]} characters",
            f"    {guardrail.title}",
            *(f"    {statement['Sid']}: {_actions(statement['Action'])}" for statement in guardrail.statements),
        ]
    return "\n".join([*lines, f"{len(found)} policies", ""])


def _actions(value: str | Sequence[str]) -> str:
    """Return the first actions of a statement as a string."""
    names = [value] if isinstance(value, str) else list(value)
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _write(found: Sequence[Guardrail], output: str) -> None:
    folder = Path(output)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for guardrail in found:
            file = folder / f"{guardrail.name.rpartition('/')[2]}.json"
            file.write_text(guardrail.text, encoding="utf-8")
            click.echo(str(file))
    except (OSError, ValueError) as error:
        refuse([InputProblem(output, f"cannot be written: {getattr(error, 'strerror', None) or error}")])


def _say_who(paths: Sequence[str], settings: Settings, format_: str) -> None:
    from hardened_eks.evidence import Assembly
    from hardened_eks.guardrails.who import as_json, as_text, who
    from hardened_eks.sources import authorization, load
    from hardened_eks.sources.saved import is_saved

    if not paths:
        refuse(["--who needs PATHS: cdk.out directories, CloudFormation templates, or saved responses of IAM and EKS"])
    audited = [InputProblem(path, _AUDITED) for path in paths if is_saved(path)]
    if audited:
        refuse(audited)
    try:
        others, answers = authorization.split(paths)
        templates = [*load(others).assembly.templates] if others else []
        if answers:
            templates.append(authorization.as_template(answers))
    except UnusableInputError as error:
        refuse(error.problems)
    found = who(Assembly(templates), settings)
    click.echo(as_json(found) if format_ == "json" else as_text(found), nl=False)
