from hardened_eks.controls.secrets import secret_policy_restrictive
from tests.controls.cases import ITSELF, Bad, Case, at, change, drop, hide
from tests.controls.secrets.base import POLICY, READERS, SECRETS


def allow(principal, **condition):
    statement = {"Effect": "Allow", "Principal": principal, "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
    return statement | ({"Condition": condition} if condition else {})


def policy(*statements):
    return change(POLICY, "ResourcePolicy", {"Statement": list(statements)})


CASE = Case(
    secret_policy_restrictive,
    SECRETS,
    bad={
        **at(
            ITSELF,
            {
                "no policy": drop(POLICY, ""),
                "no deny": policy(allow({"AWS": "123456789012"})),
                "a deny for one": policy({**READERS, "Principal": {"AWS": "123456789012"}}),
                "a deny of nothing": policy({**READERS, "Condition": {}}),
                "a deny of another action": policy({**READERS, "Action": "secretsmanager:DeleteSecret"}),
            },
        ),
        "public": Bad(policy(READERS, allow("*")), "ResourcePolicy.Statement.1"),
        "principal hidden": Bad(policy(READERS, allow({"AWS": {"Ref": "Who"}})), "ResourcePolicy.Statement.1"),
        "hidden": Bad(hide(POLICY, "ResourcePolicy"), ITSELF, "ResourcePolicy"),
    },
    edge={
        "all actions": policy({**READERS, "Action": "secretsmanager:*"}),
        "all but one": policy(
            {k: v for k, v in {**READERS, "NotPrincipal": {"AWS": "x"}}.items() if k not in ("Principal", "Condition")}
        ),
        "organization": policy(READERS, allow("*", StringEquals={"aws:PrincipalOrgID": "o-1"})),
    },
)
