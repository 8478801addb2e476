from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource, policies
from hardened_eks.evidence.views.buckets import BUCKET, policies_of
from hardened_eks.evidence.views.resource_policies import refuses_without_tls
from hardened_eks.evidence.worst import as_far_as_known


@control(
    id="ST-03",
    title="Buckets reject requests without TLS",
    requirement="s3.tls_only",
    types=(BUCKET,),
    needs="assembly",
    severity=Severity.MEDIUM,
    why="Anyone on the network path can read and change objects that are transferred over HTTP.",
    fix="Deny s3:* with aws:SecureTransport false on the bucket and its objects (enforce_ssl=True).",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-5",
    blind="Bucket policies outside the assembly.",
    enforced_by="TrailBucket",
)
def bucket_tls_only(bucket: Resource, assembly: Assembly) -> Iterator[Problem]:
    documents = [policy.get("PolicyDocument") for policy in policies_of(bucket, assembly)]
    written = [statement for document in documents for statement in policies.statements(document)]
    objects = [one for one in written if any(map(_all_objects, one.resources))]
    itself = [one for one in written if any("/" not in resource for resource in one.resources)]
    if not (
        any(refuses_without_tls(one, ("s3:GetObject", "s3:PutObject")) for one in objects)
        and any(refuses_without_tls(one, ("s3:ListBucket",)) for one in itself)
    ):
        yield Problem(as_far_as_known("no policy denies requests without TLS", *documents))


def _all_objects(resource: str) -> bool:
    """Return whether a resource covers all objects of a bucket, not only those below a prefix."""
    return resource.endswith("*") and "/" not in resource.removesuffix("/*")
