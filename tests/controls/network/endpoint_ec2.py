from hardened_eks.controls.network import endpoint_ec2
from tests.controls.cases import ITSELF, Case, at
from tests.controls.network.base import HOME, fine, lost

CASE = Case(
    endpoint_ec2,
    HOME,
    bad=at(ITSELF, lost("ec2")),
    edge=fine("ec2"),
)
