from __future__ import annotations

from typing import Final

from hardened_eks.baseline.levels import LEVEL, PINNED, VERSION
from hardened_eks.baseline.policies._pods import NOT_LEAVING
from hardened_eks.baseline.policies.model import Match, Policy, Validation

_DEVICES: Final = "resource.kubernetes.io/admin-access"
"""Label of a namespace whose resource claims may have adminAccess.

Source: https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation/#admin-access
"""

POLICY = Policy(
    id="namespace-labels",
    title="Every namespace enforces a Pod Security level",
    why="A namespace without the label admits privileged pods; its owner could lower the level or pin an old one.",
    matches=(
        Match("", ("namespaces",)),
        Match("", ("namespaces/status", "namespaces/finalize"), ("UPDATE",)),
    ),
    every_namespace=True,
    conditions=(
        ("is-not-a-system-namespace", '!(object.metadata.name in ["default"] + @system_namespaces@)'),
        NOT_LEAVING,
    ),
    variables=(
        (
            "labels",
            "has(object.metadata.labels) && object.metadata.labels != null ? object.metadata.labels : {}",
        ),
        ("level", f"'{LEVEL}' in variables.labels ? variables.labels['{LEVEL}'] : ''"),
        ("version", f"'{VERSION}' in variables.labels ? variables.labels['{VERSION}'] : 'latest'"),
        (
            "oldLabels",
            (
                "oldObject != null && has(oldObject.metadata) && oldObject.metadata != null"
                " && has(oldObject.metadata.labels) && oldObject.metadata.labels != null"
                " ? oldObject.metadata.labels : {}"
            ),
        ),
        ("oldLevel", f"'{LEVEL}' in variables.oldLabels ? variables.oldLabels['{LEVEL}'] : ''"),
    ),
    validations=(
        Validation(
            "variables.level in ['restricted', 'baseline'] || variables.level == 'privileged'"
            " && object.metadata.name in @privileged_namespaces@",
            f"the namespace enforces no Pod Security level: set the label {LEVEL} to restricted; the level privileged"
            " is for the namespaces that the platform team lists",
        ),
        Validation(
            f"variables.level == 'privileged' || variables.version == '{PINNED}'",
            f"the Pod Security level is not pinned: set the label {VERSION} to {PINNED}, other versions admit more",
        ),
        Validation(
            "variables.level != 'baseline' || variables.oldLevel != 'restricted'"
            " || object.metadata.name in @baseline_namespaces@",
            f"the label {LEVEL} may not be lowered from restricted to baseline",
        ),
        Validation(
            f"!('{_DEVICES}' in variables.labels) || variables.labels['{_DEVICES}'] != 'true'"
            " || object.metadata.name in @privileged_namespaces@",
            f"the label {_DEVICES} lets pods use the devices of others: it is for the namespaces that the platform team"
            " lists",
        ),
    ),
)
