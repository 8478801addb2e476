"""The environment variables with which the construct configures the function."""

from typing import Final

JUDGE: Final = "HARDENED_EKS_JUDGE"
"""``eks`` or ``all``."""
FAIL_ON: Final = "HARDENED_EKS_FAIL_ON"
"""The lowest severity that fails."""
TEMPLATE_WAIVERS: Final = "HARDENED_EKS_TEMPLATE_WAIVERS"
"""``no`` if waivers in templates do not count."""
WAIVERS: Final = "HARDENED_EKS_WAIVERS"
"""Name of the parameter with the waivers of the account. Not set: none."""
OWN_STACK: Final = "HARDENED_EKS_OWN_STACK"
"""Name of the hook's stack."""
SUFFIX: Final = "HARDENED_EKS_URL_SUFFIX"
"""Domain of the partition: ``amazonaws.com``."""
BROKEN: Final = "broken"
"""``event`` of a log line that explains why something was not evaluated."""
