from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.trails import TRAIL


@control(
    id="LG-04",
    title="Trails are encrypted with a customer managed key",
    requirement="cloudtrail.encrypted",
    types=(TRAIL,),
    absence="there is no trail that is encrypted with a customer managed key",
    needs="resource",
    severity=Severity.MEDIUM,
    why=(
        "A trail shows an intruder what is monitored and who has which permissions. With your own key, you decide who "
        "can read it."
    ),
    fix="Set KMSKeyId to a key whose policy admits cloudtrail.amazonaws.com.",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/cloudtrail-controls.html#cloudtrail-2",
    blind="An assembly without a trail is evaluated only if it is complete (--complete).",
    enforced_by="Trail",
)
def trail_encrypted(trail: Resource, assembly: Assembly) -> Iterator[Problem]:
    if trail.get("KMSKeyId", "") == "":
        yield Problem("no customer managed key encrypts its log files", "KMSKeyId")
