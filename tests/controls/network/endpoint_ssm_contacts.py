from hardened_eks.controls.network import endpoint_ssm_contacts
from tests.controls.cases import Case, ITSELF, at, without
from tests.controls.network.base import HOME, fine, lost

CASE = Case(
    endpoint_ssm_contacts,
    HOME,
    bad=at(ITSELF, lost("ssm-contacts")),
    edge={**fine("ssm-contacts"), "not used": without("SsmContacts", "Contact")},
)
