from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.deployable._changes import before, changed
from hardened_eks.controls.deployable.create_only_unchanged import CREATE_ONLY
from hardened_eks.controls.model import Family, Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_MODE: Final = "AccessConfig.AuthenticationMode"
_ORDER: Final = ("CONFIG_MAP", "API_AND_CONFIG_MAP", "API")


@control(
    id="DP-112",
    title="The authentication mode goes forward, one step at a time",
    types=("AWS::EKS::Cluster",),
    needs="resource",
    evidence="template",
    severity=Severity.HIGH,
    family=Family.DEPLOYABLE,
    why=(
        "EKS rejects a change back, and a change from CONFIG_MAP directly to API (InvalidParameterException: "
        "Unsupported authentication mode update). The stack rolls back."
    ),
    fix=(
        "Keep the deployed mode, or change from CONFIG_MAP to API_AND_CONFIG_MAP, and to API in a second deployment. "
        "A template without a mode means CONFIG_MAP."
    ),
    source="https://docs.aws.amazon.com/eks/latest/userguide/setting-up-access-entries.html",
    blind=(
        "A mode that was changed outside the template. Without the earlier template (`--against`), nothing is checked."
    ),
    detective="Only the earlier template shows the mode that is deployed.",
)
def authentication_mode_forward(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    old = before(resource, assembly)
    if old is None or any(changed(resource, old, path) for path in CREATE_ONLY):  # the cluster is replaced
        return
    was, now = (one.get(_MODE, _ORDER[0]) for one in (old, resource))
    if was not in _ORDER or now not in _ORDER:
        return
    steps = _ORDER.index(now) - _ORDER.index(was)
    if steps < 0:
        yield Problem(f"the authentication mode was {was} and is {now}: EKS does not go back", _MODE)
    elif steps > 1:
        yield Problem(f"the authentication mode was {was} and is {now}: EKS takes {_ORDER[1]} in between", _MODE)
