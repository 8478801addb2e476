"""The reference stacks, judged as templates and with every reference written out: the same findings, control by control.

Written out, as a running account has them, or as a template has that was written by hand with ids from the console. Each
kind of resource that nothing refers to is also left out in turn, so that there are findings to compare.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

import pytest

from hardened_eks.controls import CATALOGUE
from hardened_eks.evidence import Assembly, Template
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.sources import load
from tests.evidence.paper import deployed
from tests.stacks.conftest import Synthesized

pytestmark = pytest.mark.xdist_group("stacks")

Found = dict[str, Counter[str]]

EXCEPTIONS: Mapping[str, Mapping[str, str]] = {
    "properties": {"CF-02": "it asks whether the template fixes names; what is deployed has one, chosen or not"},
    "physical ids": {"NW-02": "a physical id is that of the VPC; the id of its default group is told nowhere"},
}
"""Where the ids stand -> the controls whose findings differ, and why they must."""


def found(assembly: Assembly) -> Found:
    """Return the findings of each control, by resource and property: messages may show a reference or an id."""
    by_control: Found = {}
    for finding in evaluate(assembly, CATALOGUE).findings:
        told = by_control.setdefault(finding.control.id, Counter())
        told[f"{finding.resource.id} {finding.problem.path}"] += 1
    return by_control


def differing(assembly: Assembly, where: str) -> dict[str, tuple[Counter[str], Counter[str]]]:
    """Return the controls with other findings once deployed: those in the template alone, those deployed alone."""
    before, after = found(assembly), found(deployed(assembly, as_properties=where == "properties"))
    nothing: Counter[str] = Counter()
    pairs = {id_: (before.get(id_, nothing), after.get(id_, nothing)) for id_ in {*before, *after}}
    return {id_: (one - other, other - one) for id_, (one, other) in pairs.items() if one != other}


def without_each_leaf(assembly: Assembly) -> Iterator[tuple[str, Assembly]]:
    """Yield the assembly without the resources of one type, for each type that nothing refers to."""
    for type_ in sorted(assembly.types):
        if not any(True for resource in assembly.of(type_) for _ in assembly.referring(resource)):
            yield type_, Assembly(_without(template, type_) for template in assembly.templates)


def _without(template: Template, type_: str) -> Template:
    kept = {key: entry for key, entry in template.body["Resources"].items() if entry["Type"] != type_}
    body = {**template.body, "Resources": kept}
    return Template(template.name, body, account=template.account, region=template.region)


@pytest.mark.parametrize("where", EXCEPTIONS)
def test_the_findings_are_the_same(synthesized: Synthesized, where: str) -> None:
    assert set(differing(load([synthesized.directory]).assembly, where)) == set(EXCEPTIONS[where])


@pytest.mark.parametrize("where", EXCEPTIONS)
def test_the_findings_are_the_same_where_something_is_missing(synthesized: Synthesized, where: str) -> None:
    compared = 0
    for type_, assembly in without_each_leaf(load([synthesized.directory]).assembly):
        differences = differing(assembly, where)
        assert set(differences) <= set(EXCEPTIONS[where]), (type_, differences)
        compared += sum(found(assembly).get("NW-08", Counter()).values())
    assert compared, "nothing that was left out was missed: the comparison says nothing"
