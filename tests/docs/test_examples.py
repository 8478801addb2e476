"""Every example in the docs is a file that runs, and stands in the page as it is in the file."""

import re
import runpy
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2

import hardened_eks as hardened
from docs.pictures import EXAMPLE, pictures
from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.nodes import private_subnets
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.sources import load
from hardened_eks.testing import assert_hardened

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "docs" / "examples").glob("*.py"))
PAGES = sorted((ROOT / "docs").rglob("*.md"))
MARK = re.compile(r"<!-- example: (?P<file>\S+) -->\n```\w+[^\n]*\n(?P<code>.*?)```", re.DOTALL)


# What the catalogue says of the examples; whoever copies the others is told nothing.
FOUND = {
    "break_glass_identity_center": {"IA-16"},  # its reason is the waiver, and not read here
    "import_cluster": {"CP-01", "CP-10", "CP-11", "CP-21", "DP-19"},  # what the cluster has today, as its page says
    "fargate": {"CP-13"},  # waived in the example, which is not read here
    "node_controllers": {"CP-17"},  # the same
    "reserved_nodes": {"ND-13"},  # the same
    "stack_set": {"DT-11"},  # the same
    "controllers": {"CP-17"},  # the same
    "dns_controllers": {"NW-04"},  # as egress_nat
    "partitions": {"NW-04"},  # as egress_nat, for GovCloud
    "egress_nat": {"NW-04"},  # a decision that the page says how to record
    "throwaway_cluster": {"CP-10", "LG-12"},  # what it is about
}
OF_ONE_CONTROL = {"waive_a_finding"}  # beside a cluster that is as bare as can be
OTHERS = {"beside_aws_eks", "pipeline"}
"""They have a cluster, and a pipeline, of the CDK's own, as these are; the stages of the pipeline are checked in it."""
DATED = {
    "adopt_vpc",
    "beside_aws_eks",
    "blue_green",
    "controllers",
    "deliver_baseline",
    "fargate",
    "helm_charts",
    "import_cluster",
    "node_controllers",
    "reserved_nodes",
    "stack_set",
    "waive_a_finding",
}
"""Waivers end on a day, and so do the runtime of the CDK's own functions and the versions that guides leave behind. The
others pass on any day."""


@pytest.mark.parametrize("example", EXAMPLES, ids=[e.stem for e in EXAMPLES])
def test_example_runs_and_passes(
    example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    if example.stem not in DATED:
        request.getfixturevalue("any_day")
    made: list[str] = []
    synth = cdk.App.synth

    def kept(app: cdk.App, **options: Any) -> Any:
        assembly = synth(app, **options)
        made.append(assembly.directory)
        return assembly

    monkeypatch.setattr(cdk.App, "synth", kept)
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(example), run_name="__main__")
    if example.stem in OF_ONE_CONTROL | OTHERS:
        return
    if example == EXAMPLE:
        for path, text in pictures(example, Path(made[0])).items():
            assert path.read_text(encoding="utf-8") == text, "stale, run `make pictures`"
    outcomes = [evaluate(load([folder]).assembly, CATALOGUE) for folder in made]
    found = {finding.control.id for outcome in outcomes for finding in outcome.findings}
    assert found == FOUND.get(example.stem, set())


@pytest.fixture(scope="module")
def adopting() -> cdk.App:
    """The example of an adopted VPC, without its waiver and without the plugin."""
    source = (ROOT / "docs/examples/adopt_vpc.py").read_text(encoding="utf-8")
    left_out = ("hardened.waive(", "cdk.Validations", "app.synth")
    kept = [line for line in source.splitlines() if not line.startswith(left_out)]
    made: dict[str, Any] = {}
    exec(compile("\n".join(kept), "adopt_vpc.py", "exec"), made)  # noqa: S102 - our own example
    app: cdk.App = made["app"]
    return app


class TestAnAdoptedVpcIsIncompleteUntilSomebodySays:
    """The three ways on of docs/how-to/adopt-a-vpc.md."""

    def test_it_fails_and_says_what_is_not_seen(self, adopting: cdk.App) -> None:
        with pytest.raises(AssertionError, match="ND-08 cannot evaluate it(.|\n)*incomplete: 0 findings, 12 not seen"):
            assert_hardened(adopting)

    def test_asking_for_less_passes_and_is_incomplete_still(self, adopting: cdk.App) -> None:
        outcome = assert_hardened(adopting, fail_on="critical")
        assert (outcome.verdict, {one.control.id for one in outcome.unseen}) == (
            "incomplete",
            {"ND-08", "DP-14", "DP-54"},
        )

    def test_a_waiver_file_lifts_it(self, adopting: cdk.App, tmp_path: Path) -> None:
        waivers = tmp_path / "waivers.yaml"
        waivers.write_text(
            "waivers:\n- control: ND-08\n  resource: Payments/*\n  reason: seen, NET-42\n  until: 2027-11-20\n"
        )
        outcome = assert_hardened(adopting, waivers=waivers)
        assert (outcome.verdict, [one.control.id for one in outcome.waived]) == ("incomplete", ["ND-08"])
        assert {one.control.id for one in outcome.unseen} == {"DP-14", "DP-54"}  # AWS refuses what does not fit

    def test_a_vpc_of_the_same_app_is_seen(self) -> None:
        app = cdk.App()
        cdk.Tags.of(app).add("application", "payments")
        subnets = [ec2.SubnetConfiguration(name="Nodes", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)]
        vpc = ec2.Vpc(cdk.Stack(app, "Shared"), "Vpc", nat_gateways=0, subnet_configuration=subnets)
        stack = cdk.Stack(app, "Payments")
        network = hardened.Network(stack, "Network", vpc=vpc)
        cluster = hardened.Cluster(stack, "Cluster", version="1.37", network=network)
        cluster.add_node_group("general", instance_types=["m7g.large"])
        outcome = evaluate(load([app.synth().directory]).assembly, [private_subnets])
        assert (outcome.verdict, outcome.examined) == ("pass", {private_subnets: 1})


def test_pages_show_the_files() -> None:
    shown = 0
    for page in PAGES:
        for match in MARK.finditer(page.read_text(encoding="utf-8")):
            assert match["code"] == (ROOT / match["file"]).read_text(encoding="utf-8"), f"{page}: {match['file']}"
            shown += 1
    assert shown > 0


def test_every_example_is_shown_in_a_page() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [e.name for e in EXAMPLES if f"docs/examples/{e.name}" not in text] == []


def test_readme_shows_the_first_example() -> None:
    code = (ROOT / "docs/examples/first_cluster.py").read_text(encoding="utf-8").split('"""\n\n', 1)[1]
    assert re.sub(r"\n+", "\n", code) in re.sub(r"\n+", "\n", (ROOT / "README.md").read_text(encoding="utf-8"))


def test_links_inside_the_docs_lead_somewhere() -> None:
    for page in [*PAGES, ROOT / "README.md"]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)}: {target}"
