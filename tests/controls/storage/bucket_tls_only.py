from hardened_eks.controls.storage import bucket_tls_only
from tests.controls.cases import ITSELF, Case, at, change, drop, hide
from tests.controls.storage.base import ARN, BP, BUCKETS, TLS, policy

FALSE = {"aws:SecureTransport": "false"}


def of_services(value):
    return {"aws:PrincipalIsAWSService": value}


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
            "for AWS services alone": policy({**TLS, "Condition": {"Bool": {**FALSE, **of_services("true")}}}),
            "with a condition that no request meets": policy(
                {**TLS, "Condition": {"Bool": FALSE, "Null": {"aws:SecureTransport": "true"}}}
            ),
            "for a kind of principals": policy({**TLS, "Principal": {"Service": "*"}}),
            "for the objects alone": policy({**TLS, "Resource": {"Fn::Join": ["", [ARN, "/*"]]}}),
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
        "in two statements": policy(
            {**TLS, "Resource": ARN, "Action": "s3:ListBucket"},
            {**TLS, "Resource": {"Fn::Join": ["", [ARN, "/*"]]}, "Action": ["s3:GetObject", "s3:PutObject"]},
        ),
        "except for AWS services": policy({**TLS, "Condition": {"Bool": {**FALSE, **of_services("false")}}}),
        "for everything": policy({**TLS, "Principal": "*", "Resource": "*", "Action": ["*"]}),
    },
)
