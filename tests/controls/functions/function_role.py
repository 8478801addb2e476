from hardened_eks.controls.functions import function_role
from tests.controls.cases import Case, add, at, change, hide
from tests.controls.functions.base import FN, FUNCTIONS, ROLE, on

CASE = Case(
    function_role,
    FUNCTIONS,
    bad=at(
        "Role",
        {
            "shared": add(Second=(FN, {"Role": {"Fn::GetAtt": ["Role", "Arn"]}})),
            "administrator": change(
                ROLE, "ManagedPolicyArns", [{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess"}]
            ),
            "everything": change(ROLE, "Policies", on("*")),
            "a whole service": change(ROLE, "Policies", on(["logs:PutLogEvents", "s3:*"])),
            "policy beside it": add(Policy=("AWS::IAM::Policy", {"Roles": [{"Ref": "Role"}], **on("iam:*")[0]})),
            "hidden": hide(ROLE, "Policies.0.PolicyDocument"),
        },
    ),
    edge={
        "a role of another stack": change(FN, "Role", "arn:aws:iam::1:role/x"),
        "a whole service on one thing": change(ROLE, "Policies", on("s3:*", "arn:aws:s3:::mine/*")),
        "reading on everything": change(ROLE, "Policies", on("ec2:Describe*")),
        "a deny": change(ROLE, "Policies", on("*", effect="Deny")),
    },
)
