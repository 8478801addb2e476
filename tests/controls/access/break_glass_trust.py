from hardened_eks.controls.access import break_glass_trust
from tests.controls.access.base import ROLE, TRUST, either, role, sub, with_resources
from tests.controls.access.break_glass import (
    BREAK_GLASS,
    CENTER,
    ENTRY,
    NAMES,
    PERSON,
    ROLE_ARN,
    ROOT,
    USER_ID,
    USERS,
    person,
    trusted,
    users,
    viewer,
    without,
)
from tests.controls.cases import Bad, Case, at, both, change, drop, hide

FIRST, SECOND = f"{TRUST}.Statement.0", f"{TRUST}.Statement.1"
EVERYBODY_OF_AN_ORGANIZATION = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}


def by(principal, **more):
    """Return the trust with another principal in its first statement."""
    return trusted({**USERS, "Principal": principal, **more}, NAMES)


def set_to(operator, key, value):
    return lambda condition: condition.setdefault(operator, {}).update({key: value})


def moved(key, operator, value):
    """Return a change of conditions: the key goes under another operator."""

    def change_condition(condition):
        for keys in condition.values():
            keys.pop(key, None)
        set_to(operator, key, value)(condition)

    return change_condition


def also(statement):
    """Add a statement after those that are right."""
    return trusted(USERS, NAMES, {"Effect": "Allow", "Action": "sts:AssumeRole", **statement})


