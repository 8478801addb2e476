"""Programs that cannot run here, as far as their arguments and the files that they name can be checked."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path


class Refused(Exception):  # noqa: N818 - what a program does, no error of ours
    """A program refuses its arguments."""


_KUBECTL = {
    "apply": {"--server-side", "--force-conflicts", "-f", "-k", "--filename", "--kustomize"},
    "config": {"--minify", "--output", "--server", "--tls-server-name"},
    "cordon": set(),
    "delete": {"--all"},
    "drain": {"--ignore-daemonsets", "--delete-emptydir-data", "--force", "--disable-eviction"},
    "get": {"--all-namespaces", "--namespace", "-n"},
    "kustomize": set(),
    "wait": {"--for", "--all", "--timeout"},
}
"""Commands of the guides with their options: https://kubernetes.io/docs/reference/kubectl/generated/."""


def kubectl(arguments: list[str]) -> str:
    command, rest = arguments[0], arguments[1:]
    if command not in _KUBECTL:
        raise Refused(f"kubectl {command} is not in the list of the stand-in")
    given = [one.partition("=")[0] for one in rest if one.startswith("-") and one != "-"]
    if unknown := set(given) - _KUBECTL[command]:
        raise Refused(f"kubectl {command} has no {', '.join(sorted(unknown))}")
    if command == "apply":
        place = rest[-1]
        objects = sys.stdin.read() if place == "-" else _read(Path(place), kustomize="-k" in rest)
        return _applied(objects)
    if command == "kustomize":
        return _read(Path(rest[0]), kustomize=True)
    return "arn:aws:eks:eu-west-1:123456789012:cluster/payments" if rest[:1] == ["view"] else ""


def _read(place: Path, *, kustomize: bool) -> str:
    import yaml

    if kustomize:
        names = yaml.safe_load((place / "kustomization.yaml").read_text(encoding="utf-8"))["resources"]
        return "\n---\n".join((place / name).read_text(encoding="utf-8") for name in names)
    if place.is_dir():
        return "\n---\n".join(one.read_text(encoding="utf-8") for one in sorted(place.rglob("*.yaml")))
    if not place.is_file():
        raise Refused(f'error: the path "{place}" does not exist')
    return place.read_text(encoding="utf-8")


def _applied(text: str) -> str:
    """Return a line for each object; each has what every object has, and the built-in ones have a valid shape."""
    import kubernetes_validate
    import yaml

    shown = []
    for item in yaml.safe_load_all(text):
        if item is None:
            continue
        if not {"apiVersion", "kind", "metadata"} <= set(item):
            raise Refused(f"error: an object without apiVersion, kind or metadata: {str(item)[:200]}")
        try:
            kubernetes_validate.validate(item, "1.37", strict=True)
        except kubernetes_validate.ValidationError as error:
            raise Refused(f"error: {item['kind']} {item['metadata'].get('name')}: {error.message}") from error
        except kubernetes_validate.SchemaNotFoundError:  # a kind of Karpenter's, or of the nodes'
            pass
        shown.append(f"{item['kind'].lower()}/{item['metadata'].get('name')} applied\n")
    if not shown:
        raise Refused("error: no objects passed to apply")
    return "".join(shown)


def helm(arguments: list[str]) -> str:
    values = dict(zip(arguments, arguments[1:], strict=False))
    if arguments[:1] == ["template"]:
        if not Path(arguments[2], "Chart.yaml").is_file():
            raise Refused(f"Error: no chart in {arguments[2]}")
        return "".join(one.read_text(encoding="utf-8") for one in Path(arguments[2], "templates").glob("*.yaml"))
    crds = arguments[:2] == ["show", "crds"]
    if not crds and arguments[:2] != ["upgrade", "--install"]:
        raise Refused(f"helm {arguments[0]} is not in the list of the stand-in")
    chart = arguments[2 if crds else 3]
    if not chart.startswith("oci://") or not re.fullmatch(r"\d+\.\d+\.\d+", values.get("--version", "")):
        raise Refused("a chart of the guides has an oci:// address and a fixed version")
    if crds:
        return "{apiVersion: example.com/v1, kind: Definition, metadata: {name: of-the-chart}}\n"
    for one, value in zip(arguments, arguments[1:], strict=False):
        if one == "--set" and not re.fullmatch(r"[\w.]+=.+", value):
            raise Refused(f"failed parsing --set data: {value}")
        if one == "--values" and not Path(value).is_file():
            raise Refused(f"Error: open {value}: no such file or directory")
    return ""


def images(arguments: list[str]) -> str:
    """docker push and pull, crane copy, notation sign and verify: a reference each of which the registry is known."""
    named = [one for one in arguments[1:] if re.match(r"[\w.-]+/[\w./-]+[:@]", one)]
    wanted = 2 if arguments[0] == "copy" else 1
    if arguments[0] not in {"push", "pull", "copy", "sign", "verify"} or len(named) != wanted:
        raise Refused(f"{arguments} names {len(named)} images")
    for one in named:
        if not re.fullmatch(r"[\w.-]+\.[\w.-]+/[\w./-]+(:[\w.-]+)?(@sha256:[0-9a-f]{64})?", one):
            raise Refused(f"invalid reference format: {one}")
    return ""


_NO_REGISTRY = "no registry runs here: the references are read"
STANDINS: dict[str, tuple[Callable[[list[str]], str], str]] = {
    "kubectl": (kubectl, "no Kubernetes API runs here: options and objects are checked"),
    "helm": (helm, "no charts of others here: address, version and values are checked"),
    "docker": (images, _NO_REGISTRY),
    "crane": (images, _NO_REGISTRY),
    "notation": (images, _NO_REGISTRY),
}
