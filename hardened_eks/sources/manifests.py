"""Kubernetes manifests as YAML streams and JSON, from a repository or the output of kustomize and helm."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from hardened_eks._patterns import regex
from hardened_eks.errors import InputProblem, UnusableInputError
from hardened_eks.evidence import Template, objects
from hardened_eks.sources.cloudformation.parsing import is_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Lines = Mapping[tuple[str, ...], int]

_YAML: Final = regex(r"(?:\A\s*|^)(?:---\s+)?(?:- |\[\s*\{\s*|\{\s*)?[\"']?apiVersion[\"']?\s*:", re.MULTILINE)
"""An object at the start of a line. An indented one is a value, for example the manifest in a template."""
_BUILD_FILES: Final = ("kustomize.config.k8s.io/",)
_HELM: Final = regex(
    r"\{\{-?\s*(?:\$?\.(?:Values|Release|Chart|Capabilities|Files|Template)\b|\$\.|(?:include|template|define|toYaml)\s)"
)
"""A pattern of Helm templates; other braces may be in dashboards or alarms."""
_BRACES: Final = regex(r"\{\{-?\s")
_FILES: Final = {"ConfigMap": ("data",), "Secret": ("data", "stringData")}
"""Kind -> fields with files, such as Alertmanager's templates, which look like those of Helm."""
_RENDER: Final = "it has template placeholders ({{ ... }}); check the output of `helm template`"


def is_stream(text: str, path: str) -> bool:
    """Return whether a string is YAML with Kubernetes objects, and not a CloudFormation template."""
    return not is_json(text, path) and _YAML.search(text) is not None


def is_manifest(body: Any) -> bool:
    """Return whether data is a Kubernetes object or a list of objects, and not a CloudFormation template."""
    return next(objects.listed(body), None) is not None


def is_helm(text: str) -> bool:
    """Return whether a string is a Helm template, which is not yet a manifest."""
    return _HELM.search(text) is not None


def documents(text: str, path: str) -> list[tuple[Any, Lines]]:
    """Return the documents of a YAML stream, each with the line of each of its key paths.

    Raises:
        UnusableInputError: with the line, for invalid YAML or a Helm template.
    """
    from hardened_eks.sources.cloudformation.cfn_yaml import parse_documents

    braces = _HELM if is_helm(text) else _BRACES
    helm = InputProblem(path, _RENDER, _line_of(braces, text))
    try:
        found: list[tuple[Any, Lines]] = [*parse_documents(text, path)]
    except UnusableInputError:
        if _BRACES.search(text) is None:
            raise
        raise UnusableInputError([helm]) from None
    if braces is _HELM and any(_is_open(body) for body, _ in found):
        raise UnusableInputError([helm])
    return found


def _is_open(body: Any) -> bool:
    """Return whether a document has placeholders of Helm outside of comments, and of files that others render."""
    kind = body.get("kind") if isinstance(body, dict) else None
    if isinstance(body, dict):
        files = _FILES.get(kind, ()) if isinstance(kind, str) else ()
        return any(key not in files and (is_helm(str(key)) or _is_open(value)) for key, value in body.items())
    if isinstance(body, list):
        return any(map(_is_open, body))
    return isinstance(body, str) and is_helm(body)


def as_template(documents: Iterable[tuple[Any, Lines]], path: str, name: str) -> tuple[Template, list[str]]:
    """Return Kubernetes objects as a template with one resource each, and notes on unseen objects.

    Args:
        documents: the documents, with the line of each key path.
        path: the file name, for messages and findings.
        name: the name of the template: objects are ``name/Kind/namespace/object``.

    Raises:
        UnusableInputError: with the line, for a document that is not an object.
    """
    resources: dict[str, Any] = {}
    lines: dict[tuple[str, ...], int] = {}
    notes: list[str] = []
    problems: list[InputProblem] = []
    for document, document_lines in documents:
        found = list(objects.listed(document))
        if not found and not _is_empty(document):
            problems.append(InputProblem(path, _no_object(document), document_lines.get((), None)))
        if found:
            problems += (
                InputProblem(path, _no_object(stray), document_lines.get(place, None))
                for place, stray in objects.strays(document)
            )
        for place, item in found:
            if item["apiVersion"].startswith(_BUILD_FILES):
                notes.append(f"{path}: a {item['kind']} is not built; check the output of `kubectl kustomize`")
                continue
            id_ = objects.unused(objects.name_of(item), resources)
            resources[id_] = {"Type": objects.type_of(item), "Properties": item}
            lines |= _placed(document_lines, place, ("Resources", id_))
    if problems:
        raise UnusableInputError(problems)
    return Template(name, {"Resources": resources}, path=path, lines=lines), notes


def _placed(lines: Lines, place: tuple[str, ...], key: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], int]]:
    """Yield the lines of one object of a document, by the path in the resource properties."""
    depth = len(place)
    for path, line in lines.items():
        if path[:depth] == place:
            yield (key if len(path) == depth else (*key, "Properties", *path[depth:])), line


def _line_of(pattern: re.Pattern[str], text: str) -> int | None:
    match = pattern.search(text)
    return text.count("\n", 0, match.start()) + 1 if match else None


def _is_empty(document: Any) -> bool:
    return document in (None, [], {}) or (isinstance(document, dict) and document.get("items") == [])


def _no_object(document: Any) -> str:
    keys = f" (keys: {', '.join(map(str, document))[:80]})" if isinstance(document, dict) else ""
    return f"not a Kubernetes object: it has no apiVersion and kind{keys}"
