from hardened_eks.controls.security_groups import no_world_ssh
from tests.controls.cases import Case
from tests.controls.security_groups.base import CLOSED, GROUPS, world

CASE = Case(
    no_world_ssh,
    GROUPS,
    bad=world(22),
    edge=CLOSED,
)
