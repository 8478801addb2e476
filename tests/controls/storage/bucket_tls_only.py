from hardened_eks.controls.storage import bucket_tls_only
from tests.controls.cases import ITSELF, Case, at, change, drop, hide
from tests.controls.storage.base import ARN, BP, BUCKETS, TLS, policy

CASE = Case(
    bucket_tls_only,
    BUCKETS,
    bad=at(
        ITSELF,
        {
            "no policy": drop(BP, ""),
            "for reads only": policy({**TLS, "Action": "s3:GetObject"}),
            "for the bucket alone": policy({**TLS, "Resource": ARN}),
            "for one principal": policy({**TLS, "Principal": {"AWS": "123456789012"}}),
            "true instead": policy({**TLS, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}),
            "another bucket's": change(BP, "Bucket", "other"),
            "for all but one": policy(
                {**{k: v for k, v in TLS.items() if k != "Principal"}, "NotPrincipal": {"AWS": "arn:aws:iam::1:root"}}
            ),
            "for a folder": policy({**TLS, "Resource": [ARN, {"Fn::Join": ["", [ARN, "/logs/*"]]}]}),
            "hidden": hide(BP, "PolicyDocument"),
        },
    ),
    edge={
        "for the name and all below": policy({**TLS, "Resource": "arn:aws:s3:::logs*"}),
        "for everything": policy({**TLS, "Principal": "*", "Resource": "*", "Action": ["*"]}),
    },
)
