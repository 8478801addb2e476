"""Run in a process of its own: what the reference cluster asks of Node, and what it loads. Prints JSON."""

import json
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import jsii._kernel.providers.process as provider

sys.path.insert(0, str(Path(__file__).parents[2]))
FOREIGN = {"boto3", "botocore", "cdk_nag", "rich", "jinja2", "click"}
requests: Counter[str] = Counter()
send = provider._NodeProcess.send


def counted(self: Any, request: Any, response_type: Any) -> Any:
    requests[type(request).__name__.removesuffix("Request").strip("_")] += 1
    return send(self, request, response_type)


provider._NodeProcess.send = counted

import aws_cdk as cdk  # noqa: E402

import hardened_eks as hardened  # noqa: E402
from hardened_eks import _clock  # noqa: E402

_clock.today = lambda: date(2026, 11, 29)  # later, a release says that it is old, which is one more request


def reference(app: cdk.App, number: int) -> None:
    stack = cdk.Stack(app, f"Payments{number}")
    cdk.Tags.of(stack).add("application", "payments")
    cluster = hardened.Cluster(stack, "Cluster", version="1.37")
    cluster.add_node_group("general", instance_types=["m7g.large"])
    cluster.add_break_glass_role(trusted=["arn:aws:iam::123456789012:user/on-call"])
    hardened.Repository(stack, "Images", encryption_key=cluster.keys.images)


def since(before: Counter[str]) -> dict[str, int]:
    return {kind: number for kind, number in sorted((requests - before).items())}


def main() -> None:
    app = cdk.App()
    counts = []
    for number in range(3):
        before = Counter(requests)
        reference(app, number)
        counts.append(since(before))
    before = set(sys.modules)
    constructs = sum(name.startswith("hardened_eks.") for name in before)
    cdk.Validations.of(app).add_plugins(hardened.Checks())
    types = {
        resource["Type"]
        for stack in app.synth().stacks
        for resource in json.loads(Path(stack.template_full_path).read_text())["Resources"].values()
    }
    checks = [name for name in set(sys.modules) - before if name.startswith("hardened_eks.")]
    loaded = sorted(
        name.removeprefix("aws_cdk.")
        for name in sys.modules
        if name.startswith("aws_cdk.aws_") and name.count(".") == 1
    )
    import stacks.composition  # the rule packs are app.py's: an app without them must not load them

    assert stacks.composition.compose
    foreign = sorted({name.partition(".")[0] for name in sys.modules} & FOREIGN)
    read = [name for name in checks if name.count(".") == 3 and name.startswith("hardened_eks.controls.")]
    found = {
        "constructs": constructs,
        "read": sorted(name for name in read if "._" not in name),
        "checks": len(checks),
        "types": sorted(types),
    }
    print(json.dumps({"counts": counts, "loaded": loaded, "foreign": foreign, **found}))


if __name__ == "__main__":
    main()