CASE = Case(
    break_glass_trust,
    BREAK_GLASS,
    bad={
        "all conditions removed": Bad(
            both(drop(ROLE, f"{FIRST}.Condition"), drop(ROLE, f"{SECOND}.Condition")),
            f"{FIRST}.Condition",
            f"{SECOND}.Condition",
        ),
        **at(
            (f"{FIRST}.Condition", f"{SECOND}.Condition"),
            {
                "no source identity": without("StringEquals", "sts:SourceIdentity"),
                "any source identity": users(moved("sts:SourceIdentity", "StringLike", "?*")),
                "somebody's source identity": users(set_to("StringEquals", "sts:SourceIdentity", "ana")),
                "one of two": users(set_to("StringEquals", "sts:SourceIdentity", ["${aws:username}", "ana"])),
                "source identity if there is one": users(
                    moved("sts:SourceIdentity", "StringEqualsIfExists", "${aws:username}")
                ),
                "source identity other than": users(
                    moved("sts:SourceIdentity", "StringNotEquals", "${aws:username}")
                ),
                "any region": without("StringEquals", "aws:RequestedRegion"),
                "two regions": users(
                    set_to("StringEquals", "aws:RequestedRegion", [{"Ref": "AWS::Region"}, "us-west-2"])
                ),
                "regions like": users(moved("aws:RequestedRegion", "StringLike", "*")),
                "regions of a continent": users(moved("aws:RequestedRegion", "StringLike", "eu-*")),
                "region if there is one": users(moved("aws:RequestedRegion", "StringEqualsIfExists", "eu-west-1")),
                "region hidden": users(set_to("StringEquals", "aws:RequestedRegion", {"Ref": "Who"})),
            },
        ),
        **at(
            f"{SECOND}.Condition",
            {"anybody may name themselves": drop(ROLE, f"{SECOND}.Condition")},
        ),
        **at(
            f"{FIRST}.Principal",
            {
                "the whole account": by({"AWS": ROOT}),
                "the whole account by number": by({"AWS": "111122223333"}),
                "everybody": by("*"),
                "everybody of an organization": by("*", Condition=EVERYBODY_OF_AN_ORGANIZATION),
                "a role": by({"AWS": "arn:aws:iam::111122223333:role/on-call"}),
                "a role beside users": by({"AWS": [*USERS["Principal"]["AWS"], "arn:aws:iam::1:role/x"]}),
                "a role of the template": with_resources(
                    by({"AWS": {"Fn::GetAtt": ["OnCall", "Arn"]}}), {"OnCall": role().get("Resources")["Role"]}
                ),
                "a session": by({"AWS": "arn:aws:sts::111122223333:assumed-role/on-call/ana"}),
                "a permission set": by(
                    {"AWS": "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/"
                            "AWSReservedSSO_Admin_0123456789abcdef"}
                ),
                "a service": by({"Service": "ec2.amazonaws.com"}),
                "a provider": by({"Federated": "arn:aws:iam::111122223333:saml-provider/corp"}),
                "a parameter": by({"AWS": {"Ref": "Who"}}),
                "every user": by({"AWS": "arn:aws:iam::111122223333:user/*"}),
                "users on a condition": by({"AWS": either(USERS["Principal"]["AWS"][0], "*")}),
                "the permission set without persons": person(lambda c: c["StringEquals"].pop("identitystore:UserId")),
                "any person": person(moved("identitystore:UserId", "StringLike", "*")),
                "two persons in one": person(set_to("StringEquals", "identitystore:UserId", [USER_ID, "x"])),
                "a person who may be hidden": person(set_to("StringEquals", "identitystore:UserId", {"Ref": "Who"})),
                "a person of any role": person(lambda c: c.pop("ArnLike")),
                "a person of any permission set": person(
                    set_to("ArnLike", "aws:PrincipalArn", sub("arn:aws:iam::${AWS::AccountId}:role/aws-reserved/*"))
                ),
                "a person of a role like it": person(
                    set_to(
                        "ArnLike", "aws:PrincipalArn",
                        sub("arn:aws:iam::${AWS::AccountId}:role/AWSReservedSSO_BreakGlass_????????????????"),
                    )
                ),
                "a person of two roles": person(
                    set_to("ArnLike", "aws:PrincipalArn", [CENTER, "arn:aws:iam::111122223333:role/x"])
                ),
            },
        ),
        "everybody but some": Bad(
            trusted({**{k: v for k, v in USERS.items() if k != "Principal"}, "NotPrincipal": {"AWS": ROOT}}),
            f"{FIRST}.NotPrincipal",
        ),
        "another principal": Bad(
            also({"Principal": {"AWS": "arn:aws:iam::111122223333:user/eve"}}), f"{TRUST}.Statement.2.Condition"
        ),
        "another principal with MFA": Bad(
            also(
                {
                    "Principal": {"AWS": "arn:aws:iam::111122223333:user/eve"},
                    "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
                }
            ),
            f"{TRUST}.Statement.2.Condition",
        ),
        **at(
            f"{FIRST}.Condition",
            {
                "a person under another name": person(set_to("StringEquals", "sts:SourceIdentity", "somebody")),
                "a person under any name": person(moved("sts:SourceIdentity", "StringLike", "*")),
                "a person in any region": person(lambda c: c["StringEquals"].pop("aws:RequestedRegion")),
            },
        ),
        "by SAML": Bad(trusted({**USERS, "Action": ["sts:AssumeRole", "sts:AssumeRoleWithSAML"]}), f"{FIRST}.Action"),
        "every action of STS": Bad(trusted({**USERS, "Action": "sts:*"}), f"{FIRST}.Action"),
        "all actions but one": Bad(
            trusted({**{k: v for k, v in USERS.items() if k != "Action"}, "NotAction": "sts:TagSession"}),
            f"{FIRST}.NotAction",
        ),
        "hidden": Bad(hide(ROLE, TRUST), TRUST),
        "a statement hidden": Bad(hide(ROLE, SECOND), SECOND),
    },
    edge={
        "one user": by({"AWS": USERS["Principal"]["AWS"][0]}),
        "a user of the template": with_resources(
            by({"AWS": {"Fn::GetAtt": ["Ana", "Arn"]}}), {"Ana": ("AWS::IAM::User", {})}
        ),
        "a user by Sub": by({"AWS": sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:user/ana")}),
        "one statement": change(ROLE, f"{TRUST}.Statement", {**USERS, "Action": [USERS["Action"], NAMES["Action"]]}),
        "by region written out": users(set_to("StringEquals", "aws:RequestedRegion", "eu-west-1")),
        "a person": trusted(PERSON),
        "a person by variable": person(set_to("StringEquals", "sts:SourceIdentity", "${identitystore:UserId}")),
        "a person by the role itself": trusted(
            {
                **PERSON,
                "Principal": {
                    "AWS": "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/"
                           "AWSReservedSSO_BreakGlass_0123456789abcdef"
                },
            }
        ),
        "persons and users": trusted(USERS, NAMES, PERSON),
        "sealed": trusted({**USERS, "Effect": "Deny"}),
        "no administrator": both(viewer, drop(ROLE, f"{FIRST}.Condition")),
        "no entry": both(drop(ENTRY, ""), hide(ROLE, TRUST)),
        "an entry of another": both(change(ENTRY, "PrincipalArn", "arn:aws:iam::1:role/x"), hide(ROLE, TRUST)),
        "the entry by reference in a join": change(ENTRY, "PrincipalArn", {"Fn::Join": ["", [ROLE_ARN]]}),
    },
)  # fmt: skip
