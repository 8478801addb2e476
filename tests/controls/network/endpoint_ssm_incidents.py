from hardened_eks.controls.network import endpoint_ssm_incidents
from tests.controls.cases import Case, ITSELF, at, without
from tests.controls.network.base import HOME, fine, lost

CASE = Case(
    endpoint_ssm_incidents,
    HOME,
    bad=at(ITSELF, lost("ssm-incidents")),
    edge={**fine("ssm-incidents"), "not used": without("SsmIncidents", "Plan")},
)
