from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.trails import TRAIL, records_s3_objects


@control(
    id="LG-08",
    title="A trail records reads and writes of S3 objects",
    requirement="cloudtrail.s3_data_events",
    types=(TRAIL,),
    absence="no trail records reads and writes of S3 objects",
    needs="assembly",
    severity=Severity.LOW,
    why="Management events only show that a bucket exists; data events show who read which object.",
    fix="Record data events of AWS::S3::Object for all buckets, reads and writes, in one of the trails.",
    source="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html",
    blind=(
        "One trail that does this is enough. Data events are charged by volume. Selectors for some buckets only are a "
        "finding: waive it and state the reason. An assembly without a trail is evaluated only if it is complete "
        "(--complete)."
    ),
    detective=(
        "Data events are charged by volume, so you choose whether to record all of them: `Trail(data_events='all')`."
    ),
)
def trail_s3_data_events(trail: Resource, assembly: Assembly) -> Iterator[Problem]:
    if not any(records_s3_objects(other) for other in assembly.of(TRAIL)):
        yield Problem("neither it nor another trail records reads and writes of all S3 objects", "EventSelectors")
