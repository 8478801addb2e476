from hardened_eks.controls.access import no_users
from tests.controls.access.base import GROUP, MANAGED, POLICY, with_resources
from tests.controls.cases import ITSELF, Bad, Case, at, change, hide, template

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
        "managed policy": Bad(change(MANAGED, "Users", ["ann"]), "Users"),
        "inline policy": Bad(change(POLICY, "Users", [{"Ref": "Ann"}]), "Users"),
        "one text": Bad(change(POLICY, "Users", "ann"), "Users"),
        "hidden": Bad(hide(MANAGED, "Users"), "Users"),
    },
    edge={
        "no user after all": change(MANAGED, "Users", []),
        "not written": change(MANAGED, "Users", {"Ref": "AWS::NoValue"}),
        "a group": with_resources(lambda body: body, {"Group": (GROUP, {})}),
    },
)
