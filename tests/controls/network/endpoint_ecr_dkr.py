from hardened_eks.controls.network import endpoint_ecr_dkr
from tests.controls.cases import ITSELF, Case, at
from tests.controls.network.base import HOME, fine, lost

CASE = Case(
    endpoint_ecr_dkr,
    HOME,
    bad=at(ITSELF, lost("ecr.dkr")),
    edge=fine("ecr.dkr"),
)
