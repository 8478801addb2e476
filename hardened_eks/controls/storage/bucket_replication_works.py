from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.buckets import BUCKET


@control(
    id="ST-10",
    title="Replication and event notifications that are configured also work",
    requirement="s3.replication_events",
    types=(BUCKET,),
    needs="stack",
    severity=Severity.LOW,
    why="A disabled rule, or a copy in the same Region, is often noticed only when the Region fails.",
    fix=(
        "Enable each replication rule, set its destination to a bucket in the stack of another Region, and set a "
        "target in NotificationConfiguration."
    ),
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html",
    blind=(
        "A bucket without replication or notifications is not a finding, although the NIST, PCI and HIPAA packs of "
        "cdk-nag and Security Hub S3.7 and S3.11 require them for every bucket: that is a decision about the data, "
        "not about hardening. The Region of a bucket outside the assembly is not known."
    ),
    detective=(
        "No construct configures replication or notifications: the destination of a copy is a decision about the data."
    ),
)
def bucket_replication_works(bucket: Resource, assembly: Assembly) -> Iterator[Problem]:
    if bucket.get("NotificationConfiguration") == {}:
        yield Problem("its notifications have no target", "NotificationConfiguration")
    for index in range(len(bucket.items("ReplicationConfiguration.Rules"))):
        path = f"ReplicationConfiguration.Rules.{index}"
        status = bucket.get(f"{path}.Status", "not set")
        if status != "Enabled":
            yield Problem(f"the rule has no effect (its status is {status})", f"{path}.Status")
        copy = assembly.target(bucket.get(f"{path}.Destination.Bucket"), BUCKET, near=bucket)
        if copy is not None and copy.template is bucket.template:
            yield Problem(
                f"the copy {copy.logical_id} is in the same stack and therefore in the same Region",
                f"{path}.Destination",
            )
