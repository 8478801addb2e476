from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, Unknown
from hardened_eks.evidence.views.buckets import BUCKET


@control(
    id="ST-09",
    title="Buckets do not use ACLs",
    requirement="s3.no_acl",
    types=(BUCKET,),
    needs="resource",
    severity=Severity.MEDIUM,
    why=(
        "ACLs grant access in addition to policies and are easily overlooked. They also let another account own "
        "objects in your bucket."
    ),
    fix="Omit AccessControl and set ObjectOwnership to BucketOwnerEnforced (object_ownership=).",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html",
    enforced_by="TrailBucket",
)
def bucket_without_acl(bucket: Resource, assembly: Assembly) -> Iterator[Problem]:
    acl = bucket.get("AccessControl", "Private")
    if acl != "Private":
        yield Problem(f"it has an ACL ({acl})", "AccessControl")
    path = "OwnershipControls.Rules.0.ObjectOwnership"
    ownership = bucket.get(path, "BucketOwnerEnforced")  # if absent, ACLs are off since April 2023
    if ownership != "BucketOwnerEnforced" or isinstance(bucket.get("OwnershipControls"), Unknown):
        yield Problem(f"ACLs are on (ObjectOwnership is {ownership})", path)
