"""The catalog: all controls in one explicit tuple, and the names for writing a control.

from hardened_eks.controls import Assembly, Problem, Resource, Severity, control
"""

from hardened_eks.controls.access import ACCESS
from hardened_eks.controls.account import ACCOUNT
from hardened_eks.controls.control_plane import CONTROL_PLANE
from hardened_eks.controls.deployable import DEPLOYABLE
from hardened_eks.controls.detection import DETECTION
from hardened_eks.controls.functions import FUNCTIONS
from hardened_eks.controls.images import IMAGES
from hardened_eks.controls.keys import KEYS
from hardened_eks.controls.kubernetes import KUBERNETES
from hardened_eks.controls.logs import LOGS
from hardened_eks.controls.messaging import MESSAGING
from hardened_eks.controls.model import Control, Family, Problem, Severity, control
from hardened_eks.controls.network import NETWORK
from hardened_eks.controls.nodes import NODES
from hardened_eks.controls.recovery import RECOVERY
from hardened_eks.controls.secrets import SECRETS
from hardened_eks.controls.security_groups import SECURITY_GROUPS
from hardened_eks.controls.stack import STACK
from hardened_eks.controls.storage import STORAGE
from hardened_eks.evidence import Assembly, Resource, Subject, Unknown

CATALOGUE = (
    *CONTROL_PLANE,
    *NODES,
    *NETWORK,
    *SECURITY_GROUPS,
    *ACCESS,
    *IMAGES,
    *KEYS,
    *LOGS,
    *DETECTION,
    *MESSAGING,
    *STORAGE,
    *RECOVERY,
    *FUNCTIONS,
    *SECRETS,
    *STACK,
    *ACCOUNT,
    *KUBERNETES,
    *DEPLOYABLE,
)

__all__ = [
    "CATALOGUE",
    "Assembly",
    "Control",
    "Family",
    "Problem",
    "Resource",
    "Severity",
    "Subject",
    "Unknown",
    "control",
]
