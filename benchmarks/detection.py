"""Compare the CPU per resource of a detection with that of the cluster that it watches, during construct creation.

`python -m benchmarks.detection [CLUSTERS]` creates clusters and detections in turn in one process and measures the CPU
of Python and Node. Imports and synthesis are excluded, because they are the same for both.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import aws_cdk as cdk

import hardened_eks as hardened

_TICK = os.sysconf("SC_CLK_TCK")


def cpu() -> float:
    """Return the CPU seconds of this process and its descendants."""
    parents, used = {}, {}
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            try:
                fields = (place / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it ended
                continue
            parents[int(place.name)] = int(fields[1])
            used[int(place.name)] = (int(fields[11]) + int(fields[12])) / _TICK
    return sum(seconds for pid, seconds in used.items() if _ours(pid, parents))


def _ours(pid: int, parents: dict[int, int]) -> bool:
    while pid in parents and pid != os.getpid():
        pid = parents[pid]
    return pid == os.getpid()


def main(clusters: int) -> None:
    """Print the CPU per resource, and the ratio."""
    app = cdk.App()
    spent = {"cluster": 0.0, "detection": 0.0}
    # The first stacks load modules: one with only a cluster, one with a topic, one with everything, to count resources.
    for number in range(clusters + 4):
        before = cpu()
        stack = cdk.Stack(app, f"Payments{number}")
        cluster = hardened.Cluster(stack, "Cluster", version="1.37")
        cluster.add_node_group("general", instance_types=["m7g.large"])
        cluster.add_break_glass_role(trusted=["arn:aws:iam::123456789012:user/on-call"])
        hardened.Repository(stack, "Images", encryption_key=cluster.keys.images)
        between = cpu()
        if number == 0:
            continue
        topic = hardened.alerts.Topic(stack, "Alerts", encryption_key=cluster.keys.notifications)
        begin = cpu()
        if number == 1:
            continue
        hardened.Detection(stack, "Detection", cluster=cluster, alerts=topic, trail="elsewhere")
        if number > 3:
            spent["cluster"] += between - before
            spent["detection"] += cpu() - begin
    alone, with_topic, whole = (len(stack.template["Resources"]) for stack in app.synth().stacks[:3])
    made = {"cluster": alone, "detection": whole - with_topic}
    each = {name: spent[name] / clusters / made[name] for name in made}
    for name, seconds in each.items():
        sys.stdout.write(f"{name}: {made[name]} resources, {seconds * 1e3:.2f} ms of CPU for each\n")
    sys.stdout.write(f"ratio {each['detection'] / each['cluster']:.2f}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
