from hardened_eks.controls.storage import bucket_encrypted
from tests.controls.cases import Case, at, both
from tests.controls.storage.base import BUCKETS, TLS, edit, encryption


def written_by(*principals, algorithm="AES256", action="s3:PutObject"):
    """S3's own key, and a policy that lets principals write."""
    allow = [
        {"Effect": "Allow", "Principal": one, "Action": action, "Resource": "arn:aws:s3:::logs/*"} for one in principals
    ]
    return both(
        edit("Data", BucketEncryption=encryption(algorithm)),
        edit("Policy", PolicyDocument={"Statement": [TLS, *allow]}),
    )


ALB = {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
NLB = {"Service": "delivery.logs.amazonaws.com"}
CLASSIC = {"AWS": "arn:aws:iam::127311923021:root"}
APP = {"AWS": "arn:aws:iam::111122223333:role/app"}

CASE = Case(
    bucket_encrypted,
    BUCKETS,
    bad=at(
        "BucketEncryption.ServerSideEncryptionConfiguration",
        {
            "left out": edit("Data", BucketEncryption=None),
            "S3's key": edit("Data", BucketEncryption=encryption("AES256")),
            "hidden": edit("Data", BucketEncryption=encryption({"Ref": "Algorithm"})),
            "network load balancers alone, which take a KMS key": written_by(NLB),
            "somebody else writes, too": written_by(ALB, APP),
            "a foreign account writes": written_by(ALB, {"AWS": "999988887777"}),
            "a load balancer that only reads": written_by(ALB, action="s3:GetBucketAcl"),
            "for load balancers, hidden": written_by(ALB, algorithm={"Ref": "Algorithm"}),
            "no use for access logs": edit("Data", LoggingConfiguration=None),
        },
    ),
    edge={
        "two layers": edit("Data", BucketEncryption=encryption("aws:kms:dsse")),
        "application load balancers": written_by(ALB),
        "load balancers of all kinds": written_by(ALB, NLB, CLASSIC),
        "classic load balancers": written_by(CLASSIC),
        "with a key all the same": written_by(ALB, algorithm="aws:kms"),
    },
)
