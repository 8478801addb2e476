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
                "a deny that spares everybody": policy(
                    {**READERS, "Condition": {"StringNotLike": {"aws:PrincipalArn": "*"}}}
                ),
                "a deny without TLS": policy(
                    {**READERS, "Condition": {**READERS["Condition"], "Bool": {"aws:SecureTransport": "false"}}}
                ),
                "all but one, without TLS": policy(
                    {
                        **{k: v for k, v in READERS.items() if k != "Principal"},
                        "NotPrincipal": {"AWS": "x"},
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    }
                ),
                "a deny for a kind of principals": policy({**READERS, "Principal": {"Service": "*"}}),
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
        "services of AWS as well": policy(
            {**READERS, "Condition": {**READERS["Condition"], "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}}
        ),
        "organization": policy(READERS, allow("*", StringEquals={"aws:PrincipalOrgID": "o-1"})),
    },
)
