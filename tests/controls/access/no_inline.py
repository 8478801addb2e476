from hardened_eks.controls.access import no_inline
from tests.controls.access.base import (
    EKS,
    GROUP,
    GROUP_POLICY,
    MANAGED,
    MINE,
    NAMED,
    POLICY,
    ROLE,
    ROLE_POLICY,
    USER,
    USER_POLICY,
    admits,
    document,
    role,
    with_resources,
)
from tests.controls.cases import ITSELF, Case, at, change, hide, template

CASE = Case(
    no_inline,
    role(admits(EKS, condition=MINE), ManagedPolicyArns=[{"Ref": "Policy"}]),
    bad={
        **at(
            "Policies",
            {
                "inline": change(ROLE, "Policies", [{"PolicyName": "p", "PolicyDocument": document(NAMED)}]),
                "hidden": hide(ROLE, "Policies"),
                "of a group": template({"Group": (GROUP, {"Policies": [{"PolicyName": "p"}]})}),
                "of a user": template({"User": (USER, {"Policies": [{"PolicyName": "p"}]})}),
            },
        ),
        **at(
            ITSELF,
            {
                t.rsplit(":", 1)[1]: template({"Policy": (t, {"PolicyName": "p", "PolicyDocument": document(NAMED)})})
                for t in (POLICY, ROLE_POLICY, USER_POLICY, GROUP_POLICY)
            },
        ),
    },
    edge={
        "empty": change(ROLE, "Policies", []),
        "none after all": change(ROLE, "Policies", {"Ref": "AWS::NoValue"}),
        "managed": with_resources(lambda body: body, {"Managed": (MANAGED, {"PolicyDocument": document(NAMED)})}),
        "a group without": with_resources(lambda body: body, {"Group": (GROUP, {"ManagedPolicyArns": ["x"]})}),
    },
)
