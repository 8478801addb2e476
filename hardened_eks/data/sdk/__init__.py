"""The SDK's models of AWS APIs, with only the calls of audits and upgrades and without documentation.

The SDK's own are 16 MB of JSON, which took a quarter of an audit's time to read. One file for each service, in the
SDK's format; `tools/sdk_models.py` writes them from botocore (Apache License 2.0, Copyright Amazon.com, Inc.), and a
test compares them.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from hardened_eks.data import _files


@cache
def model(service: str) -> dict[str, Any] | None:
    """Return the model of a service by its name in botocore, None where there is none here: ``sts``."""
    try:
        found: dict[str, Any] = json.loads(_files.text(f"{service}.json", __name__))
    except OSError:
        return None
    return found
