"""Synth: ours, the floor, the peers, and growth."""

from benchmarks.cases._case import FAIR, PEERS, Case, app

FLOOR = app("floor", "CDK alone: one stack, one tiny resource", "floor.py")
OURS = app("ours", "hardened_eks, the reference cluster, with Checks()", "ours.py")


def synth() -> tuple[Case, ...]:
    """Return the reference cluster and the most similar app of each peer; apps/ and peers/ describe them."""
    return (
        OURS,
        app("ours-unchecked", "the same without Checks()", "ours.py", CHECKS="0"),
        app("ours-nag", "the same with the four cdk-nag packs in place of Checks()", "ours.py", CHECKS="0", NAG="1"),
        app("imports", "its CDK modules, with one L1 of each", "imports.py"),
        app("l1-by-hand", "aws_eks L1s by hand", "l1_by_hand.py"),
        app("l2-v1", "aws_eks (v1) L2", "l2_v1.py"),
        app("l2-v2", "aws_eks_v2 L2 without kubectl", "l2_v2.py"),
        app("l2-v2-kubectl", "aws_eks_v2 L2 with the kubectl provider", "l2_v2.py", KUBECTL="1"),
        *_blueprints(),
    )


def _blueprints() -> list[Case]:
    home = PEERS / "blueprints"
    if not (home / "node_modules").exists():
        return []
    title = "cdk-eks-blueprints 1.19 in JavaScript: Node alone, no Python"
    return [Case("blueprints", title, ("node", str(home / "app.js")), FAIR)]


def growth() -> tuple[Case, ...]:
    """Return cases with more clusters in one app, and more node groups in one cluster."""
    clusters = [app(f"clusters-{n}", f"{n} clusters", "ours.py", CLUSTERS=str(n)) for n in (2, 4, 8, 16, 32, 64)]
    groups = [app(f"node-groups-{n}", f"{n} node groups", "ours.py", NODE_GROUPS=str(n)) for n in (10, 25, 50)]
    return (OURS, *clusters, *groups, bare("ours"), bare("ours", 16))


def everything() -> tuple[Case, ...]:
    """Return the reference app with every part of the library, once and in three copies."""
    title = "the reference app with everything on, with Checks()"
    return (
        OURS,
        app("everything", title, "everything.py"),
        app("everything-3", "three of it", "everything.py", COPIES="3"),
        bare("everything"),
    )


def bare(case: str, copies: int = 1) -> Case:
    """Return the case of one L1 for each resource that an earlier case of the same group wrote."""
    title = f"the resources of `{case}` as bare L1s" + (f", {copies} times" if copies > 1 else "")
    name = f"bare-{case}" + (f"-{copies}" if copies > 1 else "")
    return app(name, title, "bare.py", TEMPLATES=f"synth/{case}", COPIES=str(copies))
