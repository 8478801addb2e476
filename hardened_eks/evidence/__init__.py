"""Evidence: resources in the shape of CloudFormation, from any source, indexed once.

A value that is known only at deployment is an `Unknown`. It equals no literal, so a check written as ``is not False``
or ``not in ALLOWED`` fails closed without handling intrinsic functions.
"""

from hardened_eks.evidence.assembly import Assembly
from hardened_eks.evidence.resource import ABSENT, Resource, Template
from hardened_eks.evidence.subject import Kind, Subject
from hardened_eks.evidence.unknown import Unknown
from hardened_eks.evidence.waiver import Waiver

__all__ = ["ABSENT", "Assembly", "Kind", "Resource", "Subject", "Template", "Unknown", "Waiver"]
