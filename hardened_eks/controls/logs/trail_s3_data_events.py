from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.trails import TRAIL, records_s3_objects


@control(
    id="LG-08",
    title="Reads and writes of S3 objects are recorded",
    requirement="cloudtrail.s3_data_events",
    types=(TRAIL,),
    absence="no trail records reads and writes of S3 objects",
    needs="assembly",
    severity=Severity.LOW,
    why="Management events show that a bucket exists; only data events show who read which object.",
    fix="Record data events of AWS::S3::Object for all buckets, reads and writes, in one of the trails.",
    source="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html",
    blind=(
        "One trail that does it is enough. Data events cost money by volume: selectors for chosen buckets only are a "
        "finding, to be waived with the reason. An assembly without a trail is evaluated only where it is complete "
        "(--complete)."
    ),
    detective="Data events cost by volume, so that recording all of them is a choice: `Trail(data_events='all')`.",
)
def trail_s3_data_events(trail: Resource, assembly: Assembly) -> Iterator[Problem]:
    if not any(records_s3_objects(other) for other in assembly.of(TRAIL)):
        yield Problem("neither it nor another trail records reads and writes of all S3 objects", "EventSelectors")
