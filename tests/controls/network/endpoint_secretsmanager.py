from hardened_eks.controls.network import endpoint_secretsmanager
from tests.controls.cases import Case, ITSELF, at, without
from tests.controls.network.base import HOME, fine, lost

CASE = Case(
    endpoint_secretsmanager,
    HOME,
    bad=at(ITSELF, lost("secretsmanager")),
    edge={**fine("secretsmanager"), "not used": without("Secretsmanager", "Secret")},
)
