from __future__ import annotations

from hardened_eks.baseline.policies.model import Match, Policy, Validation

POLICY = Policy(
    id="exec",
    title="Only the break-glass group opens a shell in a container",
    why="A shell in a running container reads its secrets and leaves no trace in the image; kubectl debug and the"
    " kubelet's proxy give the same access.",
    matches=(
        Match("", ("pods/exec", "pods/attach", "nodes/proxy"), ("CONNECT",)),
        Match("", ("pods/ephemeralcontainers",), ("UPDATE",)),
    ),
    everywhere=True,
    validations=(
        Validation(
            "has(request.userInfo) && has(request.userInfo.groups)"
            " && request.userInfo.groups.exists(group, group in @exec_groups@)",
            "exec, attach and debug are for the break-glass group only: assume the break-glass role",
        ),
    ),
)
