"""`hardened-eks` without its patience: what ministack does not know, it answers as if it were throttled or broken.

Every such answer is asked for again seven times, with pauses, which makes half a minute of an audit.

It runs from a copy of the package, since `hardened-eks data refresh` writes into the package.
"""

from __future__ import annotations

import sys
from pathlib import Path

from botocore.config import Config

import hardened_eks
from hardened_eks.cli import main
from hardened_eks.sources.account import sdk


def lose_patience() -> None:
    """Ask AWS once."""
    sdk._PATIENCE = sdk._PATIENCE.merge(Config(retries={"mode": "standard", "total_max_attempts": 1}))  # type: ignore[misc]


if __name__ == "__main__":
    if Path(hardened_eks.__file__).is_relative_to(Path(__file__).parents[2]):
        sys.exit("the guides would write into this repository: they need a copy of the package")
    lose_patience()
    main()
