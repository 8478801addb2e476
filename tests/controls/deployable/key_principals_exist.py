from hardened_eks.controls.deployable import key_principals_exist
from tests.controls.cases import Case, at, change, template

KEY = "AWS::KMS::Key"
HOME = "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
LAUNCHER = f"arn:aws:iam::123456789012:{HOME}"
KEYED = template(
    {
        "Key": (
            KEY,
            {
                "KeyPolicy": {
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
                            "Action": "kms:*",
                            "Resource": "*",
                        }
                    ]
                }
            },
        )
    }
)
PRINCIPAL = "KeyPolicy.Statement.0.Principal"

CASE = Case(
    key_principals_exist,
    KEYED,
    bad=at(
        PRINCIPAL,
        {
            "literal": change(KEY, PRINCIPAL, {"AWS": LAUNCHER}),
            "of this account": change(
                KEY, PRINCIPAL, {"AWS": {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:{HOME}"}}
            ),
            "beside others": change(KEY, PRINCIPAL, {"AWS": ["arn:aws:iam::123456789012:root", LAUNCHER]}),
        },
    ),
    edge={
        "condition": change(KEY, "KeyPolicy.Statement.0.Condition", {"ArnLike": {"aws:PrincipalArn": LAUNCHER}}),
        "role of a team": change(KEY, PRINCIPAL, {"AWS": "arn:aws:iam::123456789012:role/ci"}),
        "made here": template(
            {
                "Key": (KEY, {"KeyPolicy": {"Statement": [{"Principal": {"AWS": LAUNCHER}}]}}),
                "Role": ("AWS::IAM::ServiceLinkedRole", {"AWSServiceName": "autoscaling.amazonaws.com"}),
            }
        ),
    },
)
