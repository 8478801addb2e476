"""Lines of the pages that are no whole program do what the page says, and pass the checks that the page is about."""

import re
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2

import hardened_eks as hardened
from hardened_eks.controls import CATALOGUE
from hardened_eks.evidence import Assembly, Template
from hardened_eks.judging.evaluation import evaluate

DOCS = Path(__file__).parents[2] / "docs"
FRAGMENT = re.compile(
    r"(?P<example><!-- example: \S+ -->\n)?^(?P<indent> *)```python[^\n]*\n(?P<code>.*?)^ *```",
    re.DOTALL | re.MULTILINE,
)
# What runs, with what the fragments of the page rely on; and what does not, with the reason.
RUN = (
    "explanation/cluster.md",
    "how-to/egress.md",
    "how-to/adopt-a-vpc.md",
    "how-to/choose-nodes.md",
    "how-to/creator-role.md",
    "how-to/account-defaults.md",
    "how-to/back-up-a-cluster.md",
    "how-to/record-the-account.md",
    "how-to/join-a-landing-zone.md",
    "how-to/log-archive-account.md",
    "how-to/config-rules-in-clusters.md",
    "how-to/audit-manager.md",
    "how-to/evidence.md",
    "how-to/tenants.md",
)
NOT_RUN = {
    "explanation/network.md": "has {...} where a statement goes",
    "how-to/detections.md": "is run by tests/detections",
    "how-to/give-a-pod-aws-permissions.md": "is one call, whose arguments tests/test_identity.py covers",
    "how-to/helm-charts.md": "needs a layer and a repository, as tests/cluster/test_kubectl.py has them",
    "how-to/tune-detections.md": "is one call, whose arguments tests/detection covers",
    "how-to/waive-a-finding.md": "accepts what no template here has",
    "how-to/test-your-stacks.md": "is the middle of a test",
    "how-to/write-a-control.md": "is a test of the user's",
    "tutorial/first-cluster.md": "fails on purpose, in `make walk`",
}


def fragments(page: Path) -> list[str]:
    found = FRAGMENT.finditer(page.read_text(encoding="utf-8"))
    return [re.sub(rf"^{one['indent']}", "", one["code"], flags=re.MULTILINE) for one in found if not one["example"]]


def test_every_page_with_fragments_is_run_or_has_a_reason() -> None:
    pages = {
        str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md") if "reference" not in page.parts and fragments(page)
    }
    assert pages == {*RUN, *NOT_RUN}


@pytest.mark.parametrize("name", RUN)
def test_fragments_pass_the_checks(name: str) -> None:
    app = cdk.App()
    cdk.Tags.of(app).add("application", "payments")
    stack = cdk.Stack(app, "Payments", env=cdk.Environment(account="123456789012", region="eu-west-1"))
    network = hardened.Network(stack, "Egress", egress=hardened.Egress.NAT)
    cluster = hardened.Cluster(stack, "Cluster", version="1.37", network=network)
    cluster.add_node_group("general", instance_types=["m7g.large"])
    before = found(app)
    given: dict[str, Any] = {
        "cdk": cdk, "ec2": ec2, "hardened": hardened, "stack": stack, "cluster": cluster, "network": network,
        "user_data": "W3NldHRpbmdzLmF3c10K",
        "endpoints_group": ec2.SecurityGroup.from_security_group_id(stack, "Theirs", "sg-0123456789abcdef0"),
    }  # fmt: skip
    for fragment in fragments(DOCS / name):
        exec(fragment, given)  # noqa: S102 - our own page
    assert found(app) == before


def found(app: cdk.App) -> set[str]:
    """Return what the catalogue finds: the way out is a decision, which one page records."""
    bodies = [Template(made.stack_name, made.template) for made in app.synth(force=True).stacks]
    return {finding.control.id for finding in evaluate(Assembly(bodies), CATALOGUE).findings} - {"NW-04"}
