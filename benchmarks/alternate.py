"""Measure one optimization in one process: clusters are created in turn with and without it.

    python -m benchmarks.alternate

Changes in the machine's speed affect both variants equally, so this shows differences of a few percent that whole runs
do not show. Linux only.
"""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ["CDK_VALIDATION"] = "false"

import aws_cdk as cdk

import hardened_eks as hardened
from hardened_eks import keys
from hardened_eks.cluster import _core
from hardened_eks.network import _network

WARM, MEASURED = 10, 70
OURS = _core.leave_out_useless


def cpu() -> float:
    """Return the CPU milliseconds that this process and its descendants have used."""
    tasks = (task for child in _children(os.getpid()) for task in Path(f"/proc/{child}/task").iterdir())
    others = sum(int((task / "schedstat").read_text().split()[0]) for task in tasks)
    return time.process_time() * 1e3 + others / 1e6


def _children(pid: int) -> Iterator[int]:
    for child in map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
        yield child
        yield from _children(child)


def creation_stacks(*, noted: bool) -> None:
    """Switch `hardened_eks._traces.leave_out_useless` off or on."""
    for module in (_core, _network, keys):
        module.leave_out_useless = (lambda _construct, _scope: None) if noted else OURS  # type: ignore[attr-defined]


def cluster(app: cdk.App, number: int) -> None:
    stack = cdk.Stack(app, f"Payments{number}")
    cdk.Tags.of(stack).add("application", "payments")
    made = hardened.Cluster(stack, "Cluster", version="1.36")
    made.add_node_group("general", instance_types=["m7g.large"])
    made.add_break_glass_role(trusted=["arn:aws:iam::123456789012:user/on-call"])
    hardened.Repository(stack, "Images", encryption_key=made.keys.images)


def measure(lever: Callable[..., None]) -> dict[bool, float]:
    """Return the median CPU milliseconds to create one more cluster, with the optimization's switch off and on."""
    app = cdk.App(context={"hardened-eks:dns_firewall": "block"})
    found: dict[bool, list[float]] = {False: [], True: []}
    for number in range(WARM + MEASURED):
        switch = number % 2 == 1
        lever(noted=switch)
        before = cpu()
        cluster(app, number)
        if number >= WARM:
            found[switch].append(cpu() - before)
    return {switch: statistics.median(values) for switch, values in found.items()}


if __name__ == "__main__":
    medians = measure(creation_stacks)
    print(
        f"one more cluster, CPU: {medians[True]:.1f} ms with creation stacks, {medians[False]:.1f} ms without, "
        f"ratio {medians[False] / medians[True]:.3f}"
    )
