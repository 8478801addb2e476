from hardened_eks.controls.control_plane import entries_for_roles
from tests.controls.access.base import USER, either, sub, with_resources
from tests.controls.cases import Case, at, change, hide
from tests.controls.control_plane.roles import ENTRY, ONE, OWN, ROLES, arn

PATH = "PrincipalArn"


def principal(value):
    return change(ENTRY, PATH, value)


CASE = Case(
    entries_for_roles,
    ROLES,
    bad=at(
        PATH,
        {
            "a user": principal("arn:aws:iam::111122223333:user/ana"),
            "a user of another partition": principal("arn:aws-cn:iam::111122223333:user/ana"),
            "a user by Sub": principal(sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:user/ana")),
            "a user of the template": with_resources(principal(arn("Ana")), {"Ana": (USER, {})}),
            "a user on a condition": principal(either(OWN, "arn:aws:iam::111122223333:user/ana")),
            "the account": principal("arn:aws:iam::111122223333:root"),
            "a group": principal("arn:aws:iam::111122223333:group/ops"),
            "a session": principal("arn:aws:sts::111122223333:assumed-role/ops/ana"),
            "roles": principal("arn:aws:iam::111122223333:role/*"),
        },
    ),
    edge={
        "a role": principal(ONE),
        "a role of the template": principal(arn("PodRole")),
        "a parameter": hide(ENTRY, PATH),
        "a permission set": principal(
            "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_A_0123456789abcdef"
        ),
        "malformed": principal(5),
    },
)
