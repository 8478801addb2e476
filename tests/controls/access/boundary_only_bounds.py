from hardened_eks.controls.access import boundary_only_bounds
from tests.controls.access.base import (
    AWS_POLICY,
    CONDITIONS,
    GROUP,
    MANAGED,
    NAMED,
    ROLE,
    USER,
    attached,
    document,
    either,
    on,
    sub,
)
from tests.controls.cases import Bad, Case, at, both, change, drop, template

OWN = sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/limits/people")
MAKES = ["iam:CreateRole", "iam:CreateUser", "iam:PutRolePermissionsBoundary", "iam:PutUserPermissionsBoundary"]
EVERYBODY = [sub("arn:${AWS::Partition}:iam::*:role/*"), sub("arn:${AWS::Partition}:iam::*:user/*")]


def refuses(actions, resource, **condition):
    made = {"Effect": "Deny", "Action": actions, "Resource": resource}
    return made | ({"Condition": condition} if condition else {})


CARRY = refuses(MAKES, "*", StringNotLike={"iam:PermissionsBoundary": OWN})
KEEP = refuses(["iam:Delete*PermissionsBoundary"], EVERYBODY)
FIXED = refuses(["iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"], OWN)
LIMITS = [on("*", "*"), CARRY, KEEP, FIXED]


def limits(*statements):
    return change(MANAGED, "PolicyDocument", document(*statements))


ATTACHED = attached({"Ref": "Limits"})
BOUNDED = template(
    {
        "Limits": (MANAGED, {"ManagedPolicyName": "people", "Path": "/limits/", "PolicyDocument": document(*LIMITS)}),
        "Role": (
            ROLE,
            {"PermissionsBoundary": {"Ref": "Limits"}, "ManagedPolicyArns": [AWS_POLICY + "ReadOnlyAccess"]},
        ),
        "User": (USER, {"ManagedPolicyArns": []}),
        "Group": (GROUP, {}),
    },
    Parameters={"Stage": {"Type": "String"}},
    Conditions=CONDITIONS,
)

CASE = Case(
    boundary_only_bounds,
    BOUNDED,
    bad={
        **at(
            "ManagedPolicyArns.0",
            {
                "to a role": ATTACHED,
                "to a user": change(USER, "ManagedPolicyArns", [{"Ref": "Limits"}]),
                "to a group": change(GROUP, "ManagedPolicyArns", [{"Ref": "Limits"}]),
                "by its ARN": attached("arn:aws:iam::123456789012:policy/limits/people"),
                "by its ARN, joined": attached(OWN),
                "by ARN, path left out": both(
                    both(drop(MANAGED, "Path"), limits(on("*", "*"), *(
                        refuses(MAKES, "*", ArnNotEquals={"iam:PermissionsBoundary": "arn:aws:iam::1:policy/people"}),
                        refuses("iam:*", "*"),
                    ))),
                    attached("arn:aws:iam::1:policy/people"),
                ),
                "on a condition": attached(either({"Ref": "Limits"}, AWS_POLICY + "ReadOnlyAccess")),
                "its refusals apart": both(ATTACHED, limits(on("*", "*"), *(
                    refuses(action, "*", StringNotEquals={"iam:PermissionsBoundary": OWN}) for action in MAKES
                ), KEEP, refuses("iam:*", OWN))),
            },
        ),
        "second": Bad(attached(AWS_POLICY + "ReadOnlyAccess", {"Ref": "Limits"}), "ManagedPolicyArns.1"),
    },
    edge={
        "another policy": both(ATTACHED, limits(NAMED)),
        "a policy of AWS of the same name": attached("arn:aws:iam::aws:policy/limits/people"),
        "of another path": attached("arn:aws:iam::123456789012:policy/people"),
        "malformed": both(attached(5, None), change(USER, "ManagedPolicyArns", 5)),
    },
)  # fmt: skip
