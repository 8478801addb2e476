from hardened_eks.controls.stack import identity_provider_tags
from tests.controls.cases import Case
from tests.controls.stack.base import listed

PROVIDER = "AWS::EKS::IdentityProviderConfig"

CASE = Case(identity_provider_tags, **listed(PROVIDER))
