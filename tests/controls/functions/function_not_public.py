from hardened_eks.controls.functions import function_not_public
from tests.controls.cases import Bad, Case, at, both, change, drop, hide
from tests.controls.functions.base import FUNCTIONS, LAYER, PERMISSION, URL

CASE = Case(
    function_not_public,
    FUNCTIONS,
    bad={
        "everybody": Bad(both(change(PERMISSION, "Principal", "*"), drop(PERMISSION, "SourceArn")), "Principal"),
        "everybody by any bucket": Bad(
            both(change(PERMISSION, "Principal", "*"), change(PERMISSION, "SourceArn", "arn:aws:s3:::*")), "Principal"
        ),
        "a topic of any account": Bad(change(PERMISSION, "SourceArn", "arn:aws:sns:*:*:alerts"), "SourceArn"),
        "principal hidden": Bad(both(hide(PERMISSION, "Principal"), drop(PERMISSION, "SourceArn")), "Principal"),
        "buckets of any account": Bad(change(PERMISSION, "Principal", "s3.amazonaws.com"), "SourceAccount"),
        **at(
            "SourceArn",
            {
                "rules of anybody": drop(PERMISSION, "SourceArn"),
                "buckets of anybody": both(
                    change(PERMISSION, "Principal", "s3.amazonaws.com"), drop(PERMISSION, "SourceArn")
                ),
                "targets of anybody": both(
                    change(PERMISSION, "Principal", "elasticloadbalancing.amazonaws.com"),
                    drop(PERMISSION, "SourceArn"),
                ),
            },
        ),
        "another account": Bad(
            both(
                change(PERMISSION, "Principal", "999988887777"),
                change(PERMISSION, "SourceAccount", {"Ref": "AWS::AccountId"}),
            ),
            "Principal",
        ),
        "any principal of another account": Bad(
            both(
                change(PERMISSION, "Principal", "*"),
                change(PERMISSION, "SourceArn", "arn:aws:sns:eu-west-1:999988887777:x"),
                change(PERMISSION, "FunctionName", {"Fn::Sub": "arn:aws:lambda:x:${AWS::AccountId}:function:f"}),
            ),
            "SourceArn",
        ),
        "a service for another account": Bad(
            both(
                change(PERMISSION, "SourceArn", "arn:aws:sns:eu-west-1:999988887777:x"),
                change(PERMISSION, "FunctionName", {"Fn::Sub": "arn:aws:lambda:x:${AWS::AccountId}:function:f"}),
            ),
            "SourceArn",
        ),
        "another code": Bad(change(PERMISSION, "Action", "lambda:UpdateFunctionCode"), "Action"),
        "action hidden": Bad(hide(PERMISSION, "Action"), "Action"),
        "every action": Bad(change(PERMISSION, "Action", "lambda:*"), "Action"),
        "open URL": Bad(change(URL, "AuthType", "NONE"), "AuthType"),
        "URL hidden": Bad(hide(URL, "AuthType"), "AuthType"),
        "every origin": Bad(change(URL, "Cors", {"AllowOrigins": ["*"]}), "Cors.AllowOrigins"),
        "layer for everybody": Bad(change(LAYER, "Principal", "*"), "Principal"),
    },
    edge={
        "a URL": change(PERMISSION, "Action", "lambda:InvokeFunctionUrl"),
        "a skill": both(
            change(PERMISSION, "Principal", "alexa-connectedhome.amazon.com"),
            change(PERMISSION, "EventSourceToken", "skill-1"),
        ),
        "an account by number": both(change(PERMISSION, "Principal", "111122223333"), drop(PERMISSION, "SourceArn")),
        "organization": both(
            change(PERMISSION, "Principal", "*"),
            drop(PERMISSION, "SourceArn"),
            change(PERMISSION, "PrincipalOrgID", "o-1"),
        ),
        "bucket of this account": both(
            change(PERMISSION, "Principal", "s3.amazonaws.com"),
            change(PERMISSION, "SourceAccount", {"Ref": "AWS::AccountId"}),
        ),
        "layer for the organization": both(change(LAYER, "Principal", "*"), change(LAYER, "OrganizationId", "o-1")),
    },
)
