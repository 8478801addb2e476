from hardened_eks.controls.access import break_glass_mfa
from tests.controls.access.base import ROLE, TRUST
from tests.controls.access.break_glass import BREAK_GLASS, NAMES, PERSON, SAME, USERS, trusted, users, viewer, without
from tests.controls.cases import Bad, Case, at, both, change, drop, hide

FIRST, SECOND = f"{TRUST}.Statement.0.Condition", f"{TRUST}.Statement.1.Condition"
PRESENT, AGE = "aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge"


def present(operator, value="true"):
    """Return the trust with MFA asked for by another operator."""
    return users(lambda condition: (condition.pop("Bool"), condition.update({operator: {PRESENT: value}})))


def age(operator, value):
    return users(lambda condition: (condition.pop("NumericLessThan"), condition.update({operator: {AGE: value}})))


CASE = Case(
    break_glass_mfa,
    BREAK_GLASS,
    bad={
        **at(
            (FIRST, SECOND),
            {
                "no conditions": both(drop(ROLE, FIRST), drop(ROLE, SECOND)),
                "no MFA": without("Bool", PRESENT),
                "if there is any": present("BoolIfExists"),
                "none": present("Bool", "false"),
                "with or without": present("Bool", ["true", "false"]),
                "hidden": present("Bool", {"Ref": "Who"}),
                "no empty value": present("Null", "false"),
                "for all values": present("ForAllValues:Bool"),
                "no age": without("NumericLessThan", AGE),
                "an age of a day": age("NumericLessThan", "86400"),
                "one age of two": age("NumericLessThan", ["900", "86400"]),
                "an age if there is one": age("NumericLessThanIfExists", "900"),
                "an old one": age("NumericGreaterThan", "900"),
                "no number": age("NumericLessThan", "soon"),
                "age hidden": age("NumericLessThan", {"Ref": "Who"}),
            },
        ),
        "to name themselves": Bad(trusted(USERS, {**NAMES, "Condition": {}}), SECOND),
        "another principal": Bad(
            trusted(USERS, NAMES, {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::1:user/e"},
                                   "Action": "sts:AssumeRole"}),
            f"{TRUST}.Statement.2.Condition",
        ),
        "a person of Identity Center": Bad(trusted(PERSON), FIRST),
        "persons beside users": Bad(trusted(USERS, NAMES, PERSON, PERSON), f"{TRUST}.Statement.2.Condition",
                                    f"{TRUST}.Statement.3.Condition"),
    },
    edge={
        "an hour": age("NumericLessThanEquals", "3600"),
        "a number": age("NumericLessThan", 600),
        "a boolean": present("Bool", True),
        "other conditions as well": users(lambda c: c.update({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}})),
        "sealed": trusted({**USERS, "Effect": "Deny", "Condition": {}}),
        "the trust hidden, which is IA-15's": hide(ROLE, TRUST),
        "no administrator": both(viewer, drop(ROLE, FIRST)),
        "malformed": change(ROLE, TRUST, {"Statement": [5, {**USERS, "Condition": SAME}]}),
    },
)  # fmt: skip
