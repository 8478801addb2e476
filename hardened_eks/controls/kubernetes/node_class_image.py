from collections.abc import Iterator
from typing import Any

from hardened_eks._patterns import regex
from hardened_eks.controls.kubernetes._karpenter import NODE_CLASS
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown

_MOVES = regex(r"/(latest|recommended)(/|$)")
_FAMILIES = ("bottlerocket", "al2023")


@control(
    id="KB-26",
    title="Karpenter nodes use one fixed release of an image that is built for containers",
    requirement="node.os.container_optimized",
    types=(NODE_CLASS,),
    needs="resource",
    severity=Severity.MEDIUM,
    why=(
        "With @latest, each AMI release from AWS replaces the nodes of all environments on the same day, untested. A "
        "selection by name or tags accepts any image that has them."
    ),
    fix=(
        'Pin the alias, for example amiSelectorTerms: [{alias: "bottlerocket@v1.66.0"}], or select the image by its ID.'
    ),
    source="https://karpenter.sh/docs/tasks/managing-amis/",
    blind="The content of an image that is selected by its ID.",
    enforced_by="Karpenter",
)
def node_class_image(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    path = "spec.amiSelectorTerms"
    terms = list(resource.each(path))
    if not terms:
        yield Problem("no amiSelectorTerms: the image follows the newest release", path)
    for place, term in terms:
        yield from _term(place, term)


def _term(path: str, term: Any) -> Iterator[Problem]:
    if isinstance(term, Unknown) or not isinstance(term, dict):
        yield Problem(f"the image is {term}", path)
        return
    alias, parameter = term.get("alias"), term.get("ssmParameter")
    if alias is not None:
        family, _, release = str(alias).partition("@")
        if isinstance(alias, Unknown) or release in {"", "latest"}:
            yield Problem(f"the alias {alias} follows the newest release", f"{path}.alias")
        if not isinstance(alias, Unknown) and family not in _FAMILIES:
            yield Problem(f"{family} is neither Bottlerocket nor AL2023", f"{path}.alias")
    elif parameter is not None:
        if isinstance(parameter, Unknown) or _MOVES.search(str(parameter)):
            yield Problem(f"the parameter {parameter} follows the newest release", f"{path}.ssmParameter")
    elif term.get("id") is None:
        yield Problem("images are selected by name or tags: any new image that matches is used", path)
