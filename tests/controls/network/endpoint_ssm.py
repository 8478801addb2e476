from hardened_eks.controls.network import endpoint_ssm
from tests.controls.cases import Case, ITSELF, at, without
from tests.controls.network.base import HOME, fine, lost

CASE = Case(
    endpoint_ssm,
    HOME,
    bad=at(
        ITSELF,
        {
            **lost("ssm"),
            "no ssmmessages": without("Ssmmessages"),
        },
    ),
    edge=fine("ssm"),
)
