"""`hardened-eks manifests`: write the in-cluster baseline as Kubernetes YAML."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hardened_eks.cli._names import NAME
from hardened_eks.cli._refusing import refuse, without_effect
from hardened_eks.errors import InputProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hardened_eks.baseline.settings import Settings

_FORMATS = ("files", "kustomize", "one", "json")
_EPILOG = "Exit code 0: written. 2: unusable settings; every mistake is printed to standard error with its line."


@click.command("manifests", epilog=_EPILOG)
@click.argument("settings", type=NAME, required=False, metavar="[SETTINGS.yaml]")
@click.option("-f", "--format", "format_", type=click.Choice(_FORMATS),
              help="files: one file for each namespace and policy. kustomize: the same with a kustomization. one: a"
              " single YAML stream. json: a list. Default: files with --output, otherwise one.")  # fmt: skip
@click.option("-o", "--output", type=NAME, metavar="DIR", help="Write to this folder. Default: standard output.")
@click.option("--bootstrap", is_flag=True,
              help="Instead, write the manifests that an administrator applies once, so that hardened_eks.Workloads can"
              " apply the rest: the rights of its access entry, and cluster roles.")  # fmt: skip
@click.option("--schema", is_flag=True, help="Print only the JSON schema of the settings file.")
@click.option("--helm-values", metavar="ADDON", help="Print only the Helm values of an add-on with which the"
              " policies admit it.")  # fmt: skip
def command(
    *,
    settings: str | None,
    format_: str | None,
    output: str | None,
    bootstrap: bool,
    schema: bool,
    helm_values: str | None,
) -> None:
    """Write the in-cluster baseline: namespaces, network policies, roles, quotas and admission policies.

    SETTINGS.yaml lists registries, groups and namespaces (`-` for the standard input). Without it, the
    policies have their defaults and there is no namespace. The output is sorted and reproducible.
    """
    problems = _unused(schema=schema, helm_values=helm_values is not None)
    if problems:
        refuse(problems)
    if schema:
        from importlib.resources import files

        click.echo(
            files("hardened_eks.baseline").joinpath("settings.schema.json").read_text(encoding="utf-8"), nl=False
        )
        return
    if helm_values is not None:
        click.echo(_values(helm_values), nl=False)
        return
    chosen = format_ or ("files" if output else "one")
    if output is None and chosen in {"files", "kustomize"}:
        refuse([f"--format {chosen} writes files: set a folder with --output"])
    found = _settings(settings)
    if not found.registries:
        click.echo("note: no registries are listed, so trusted-registry denies every image; list them in `registries`",
                   err=True)  # fmt: skip
    written = _files(found, chosen, bootstrap=bootstrap)
    if output is None:
        for text in written.values():
            click.echo(text, nl=False)
        return
    _write(Path(output), written)
    click.echo(f"{output}: {len(written)} {'file' if len(written) == 1 else 'files'}", err=True)


def _unused(*, schema: bool, helm_values: bool) -> list[InputProblem]:
    """Return a problem for each option that is not used, because something other than manifests is printed."""
    instead = "--schema" if schema else "--helm-values" if helm_values else ""
    names = ("settings", "format_", "output", "bootstrap", *(["helm_values"] if schema else []))
    return without_effect(names, f"has no effect with {instead}, which only prints: leave it out") if instead else []


def _values(addon: str) -> str:
    """Return the Helm values of an add-on as YAML."""
    from hardened_eks.baseline.addon_values import VALUES
    from hardened_eks.baseline.addons import PROFILES
    from hardened_eks.baseline.emit import HEADER, to_yaml

    if addon not in PROFILES:
        refuse([f"--helm-values {addon}: unknown add-on; use one of {', '.join(PROFILES)}"])
    profile = PROFILES[addon]
    note = f"# Helm values of {addon}, for the namespace {profile.namespace}: {profile.why}.\n"
    if profile.source:
        note += f"# For the chart as read in November 2026: https://github.com/{profile.source}\n"
    values = to_yaml([VALUES[addon]]).removeprefix(HEADER) if addon in VALUES else "{}\n"
    return note + values


def _settings(file: str | None) -> Settings:
    from hardened_eks.baseline.reading import SettingsError, read_settings
    from hardened_eks.baseline.settings import Settings

    if file is None:
        return Settings()
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return read_settings(raw, file)
    except SettingsError as error:
        refuse(error.problems)
    except OSError as error:
        refuse([str(InputProblem.unreadable(file, error))])


def _files(settings: Settings, format_: str, *, bootstrap: bool) -> Mapping[str, str]:
    """Return the content of each file by its name."""
    from hardened_eks.baseline import delivery
    from hardened_eks.baseline.emit import to_json, to_yaml
    from hardened_eks.baseline.rendering import manifests, place

    objects = delivery.bootstrap(settings) if bootstrap else manifests(settings)
    if format_ == "json":
        return {"manifests.json": to_json(objects)}
    if format_ == "one":
        return {"manifests.yaml": to_yaml(objects)}
    groups: dict[str, list[dict[str, Any]]] = {}
    for item in objects:
        groups.setdefault("bootstrap.yaml" if bootstrap else place(item), []).append(item)
    files = {name: to_yaml(items) for name, items in groups.items()}
    if format_ == "kustomize":
        kustomization = {
            "apiVersion": "kustomize.config.k8s.io/v1beta1",
            "kind": "Kustomization",
            "resources": list(files),
        }
        files["kustomization.yaml"] = to_yaml([kustomization])
    return files


def _write(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files, and remove stale files of an earlier run, which GitOps would keep applying."""
    from hardened_eks.baseline.emit import HEADER

    try:
        for name, text in files.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode())
        for file in folder.glob("*/*.yaml"):
            if file.relative_to(folder).as_posix() not in files and file.read_bytes().startswith(HEADER.encode()):
                file.unlink()
    except OSError as error:
        refuse([f"{error.filename or folder}: cannot be written: {error.strerror or error}"])
