"""OSCAL documents: the catalog as a component, the system that uses it, and the results of a check.

Models: https://pages.nist.gov/OSCAL-Reference/models/v1.1.2/.
"""

from hardened_eks.reports.oscal._common import OSCAL_VERSION, control_id
from hardened_eks.reports.oscal.component import render

__all__ = ["OSCAL_VERSION", "control_id", "render"]
