"""The runbook page: the steps for people on call, one entry per detection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardened_eks.detections import DETECTIONS
from hardened_eks.detections.expressions import fill_text
from hardened_eks.detections.rendering import plain
from hardened_eks.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hardened_eks.detections import Detection, Parameters

_INTRODUCTION = """\
You received a message that names a detection in brackets. Find it here and follow its steps. Store this page where
people on call can read it without the cluster, and pass its address as `runbook_url` to `hardened.Detection`, so that
messages link to the right entry. `hardened-eks detections --parameters-file FILE ID` prints one entry with the names of
your cluster.

Critical: call somebody now. High: investigate within the hour. Medium: investigate today. Low: see the daily digest.
"""


def as_runbook(parameters: Parameters, detections: Sequence[Detection] = DETECTIONS, note: str = "") -> str:
    """Return a Markdown page, with the most severe detections first; the ID of each detection is an anchor."""
    lines = ["# Runbook", "", *([note] if note else []), _INTRODUCTION]
    for severity in Severity:
        ours = [detection for detection in detections if detection.severity is severity]
        lines += [f"## {severity.capitalize()}", ""]
        for detection in ours:
            lines += _entry(detection, parameters)
    return "\n".join(lines)


def _entry(detection: Detection, parameters: Parameters) -> Iterator[str]:
    yield from (f'<a id="{detection.id}"></a>', f"### `{detection.id}`", "")
    yield from (f"**{detection.title}.** {detection.why}", "")
    for number, step in enumerate(detection.first, 1):
        yield f"{number}. {plain(fill_text(step, parameters))}"
    yield from ("", f"Known harmless causes: {detection.false_positives}", "")
