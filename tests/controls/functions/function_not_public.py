from hardened_eks.controls.functions import function_not_public
from tests.controls.cases import Bad, Case, both, change, drop, hide
from tests.controls.functions.base import FUNCTIONS, LAYER, PERMISSION, URL

CASE = Case(
    function_not_public,
    FUNCTIONS,
    bad={
        "everybody": Bad(both(change(PERMISSION, "Principal", "*"), drop(PERMISSION, "SourceArn")), "Principal"),
        "principal hidden": Bad(both(hide(PERMISSION, "Principal"), drop(PERMISSION, "SourceArn")), "Principal"),
        "buckets of any account": Bad(change(PERMISSION, "Principal", "s3.amazonaws.com"), "SourceAccount"),
        "every action": Bad(change(PERMISSION, "Action", "lambda:*"), "Action"),
        "open URL": Bad(change(URL, "AuthType", "NONE"), "AuthType"),
        "URL hidden": Bad(hide(URL, "AuthType"), "AuthType"),
        "every origin": Bad(change(URL, "Cors", {"AllowOrigins": ["*"]}), "Cors.AllowOrigins"),
        "layer for everybody": Bad(change(LAYER, "Principal", "*"), "Principal"),
    },
    edge={
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
