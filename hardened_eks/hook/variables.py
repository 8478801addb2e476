"""The variables of the function, by which the construct tells it how to evaluate; pure."""

from typing import Final

JUDGE: Final = "HARDENED_EKS_JUDGE"
"""``eks`` or ``all``."""
FAIL_ON: Final = "HARDENED_EKS_FAIL_ON"
"""The least severity that fails."""
TEMPLATE_WAIVERS: Final = "HARDENED_EKS_TEMPLATE_WAIVERS"
"""``no`` where waivers in templates do not count."""
WAIVERS: Final = "HARDENED_EKS_WAIVERS"
"""Name of the parameter that holds the waivers of the account. Not there: none."""
OWN_STACK: Final = "HARDENED_EKS_OWN_STACK"
"""Name of the stack that the hook is in."""
SUFFIX: Final = "HARDENED_EKS_URL_SUFFIX"
"""Domain of the partition: ``amazonaws.com``."""
BROKEN: Final = "broken"
"""``event`` of a log line that explains why something was not evaluated."""
