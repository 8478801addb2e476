from hardened_eks.controls.access import no_users
from tests.controls.access.base import GROUP, MANAGED, POLICY, with_resources
from tests.controls.cases import ITSELF, Case, at, change, hide, template

CASE = Case(
    no_users,
    template({"Managed": (MANAGED, {"Roles": ["x"]}), "Policy": (POLICY, {"Groups": ["x"]})}),
    bad={
        **at(
            ITSELF,
            {
                t: template({"It": (f"AWS::IAM::{t}", {})})
                for t in ("User", "AccessKey", "UserPolicy", "UserToGroupAddition")
            },
        ),
        **at(
            "Users",
            {
                "managed policy": change(MANAGED, "Users", ["ann"]),
                "inline policy": change(POLICY, "Users", [{"Ref": "Ann"}]),
                "one text": change(POLICY, "Users", "ann"),
                "hidden": hide(MANAGED, "Users"),
            },
        ),
    },
    edge={
        "no user after all": change(MANAGED, "Users", []),
        "not written": change(MANAGED, "Users", {"Ref": "AWS::NoValue"}),
        "a group": with_resources(lambda body: body, {"Group": (GROUP, {})}),
    },
)
