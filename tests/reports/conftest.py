"""One outcome with everything in it: a failing, a warned, a waived finding, and waivers of every status."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from hardened_eks.controls.control_plane import private_endpoint
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.evidence import Assembly, Resource, Subject, Template, Waiver
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.reports import Report

TODAY = date(2026, 11, 21)
NASTY = "<script>alert('|')</script> `x` %0A ::error:: & ]]> \x1b[31m\u202e\ud800\x00 *b* @team"


@control(
    id="ZZ-01", title="Nothing is called <b>nasty</b>", types=["AWS::S3::Bucket"], severity=Severity.LOW, why="w & w",
    fix="Rename <it>.", source="https://example.com/?a=1&b=2",
)  # fmt: skip
def nasty_names(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield Problem(f"the name is {NASTY}", "Tags.0.Key")


BODY = {
    "Resources": {
        "Open": {"Type": "AWS::EKS::Cluster", "Metadata": {"aws:cdk:path": "Payments/Cluster/Resource"}},
        "Accepted": {"Type": "AWS::EKS::Cluster"},
        NASTY: {"Type": "AWS::S3::Bucket"},
    }
}
LINES = {("Resources",): 2, ("Resources", "Open"): 3, ("Resources", "Accepted"): 40, ("Resources", NASTY): 50}


def waiver(scope: str, days: int) -> Waiver:
    until = TODAY + timedelta(days)
    return Waiver(private_endpoint.id, scope, f"late {NASTY}", until, "jane", "resource", "waivers.yaml", 4)


@pytest.fixture(scope="session")
def everything() -> Report:
    template = Template("Payments", BODY, path="cdk.out/Payments.template.json", lines=LINES)
    waivers = [waiver("Accepted", 100), waiver("Accepted", 10), waiver("Gone", 100), waiver("Open", -1)]
    outcome = evaluate(
        Assembly([template]), [private_endpoint, nasty_names], waivers=waivers, fail_on=Severity.MEDIUM, today=TODAY
    )
    files = ("cdk.out/Payments.template.json",)
    return Report(outcome, TODAY, "0.1.0", ("cdk.out",), files, ("the transform Mine is not applied",), stacks=1)


@pytest.fixture(scope="session")
def nothing() -> Report:
    outcome = evaluate(Assembly([Template("S", {"Resources": {}})]), [private_endpoint], today=TODAY)
    return Report(outcome, TODAY, "0.1.0", ("t.json",), ("t.json",), (), stacks=1, has_eks=False)


@control(
    id="ZZ-02", title="Everything is there", types=["AWS::S3::Bucket"], severity=Severity.HIGH, why="w", fix="f",
    source="https://example.com", absence="there is no bucket",
)  # fmt: skip
def everything_there(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    yield Problem("a parameter", "Default", Subject.of_entry(resource.template, "Parameters", NASTY))
    yield Problem("the whole", subject=Subject.of_assembly(assembly))


@pytest.fixture(scope="session", params=["templates", "account"])
def others(request: pytest.FixtureRequest) -> Report:
    """Findings about what is not a resource: an entry, two templates together, or a Region of an account."""
    lines = {("Parameters",): 7, ("Parameters", NASTY): 8}
    templates = [
        Template("One", BODY, path="cdk.out/One.template.json", lines=lines),
        Template("Two", {"Resources": {}}, path="cdk.out/Two.template.json"),
    ]
    if request.param == "account":
        templates = [Template("account", BODY, region="eu-west-1")]
    regions = ["eu-west-1", "eu-west-2"] if request.param == "account" else []
    assembly = Assembly(templates, complete=["*"], regions=regions)
    accepted = Waiver("ZZ-02", "*/Parameters/*", "r", TODAY + timedelta(100), by="subject")
    outcome = evaluate(assembly, [everything_there], waivers=[accepted], today=TODAY)
    return Report(outcome, TODAY, "0.1.0", ("cdk.out",), tuple(t.path for t in templates if t.path), stacks=2)
