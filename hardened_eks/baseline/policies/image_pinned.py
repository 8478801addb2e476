from __future__ import annotations

from typing import Final

from hardened_eks.baseline.policies._pods import BASE, CHANGES, PODS, VOLUMES
from hardened_eks.baseline.policies.model import Policy, Validation

DIGEST: Final = "^[A-Za-z0-9][A-Za-z0-9._/:-]*@(sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$"
TAG: Final = "^([A-Za-z0-9._-]+(:[0-9]+)?/)?([A-Za-z0-9._-]+/)*[A-Za-z0-9._-]+:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$"
NUMBERED: Final = ":[^/:]*[0-9][^/:]*$"
MOVING: Final = "(?i):[^/:]*latest[^/:]*$"


def pinned(image: str) -> str:
    """Return a CEL expression: `image` has a digest, or a tag that holds a number and does not say that it moves."""
    return (
        f"({image}.matches('{DIGEST}') || {image}.matches('{TAG}')"
        f" && {image}.matches('{NUMBERED}') && !{image}.matches('{MOVING}'))"
    )


POLICY = Policy(
    id="image-pinned",
    title="Images are pinned by a digest or a fixed tag",
    why="A tag that moves runs code that nobody reviewed, and two pods of one deployment run different code.",
    matches=PODS,
    conditions=(CHANGES,),
    variables=(*BASE, VOLUMES),
    validations=(
        Validation(
            f"variables.containers.all(c, has(c.image) && {pinned('c.image')})",
            "an image has no fixed version: use a digest (name@sha256:...) or a numbered tag, not latest",
        ),
        Validation(
            'variables.volumes.all(v, !has(v.image) || v.image == null || !has(v.image.reference)'
            f' || v.image.reference == "" || {pinned("v.image.reference")})',
            "an image volume has no fixed version: use a digest (name@sha256:...) or a numbered tag, not latest",
        ),
    ),
)
