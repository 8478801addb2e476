from hardened_eks.controls.network import endpoint_ecr_api
from tests.controls.cases import ITSELF, Case, at
from tests.controls.network.base import HOME, fine, lost

CASE = Case(
    endpoint_ecr_api,
    HOME,
    bad=at(ITSELF, lost("ecr.api")),
    edge=fine("ecr.api"),
)
