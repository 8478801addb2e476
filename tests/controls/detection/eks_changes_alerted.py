import json

from hardened_eks.controls.detection import eks_changes_alerted
from tests.controls.cases import Bad, Case, ITSELF, add, at, change, drop, hide, template

RULE = "AWS::Events::Rule"
CHANGES = [{"prefix": "Create"}, {"prefix": "Update"}, {"prefix": "Delete"}, {"prefix": "Associate"}]
NAMES = "EventPattern.detail.eventName"

ALERTS = template(
    {
        "Rule": (
            RULE,
            {
                "EventPattern": {
                    "source": ["aws.eks"],
                    "detail-type": ["AWS API Call via CloudTrail"],
                    "detail": {"eventName": CHANGES},
                },
                "Targets": [{"Id": "1", "Arn": "arn:x"}],
            },
        )
    }
)

CASE = Case(
    eks_changes_alerted,
    ALERTS,
    bad={
        "off": Bad(change(RULE, "State", "DISABLED"), "State"),
        "state hidden": Bad(hide(RULE, "State"), "State"),
        "names hidden": Bad(hide(RULE, NAMES), NAMES),
        "nobody told": Bad(drop(RULE, "Targets"), "Targets"),
        **at(
            ITSELF,
            {
                "deletions only": change(RULE, NAMES, [{"prefix": "Delete"}]),
                "clusters only": change(RULE, NAMES, ["CreateCluster", "DeleteCluster", "UpdateClusterConfig"]),
                "all but access": change(
                    RULE, NAMES, [{"anything-but": ["AssociateAccessPolicy", "CreateAccessEntry"]}]
                ),
                "by one person": change(RULE, "EventPattern.detail.userIdentity", {"arn": ["arn:aws:iam::1:user/eve"]}),
                "refused calls": change(RULE, "EventPattern.detail.errorCode", [{"exists": True}]),
                "of another service": change(RULE, "EventPattern.detail.eventSource", ["ec2.amazonaws.com"]),
                "from one address": change(RULE, "EventPattern.detail.sourceIPAddress", ["192.0.2.1"]),
                "as text": change(
                    RULE,
                    "EventPattern",
                    json.dumps({"source": ["aws.eks"], "detail": {"eventName": ["DeleteCluster"]}}),
                ),
            },
        ),
    },
    edge={
        "all calls": drop(RULE, "EventPattern.detail"),
        "all but reading": change(RULE, NAMES, [{"anything-but": {"prefix": "Describe"}}]),
        "in one account, for one cluster": change(
            RULE,
            "EventPattern",
            {
                "source": ["aws.eks"],
                "account": [{"Ref": "AWS::AccountId"}],
                "detail": {
                    "eventName": CHANGES,
                    "readOnly": [False],
                    "errorCode": [{"exists": False}],
                    "requestParameters": {"name": ["prod"]},
                    "userIdentity": {"type": ["AssumedRole"]},
                },
            },
        ),
        "all but the pipeline": change(
            RULE, "EventPattern.detail.userIdentity", {"arn": [{"anything-but": ["arn:aws:iam::1:role/pipeline"]}]}
        ),
        "a rule for one person beside it": add(
            Other=(
                RULE,
                {
                    "Targets": [{"Id": "1"}],
                    "EventPattern": {"source": ["aws.eks"], "detail": {"userIdentity": {"arn": ["x"]}}},
                },
            )
        ),
        "an or": change(RULE, "EventPattern.detail.$or", [{"errorCode": ["x"]}, {"awsRegion": ["y"]}]),
        "by wildcard": change(RULE, NAMES, [{"wildcard": "*"}]),
        "by service": change(
            RULE,
            "EventPattern",
            {"detail-type": ["AWS API Call via CloudTrail"], "detail": {"eventSource": ["eks.amazonaws.com"]}},
        ),
        "two rules together": lambda body: add(
            Second=(
                RULE,
                {
                    "Targets": [{"Id": "1"}],
                    "EventPattern": {"source": ["aws.eks"], "detail": {"eventName": CHANGES[2:]}},
                },
            )
        )(change(RULE, NAMES, CHANGES[:2])(body)),
        "a rule about something else": add(
            Other=(RULE, {"EventPattern": {"source": ["aws.ec2"]}, "State": "DISABLED"})
        ),
        "health of EKS": add(Other=(RULE, {"EventPattern": {"source": ["aws.eks"], "detail-type": ["Health"]}})),
    },
)
