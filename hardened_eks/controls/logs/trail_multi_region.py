from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.trails import TRAIL, shortcomings


@control(
    id="LG-03",
    title="A multi-Region trail records management events",
    requirement="cloudtrail.enabled",
    types=(TRAIL,),
    absence="no trail records the API calls of the account",
    needs="assembly",
    severity=Severity.HIGH,
    why=(
        "Only CloudTrail records who changed the cluster, its roles and its keys, and intruders prefer Regions that "
        "nobody monitors."
    ),
    fix="Set IsLogging and IsMultiRegionTrail to true, and record management events, reads and writes.",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/cloudtrail-controls.html#cloudtrail-1",
    blind=(
        "One trail that meets all requirements is enough; others may record less. The trail of an account is usually "
        "in another stack: an assembly without one is evaluated only if it is complete (--complete)."
    ),
    enforced_by="Trail",
)
def trail_multi_region(trail: Resource, assembly: Assembly) -> Iterator[Problem]:
    if all(any(shortcomings(other)) for other in assembly.of(TRAIL)):
        for message, path in shortcomings(trail):
            yield Problem(message, path)
