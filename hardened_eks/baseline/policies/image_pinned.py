from __future__ import annotations

from typing import Final

from hardened_eks.baseline.policies._pods import BASE, CHANGES, IMAGES, PODS, VOLUMES
from hardened_eks.baseline.policies.model import Policy, Validation

_PART: Final = "[A-Za-z0-9][A-Za-z0-9._-]*"
_NAME: Final = f"^{_PART}(:[0-9]+/{_PART})?(/{_PART})*"
"""Registry, its port and the repository; no part is empty, ``.`` or ``..``."""
_VERSION: Final = ":[A-Za-z0-9_][A-Za-z0-9._-]*"
DIGEST: Final = f"{_NAME}({_VERSION})?@sha256:[0-9a-f]{{64}}$"
TAG: Final = f"{_NAME}{_VERSION}$"
NUMBERED: Final = ":[^/:]*[0-9][^/:]*$"
MOVING: Final = "(?i):[^/:]*latest"

POLICY = Policy(
    id="image-pinned",
    title="Images are pinned by a digest or a fixed tag",
    why="A tag that moves runs code that nobody reviewed, and two pods of one deployment run different code.",
    matches=PODS,
    conditions=(CHANGES,),
    variables=(*BASE, VOLUMES, IMAGES),
    validations=(
        Validation(
            f"variables.images.all(image, image.matches('{DIGEST}') || image.matches('{TAG}')"
            f" && image.matches('{NUMBERED}') && !image.matches('{MOVING}'))",
            "an image, or an image volume, has no fixed version: use a digest (name@sha256:...) or a numbered tag, not"
            " latest",
        ),
    ),
)
