from hardened_eks.controls.stack import addon_tags
from tests.controls.cases import Case
from tests.controls.stack.base import listed

ADDON = "AWS::EKS::Addon"

CASE = Case(addon_tags, **listed(ADDON))
